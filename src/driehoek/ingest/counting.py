"""Options that a survey counts from another number than the instrument does."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from driehoek.ingest.choices import Evidence, code_key
from driehoek.ingest.layout import Layout
from driehoek.instrument.questions import Question
from driehoek.problems import Problem

MOVES = (-1, 1)
# One question with a cell beyond the codes is a slip of a pen. Two such questions, or three such
# cells, with nothing at the other end, are a survey that counts from another number.
QUESTIONS, CELLS = 2, 3
_INTEGER = re.compile(r"-?\d{1,4}")


@dataclass(frozen=True, slots=True)
class _Moved:
    """A question whose answers all fit its codes moved by one, and do not fit them as they are."""

    question: str
    beyond: np.ndarray


def counted_otherwise(
    weighed: Mapping[str, Evidence],
    asked: Mapping[str, Question],
    headings: Mapping[str, str],
    layout: Layout,
    *,
    file: str,
) -> tuple[list[Problem], frozenset[str]]:
    """Find questions whose codes lie one lower, or one higher, than in the instrument.

    Where few chose the end of the scale, such a survey shows in a few strange cells only; the
    rest of the column would be read one point off.

    Parameters
    ----------
    weighed : mapping
        Evidence of each question with options.
    asked : mapping
        Questions by id.
    headings : mapping
        Heading by question id.
    layout : Layout
    file : str
        As messages name it.

    Returns
    -------
    problems : list of Problem
        One for each answer scale and direction.
    questions : frozenset of str
        The questions that these explain.
    """
    found: dict[tuple[int, int, int], list[_Moved]] = defaultdict(list)
    for qid, evidence in weighed.items():
        scale = _scale(asked[qid])
        for move in MOVES if scale else ():
            low, high = scale[0], scale[-1]
            beyond = _beyond(evidence, asked[qid], low + move, high + move, low, high)
            if beyond.any():
                found[low, high, move].append(_Moved(qid, beyond))
    problems, explained = [], set()
    for (low, high, move), moved in found.items():
        cells = sum(int(weighed[each.question].counts[each.beyond].sum()) for each in moved)
        if len(moved) >= QUESTIONS or cells >= CELLS:
            first = moved[0]
            text = np.isin(weighed[first.question].positions, np.flatnonzero(first.beyond))
            row = int(layout.rows[int(np.argmax(text))])
            names = [each.question for each in moved]
            problems.append(
                _problem(file, low, high, move, names, cells, row, headings[first.question])
            )
            explained |= set(names)
    return problems, frozenset(explained)


def _scale(question: Question) -> list[int]:
    """Give the codes of the options with a value, if they are numbers without a gap."""
    codes = [option.code for option in question.options if option.value is not None]
    if len(codes) < 3 or not all(_INTEGER.fullmatch(code) for code in codes):
        return []
    numbers = sorted(int(code) for code in codes)
    return numbers if numbers == list(range(numbers[0], numbers[-1] + 1)) else []


def _beyond(
    evidence: Evidence, question: Question, first: int, last: int, low: int, high: int
) -> np.ndarray:
    """Tell which texts lie beyond low to high; none where one does not fit first to last."""
    others = {option.code.casefold() for option in question.options if option.value is None}
    beyond = np.zeros(len(evidence.texts), dtype=bool)
    for place, text in enumerate(evidence.texts):
        key = code_key(text)
        if evidence.is_blank[place] or key in others:
            continue
        is_label = evidence.by_label[place] >= 0
        if is_label or not _INTEGER.fullmatch(key) or not first <= int(key) <= last:
            return np.zeros(len(evidence.texts), dtype=bool)
        beyond[place] = not low <= int(key) <= high
    return beyond


def _problem(
    file: str,
    low: int,
    high: int,
    move: int,
    questions: list[str],
    cells: int,
    row: int,
    heading: str,
) -> Problem:
    stray, unused = (low - 1, high) if move < 0 else (high + 1, low)
    named = ", ".join(questions[:4]) + (", ..." if len(questions) > 4 else "")
    one = len(questions) == 1
    who = f"1 question ({named}) holds" if one else f"{len(questions)} questions ({named}) hold"
    return Problem(
        file,
        f"{who} {stray} in {cells} cells and {unused} in none, as if the survey "
        f"counted the options from {low + move}",
        f"the codes {low} to {high}",
        f'if it does, give the options these codes in the instrument (code: "{low + move}", value: '
        f"{low}, and so on), with a version of its own where other files count from {low}; if "
        f"not, correct or empty these cells in a copy of the file",
        row=row,
        column=heading,
        item=questions[0],
        check="answers",
    )
