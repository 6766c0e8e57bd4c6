"""Count and describe persons, answers, scores and flags."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis import describe
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path, long: Path, ledger: Path, missing: list[Path], flags: list[Path], folder: Path
) -> None:
    """Read the linked data, describe them and write the tables."""
    settings = read_study(study)
    questionnaire, min_cell = settings.questionnaire, settings.settings.disclosure.min_cell
    persons = pd.read_parquet(long)
    kinds = pd.concat([pd.read_parquet(path) for path in missing], ignore_index=True)
    flagged = pd.concat([pd.read_parquet(path) for path in flags], ignore_index=True)
    confidence = settings.settings.plan.confidence
    tables = {
        "flow": describe.flow(pd.read_csv(ledger, keep_default_na=False)),
        "background": describe.background(persons, questionnaire, min_cell),
        "items": describe.items(persons, kinds, questionnaire, min_cell),
        "scores": describe.scores(persons, questionnaire, confidence=confidence, min_cell=min_cell),
        "quality": describe.quality(flagged, persons, kinds, questionnaire, min_cell),
    }
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            ledger=Path(snakemake.input.ledger),
            missing=[Path(path) for path in snakemake.input.missing],
            flags=[Path(path) for path in snakemake.input.flags],
            folder=Path(snakemake.output.flow).parent,
        )
