"""One export file turned into canonical tables."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.ingest.columns import Columns, match_columns, wave_columns
from driehoek.ingest.identity import normalised, pseudonyms, read_key
from driehoek.ingest.layout import Layout, is_true, iso_times, seconds
from driehoek.ingest.missing import Kinds, missing_kinds, number_of
from driehoek.ingest.near import near_matches
from driehoek.ingest.people import (
    check_results,
    consent_of,
    role_problems,
    roles_of,
    wave_problems,
)
from driehoek.ingest.qualtrics import is_test
from driehoek.ingest.recognise import read_table, recognise
from driehoek.ingest.values import INVALID, Answers, read_answers, texts_of
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import AnswersError, name_of
from driehoek.responses import CHECK_PREFIX, RESPONSE, kind_categorical
from driehoek.study import Study
from driehoek.study_file import Export, Linkage

log = logging.getLogger(__name__)

QUARANTINE_COLUMNS = [RESPONSE, "raw_row", "question", "column", "text", "reason"]


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
    near_matches : pandas.DataFrame
        Raw codes that nearly match. Stays beside the raw data.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    paradata: pd.DataFrame
    columns: pd.DataFrame
    quarantine: pd.DataFrame
    near_matches: pd.DataFrame


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
    layout = recognise(table, source.settings.platform)
    log.info(
        "%s: %s, as %s; %s", source.file, layout.platform, layout.reason, "; ".join(table.remarks)
    )
    form = study.questionnaire
    columns = match_columns(layout, form, study.settings.linkage, source.settings, file=source.file)
    answers = read_answers(layout, columns.headings, form, source.file)
    _stop_on_problems(study, source, layout, columns, answers)
    role = roles_of(answers, form, source.settings.role, len(layout.rows))
    complete = _complete(layout, columns)
    found = missing_kinds(answers, form, role, complete)
    linked = _link(layout, columns, study.settings.linkage, role, key)
    names = _response_names(source, len(layout.rows))
    return Ingested(
        responses=_responses(source, names, layout, role, complete, linked, answers, found, form),
        missing=_missing(names, found, form),
        paradata=_paradata(names, layout, columns, answers, found, form),
        columns=columns.roster,
        quarantine=_quarantine(names, layout, columns, answers, found, form),
        near_matches=linked.near_matches,
    )


def _stop_on_problems(
    study: Study, source: Source, layout: Layout, columns: Columns, answers: Answers
) -> None:
    form = study.questionnaire
    problems = [*columns.problems, *answers.problems]
    problems += role_problems(answers, form, source.settings.role, layout.rows, source.file)
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


@dataclass(frozen=True, slots=True)
class _Linked:
    triad: pd.Series
    person: pd.Series
    near_matches: pd.DataFrame


def _link(
    layout: Layout, columns: Columns, linkage: Linkage, role: np.ndarray, key: bytes
) -> _Linked:
    n = len(layout.rows)
    raw = texts_of(layout.cells, columns.headings.get(linkage.triad), n)
    triad = normalised(raw)
    near = [near_matches("triad", raw, triad)]
    if linkage.person:
        raw = texts_of(layout.cells, columns.headings.get(linkage.person), n)
        person = normalised(raw)
        near.append(near_matches("person", raw, person))
    else:
        known = (triad != "").to_numpy() & (role != "")
        person = (triad + ":" + pd.Series(role, dtype="str")).where(known, "")
    filled = [each for each in near if len(each)]
    return _Linked(
        pseudonyms(key, "triad", triad),
        pseudonyms(key, "person", person),
        pd.concat(filled, ignore_index=True) if filled else near[0],
    )


def _response_names(source: Source, n: int) -> pd.Series:
    stem = f"{source.wave}-{source.position}"
    return pd.Series([f"{stem}-{row:05d}" for row in range(1, n + 1)], dtype="str")


def _responses(
    source: Source,
    names: pd.Series,
    layout: Layout,
    role: np.ndarray,
    complete: np.ndarray,
    linked: _Linked,
    answers: Answers,
    found: Kinds,
    form: Questionnaire,
) -> pd.DataFrame:
    n = len(names)
    keys = {
        RESPONSE: names,
        "raw_row": layout.rows.astype(np.int64),
        "wave": pd.Series([source.wave] * n, dtype="str"),
        "export": pd.Series([source.export] * n, dtype="str"),
        "role": pd.Series(role, dtype="str"),
        "triad": linked.triad,
        "person": linked.person,
        "complete": complete,
        "consent": consent_of(answers, form, found.kinds, n),
    }
    return pd.DataFrame(keys | {qid: found.values[qid] for qid in form.stored if qid not in keys})


def _missing(names: pd.Series, found: Kinds, form: Questionnaire) -> pd.DataFrame:
    kinds = {qid: kind_categorical(found.kinds[qid]) for qid in form.stored}
    return pd.DataFrame({RESPONSE: names, **kinds})


def _paradata(
    names: pd.Series,
    layout: Layout,
    columns: Columns,
    answers: Answers,
    found: Kinds,
    form: Questionnaire,
) -> pd.DataFrame:
    n = len(names)
    said = {
        what: texts_of(layout.cells, columns.meanings.get(what), n)
        for what in ("started", "submitted", "duration", "language", "status", "channel")
    }
    started, submitted = iso_times(said["started"]), iso_times(said["submitted"])
    items = [qid for qid in form.stored if form.questions[qid].item]
    checks = check_results(answers, form, found.kinds, n)
    return pd.DataFrame(
        {
            RESPONSE: names,
            "started": started,
            "submitted": submitted,
            "duration_seconds": seconds(said["duration"], started, submitted),
            "language": said["language"].str.casefold(),
            "n_shown": n_of(found, items, n, ("not_shown", "planned"), inside=False),
            "n_answered": n_of(found, items, n, ("", "dont_know"), inside=True),
            "is_test": is_test(said["status"], said["channel"]),
            **{f"{CHECK_PREFIX}{name}": result for name, result in checks.items()},
        }
    )


def n_of(
    found: Kinds, items: Sequence[str], n: int, kinds: Sequence[str], *, inside: bool
) -> np.ndarray:
    """Count each response's items whose kind is (or is not) among these; don't know answers."""
    numbers = [number_of(kind) for kind in kinds]
    count = np.zeros(n, dtype=np.int64)
    for qid in items:
        count += np.isin(found.kinds[qid], numbers) == inside
    return count


def _quarantine(
    names: pd.Series,
    layout: Layout,
    columns: Columns,
    answers: Answers,
    found: Kinds,
    form: Questionnaire,
) -> pd.DataFrame:
    parts = []
    for qid, heading in columns.headings.items():
        if qid not in form.questions or qid not in answers.states:
            continue
        for where, reason in (
            (answers.states[qid] == INVALID, answers.reasons[qid]),
            (found.unexpected.get(qid), "an answer where routing shows no question"),
        ):
            if where is not None and where.any():
                rows = np.flatnonzero(where)
                parts.append(
                    pd.DataFrame(
                        {
                            RESPONSE: names.iloc[rows].to_numpy(),
                            "raw_row": layout.rows[rows],
                            "question": qid,
                            "column": heading,
                            "text": layout.cells[heading].iloc[rows].to_numpy(),
                            "reason": reason,
                        }
                    )
                )
    if not parts:
        return pd.DataFrame(columns=QUARANTINE_COLUMNS)
    held = pd.concat(parts).sort_values(["raw_row", "question"], ignore_index=True)
    log.warning("%d answers are invalid and lie in quarantine beside the raw data", len(held))
    return held
