"""What goes wrong between complete answers and the rows of a raw file."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.simulation.cells import (
    EMPTY,
    GAPS,
    HIDDEN,
    UNREACHED,
    apply_routing,
    is_gap,
    questions_in,
    valued_positions,
)
from driehoek.simulation.draw import Answers
from driehoek.simulation.truth import Nuisance

KINDS = ("straight", "random", "fast", "broke_off", "no_consent", "empty")


@dataclass(frozen=True, slots=True)
class Responses:
    """Rows of raw files before a platform writes them.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``wave``, ``role``, ``triad_code``, ``person_code``, ``kind``: ordinary, straight,
        random, fast, broke_off, no_consent, empty, duplicate or preview.
    cells : pandas.DataFrame
        A column of int16 a question, same rows.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame


def disturb(
    answers: Answers,
    questionnaire: Questionnaire,
    nuisance: Nuisance,
    rng: np.random.Generator,
) -> Responses:
    """Give the responses of one wave.

    Parameters
    ----------
    answers : Answers
        Rows of one wave; persons who have dropped out give no response.
    questionnaire : Questionnaire
    nuisance : Nuisance
        Each kind of response comes in its stated share of the responses, rounded; no response
        is of two kinds. Duplicates are added rows, earlier attempts of ordinary responses.
    rng : numpy.random.Generator
    """
    present = answers.rows["present"].to_numpy()
    rows = answers.rows[present].reset_index(drop=True)
    cells = answers.cells[present].reset_index(drop=True)
    rows = rows.assign(kind=_kinds(len(rows), nuisance, rng))
    _answer_carelessly(cells, rows, questionnaire, rng)
    _leave_out(cells, rows, questionnaire, nuisance, rng)
    rows, cells = _add_duplicates(rows, cells, nuisance, rng)
    _vary_first_attempts(cells, rows, questionnaire, rng)
    _stop_early(cells, rows, questionnaire, rng)
    apply_routing(cells, rows["role"], questionnaire)
    kept = ["wave", "role", "triad", "triad_code", "person_code", "kind"]
    return Responses(rows[kept], cells)


def _kinds(n: int, nuisance: Nuisance, rng: np.random.Generator) -> np.ndarray:
    kinds = np.full(n, "ordinary", dtype=object)
    waiting = rng.permutation(n)
    for kind in KINDS:
        count = min(round(getattr(nuisance, kind) * n), len(waiting))
        kinds[waiting[:count]] = kind
        waiting = waiting[count:]
    return kinds


def _is_rated(question: Question, questionnaire: Questionnaire) -> bool:
    checks = {check.question for check in questionnaire.instrument.checks.values()}
    return question.item is not None or question.id in checks


def _answer_carelessly(
    cells: pd.DataFrame, rows: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator
) -> None:
    kind = rows["kind"].to_numpy()
    favourite = rng.random(len(rows))
    for qid in questions_in(cells):
        question = questionnaire.questions[qid]
        if not _is_rated(question, questionnaire):
            continue
        column = cells[qid].to_numpy().copy()
        positions = valued_positions(question)
        for careless, u in (("straight", favourite), ("random", rng.random(len(rows)))):
            here = (kind == careless) & ~is_gap(column)
            column[here] = positions[(u[here] * len(positions)).astype(int)]
        cells[qid] = column


def _informs(question: Question, questionnaire: Questionnaire) -> bool:
    """Say whether somebody is asked how things are for another person."""
    if question.item is None or question.about in question.roles:
        return False
    return questionnaire.instrument.items[question.item].type == "informant"


