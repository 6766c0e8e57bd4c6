"""Rows whose cells stand beside their columns: a cell too many or too few, at equal width."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from driehoek.ingest.choices import code_key, label_key, label_options
from driehoek.ingest.layout import Layout
from driehoek.ingest.missing import Kinds
from driehoek.ingest.values import INVALID, Answers
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.problems import Problem

MOVES = (1, -1, 2, -2, 3, -3)
# A single cell that fits nowhere is a slip of a pen; this many that all fit elsewhere are none.
MENDED = 2
LEFT_SHARE = 1 / 3


def shifted_rows(
    layout: Layout,
    headings: Mapping[str, str],
    answers: Answers,
    found: Kinds,
    form: Questionnaire,
    role: np.ndarray,
    *,
    file: str,
) -> list[Problem]:
    """Find rows that fit the questionnaire far better with their cells moved.

    Only rows with two or more invalid or unexpected answers are looked at. From some column on,
    all cells are moved up to three places; a cell so pushed out of the row counts against the
    move, hence two typing faults side by side are no shift.

    Parameters
    ----------
    layout : Layout
    headings : mapping
        Heading by question id.
    answers, found : Answers, Kinds
        What was read of them, before and after routing.
    form : Questionnaire
    role : numpy.ndarray of str, shape (responses,)
    file : str
        As messages name it.
    """
    suspects = np.flatnonzero(_contradicted(answers, found, len(role)) >= MENDED)
    if len(suspects) == 0:
        return []
    cells = layout.cells.iloc[suspects]
    order = list(cells.columns)
    asked = {
        heading: form.questions[qid] for qid, heading in headings.items() if qid in answers.states
    }
    texts = [cells[heading].str.strip() for heading in order]
    filled = np.column_stack([~_is_blank(each, layout.blanks) for each in texts])
    fits = _Fits(order, texts, filled, asked, form, role[suspects])
    as_it_is = fits.misfits(0)
    misfit = as_it_is.sum(axis=1)
    problems = []
    costs = {move: _least_cost(as_it_is, fits.misfits(move), filled, move) for move in MOVES}
    for at in range(len(suspects)):
        move = min(MOVES, key=lambda each: costs[each][at])
        left = costs[move][at]
        if misfit[at] - left >= MENDED and left <= LEFT_SHARE * misfit[at]:
            first = order[int(np.argmax(as_it_is[at]))]
            row = int(layout.rows[suspects[at]])
            problems.append(_problem(file, row, first, int(misfit[at]), move))
    return problems


def _contradicted(answers: Answers, found: Kinds, n: int) -> np.ndarray:
    count = np.zeros(n, dtype=np.int64)
    for state in answers.states.values():
        count += state == INVALID
    for unexpected in found.unexpected.values():
        count += unexpected
    return count


class _Fits:
    """Whether the text of one column can stand in another, for each suspect row."""

    def __init__(
        self,
        order: list[str],
        texts: list[pd.Series],
        filled: np.ndarray,
        asked: Mapping[str, Question],
        form: Questionnaire,
        role: np.ndarray,
    ) -> None:
        self._texts, self._filled, self._role = texts, filled, role
        self._asked = [asked.get(heading) for heading in order]
        self._labels = {
            q.id: label_options(q, form.instrument) for q in asked.values() if q.options
        }

    def misfits(self, move: int) -> np.ndarray:
        """Tell, by row and column, where the text `move` columns further does not fit."""
        misfit = np.zeros(self._filled.shape, dtype=bool)
        for place, question in enumerate(self._asked):
            source = place + move
            if question is None or not 0 <= source < len(self._texts):
                continue
            positions, distinct = pd.factorize(self._texts[source])
            unfit = ~np.array([self._fit(str(text), question) for text in distinct], dtype=bool)
            is_asked = (self._role == "") | np.isin(self._role, question.roles)
            misfit[:, place] = self._filled[:, source] & (unfit[positions] | ~is_asked)
        return misfit

    def _fit(self, text: str, question: Question) -> bool:
        if question.options:
            codes = {option.code.casefold() for option in question.options}
            return code_key(text) in codes or label_key(text) in self._labels[question.id]
        if question.minimum is None or question.maximum is None:
            return True
        try:
            return question.minimum <= float(text.replace(",", ".")) <= question.maximum
        except ValueError:
            return False


def _least_cost(
    as_it_is: np.ndarray, moved: np.ndarray, filled: np.ndarray, move: int
) -> np.ndarray:
    """Give, for each row, the fewest misfits over all columns at which the move may begin."""
    width, steps = as_it_is.shape[1], abs(move)
    before = _running(as_it_is)[:, : width - steps + 1]
    if move > 0:
        after = _remaining(moved)[:, : width - steps + 1]
        between = _running(filled)
        lost = between[:, steps:] - between[:, :-steps]
    else:
        after = _remaining(moved)[:, steps:]
        lost = filled[:, width - steps :].sum(axis=1, keepdims=True)
    least: np.ndarray = (before + after + lost).min(axis=1)
    return least


def _running(where: np.ndarray) -> np.ndarray:
    return np.pad(np.cumsum(where, axis=1), ((0, 0), (1, 0)))


def _remaining(where: np.ndarray) -> np.ndarray:
    remaining: np.ndarray = where.sum(axis=1, keepdims=True) - _running(where)
    return remaining


def _is_blank(texts: pd.Series, blanks: frozenset[str]) -> np.ndarray:
    return texts.str.casefold().isin({"", *blanks}).to_numpy(dtype=bool)


def _problem(file: str, row: int, column: str, misfit: int, move: int) -> Problem:
    places = f"{abs(move)} place{'s' if abs(move) > 1 else ''}"
    side = "right" if move > 0 else "left"
    return Problem(
        file,
        f"{misfit} answers do not fit their questions, but would if moved back: from here on, or "
        f"from before it, the cells stand {places} too far to the {side}",
        "each answer under its own heading",
        "export again; if the export itself is so, move the cells of this row back in a copy of it",
        row=row,
        column=column,
        check="shifted row",
    )
