"""From the text of a choice column to options: by codes or by labels, decided by the column."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from driehoek.ingest.privacy import shown
from driehoek.instrument.model import Instrument, Option
from driehoek.instrument.questions import Question, fill_names
from driehoek.problems import Problem

Style = Literal["codes", "labels"]

# A few cells that fit no option are slips of a pen, kept apart as invalid; more than this, or
# one text that keeps coming back, is a survey that differs from the instrument.
STRAY_SHARE = 0.05
RECURS = 5
LACKING_MEND = (
    "if the survey has an option that the instrument lacks, add it there; if the column answers "
    "another question, say so under columns: in the study"
)
OTHER = "-oth-"
OTHER_MEND = (
    "LimeSurvey writes -oth- for its own option 'other', which is no code: give 'other' a code as "
    "an option like the rest, in the survey and in the instrument, and write that code for -oth- "
    "in a copy of this file"
)
_WHOLE = re.compile(r"^(\d+)[.,]0+$")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the distinct texts of a column may mean.

    Attributes
    ----------
    texts : list of str
        Distinct texts, in order of first appearance.
    positions : numpy.ndarray, shape (responses,)
        Position of each response's text in `texts`.
    counts : numpy.ndarray, shape (texts,)
    by_code, by_label : numpy.ndarray, shape (texts,)
        Position of the option it is the code (label) of; -1 for none.
    is_blank : numpy.ndarray, shape (texts,)
    """

    texts: list[str]
    positions: np.ndarray
    counts: np.ndarray
    by_code: np.ndarray
    by_label: np.ndarray
    is_blank: np.ndarray


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands, for messages: file, heading and the row of each response."""

    file: str
    heading: str
    rows: np.ndarray
    question: str


def code_key(text: str) -> str:
    """Normalise a code: no case, no blanks around it, 3.0 is 3."""
    match = _WHOLE.match(text.strip())
    return match.group(1) if match else text.strip().casefold()


def label_key(text: str) -> str:
    """Normalise a label: no case, single blanks, plain quotes, HTML entities written out."""
    return " ".join(html.unescape(text).translate(_QUOTES).split()).casefold()


def label_options(question: Question, instrument: Instrument) -> dict[str, int]:
    """Give the option by label in any language; a label of two options is left out."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for index, option in enumerate(question.options):
        for key in _labels(option, question, instrument):
            if found.setdefault(key, index) != index:
                twice.add(key)
    return {key: index for key, index in found.items() if key not in twice}


def _labels(option: Option, question: Question, instrument: Instrument) -> set[str]:
    found = {label_key(text) for text in option.label.values()}
    for role in question.roles:
        names = instrument.names.get(role, {})
        for language, text in option.label.items():
            if "{" in text:
                found.add(label_key(fill_names(text, names, question.about, language)))
    return found


def weigh(
    texts: pd.Series, question: Question, labels: Mapping[str, int], blanks: frozenset[str]
) -> Evidence:
    """Look up each distinct text of a column as a code and as a label.

    `blanks` are texts, in small letters, that stand for an empty cell unless an option has them.
    """
    positions, uniques = pd.factorize(texts)
    distinct = [str(each) for each in uniques.tolist()]
    codes = {option.code.casefold(): index for index, option in enumerate(question.options)}
    by_code = np.array([codes.get(code_key(each), -1) for each in distinct], dtype=int)
    by_label = np.array([labels.get(label_key(each), -1) for each in distinct], dtype=int)
    unfit = (by_code < 0) & (by_label < 0)
    empty = np.array([each.strip().casefold() in {"", *blanks} for each in distinct], dtype=bool)
    counts = np.bincount(positions, minlength=len(distinct))
    small = positions.astype(np.int16 if len(distinct) < 2**15 else np.int32)
    return Evidence(distinct, small, counts, by_code, by_label, unfit & empty)


def style_of(evidence: Evidence) -> Style | None:
    """Say whether a column holds codes or labels; None where it can be read both ways."""
    differ = (evidence.by_code >= 0) & (evidence.by_label >= 0)
    differ &= evidence.by_code != evidence.by_label
    as_codes = evidence.counts[(evidence.by_code >= 0) & (evidence.by_label < 0)].sum()
    as_labels = evidence.counts[(evidence.by_label >= 0) & (evidence.by_code < 0)].sum()
    if as_codes == as_labels:
        return None if differ.any() or as_codes else "codes"
    return "codes" if as_codes > as_labels else "labels"


