"""Cells of a raw file before a platform writes them: option positions, numbers, gaps."""

from typing import Literal

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.instrument.routing import evaluate, names_in

EMPTY = -32768  # shown, not answered
HIDDEN = -32767  # not shown
UNREACHED = -32766  # on a page that the person never came to
GAPS = (EMPTY, HIDDEN, UNREACHED)

Wording = Literal["codes", "labels"]


def questions_in(cells: pd.DataFrame) -> list[str]:
    """Give the question ids of a table of cells."""
    return [str(column) for column in cells.columns]


def is_gap(column: np.ndarray) -> np.ndarray:
    """Say where nothing was answered."""
    return column <= UNREACHED


def has_cells(question: Question) -> bool:
    """Say whether answers are option positions or numbers; text and codes are kept apart."""
    return question.kind in {"choice", "number", "role"}


def valued_positions(question: Question) -> np.ndarray:
    """Give the positions of options that have a value, from the lowest value to the highest."""
    valued = [(o.value, i) for i, o in enumerate(question.options) if o.value is not None]
    return np.array([i for _, i in sorted(valued)], dtype=np.int16)


def values(question: Question, column: np.ndarray) -> np.ndarray:
    """Give analysis values as float64; NaN where unanswered or an option without a value."""
    gap = is_gap(column)
    if question.kind == "number":
        return np.where(gap, np.nan, column.astype(float))
    table = np.array([np.nan if o.value is None else o.value for o in question.options])
    return np.where(gap, np.nan, table[np.where(gap, 0, column)])


def words(question: Question, wording: Wording, language: str) -> np.ndarray:
    """Give what each option is written as; shape (options,), dtype object."""
    if wording == "codes":
        return np.array([o.code for o in question.options], dtype=object)
    return np.array([o.label[language] for o in question.options], dtype=object)


def texts(question: Question, column: np.ndarray, wording: Wording, language: str) -> np.ndarray:
    """Give the cells of a column as text, None in the gaps; dtype object."""
    gap = is_gap(column)
    if question.kind == "number":
        found = column.astype(str).astype(object)
    else:
        found = words(question, wording, language)[np.where(gap, 0, column)]
    found[gap] = None
    return found


def apply_routing(cells: pd.DataFrame, roles: pd.Series, questionnaire: Questionnaire) -> None:
    """Hide, in place, what routing does not show; an open gate hides as well, as platforms do."""
    for qid, conditions in questionnaire.conditions.items():
        if qid not in cells:
            continue
        shown = np.ones(len(cells), dtype=bool)
        for condition, _ in conditions:
            columns = {
                name: pd.Series(values(questionnaire.questions[name], _column(cells, name)))
                for name in names_in(condition) - {"role"}
            }
            shown &= evaluate(condition, {**columns, "role": roles}, len(cells)) == 1
        column = cells[qid].to_numpy()
        cells[qid] = np.where(shown | (column == UNREACHED), column, HIDDEN).astype(np.int16)


def _column(cells: pd.DataFrame, qid: str) -> np.ndarray:
    return cells[qid].to_numpy() if qid in cells else np.full(len(cells), HIDDEN)
