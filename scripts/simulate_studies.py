"""Simulate some studies, and estimate in each what should be found again."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.simulation.recovery import TRIADS, small_studies
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, first: int, studies: int, found: Path) -> None:
    """Run the studies from a number on and write their estimates."""
    estimates = small_studies(read_study(study), studies=studies, triads=TRIADS, first=first)
    write_csv(found, estimates)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.input.study),
            first=int(snakemake.wildcards.first),
            studies=snakemake.params.studies,
            found=Path(snakemake.output.found),
        )
