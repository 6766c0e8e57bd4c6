"""Read one export of a survey platform into canonical tables."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.cleaning.erase import erase_withdrawn
from driehoek.files import write_csv, write_text
from driehoek.ingest.export import beside_raw, ingest_export, source_of
from driehoek.ingest.free_text import WARNING
from driehoek.ingest.privacy import without_headings
from driehoek.job import job_log
from driehoek.responses import write_missing, write_paradata, write_responses
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study_path: Path,
    wave: str,
    export: str,
    responses: Path,
    missing: Path,
    paradata: Path,
    columns: Path,
) -> None:
    """Read the export, then write its tables; raw text goes beside the raw data."""
    study = read_study(study_path)
    ingested = erase_withdrawn(ingest_export(study, wave, export), study)
    source = source_of(study, wave, export)
    write_csv(beside_raw(source, "quarantine"), ingested.quarantine)
    write_csv(beside_raw(source, "identity"), ingested.suspects)
    if study.settings.free_text:
        words = beside_raw(source, "free-text")
        write_csv(words, ingested.free_text)
        write_text(words.parent / "READ-THIS-FIRST.txt", WARNING)
    write_responses(responses, ingested.responses)
    write_missing(missing, ingested.missing)
    write_paradata(paradata, ingested.paradata)
    write_csv(beside_raw(source, "columns"), ingested.columns)
    write_csv(columns, without_headings(ingested.columns))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            wave=snakemake.wildcards.wave,
            export=snakemake.wildcards.export,
            responses=Path(snakemake.output.responses),
            missing=Path(snakemake.output.missing),
            paradata=Path(snakemake.output.paradata),
            columns=Path(snakemake.output.columns),
        )
