"""Why an answer is missing: recomputed from the routing, for platforms lose it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.ingest.values import DONT_KNOW, EMPTY, INVALID, UNKNOWN, Answers
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import evaluate, names_in
from driehoek.responses import KIND_CATEGORIES, MissingKind

_STATE_KINDS: dict[int, MissingKind] = {
    DONT_KNOW: "dont_know",
    INVALID: "invalid",
    UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Kinds:
    """Values and missing kinds of each response after routing.

    Attributes
    ----------
    values : dict
        Analysis values by stored question id, NaN where missing.
    kinds : dict
        By stored question id, positions in ``KIND_CATEGORIES`` (0 answered).
    unexpected : dict
        By question id, where an answer stood that routing does not allow.
    """

    values: dict[str, np.ndarray]
    kinds: dict[str, np.ndarray]
    unexpected: dict[str, np.ndarray]


def number_of(kind: str) -> int:
    """Give the position of a missing kind among the categories."""
    return KIND_CATEGORIES.index(kind)


def missing_kinds(
    answers: Answers, form: Questionnaire, role: np.ndarray, complete: np.ndarray
) -> Kinds:
    """Apply roles and routing in order of presentation; tell the kinds of what is missing.

    Parameters
    ----------
    answers : Answers
    form : Questionnaire
    role : numpy.ndarray of str, shape (responses,)
        Empty where the role is unknown; then nothing can be said of what was shown.
    complete : numpy.ndarray of bool, shape (responses,)
        Whether the platform says the response was finished.

    Notes
    -----
    A condition on a question that was not shown does not hold, as on every platform; one on a
    question left open stays open: an answer proves that the question was shown, an empty cell
    is ``unknown``.
    """
    n = len(role)
    found = Kinds({}, {}, {})
    shown: dict[str, np.ndarray] = {}
    asked = {roles: _asked(roles, role) for roles in {q.roles for q in form.questions.values()}}
    open_ = np.full(n, np.nan)
    columns = {q: pd.Series(answers.values.get(q, open_)) for q in form.questions}
    columns["role"] = pd.Series(role, dtype="str")
    for qid in form.questions:
        base = asked[form.questions[qid].roles]
        truth, planned = _shown(qid, base, form, columns, shown)
        shown[qid] = truth
        if qid in form.stored:
            _settle(qid, answers, truth, planned, found)
            columns[qid] = pd.Series(found.values[qid])
    _break_off(found.kinds, form, complete)
    return found


def _asked(roles: tuple[str, ...], role: np.ndarray) -> np.ndarray:
    """Tell whether each respondent's role gets a question: 1, 0, or NaN without a role."""
    positions, known = pd.factorize(role)
    by_role = np.array([np.nan if each == "" else float(each in roles) for each in known])
    found: np.ndarray = by_role[positions]
    return found


def _shown(
    qid: str,
    base: np.ndarray,
    form: Questionnaire,
    columns: Mapping[str, pd.Series],
    shown: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Tell whether a question was shown (1, 0, NaN open), and whether a plan withheld it."""
    truth, n = base, len(base)
    planned = np.zeros(n, dtype=bool)
    for condition, is_planned in form.conditions.get(qid, []):
        holds = evaluate(condition, columns, n)
        for gate in names_in(condition) - {"role"}:
            holds = np.where(np.isnan(holds) & (shown.get(gate, truth) == 0), 0.0, holds)
        planned = np.where(holds == 0, is_planned & (truth != 0), planned)
        closed = (truth == 0) | (holds == 0)
        truth = np.where(closed, 0.0, np.where(np.isnan(truth) | np.isnan(holds), np.nan, 1.0))
    return truth, planned


def _settle(
    qid: str, answers: Answers, truth: np.ndarray, planned: np.ndarray, found: Kinds
) -> None:
    n = len(truth)
    state = answers.states.get(qid, np.full(n, EMPTY, dtype=np.int8))
    kinds = np.zeros(n, dtype=np.int8)
    for each, kind in _STATE_KINDS.items():
        kinds[state == each] = number_of(kind)
    kinds[state == EMPTY] = number_of("skipped")
    kinds[(state == EMPTY) & np.isnan(truth)] = number_of("unknown")
    hidden = truth == 0
    silent = (state == EMPTY) | (state == UNKNOWN)
    kinds[hidden & silent] = number_of("not_shown")
    kinds[hidden & silent & planned] = number_of("planned")
    unexpected = hidden & ~silent
    kinds[unexpected] = number_of("invalid")
    if (unexpected & (state != INVALID)).any():
        found.unexpected[qid] = unexpected & (state != INVALID)
    value = answers.values.get(qid, np.full(n, np.nan))  # NaN wherever nothing was answered
    found.values[qid] = np.where(hidden, np.nan, value) if hidden.any() else value
    found.kinds[qid] = kinds


def _break_off(kinds: dict[str, np.ndarray], form: Questionnaire, complete: np.ndarray) -> None:
    """Turn what an unfinished response skipped after its last answer into ``broke_off``."""
    skipped, broke_off = number_of("skipped"), number_of("broke_off")
    reacted = (number_of(""), number_of("dont_know"))
    last = np.full(len(complete), -1)
    for position, qid in enumerate(form.stored):
        last = np.where(np.isin(kinds[qid], reacted), position, last)
    for position, qid in enumerate(form.stored):
        after = (kinds[qid] == skipped) & ~complete & (position > last)
        kinds[qid][after] = broke_off
