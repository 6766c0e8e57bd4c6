"""Link the waves of a study to persons and triads."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.cleaning.ledger import ledger_counts
from driehoek.cleaning.link import link_waves
from driehoek.cleaning.lost_zeros import BARE, refuse_lost_zeros
from driehoek.cleaning.wide import SCORE_COLUMNS
from driehoek.files import write_csv, write_parquet
from driehoek.job import job_log
from driehoek.problems import name_of
from driehoek.responses import read_missing, read_responses
from driehoek.sav import write_sav
from driehoek.scoring.between_waves import heed_stability, stability_table
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    waves: Sequence[tuple[Path, ...]],
    long: Path,
    triads: Path,
    sav: Path,
    linkage: Path,
    ledger: Path,
    stability: Path,
) -> None:
    """Read the clean waves, link them, heed what speaks against it, and write the linked tables.

    `waves` names the responses, missing kinds, scores, ledger and paradata of each wave.
    """
    known = read_study(study)
    ledgers = [pd.read_parquet(paths[3]) for paths in waves]
    responses = [read_responses(paths[0]) for paths in waves]
    bare = [pd.read_parquet(paths[4], columns=BARE) for paths in waves]
    refuse_lost_zeros(responses, bare, name_of(study))
    linked = link_waves(
        known,
        responses=responses,
        missing=[read_missing(paths[1]) for paths in waves],
        scores=[pd.read_parquet(paths[2], columns=SCORE_COLUMNS) for paths in waves],
        ledgers=ledgers,
    )
    form = known.questionnaire
    table = stability_table(linked.long, form, known.wave_names)
    write_csv(stability, table)
    heed_stability(table, name_of(known.locate(known.settings.instrument)))
    write_parquet(long, linked.long)
    write_parquet(triads, linked.triads)
    write_csv(linkage, linked.findings)
    write_csv(ledger, ledger_counts(ledgers))
    language = form.instrument.languages[0]
    settings = known.settings
    write_sav(
        sav,
        linked.long,
        linked.missing,
        form,
        title=settings.study,
        language=language,
        derived=settings.derive,
    )


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        given = snakemake.input
        main(
            study=Path(snakemake.params.study),
            waves=[
                tuple(map(Path, paths))
                for paths in zip(
                    given.responses,
                    given.missing,
                    given.scores,
                    given.ledgers,
                    given.paradata,
                    strict=True,
                )
            ],
            long=Path(snakemake.output.long),
            triads=Path(snakemake.output.triads),
            sav=Path(snakemake.output.sav),
            linkage=Path(snakemake.output.linkage),
            ledger=Path(snakemake.output.ledger),
            stability=Path(snakemake.output.stability),
        )
