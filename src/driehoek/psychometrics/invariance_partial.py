"""Partial invariance: an exploratory, logged search for what differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.difference import chi_square_difference
from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import ORDINAL, Estimator, PreparedAnswers
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import Constraint, Parameter
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.score_tests import release_tests
from driehoek.psychometrics.invariance import (
    CONTINUOUS_LEVELS,
    ORDINAL_LEVELS,
    ordinal_levels,
)
from driehoek.psychometrics.invariance_rules import FitChange, Level, Rule, holds
from driehoek.psychometrics.invariance_table import deciding_indices

SearchLevel = Literal["thresholds", "metric", "scalar", "strict"]

Fitted = Callable[[Level, Sequence[str]], CfaFit]
Worst = Callable[[CfaFit, Sequence[str]], "pd.Series | None"]

_KIND: dict[SearchLevel, Constraint] = {
    "thresholds": "thresholds",
    "metric": "loadings",
    "scalar": "intercepts",
    "strict": "residuals",
}


@dataclass(frozen=True, slots=True)
class PartialInvariance:
    """What had to be released for a level to hold. Exploratory: replicate it.

    Attributes
    ----------
    level : str
    released : tuple of str
        All parameters free across groups, waves or roles, those given at the start included.
    steps : pandas.DataFrame
        Log of the search: step, released, group (or wave, role; where the test was largest),
        statistic,
        p, change_cfi, change_rmsea, change_srmr (against the level before), holds.
    fit : CfaFit
        The level with these parameters released.
    does_hold : bool
        Whether the rule is met; False if the search stopped at its limit.
    """

    level: SearchLevel
    released: tuple[str, ...]
    steps: pd.DataFrame
    fit: CfaFit
    does_hold: bool


def partial_invariance(
    data: pd.DataFrame,
    model: FactorModel,
    *,
    groups: str | pd.Series,
    level: SearchLevel,
    estimator: Estimator = "MLR",
    released: Sequence[str] = (),
    rule: Rule | None = None,
    max_share: float = 0.5,
) -> PartialInvariance:
    """Release, one by one, the equality that costs most fit until a level holds.

    The level is compared with the level before it. Factors are scaled by their variance,
    so that no marker escapes the tests.

    Parameters
    ----------
    data, model, groups, estimator
        As of `invariance_ladder`.
    level : str
        Of items with two categories the scalar level holds loadings and thresholds as well; the
        search is among intercepts.
    released : sequence of str
        Parameters released already, at this level or a lower one.
    rule : str, optional
        As of `invariance_ladder`.
    max_share : float
        Largest share of the loadings of a factor (or intercepts, thresholds, residual
        variances of its items) that may be released: with more, groups share too little
        to be compared.

    References
    ----------
    Byrne, Shavelson & Muthén (1989), doi:10.1037/0033-2909.105.3.456.
    """
    chosen: Rule = rule or ("svetina" if estimator in ORDINAL else "chen")
    free_model = replace(model, scaling="variance")
    levels = ORDINAL_LEVELS if estimator in ORDINAL else CONTINUOUS_LEVELS
    prepared = PreparedAnswers(data, model.items, groups=groups, estimator=estimator)

    def fitted(at: Level, names: Sequence[str]) -> CfaFit:
        return prepared.fit(
            free_model,
            equal=levels[at],
            released=names if levels[at] else (),
            parameterisation="theta",
        )

    return search(
        fitted,
        level,
        tested_levels(prepared),
        released=released,
        rule=chosen,
        worst=lambda fit, known: _worst(fit, level, known, max_share),
    )


def search(
    fitted: Fitted,
    level: SearchLevel,
    levels: Sequence[Level],
    *,
    released: Sequence[str],
    rule: Rule,
    worst: Worst,
) -> PartialInvariance:
    """Release the worst equality, one by one, until the rule is met or none is left.

    Parameters
    ----------
    fitted : callable
        Fits a level with parameters released.
    level : str
    levels : sequence of str
        Levels that the items can test, as of `tested_levels`.
    released : sequence of str
        Released at the start.
    rule : str
    worst : callable
        Gives name, group, statistic and p of the equality that costs most and may be
        released; None if there is none.
    """
    known = list(released)
    before = fitted(_level_before(level, levels), known)
    fit = fitted(level, known)
    steps: list[dict[str, object]] = []
    does_hold = holds(rule, _change(level, before, fit))
    while not does_hold:
        candidate = worst(fit, known)
        if candidate is None:
            break
        known.append(str(candidate["name"]))
        fit = fitted(level, known)
        change = _change(level, before, fit)
        does_hold = holds(rule, change)
        steps.append(_step(len(steps) + 1, candidate, change, does_hold=does_hold))
    return PartialInvariance(level, tuple(known), pd.DataFrame(steps), fit, does_hold)


def tested_levels(prepared: PreparedAnswers) -> tuple[Level, ...]:
    """Give the levels of the ladder: ordered items test as many as their categories allow."""
    counts = prepared.n_thresholds
    return tuple(CONTINUOUS_LEVELS) if counts is None else ordinal_levels(max(counts.values()))


def _level_before(level: SearchLevel, levels: Sequence[Level]) -> Level:
    if level not in levels:
        msg = f"These items have no level {level!r} of their own; they have {', '.join(levels)}."
        raise FactorModelError(msg)
    return levels[levels.index(level) - 1]


def _change(level: Level, before: CfaFit, fit: CfaFit) -> FitChange:
    is_tested = fit.fit.standard.df > before.fit.standard.df
    _, old = deciding_indices(before)
    _, new = deciding_indices(fit)
    return FitChange(
        level=level,
        cfi=new.cfi - old.cfi,
        rmsea=new.rmsea - old.rmsea,
        srmr=fit.fit.srmr - before.fit.srmr,
        p=chi_square_difference(before, fit).p if is_tested else np.nan,
        n=fit.n,
    )


def _worst(
    fit: CfaFit, level: SearchLevel, released: Sequence[str], max_share: float
) -> pd.Series | None:
    """Find the equality of this level that costs most and may still be released."""
    kind = _KIND[level]
    rows = {row.name: row for row in fit.table.rows if row.group == 0 and row.kind == kind}
    tests = release_tests(fit, kinds=(kind,))
    left = [name for name in rows if name not in released]
    for _, test in tests[tests["name"].isin(left)].iterrows():
        family = _family(fit, rows[str(test["name"])], list(rows.values()))
        n_released = sum(name in released for name in family)
        if n_released + 1 <= max_share * len(family):
            return test
    return None


def _family(fit: CfaFit, row: Parameter, rows: Sequence[Parameter]) -> list[str]:
    """Name the parameters of the same kind that belong to the same factor."""
    if row.op == "=~":
        return [other.name for other in rows if other.lhs == row.lhs]
    factors = fit.model.factors.values()
    together = {item for members in factors if row.lhs in members for item in members}
    return [other.name for other in rows if other.lhs in together]


def _step(
    number: int, candidate: pd.Series, change: FitChange, *, does_hold: bool
) -> dict[str, object]:
    return {
        "step": number,
        "released": candidate["name"],
        "group": candidate["group"],
        "statistic": candidate["statistic"],
        "p": candidate["p"],
        "change_cfi": change.cfi,
        "change_rmsea": change.rmsea,
        "change_srmr": change.srmr,
        "holds": does_hold,
    }
