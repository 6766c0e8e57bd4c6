"""Describe what is missing, and test whether it is so completely at random."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.missingness import missingness
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.responses import read_missing
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, missing: list[Path], table: Path) -> None:
    """Read the linked answers and kinds of missing answers, describe and write."""
    kinds = pd.concat([read_missing(path) for path in missing], ignore_index=True)
    write_csv(table, missingness(pd.read_parquet(long), kinds, read_study(study)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            missing=[Path(path) for path in snakemake.input.missing],
            table=Path(snakemake.output.missingness),
        )
