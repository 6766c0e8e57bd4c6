"""Corrections of single answers, each with its old value and its reason."""

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from driehoek.cleaning.ledger import LEDGER_COLUMNS
from driehoek.cleaning.rerouting import gates, reroute
from driehoek.cleaning.side_files import ROW, read_side_file
from driehoek.cleaning.wave import ANSWERED, WaveTables
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.problems import Problem, StudyError, did_you_mean, name_of
from driehoek.responses import MISSING_KINDS

COLUMNS = ("wave", "response", "question", "old", "new", "reason")
_Cell = tuple[float, str]  # analysis value (NaN where missing) and kind of missing answer


def read_corrections(path: Path, questionnaire: Questionnaire, waves: list[str]) -> pd.DataFrame:
    """Read the corrections of a study and check what can be checked without the answers.

    ``old`` and ``new`` hold an analysis value or a kind of missing answer; an empty ``old``
    means that the answer was missing, whatever the kind.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS` as text and ``row``.

    Raises
    ------
    StudyError
        With every fault, each with its row.
    """
    corrections = read_side_file(path, required=COLUMNS)
    problems = [
        Problem(name_of(path), found, expected, row=row, column=column)
        for _, entry in corrections.iterrows()
        for row, column, found, expected in _faults(entry, questionnaire, waves)
    ]
    if problems:
        raise StudyError(problems)
    return corrections


def apply_corrections(
    tables: WaveTables,
    corrections: pd.DataFrame,
    wave: str,
    questionnaire: Questionnaire,
    path: Path,
) -> tuple[WaveTables, pd.DataFrame]:
    """Apply the corrections of one wave, in order of the file.

    Returns
    -------
    tuple
        The corrected tables, and an entry with the ledger's columns for each correction and for
        each answer that followed through the routing.

    Raises
    ------
    StudyError
        If a response is unknown or ``old`` is not what stands there; names every such row.
    """
    mine = corrections[corrections["wave"] == wave]
    if mine.empty:
        return tables, pd.DataFrame(columns=list(LEDGER_COLUMNS))
    responses, missing = tables.responses.copy(), tables.missing.copy()
    rows = pd.Series(responses.index, index=responses["response"])
    problems: list[Problem] = []
    entries: list[dict[str, object]] = []
    for _, entry in mine.iterrows():
        if entry["response"] not in rows.index:
            problems.append(_unknown(entry, responses, path))
            continue
        row, question = rows[entry["response"]], questionnaire.questions[entry["question"]]
        stands = float(responses[question.id][row]), str(missing[question.id][row])
        if not _matches(entry["old"], stands):
            problems.append(_mismatch(entry, stands, path))
            continue
        responses.loc[row, question.id], missing.loc[row, question.id] = _cell(entry["new"])
        entries.append(_entry(responses.loc[row], question.id, _words(entry)))
    if problems:
        raise StudyError(problems)
    corrected = WaveTables(responses, missing, tables.paradata)
    touched = mine.loc[mine["question"].isin(gates(questionnaire)), "response"].unique()
    for row, qid, before, after in reroute(corrected, list(rows[touched]), questionnaire):
        words = f"{before or 'answered'} -> {after}: follows from a corrected answer by the routing"
        entries.append(_entry(responses.iloc[row], qid, words))
    return corrected, pd.DataFrame(entries, columns=list(LEDGER_COLUMNS))


def _faults(
    entry: pd.Series, questionnaire: Questionnaire, waves: list[str]
) -> Iterator[tuple[int, str, str, str]]:
    row = entry[ROW]
    if entry["wave"] not in waves:
        yield row, "wave", f"unknown wave {entry['wave']!r}", ", ".join(waves)
    if not entry["reason"]:
        yield row, "reason", "no reason", "why the answer is corrected"
    if entry["question"] not in questionnaire.stored:
        hint = did_you_mean(entry["question"], questionnaire.stored)
        yield row, "question", f"unknown question {entry['question']!r}", hint
        return
    question = questionnaire.questions[entry["question"]]
    for column in ("old", "new"):
        text = entry[column]
        if column == "old" and text == "":
            continue
        if not _is_possible(text, question):
            yield row, column, f"{text!r} is no answer of {question.id}", _possible(question)


def _is_possible(text: str, question: Question) -> bool:
    if text in MISSING_KINDS:
        return True
    try:
        value = _number(text)
    except ValueError:
        return False
    if question.values:
        return value in question.values.values()
    low, high = question.minimum, question.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _possible(question: Question) -> str:
    values = (
        ", ".join(f"{value:g}" for value in question.values.values())
        or f"{question.minimum:g} to {question.maximum:g}"
    )
    return f"an analysis value ({values}) or a kind of missing answer ({', '.join(MISSING_KINDS)})"


def _number(text: str) -> float:
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        msg = f"{text!r} is no number"
        raise ValueError(msg)
    return value


def _cell(text: str) -> _Cell:
    return (math.nan, text) if text in MISSING_KINDS else (_number(text), ANSWERED)


def _matches(old: str, stands: _Cell) -> bool:
    value, kind = stands
    if old == "":
        return math.isnan(value)
    if old in MISSING_KINDS:
        return kind == old
    return value == _number(old)


def _unknown(entry: pd.Series, responses: pd.DataFrame, path: Path) -> Problem:
    found = f"unknown response {entry['response']!r} in wave {entry['wave']}"
    expected = f"an id such as {responses['response'].iloc[0]}" if len(responses) else ""
    return Problem(name_of(path), found, expected, row=entry[ROW], column="response")


def _mismatch(entry: pd.Series, stands: _Cell, path: Path) -> Problem:
    value, kind = stands
    return Problem(
        name_of(path),
        f"{entry['question']} of {entry['response']} is {kind or f'{value:g}'}",
        f"{entry['old'] or 'a missing answer'}, as the line says",
        "look the response up; it may be corrected already",
        row=entry[ROW],
        column="old",
    )


def _words(entry: pd.Series) -> str:
    return f"{entry['old'] or 'missing'} -> {entry['new']}: {entry['reason']}"


def _entry(response: pd.Series, question: str, detail: str) -> dict[str, object]:
    keys = ("response", "wave", "export", "role", "raw_row")
    change = {"fate": "corrected", "reason": "correction", "question": question, "detail": detail}
    return {name: response[name] for name in keys} | change
