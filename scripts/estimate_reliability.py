"""Estimate the reliability of every scale in one wave, or in all waves together."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.reliability import reliability
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, sample: str, table: Path) -> None:
    """Read the linked data, estimate and write the table."""
    persons = pd.read_parquet(long)
    chosen = persons if sample == "all" else persons[persons["wave"] == sample]
    write_csv(table, reliability(chosen, read_study(study), sample))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            sample=snakemake.wildcards.sample,
            table=Path(snakemake.output.reliability),
        )
