"""Fit models to every completed data set, pool and adjust them, and shift what was filled in."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.families import pooled_families
from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.imputation.needed import needed
from driehoek.analysis.imputation.sensitivity import sensitivity
from driehoek.analysis.model_data import ModelData
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.responses import read_missing
from driehoek.scoring.published import keys_of
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    long: Path,
    missing: list[Path],
    imputed: tuple[Path, Path],
    models: Path,
    families: Path,
    shifted: Path,
) -> None:
    """Read the answers and what was filled in (cells, lost rows), fit, pool and write."""
    known = read_study(study)
    people = pd.read_parquet(long)
    sets = CompletedSets(
        people,
        pd.concat([read_missing(path) for path in missing], ignore_index=True),
        pd.read_parquet(imputed[0]),
        pd.read_parquet(imputed[1]),
        need=needed(ModelData(people, people, known)),
        study=known,
        keys=keys_of(known),
    )
    pooled = imputed_models(sets, known)
    write_csv(models, pooled)
    write_csv(families, pooled_families(pooled, known))
    write_csv(shifted, sensitivity(sets, known))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            missing=[Path(path) for path in snakemake.input.missing],
            imputed=(Path(snakemake.input.cells), Path(snakemake.input.lost)),
            models=Path(snakemake.output.models),
            families=Path(snakemake.output.families),
            shifted=Path(snakemake.output.sensitivity),
        )
