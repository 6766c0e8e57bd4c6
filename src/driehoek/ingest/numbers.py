"""From the text of a number column to numbers, by the decimal sign the column itself uses."""

import re

import numpy as np
import pandas as pd

from driehoek.ingest.choices import RECURS, STRAY_SHARE, Place
from driehoek.ingest.privacy import shown
from driehoek.problems import Problem

_POINT = re.compile(r"^[+-]?\d*\.\d+$")
_COMMA = re.compile(r"^[+-]?\d*,\d+$")
_WHOLE = re.compile(r"^[+-]?\d+$")
_THOUSANDS_COMMA = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_THOUSANDS_POINT = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_GROUP = re.compile(r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$")

NO_NUMBERS = (
    "no numbers",
    "numbers",
    "if the column answers another question, say so under columns: in the study",
)
TWOFOLD = (
    "the sign may part thousands or decimals, and no other cell of the column tells which",
    "numbers that can be read in one way",
    "write them without a sign for thousands, or with other than three decimals",
)


def parse_numbers(
    texts: pd.Series, blanks: frozenset[str], place: Place
) -> tuple[np.ndarray, np.ndarray, list[Problem]]:
    """Read a column of numbers.

    Returns
    -------
    values : numpy.ndarray of float, shape (responses,)
        NaN where the cell is empty or no number, and where it may be two numbers: 1.234 in a
        column of which no cell shows what its sign means.
    is_empty : numpy.ndarray of bool, shape (responses,)
    problems : list of Problem
        Decimal points and commas in one column; cells that are no numbers, or may be two, and
        are many or recur.
    """
    positions, uniques = pd.factorize(texts)
    distinct = [str(each).strip() for each in uniques.tolist()]
    empty = np.array([each.casefold() in {"", *blanks} for each in distinct], dtype=bool)
    commas = [t for t in distinct if _is_comma(t)]
    points = [t for t in distinct if _is_point(t)]
    is_told = bool(commas or points)
    comma = bool(commas)
    twofold = np.array([not is_told and bool(_GROUP.match(each)) for each in distinct], dtype=bool)
    numbers = np.array([_number(each, comma=comma) for each in distinct], dtype=float)
    numbers[twofold] = np.nan
    counts = np.bincount(positions, minlength=len(distinct))
    if commas and points:
        problems = [_both(commas[0], points[0], distinct, positions, place)]
    else:
        problems = _no_numbers(distinct, numbers, empty, twofold, counts, positions, place)
    return numbers[positions], empty[positions], problems


def _is_comma(text: str) -> bool:
    """Tell whether a text shows by itself that the comma parts the decimals."""
    if _COMMA.match(text):
        return not _GROUP.match(text)
    return "," in text and bool(_THOUSANDS_COMMA.match(text))


def _is_point(text: str) -> bool:
    if _POINT.match(text):
        return not _GROUP.match(text)
    return "." in text and "," in text and bool(_THOUSANDS_POINT.match(text))


def _number(text: str, *, comma: bool) -> float:
    if _WHOLE.match(text):
        return float(text)
    if _GROUP.match(text):
        # 1.234 alone tells nothing; the other cells of the column say what its sign means.
        is_decimal = ("," in text) == comma
        return float(text.replace(",", ".") if is_decimal else re.sub(r"[.,]", "", text))
    if comma and (_COMMA.match(text) or _THOUSANDS_COMMA.match(text)):
        return float(text.replace(".", "").replace(",", "."))
    if not comma and (_POINT.match(text) or _THOUSANDS_POINT.match(text)):
        return float(text.replace(",", ""))
    return float("nan")


def _both(
    comma: str, point: str, distinct: list[str], positions: np.ndarray, place: Place
) -> Problem:
    later = max(distinct.index(comma), distinct.index(point))
    return Problem(
        place.file,
        f"decimal commas ({comma}) and decimal points ({point}) in one column",
        "one decimal sign",
        "export it again without opening it in Excel, or mend the column",
        row=int(place.rows[int(np.argmax(positions == later))]),
        column=place.heading,
        item=place.question,
        check="numbers",
    )


def _no_numbers(
    distinct: list[str],
    numbers: np.ndarray,
    empty: np.ndarray,
    twofold: np.ndarray,
    counts: np.ndarray,
    positions: np.ndarray,
    place: Place,
) -> list[Problem]:
    unread = np.isnan(numbers) & ~empty
    filled = counts[~empty].sum()
    many = unread & ((counts[unread].sum() >= STRAY_SHARE * filled) | (counts >= RECURS))
    if not many.any():
        return []
    first = int(np.flatnonzero(many)[0])
    examples = ", ".join(shown(distinct[i]) for i in np.flatnonzero(many)[:4])
    what, expected, mend = NO_NUMBERS if not twofold[many].all() else TWOFOLD
    return [
        Problem(
            place.file,
            f"{what}: {examples} ({int(counts[many].sum())} of {int(filled)} answers)",
            expected,
            mend,
            row=int(place.rows[int(np.argmax(positions == first))]),
            column=place.heading,
            item=place.question,
            check="numbers",
        )
    ]
