"""List every check of study, instrument and exports, passed ones too."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.checks import pipeline_roster
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    columns: list[Path],
    guard: list[Path],
    linkage: Path,
    stability: Path,
    checks: Path,
) -> None:
    """Read what the stages found and write the roster."""
    known = read_study(study)
    exports = [(wave, export) for wave in known.wave_names for export in known.exports(wave)]
    tables = {key: pd.read_csv(path) for key, path in zip(exports, columns, strict=True)}
    guards = pd.concat([pd.read_csv(path) for path in guard], ignore_index=True)
    found = pd.read_csv(linkage), pd.read_csv(stability, keep_default_na=False, na_values=[""])
    write_csv(checks, pipeline_roster(known, tables, guards, *found))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            columns=[Path(path) for path in snakemake.input.columns],
            guard=[Path(path) for path in snakemake.input.guard],
            linkage=Path(snakemake.input.linkage),
            stability=Path(snakemake.input.stability),
            checks=Path(snakemake.output.checks),
        )
