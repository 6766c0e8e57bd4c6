"""From columns of text to analysis values, question by question."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from driehoek.ingest.choices import (
    RECURS,
    Evidence,
    Place,
    Style,
    choice_problems,
    is_telling,
    label_contradictions,
    label_options,
    options_of,
    style_of,
    weigh,
)
from driehoek.ingest.counting import counted_otherwise
from driehoek.ingest.layout import Layout
from driehoek.ingest.numbers import parse_numbers
from driehoek.ingest.systematic import systematic
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.problems import Problem

EMPTY, ANSWERED, DONT_KNOW, INVALID, UNKNOWN = range(5)
OUT_OF_RANGE_SHARE = 0.2


@dataclass
class Answers:
    """What an export says, before routing is applied.

    Attributes
    ----------
    values : dict
        Analysis values by question id; NaN where there is none.
    states : dict
        By question id: EMPTY, ANSWERED, DONT_KNOW, INVALID or UNKNOWN (declared missing in the
        file, kind not told), one for each response.
    options : dict
        Position of the chosen option by question id, -1 for none; choice and role questions.
    reasons : dict
        Why a cell is INVALID, by question id.
    problems : list of Problem
    """

    values: dict[str, np.ndarray] = field(default_factory=dict)
    states: dict[str, np.ndarray] = field(default_factory=dict)
    options: dict[str, np.ndarray] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_answers(
    layout: Layout, headings: Mapping[str, str], form: Questionnaire, file: str
) -> Answers:
    """Convert every matched column by what the instrument says of its question.

    Parameters
    ----------
    layout : Layout
    headings : mapping
        Heading by question id.
    form : Questionnaire
    file : str
        As messages name it.
    """
    answers = Answers()
    asked = {qid: q for qid, q in form.questions.items() if qid in headings}
    labels = {q.id: label_options(q, form.instrument) for q in asked.values() if q.options}
    weighed = {
        qid: weigh(
            layout.cells[headings[qid]], asked[qid], labels[qid], _blanks(layout, headings[qid])
        )
        for qid in labels
    }
    usual = _usual_style(list(weighed.values()))
    recurring = systematic(weighed, asked, layout.platform)
    answers.problems, explained = counted_otherwise(weighed, asked, headings, layout, file=file)
    for qid, question in asked.items():
        heading = headings[qid]
        place = Place(file, heading, layout.rows, qid)
        if question.options:
            style = style_of(weighed[qid]) or usual
            if qid not in explained:
                answers.problems += choice_problems(
                    weighed[qid], style, question, place, recurring[qid]
                )
            answers.problems += label_contradictions(
                layout.labels.get(heading, {}), question, labels[qid], place
            )
            _choose(answers, question, weighed.pop(qid), style or "codes", layout, heading)
        elif question.kind == "number":
            _measure(answers, question, layout, place)
    return answers


def _usual_style(weighed: list[Evidence]) -> Style | None:
    styles = Counter(style_of(each) for each in weighed if is_telling(each))
    return styles.most_common(1)[0][0] if styles else None


def _blanks(layout: Layout, heading: str) -> frozenset[str]:
    declared = layout.user_missing.get(heading, frozenset())
    return layout.blanks | {text.casefold() for text in declared}


def _choose(
    answers: Answers,
    question: Question,
    evidence: Evidence,
    style: Style,
    layout: Layout,
    heading: str,
) -> None:
    chosen = options_of(evidence, style)
    declared = layout.user_missing.get(heading, frozenset())
    is_declared = np.array([text in declared for text in evidence.texts], dtype=bool)
    if is_declared.any():
        labels = layout.labels.get(heading, {})
        named = [_labelled(question, labels.get(text, "")) for text in evidence.texts]
        chosen = np.where(is_declared & (chosen < 0), named, chosen)
    value = np.array([np.nan if o.value is None else o.value for o in question.options])
    state = np.array([DONT_KNOW if o.missing else ANSWERED for o in question.options])
    unread = np.where(evidence.is_blank, np.where(is_declared, UNKNOWN, EMPTY), INVALID)
    by_text = np.where(chosen >= 0, state[chosen], unread).astype(np.int8)
    answers.states[question.id] = by_text[evidence.positions]
    answers.options[question.id] = chosen.astype(np.int16)[evidence.positions]
    answers.values[question.id] = np.where(chosen >= 0, value[chosen], np.nan)[evidence.positions]
    answers.reasons[question.id] = "no code and no label of the question"


def _labelled(question: Question, label: str) -> int:
    """Give the place of the option that a declared missing value is labelled as; -1 for none."""
    wanted = label.strip().casefold()
    for place, option in enumerate(question.options):
        if wanted and wanted in {each.strip().casefold() for each in option.label.values()}:
            return place
    return -1


def _measure(answers: Answers, question: Question, layout: Layout, place: Place) -> None:
    texts = layout.cells[place.heading]
    values, is_empty, problems = parse_numbers(texts, _blanks(layout, place.heading), place)
    outside = ~np.isnan(values)
    outside &= ~(
        (values >= _or(question.minimum, -np.inf)) & (values <= _or(question.maximum, np.inf))
    )
    if not problems:
        problems = _range_problems(outside, values, question, place)
    states = np.where(np.isnan(values), INVALID, ANSWERED)
    states = np.where(is_empty, EMPTY, np.where(outside, INVALID, states)).astype(np.int8)
    if declared := layout.user_missing.get(place.heading):
        is_declared = texts.isin(list(declared)).to_numpy(dtype=bool)
        states[is_declared] = UNKNOWN
    answers.values[question.id] = np.where(states == ANSWERED, values, np.nan)
    answers.states[question.id] = states
    answers.reasons[question.id] = "no number within the range of the question"
    answers.problems += problems


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _range_problems(
    outside: np.ndarray, values: np.ndarray, question: Question, place: Place
) -> list[Problem]:
    count, filled = int(outside.sum()), int((~np.isnan(values)).sum())
    if count < RECURS or count < OUT_OF_RANGE_SHARE * filled:
        return []
    first = int(np.flatnonzero(outside)[0])
    return [
        Problem(
            place.file,
            f"{count} of {filled} numbers lie outside the range, such as {values[first]:g}",
            f"{question.minimum:g} to {question.maximum:g}",
            "see whether the column answers another question or uses another unit",
            row=int(place.rows[first]),
            column=place.heading,
            item=question.id,
            check="range",
        )
    ]


def texts_of(cells: pd.DataFrame, heading: str | None, n: int) -> pd.Series:
    """Give a column of text, blanks around it taken off; empty text where there is none."""
    if heading is None:
        return pd.Series([""] * n, dtype="str")
    return cells[heading].str.strip()
