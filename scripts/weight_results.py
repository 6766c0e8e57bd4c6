"""Rake the weights of the plan, and take weighted means and models."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.weighting import weighted_results
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, triads: Path, weights: Path, models: Path) -> None:
    """Read the linked data, weight and write."""
    described, weighted = weighted_results(
        pd.read_parquet(long), pd.read_parquet(triads), read_study(study)
    )
    write_csv(weights, described)
    write_csv(models, weighted)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            triads=Path(snakemake.input.triads),
            weights=Path(snakemake.output.weights),
            models=Path(snakemake.output.models),
        )
