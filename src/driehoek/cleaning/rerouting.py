"""Routing looked at again where a correction changed the answer to a gate."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.cleaning.wave import WaveTables
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import Condition, evaluate, names_in
from driehoek.responses import ROLE

HIDDEN = ("not_shown", "planned")
Followed = tuple[int, str, str, str]


def gates(form: Questionnaire) -> set[str]:
    """Give the questions that routing conditions ask about."""
    conditions = (condition for each in form.conditions.values() for condition, _ in each)
    return set().union(*(names_in(condition) for condition in conditions)) - {ROLE}


def reroute(tables: WaveTables, rows: list[int], form: Questionnaire) -> list[Followed]:
    """Let the questions behind corrected gates follow, in order of presentation.

    A question whose condition does not hold loses its answer and becomes ``not_shown`` (or
    ``planned``): routing holds over a corrected answer. One that was hidden becomes
    ``skipped`` where its condition now holds, and ``unknown`` where it is left open.

    Parameters
    ----------
    tables : WaveTables
        Changed in place: give copies.
    rows : list of int
        Row labels of the responses with a corrected gate.

    Returns
    -------
    list of tuple
        Row label, question, and the kinds before and after, of each cell that followed.
    """
    return [
        cell
        for qid in form.questions
        if qid in form.conditions and qid in form.stored and rows
        for cell in _follow(tables, rows, qid, form)
    ]


def _follow(
    tables: WaveTables, rows: list[int], qid: str, form: Questionnaire
) -> Iterator[Followed]:
    responses, missing = tables.responses, tables.missing
    role = responses.loc[rows, ROLE].to_numpy()
    truth = np.ones(len(rows))
    hidden_as = np.full(len(rows), HIDDEN[0], dtype=object)
    for condition, is_planned in form.conditions[qid]:
        holds = _holds(tables, rows, condition, form)
        hidden_as[(holds == 0) & (truth != 0) & is_planned] = HIDDEN[1]
        closed = (truth == 0) | (holds == 0)
        truth = np.where(closed, 0.0, np.where(np.isnan(truth) | np.isnan(holds), np.nan, 1.0))
    for i, row in enumerate(rows):
        if role[i] not in form.questions[qid].roles:
            continue
        kind = str(missing.loc[row, qid])
        new = _kind(kind, truth[i], str(hidden_as[i]))
        if new != kind:
            responses.loc[row, qid], missing.loc[row, qid] = np.nan, new
            yield row, qid, kind, new


def _kind(kind: str, truth: float, hidden_as: str) -> str:
    if truth == 0:
        return kind if kind in (*HIDDEN, "invalid") else hidden_as
    if np.isnan(truth):
        return "unknown" if kind in HIDDEN else kind
    return "skipped" if kind in (*HIDDEN, "unknown") else kind


def _holds(
    tables: WaveTables, rows: list[int], condition: Condition, form: Questionnaire
) -> np.ndarray:
    """Evaluate a condition; one on a question that was not shown does not hold."""
    names = names_in(condition) - {ROLE}
    absent = pd.Series(np.nan, index=rows)
    columns = {
        name: tables.responses.loc[rows, name] if name in form.stored else absent for name in names
    }
    columns[ROLE] = tables.responses.loc[rows, ROLE]
    holds = evaluate(condition, columns, len(rows))
    for name in names & set(form.stored):
        was_hidden = tables.missing.loc[rows, name].isin(HIDDEN).to_numpy()
        holds = np.where(np.isnan(holds) & was_hidden, 0.0, holds)
    return holds
