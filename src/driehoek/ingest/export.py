"""One export file turned into canonical tables."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.ingest.assemble import (
    Reading,
    missing_table,
    paradata_table,
    quarantine_table,
    responses_table,
)
from driehoek.ingest.columns import Columns, match_columns, wave_columns
from driehoek.ingest.free_text import free_text_table, told_kept
from driehoek.ingest.identity import read_key
from driehoek.ingest.layout import Layout, is_true
from driehoek.ingest.linking import linked
from driehoek.ingest.mangled import mangled_codes
from driehoek.ingest.missing import missing_kinds
from driehoek.ingest.people import role_problems, roles_of, wave_problems
from driehoek.ingest.recognise import read_table, recognise
from driehoek.ingest.shifted import shifted_rows
from driehoek.ingest.unfit import unfit_rows
from driehoek.ingest.values import Answers, read_answers, texts_of
from driehoek.ingest.versions import carried_answers, carried_checks, carried_columns
from driehoek.problems import AnswersError, name_of
from driehoek.study import Study
from driehoek.study_file import Export

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ingested:
    """The canonical tables of one export.

    Attributes
    ----------
    responses, missing, paradata : pandas.DataFrame
        As written to ``responses.parquet``, ``missing.parquet`` and ``paradata.parquet``.
    columns : pandas.DataFrame
        ``column, question, use, matched_by``: every column of the file.
    quarantine : pandas.DataFrame
        Raw text of invalid answers. Stays beside the raw data.
    suspects : pandas.DataFrame
        Raw codes that may be mistyped. Stays beside the raw data.
    codes : pandas.DataFrame
        ``kind`` and ``code``: every code that was given, normalised. Stays beside the raw data.
    free_text : pandas.DataFrame
        ``response, question, text``: answers in words that the study keeps, what looks like
        identifying data put out. Stays beside the raw data.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    paradata: pd.DataFrame
    columns: pd.DataFrame
    quarantine: pd.DataFrame
    suspects: pd.DataFrame
    codes: pd.DataFrame
    free_text: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Source:
    """Where an export belongs: its wave, its name in the results and its position."""

    wave: str
    export: str
    position: int
    settings: Export
    path: Path

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return name_of(self.path)


def source_of(study: Study, wave: str, export: str) -> Source:
    """Look up an export of a study by the name of its folder in the results."""
    exports = study.exports(wave)
    settings = exports[export]
    position = list(exports).index(export) + 1
    return Source(wave, export, position, settings, study.locate(settings.file))


def beside_raw(source: Source, folder: str) -> Path:
    """Give the path of a report that must stay beside the raw data."""
    return source.path.parent / f"driehoek-{folder}" / f"{source.wave}-{source.export}.csv"


def ingest_export(study: Study, wave: str, export: str) -> Ingested:
    """Read one export into canonical tables: every raw row, no identifier.

    Parameters
    ----------
    study : Study
    wave, export : str
        Name of the wave, and of the export's folder in the results.

    Raises
    ------
    AnswersError
        With every fault of the file.
    StudyError
        If the pseudonym key is absent or no key.
    """
    key = read_key(study.locate(study.settings.pseudonyms.key))
    source = source_of(study, wave, export)
    table = read_table(source.path, source.settings.sheet)
    layout = recognise(table, source.settings)
    log.info(
        "%s: %s, as %s; %s", source.file, layout.platform, layout.reason, "; ".join(table.remarks)
    )
    form = study.asked(wave)
    columns = match_columns(layout, form, study.settings.linkage, source.settings, file=source.file)
    answers = read_answers(layout, columns.headings, form, source.file)
    _stop_on_problems(study, source, layout, columns, answers)
    role = roles_of(answers, form, source.settings.role, len(layout.rows))
    complete = _complete(layout, columns)
    found = missing_kinds(answers, form, role, complete)
    shifted = shifted_rows(layout, columns.headings, answers, found, form, role, file=source.file)
    if problems := shifted or unfit_rows(layout, answers, file=source.file):
        raise AnswersError(problems)
    ties = linked(layout, columns, study.settings.linkage, form.instrument, role, key)
    stem = f"{wave}-{source.position}"
    names = [f"{stem}-{row:05d}" for row in range(1, len(layout.rows) + 1)]
    reading = Reading(
        pd.Series(names, dtype="str"), layout, columns, answers, found, form, role, complete
    )
    responses = responses_table(
        reading, wave=wave, export=export, triad=ties.triad, person=ties.person
    )
    kept = study.settings.free_text
    missing, paradata = missing_table(reading), paradata_table(reading, ties)
    roster = told_kept(columns.roster, kept)
    if wave in study.bridges:
        over = study.bridges[wave]
        responses, missing = carried_answers(responses, missing, over)
        paradata, roster = carried_checks(paradata, over), carried_columns(roster, over)
    quarantine = quarantine_table(reading)
    if count := len(quarantine):
        said = "%s: invalid answers: %d; a run keeps them in quarantine beside the raw data"
        log.warning(said, source.file, count)
    return Ingested(
        responses=responses,
        missing=missing,
        paradata=paradata,
        columns=roster,
        quarantine=quarantine,
        suspects=ties.suspects,
        codes=ties.codes,
        free_text=free_text_table(reading, kept),
    )


def _stop_on_problems(
    study: Study, source: Source, layout: Layout, columns: Columns, answers: Answers
) -> None:
    form = study.asked(source.wave)
    problems = [*columns.problems, *answers.problems]
    problems += role_problems(answers, form, source.settings.role, layout.rows, source.file)
    problems += mangled_codes(layout, columns, study.settings.linkage, file=source.file)
    for name in wave_columns(form):
        if heading := columns.headings.get(name):
            problems += wave_problems(
                layout, heading, name, form, study.wave_names, source.wave, file=source.file
            )
    if problems:
        raise AnswersError(problems)


def _complete(layout: Layout, columns: Columns) -> np.ndarray:
    """Tell who finished: as the platform says, else who has an end time, else everybody."""
    n = len(layout.rows)
    if "complete" in columns.meanings:
        return is_true(texts_of(layout.cells, columns.meanings["complete"], n))
    if "submitted" in columns.meanings:
        submitted = texts_of(layout.cells, columns.meanings["submitted"], n)
        return (submitted != "").to_numpy(dtype=bool)
    log.warning("no column says who finished: every response counts as finished")
    return np.ones(n, dtype=bool)
