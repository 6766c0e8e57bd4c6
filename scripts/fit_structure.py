"""Fit the factor models of the scales."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.structure import structure
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, table: Path) -> None:
    """Read the linked data, fit and write the table."""
    write_csv(table, structure(pd.read_parquet(long), read_study(study)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            table=Path(snakemake.output.structure),
        )
