"""Estimate the correlations, comparisons and models of the plan."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.families import families
from driehoek.analysis.models import correlation_table, models
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, triads: Path, folder: Path) -> None:
    """Read the linked data, estimate and write the tables."""
    settings = read_study(study)
    persons, groups = pd.read_parquet(long), pd.read_parquet(triads)
    tables = {
        "correlations": correlation_table(groups, settings),
        "comparisons": comparisons(persons, groups, settings),
        "models": models(persons, groups, settings),
    }
    tables["families"] = families(tables, settings)
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            triads=Path(snakemake.input.triads),
            folder=Path(snakemake.output.models).parent,
        )
