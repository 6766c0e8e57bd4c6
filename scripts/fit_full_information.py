"""Fit the linear models that ask for it by full-information maximum likelihood."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.full_information import full_information_models
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.responses import read_missing
from driehoek.scoring.published import keys_of
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, long: Path, missing: list[Path], models: Path) -> None:
    """Read the linked answers and why others are missing, fit and write."""
    known = read_study(study)
    kinds = pd.concat([read_missing(path) for path in missing], ignore_index=True)
    write_csv(models, full_information_models(pd.read_parquet(long), kinds, known, keys_of(known)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            missing=[Path(path) for path in snakemake.input.missing],
            models=Path(snakemake.output.models),
        )
