"""Replicate a condition with scales of known reliability."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.job import job_log
from driehoek.simulation.scale_study import run_chunk

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(condition: str, chunks: list[Path]) -> None:
    """Run some chunks of replications and keep each."""
    for path in chunks:
        run_chunk(path.parent, condition, int(path.stem.rpartition("_")[2]))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            condition=snakemake.wildcards.condition,
            chunks=[Path(path) for path in snakemake.output.found],
        )
