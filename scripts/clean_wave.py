"""Clean the answers of one wave."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.files import write_parquet
from driehoek.job import job_log
from driehoek.responses import (
    read_missing,
    read_paradata,
    read_responses,
    write_missing,
    write_paradata,
    write_responses,
)
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    wave: str,
    exports: Sequence[tuple[Path, Path, Path]],
    tables: tuple[Path, Path, Path],
    flags: Path,
    quality: Path,
    ledger: Path,
) -> None:
    """Read the exports of a wave, clean them and write the tables.

    `exports` and `tables` name the responses, the missing kinds and the paradata.
    """
    raw = [
        WaveTables(read_responses(responses), read_missing(missing), read_paradata(paradata))
        for responses, missing, paradata in exports
    ]
    clean = clean_wave(stacked(raw, wave), read_study(study), wave)
    write_responses(tables[0], clean.tables.responses)
    write_missing(tables[1], clean.tables.missing)
    write_paradata(tables[2], clean.tables.paradata)
    write_parquet(flags, clean.flags)
    write_parquet(quality, clean.measures)
    write_parquet(ledger, clean.ledger)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            wave=snakemake.wildcards.wave,
            exports=[
                (Path(responses), Path(missing), Path(paradata))
                for responses, missing, paradata in zip(
                    snakemake.input.responses,
                    snakemake.input.missing,
                    snakemake.input.paradata,
                    strict=True,
                )
            ],
            tables=(
                Path(snakemake.output.responses),
                Path(snakemake.output.missing),
                Path(snakemake.output.paradata),
            ),
            flags=Path(snakemake.output.flags),
            quality=Path(snakemake.output.quality),
            ledger=Path(snakemake.output.ledger),
        )
