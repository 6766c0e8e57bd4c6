"""Count and describe persons, answers, scores and flags."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis import describe
from driehoek.analysis.attrition import attrition
from driehoek.analysis.participation import participation
from driehoek.analysis.response_quality import quality
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    long: Path,
    ledger: Path,
    waves: list[tuple[Path, Path, Path]],
    folder: Path,
) -> None:
    """Read the linked data, describe them and write the tables.

    `waves` names the missing kinds, flags and measures of quality of each wave.
    """
    settings = read_study(study)
    questionnaire, min_cell = settings.questionnaire, settings.settings.disclosure.min_cell
    persons = pd.read_parquet(long)
    kinds, flags, measures = (
        pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
        for paths in zip(*waves, strict=True)
    )
    confidence = settings.settings.plan.confidence
    tables = {
        "flow": describe.flow(pd.read_csv(ledger, keep_default_na=False)),
        "participation": participation(persons, settings),
        "attrition": attrition(persons, settings),
        "background": describe.background(persons, questionnaire, min_cell),
        "items": describe.items(persons, kinds, questionnaire, min_cell),
        "scores": describe.scores(persons, questionnaire, confidence=confidence, min_cell=min_cell),
        "quality": quality(flags, measures, persons, kinds, questionnaire, min_cell),
    }
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            ledger=Path(snakemake.input.ledger),
            waves=[
                (Path(missing), Path(flags), Path(measures))
                for missing, flags, measures in zip(
                    snakemake.input.missing,
                    snakemake.input.flags,
                    snakemake.input.measures,
                    strict=True,
                )
            ],
            folder=Path(snakemake.output.flow).parent,
        )