def is_telling(evidence: Evidence) -> bool:
    """Tell whether a column shows by itself that the file holds codes, or labels."""
    one_way = (evidence.by_code >= 0) != (evidence.by_label >= 0)
    return bool(one_way.any()) and style_of(evidence) is not None


def options_of(evidence: Evidence, style: Style) -> np.ndarray:
    """Give the option of each distinct text; -1 where it fits none.

    The other reading never fills a gap: where a column holds labels, a text that is only a
    code stays unread.
    """
    return evidence.by_code if style == "codes" else evidence.by_label


def choice_problems(
    evidence: Evidence,
    style: Style | None,
    question: Question,
    place: Place,
    systematic: Mapping[str, int],
) -> list[Problem]:
    """Find what makes a column unfit to read; stray cells are none, unless they are systematic."""
    fits = (evidence.by_code >= 0) | (evidence.by_label >= 0)
    expected = _expected(question, style if fits.any() else None)
    if style is None:
        found = "texts that are codes of some options and labels of others"
        mend = "export with answer codes"
        return [_problem(place, found, expected, mend, evidence, 0)]
    chosen = options_of(evidence, style)
    unread = (chosen < 0) & ~evidence.is_blank
    filled = evidence.counts[~evidence.is_blank].sum()
    cells = evidence.counts[unread].sum()
    if not cells:
        return []
    many = cells >= STRAY_SHARE * filled
    recurs = np.array([code_key(text) in systematic for text in evidence.texts], dtype=bool)
    stopping = np.flatnonzero(unread & (many | recurs | (evidence.counts >= RECURS)))
    if len(stopping) == 0:
        return []
    examples = ", ".join(shown(evidence.texts[i]) for i in stopping[:4])
    times = int(evidence.counts[stopping].sum())
    other = evidence.by_label if style == "codes" else evidence.by_code
    if (other[stopping] >= 0).all():
        found = f"codes and labels in one column: {times} cells such as {examples}"
        mend = "export with answer codes"
    else:
        what = "no code and no label of this question"
        found = f"{what}: {examples} ({times} of {int(filled)} answers)"
        if times < RECURS and not many and recurs.any():
            found += f"; {sum(systematic.values())} cells in the questions with these options"
        mend = OTHER_MEND if OTHER in {evidence.texts[i] for i in stopping} else LACKING_MEND
    return [_problem(place, found, expected, mend, evidence, int(stopping[0]))]


def label_contradictions(
    declared: Mapping[str, str], question: Question, labels: Mapping[str, int], place: Place
) -> list[Problem]:
    """Find codes whose label in the file is another option's label in the instrument."""
    codes = {option.code.casefold(): index for index, option in enumerate(question.options)}
    return [
        Problem(
            place.file,
            f"value {text} is labelled {label!r}, which is code "
            f"{question.options[meant].code} in the instrument",
            "the same codes in the survey and in the instrument",
            "correct the codes on one side: options may stand in reverse order",
            column=place.heading,
            item=place.question,
            check="labels",
        )
        for text, label in declared.items()
        for meant in [labels.get(label_key(label), -1)]
        if meant >= 0 and codes.get(code_key(text), meant) != meant
    ]


def _problem(
    place: Place, found: str, expected: str, mend: str, evidence: Evidence, text: int
) -> Problem:
    row = int(place.rows[int(np.argmax(evidence.positions == text))])
    return Problem(
        place.file,
        found,
        expected,
        mend,
        row=row,
        column=place.heading,
        item=place.question,
        check="answers",
    )


def _expected(question: Question, style: Style | None) -> str:
    codes = _some([option.code for option in question.options])
    labels = _some([next(iter(option.label.values())) for option in question.options])
    if style == "codes":
        return f"the codes {codes}"
    return f"the labels {labels}" if style == "labels" else f"the codes {codes} or labels {labels}"


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:8]) + (", ..." if len(words) > 8 else "")
