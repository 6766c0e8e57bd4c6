"""Estimate an effect for some of the ways to make the scores."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.multiverse import fit_variants
from driehoek.analysis.multiverse_scores import WaveOfAnswers, variants
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.responses import read_missing, read_responses
from driehoek.scoring.published import keys_of
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    name: str,
    part: tuple[int, int],
    wave: tuple[Path, Path, Path],
    imputed: list[Path],
    table: Path,
) -> None:
    """Fit every variant whose number falls into this part, and write the rows."""
    known = read_study(study)
    number, parts = part
    every = variants(known.settings.multiverse[name])
    chosen = [each for each in every if (each.number - 1) % parts == number - 1]
    cells, lost = (pd.read_parquet(path) for path in imputed) if imputed else (None, None)
    answers = WaveOfAnswers(
        read_responses(wave[0]), read_missing(wave[1]), pd.read_parquet(wave[2]), cells, lost
    )
    write_csv(table, fit_variants(name, chosen, known, answers, keys_of(known)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            name=snakemake.wildcards.multiverse,
            part=(int(snakemake.wildcards.part), snakemake.params.parts),
            wave=(
                Path(snakemake.input.responses),
                Path(snakemake.input.missing),
                Path(snakemake.input.flags),
            ),
            imputed=[Path(path) for path in snakemake.input.imputed],
            table=Path(snakemake.output.table),
        )
