"""Columns of a new file that may be questions under another name: proposed, never assumed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from driehoek.ingest.columns import Columns
from driehoek.ingest.layout import Layout
from driehoek.ingest.values import ANSWERED, DONT_KNOW, EMPTY, read_answers
from driehoek.instrument.questions import Questionnaire
from driehoek.next_wave.wordings import likeness

# Cells that must be answers of the question: what ingest itself lets pass as slips of a pen.
FITTING = 0.95
# The cutoff of Python's difflib.get_close_matches, which did_you_mean uses too.
NEAR_NAME = 0.6
# Where names say nothing: at most this distance between the answers, and no rival.
NEAR_ANSWERS = 0.15


@dataclass(frozen=True, slots=True)
class Renaming:
    """A proposal: this column answers that question.

    Attributes
    ----------
    column, question : str
    name_likeness : float
        Of the names or words, 0 to 1.
    distance : float
        Between the answers in the column and those known before: total variation for
        choices, Kolmogorov and Smirnov's for numbers, 0 to 1; NaN without earlier answers.
    fitting : float
        Share of filled cells that are answers of the question; NaN for codes and text.
    reason : str
    """

    column: str
    question: str
    name_likeness: float
    distance: float
    fitting: float
    reason: str


def propose(
    layout: Layout,
    columns: Columns,
    absent: Sequence[str],
    form: Questionnaire,
    words: Mapping[str, str],
    earlier: Mapping[str, np.ndarray],
) -> list[Renaming]:
    """Propose columns for the questions that have none.

    A pair needs cells that are answers of the question, and a near name or near words; or, with
    neither, answers spread as before while no other column fits as well. The
    likeliest pairs come first; each column and question is used once.

    Parameters
    ----------
    layout : Layout
    columns : Columns
        What was matched; only columns of unknown use are offered.
    absent : sequence of str
        Questions without a column.
    form : Questionnaire
        The version the file was asked.
    words : mapping
        Words of the question by heading, where the file holds them.
    earlier : mapping
        Analysis values of the last wave with answers, by question id.
    """
    spare = columns.roster.loc[columns.roster["use"] == "unknown dropped", "column"]
    offered = [heading for heading in spare if heading in layout.codes]
    pairs = [
        pair
        for question in absent
        for heading in offered
        if (pair := _pair(layout, heading, question, form, words, earlier)) is not None
    ]
    chosen = _once([p for p in pairs if p.name_likeness >= NEAR_NAME])
    taken = {p.column for p in chosen} | {p.question for p in chosen}
    left = [p for p in pairs if p.column not in taken and p.question not in taken]
    return [*chosen, *_without_rivals(left)]


def _pair(
    layout: Layout,
    heading: str,
    question: str,
    form: Questionnaire,
    words: Mapping[str, str],
    earlier: Mapping[str, np.ndarray],
) -> Renaming | None:
    name = _name_likeness(layout.codes[heading], words.get(heading, ""), question, form)
    asked = form.questions.get(question)
    if asked is None or not (asked.options or asked.kind == "number"):
        reason = f"its name is {name:.0%} alike; its content is not compared"
        return Renaming(heading, question, name, np.nan, np.nan, reason)
    answers = read_answers(layout, {question: heading}, form, "")
    states = answers.states[question]
    filled = int((states != EMPTY).sum())
    fitting = float(np.isin(states, [ANSWERED, DONT_KNOW]).sum() / filled) if filled else 0.0
    if answers.problems or fitting < FITTING:
        return None
    values = answers.values[question]
    distance = np.nan
    if question in earlier:
        measure = _total_variation if asked.options else _kolmogorov_smirnov
        distance = measure(values[~np.isnan(values)], earlier[question])
    return Renaming(heading, question, name, distance, fitting, _reason(name, distance, fitting))


def _reason(name: float, distance: float, fitting: float) -> str:
    said = f"names {name:.0%} alike; {fitting:.0%} of its cells are answers of the question"
    if np.isnan(distance):
        return f"{said}; no earlier answers to compare"
    return f"{said}; distance to the answers known before {distance:.2f} (0 same, 1 apart)"


def _name_likeness(code: str, words: str, question: str, form: Questionnaire) -> float:
    asked = form.questions.get(question)
    texts = [] if asked is None else [*asked.text.values(), *asked.label.values()]
    by_words = [likeness(said, text) for said in (words, code) if said for text in texts if text]
    return max([likeness(code, question), *by_words])


def _once(pairs: Sequence[Renaming]) -> list[Renaming]:
    """Take the likeliest pairs, each column and each question once."""
    ranked = sorted(pairs, key=lambda p: (-p.name_likeness, np.nan_to_num(p.distance, nan=1.0)))
    found: list[Renaming] = []
    for pair in ranked:
        if all(pair.column != p.column and pair.question != p.question for p in found):
            found.append(pair)
    return found


def _without_rivals(pairs: Sequence[Renaming]) -> Iterator[Renaming]:
    near = [p for p in pairs if p.distance <= NEAR_ANSWERS]
    for pair in near:
        if all(
            p is pair or (p.column != pair.column and p.question != pair.question) for p in near
        ):
            yield pair


def _total_variation(a: np.ndarray, b: np.ndarray) -> float:
    values = np.union1d(a, b)
    if not len(a) or not len(b):
        return float("nan")
    shares = [np.array([(each == v).mean() for v in values]) for each in (a, b)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _kolmogorov_smirnov(a: np.ndarray, b: np.ndarray) -> float:
    if not len(a) or not len(b):
        return float("nan")
    points = np.union1d(a, b)
    below = [np.searchsorted(np.sort(each), points, side="right") / len(each) for each in (a, b)]
    return float(np.abs(below[0] - below[1]).max())
