"""Estimate the reliability of every scale in one wave, or in all waves together."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.reliability import reliability
from driehoek.cleaning.wide import SCORE_COLUMNS, wave_table
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, answers: Sequence[Path], sample: str, table: Path) -> None:
    """Read the answers, estimate and write the table.

    `answers` names the linked table, or the responses and the scores of one wave.
    """
    persons, *scores = [
        pd.read_parquet(path, columns=SCORE_COLUMNS if position else None)
        for position, path in enumerate(answers)
    ]
    if scores:
        persons = wave_table(persons, *scores)
    write_csv(table, reliability(persons, read_study(study), sample))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            answers=[Path(path) for path in snakemake.input.answers],
            sample=snakemake.wildcards.sample,
            table=Path(snakemake.output.reliability),
        )
