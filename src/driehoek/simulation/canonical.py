"""Simulated responses as canonical tables, without the files between them.

The same values come out as from writing the exports and reading them again; a test holds the two
routes to one another.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import Source, source_of
from driehoek.ingest.identity import normalised, pseudonyms, read_key
from driehoek.ingest.linking import without_zeros
from driehoek.ingest.missing import Kinds, missing_kinds, number_of
from driehoek.ingest.people import check_results, consent_of, roles_of
from driehoek.ingest.values import ANSWERED, DONT_KNOW, EMPTY, INVALID, Answers
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.responses import CHECK_PREFIX, CONSENT, RESPONSE, kind_categorical
from driehoek.simulation.cells import has_cells, is_gap
from driehoek.simulation.study import Simulated, platform_of
from driehoek.study import Study

HEADING_ROWS = {"qualtrics": 3}
TIME = "%Y-%m-%dT%H:%M:%S"


def canonical_wave(
    simulated: Simulated, study: Study, wave: str, *, roles: Sequence[str] | None = None
) -> WaveTables:
    """Give the canonical tables of a simulated wave, all its exports together.

    Parameters
    ----------
    simulated : Simulated
    study : Study
        The study that was simulated.
    wave : str
    roles : sequence of str, optional
        Keep the responses of these roles only; the others' numbers stay free.

    Raises
    ------
    StudyError
        If the pseudonym key is absent or no key.
    """
    key = read_key(study.locate(study.settings.pseudonyms.key))
    wanted = roles or list(study.questionnaire.instrument.roles)
    parts = []
    for export in study.exports(wave):
        source = source_of(study, wave, export)
        rows, cells = _raw(simulated, source)
        chosen = rows["role"].isin(wanted).to_numpy()
        parts.append((rows[chosen], cells[chosen], source))
    filled = [part for part in parts if len(part[0])] or parts[:1]  # nobody left: no rows
    return stacked([_tables(*part, study, key) for part in filled], wave)


def _raw(simulated: Simulated, source: Source) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows of an export in the order of its file, with their place in it."""
    is_here = simulated.rows["export"] == source.position - 1
    chosen = (simulated.rows["wave"] == source.wave) & is_here
    rows = simulated.rows[chosen].sort_values("started", kind="stable")
    return rows.assign(place=np.arange(1, len(rows) + 1)), simulated.cells.loc[rows.index]


def _tables(
    rows: pd.DataFrame, cells: pd.DataFrame, source: Source, study: Study, key: bytes
) -> WaveTables:
    form = study.questionnaire
    answers = _answers(cells, form, source)
    role = roles_of(answers, form, source.settings.role, len(rows))
    complete = rows["submitted"].to_numpy(bool)
    found = missing_kinds(answers, form, role, complete)
    stem = f"{source.wave}-{source.position}"
    names = pd.Series([f"{stem}-{place:05d}" for place in rows["place"]], dtype="str")
    typed = {
        kind: normalised(rows[f"typed_{kind}"].astype("str").reset_index(drop=True))
        for kind in ("triad", "person")
    }
    bare = {
        f"{kind}_bare": pseudonyms(key, kind, without_zeros(codes)) for kind, codes in typed.items()
    }
    headings = HEADING_ROWS.get(platform_of(source.settings), 1)
    keys = {
        RESPONSE: names,
        "raw_row": rows["place"].to_numpy(np.int64) + headings,
        "wave": _repeated(source.wave, len(rows)),
        "export": _repeated(source.export, len(rows)),
        "role": pd.Series(role, dtype="str"),
        **{kind: pseudonyms(key, kind, codes) for kind, codes in typed.items()},
        "complete": complete,
        CONSENT: consent_of(answers, form, found.kinds, len(rows)),
    }
    values = {qid: found.values[qid] for qid in form.stored if qid not in keys}
    kinds = {qid: kind_categorical(found.kinds[qid]) for qid in form.stored}
    return WaveTables(
        pd.DataFrame(keys | values),
        pd.DataFrame({RESPONSE: names, **kinds}),
        _paradata(names, rows, source, answers, found, form, bare),
    )


def _repeated(text: str, n: int) -> pd.Series:
    return pd.Series([text] * n, dtype="str")


def _answers(cells: pd.DataFrame, form: Questionnaire, source: Source) -> Answers:
    answers = Answers()
    for qid, question in form.questions.items():
        is_known = question.kind == "role" and len(source.settings.role) == 1
        if has_cells(question) and qid in cells and not is_known:
            column = cells[qid].to_numpy()
            read = _read_number if question.kind == "number" else _read_choice
            read(answers, question, column, is_gap(column))
    return answers


def _read_choice(answers: Answers, question: Question, column: np.ndarray, gap: np.ndarray) -> None:
    value = np.array([np.nan if o.value is None else o.value for o in question.options])
    state = np.array([DONT_KNOW if o.missing else ANSWERED for o in question.options], np.int8)
    chosen = np.where(gap, 0, column)
    answers.values[question.id] = np.where(gap, np.nan, value[chosen])
    answers.states[question.id] = np.where(gap, np.int8(EMPTY), state[chosen])
    answers.options[question.id] = np.where(gap, np.int16(-1), column)


def _read_number(answers: Answers, question: Question, column: np.ndarray, gap: np.ndarray) -> None:
    low = -np.inf if question.minimum is None else question.minimum
    high = np.inf if question.maximum is None else question.maximum
    state = np.where((column >= low) & (column <= high), ANSWERED, INVALID)
    states = np.where(gap, EMPTY, state).astype(np.int8)
    answers.values[question.id] = np.where(states == ANSWERED, column.astype(float), np.nan)
    answers.states[question.id] = states


def _paradata(
    names: pd.Series,
    rows: pd.DataFrame,
    source: Source,
    answers: Answers,
    found: Kinds,
    form: Questionnaire,
    bare: Mapping[str, pd.Series],
) -> pd.DataFrame:
    n, is_qualtrics = len(rows), platform_of(source.settings) == "qualtrics"
    seconds = rows["seconds"].reset_index(drop=True)
    started = rows["started"].reset_index(drop=True)
    ended = started + pd.to_timedelta(seconds.round().astype(int), unit="s")
    is_told = np.ones(n, dtype=bool) if is_qualtrics else rows["submitted"].to_numpy(bool)
    items = [found.kinds[qid] for qid in form.stored if form.questions[qid].item]
    kinds = np.column_stack(items)
    checks = check_results(answers, form, found.kinds, n)
    return pd.DataFrame(
        {
            RESPONSE: names,
            "started": started.dt.strftime(TIME).astype("str"),
            "submitted": ended.dt.strftime(TIME).astype("str").where(is_told, ""),
            "duration_seconds": seconds.round() if is_qualtrics else seconds,
            "item_seconds": np.full(n, np.nan),
            "language": rows["language"].reset_index(drop=True).astype("str"),
            "n_shown": (~np.isin(kinds, _numbers("not_shown", "planned"))).sum(axis=1),
            "n_answered": np.isin(kinds, _numbers("", "dont_know")).sum(axis=1),
            "is_test": (rows["kind"] == "preview").to_numpy(bool),
            "invitation": _repeated("", n),
            **bare,
            **{f"{CHECK_PREFIX}{name}": result for name, result in checks.items()},
        }
    )


def _numbers(*kinds: str) -> list[int]:
    return [number_of(kind) for kind in kinds]