def _leave_out(
    cells: pd.DataFrame,
    rows: pd.DataFrame,
    questionnaire: Questionnaire,
    nuisance: Nuisance,
    rng: np.random.Generator,
) -> None:
    """Put in answers of don't know, skipped questions and impossible numbers."""
    instrument = questionnaire.instrument
    consent = instrument.consent.question if instrument.consent else ""
    straight = rows["kind"].to_numpy() == "straight"
    for qid in questions_in(cells):
        question = questionnaire.questions[qid]
        if qid == consent or question.kind == "role":
            continue
        column = cells[qid].to_numpy().copy()
        shown = ~is_gap(column)
        u = rng.random((2, len(column)))
        unknown = [i for i, o in enumerate(question.options) if o.missing == "dont_know"]
        if unknown:
            informs = _informs(question, questionnaire)
            share = nuisance.dont_know_informant if informs else nuisance.dont_know
            column[shown & ~straight & (u[0] < share)] = unknown[0]
        if question.kind == "number" and question.maximum is not None:
            column[shown & (u[0] < nuisance.impossible)] = int(question.maximum) + 231
        column[shown & ~straight & (u[1] < nuisance.skipped)] = EMPTY
        cells[qid] = column


def _add_duplicates(
    rows: pd.DataFrame, cells: pd.DataFrame, nuisance: Nuisance, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add earlier attempts: the first half stops early, the others finish with other answers."""
    ordinary = np.flatnonzero(rows["kind"] == "ordinary")
    count = min(round(nuisance.duplicates * len(rows)), len(ordinary))
    chosen = rng.choice(ordinary, count, replace=False)
    again = rows.iloc[chosen].assign(kind="duplicate")
    stops = np.concatenate([np.zeros(len(rows), bool), np.arange(count) < count // 2])
    rows = pd.concat([rows, again], ignore_index=True)
    rows = rows.assign(stops=stops | (rows["kind"] == "broke_off"))
    return rows, pd.concat([cells, cells.iloc[chosen]], ignore_index=True)


def _vary_first_attempts(
    cells: pd.DataFrame, rows: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator
) -> None:
    """Let one in five answers of a first attempt differ from the second."""
    first = np.flatnonzero(rows["kind"] == "duplicate")
    for qid in questions_in(cells):
        question = questionnaire.questions[qid]
        if question.item is None:
            continue
        column = cells[qid].to_numpy().copy()
        changed = first[(rng.random(len(first)) < 0.2) & ~is_gap(column[first])]
        column[changed] = rng.choice(valued_positions(question), len(changed))
        cells[qid] = column


def page_of(questionnaire: Questionnaire) -> dict[str, int]:
    """Give the page of each question, from 0; without blocks each question is a page."""
    blocks = questionnaire.instrument.blocks
    placed = {qid: page for page, block in enumerate(blocks) for qid in block.questions}
    loose = [qid for qid in questionnaire.questions if qid not in placed]
    return placed | {qid: len(blocks) + i for i, qid in enumerate(loose)}


def _stop_early(
    cells: pd.DataFrame, rows: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator
) -> None:
    """Leave the pages after the last one that was filled in; the role stays known."""
    kind, stops = rows["kind"].to_numpy(), rows["stops"].to_numpy()
    pages = page_of(questionnaire)
    last = _last_pages(cells, stops, pages, rng)
    consent = questionnaire.instrument.consent
    for qid in questions_in(cells):
        question = questionnaire.questions[qid]
        if question.kind == "role":
            continue
        column = cells[qid].to_numpy().copy()
        gone = (column != HIDDEN) & ((pages[qid] > last) | np.isin(kind, ["no_consent", "empty"]))
        column[gone] = UNREACHED
        if consent and qid == consent.question:
            refusal = [i for i, o in enumerate(question.options) if o.code != consent.required]
            column[kind == "no_consent"] = refusal[0]
        cells[qid] = column


def _last_pages(
    cells: pd.DataFrame, stops: np.ndarray, pages: dict[str, int], rng: np.random.Generator
) -> np.ndarray:
    last = np.full(len(cells), max(pages.values(), default=0))
    numbers = np.array([pages[qid] for qid in questions_in(cells)])
    for row in np.flatnonzero(stops):
        shown = ~np.isin(cells.iloc[row].to_numpy(), GAPS)
        own = np.unique(numbers[shown])
        if len(own) > 1:
            last[row] = rng.choice(own[len(own) // 4 : -1])
    return last
