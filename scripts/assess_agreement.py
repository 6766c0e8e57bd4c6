"""Assess the agreement between roles and the stability of scores over waves."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.agreement import agreement
from driehoek.analysis.retest import retest
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, folder: Path) -> None:
    """Read the linked data, estimate and write the tables."""
    settings, persons = read_study(study), pd.read_parquet(long)
    write_csv(folder / "agreement.csv", agreement(persons, settings))
    write_csv(folder / "retest.csv", retest(persons, settings))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            folder=Path(snakemake.output.agreement).parent,
        )
