"""How far answers to an item lie apart between groups, waves or roles at equal factor values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.implied import Matrices
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance_within import Occasions
from driehoek.psychometrics.moments import FloatArray

_N_NODES = 61  # exact for lines; curves of expected answers are smooth, and agree to 1e-8
_NO_SLOPE = 1e-3
_NO_RESIDUAL = 1e-12


@dataclass(frozen=True, slots=True)
class _Answer:
    """How one item is answered in one group, wave or role.

    Attributes
    ----------
    slope : float
        By the factor; of ordered items in standard deviations of the residual.
    limits : numpy.ndarray, shape (thresholds,), or None
        Of ordered items, on the scale of `slope`; None for measured ones.
    level : float
        Intercept; of ordered items minus the mean of the limits.
    variance : float
        Of the answers.
    n : int
        Respondents.
    """

    slope: float
    limits: FloatArray | None
    level: float
    variance: float
    n: int

    def expected(self, factor: FloatArray) -> FloatArray:
        """Give the expected answer; of ordered items the categories counted from 0."""
        if self.limits is None:
            return self.level + self.slope * factor
        return np.asarray(ndtr(self.slope * factor[:, None] - self.limits).sum(axis=1))


@dataclass(frozen=True, slots=True)
class _Side:
    """One factor with its items in one group, wave or role."""

    name: str
    mean: float
    variance: float
    answers: tuple[_Answer, ...]


def dmacs(fit: CfaFit) -> pd.DataFrame:
    """Say how far apart groups' answers to an item lie at equal factor values.

    Parameters
    ----------
    fit : CfaFit
        The configural model, each item on one factor.

    Returns
    -------
    pandas.DataFrame
        Columns group (compared with the first), factor, item, dmacs (pooled standard
        deviations of the item), difference (expected answer of the group minus that of the
        first, in points, averaged over the group), is_marker.

    Raises
    ------
    FactorModelError
        If the model is of another kind.
    NotEstimableError
        If a marker hardly loads on its factor.

    Notes
    -----
    The first item of each factor is its marker: its intercept and loading (of ordered items:
    its loading and the mean of its thresholds) are taken as equal and put the groups on one
    scale. A measured marker has 0 by construction; of an ordered one the spacing of its
    thresholds is left. Categories of ordered items count one point apart.

    References
    ----------
    Nye & Drasgow (2011), doi:10.1037/a0022955, equation 3, over the factor distribution of
    the compared group; expected scores of ordered items and their signed difference: Meade
    (2010), doi:10.1037/a0018966; linking by means: Kolen & Brennan (2014),
    doi:10.1007/978-1-4939-0317-7, ch. 6.
    """
    means = any(row.op == "~1" and row.lhs in fit.table.items for row in fit.table.rows)
    if len(fit.group_names) < 2 or not _is_simple(fit) or not means:
        msg = "dMACS needs a configural model of several groups, with every item on one factor."
        raise FactorModelError(msg)
    sides = [
        [_side(fit, group, name, factor, members) for factor, members in fit.model.factors.items()]
        for group, name in enumerate(fit.group_names)
    ]
    return _compared(sides, fit.model.factors)


def dmacs_within(fit: CfaFit, occasions: Occasions) -> pd.DataFrame:
    """Say the same of waves, or of the roles of a triad.

    Parameters
    ----------
    fit : CfaFit
        The configural model of `within_ladder`.
    occasions : Occasions
        As given there.

    Returns
    -------
    pandas.DataFrame
        As of `dmacs`; group is the wave or role, compared with the first.
    """
    sides = [
        [
            _side(fit, 0, occasion, f"{factor}@{occasion}", [columns[item] for item in members])
            for factor, members in occasions.factors.items()
        ]
        for occasion, columns in occasions.columns.items()
    ]
    return _compared(sides, occasions.factors)


def _compared(
    sides: Sequence[Sequence[_Side]], factors: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    rows = [
        row
        for side in sides[1:]
        for first, other, (factor, items) in zip(sides[0], side, factors.items(), strict=True)
        for row in _factor_rows(first, other, factor, items)
    ]
    return pd.DataFrame(rows)


def _factor_rows(
    first: _Side, other: _Side, factor: str, items: Sequence[str]
) -> Iterator[dict[str, object]]:
    here, there = first.answers[0], other.answers[0]
    if abs(here.slope) < _NO_SLOPE:
        msg = (
            f"The first item of {factor} ({items[0]}) hardly loads on it, so that it cannot tie "
            f"{first.name} and {other.name} together. Name another item first."
        )
        raise NotEstimableError(msg)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_N_NODES)
    weights = weights / weights.sum()
    own = other.mean + np.sqrt(max(other.variance, 0.0)) * nodes
    shared = (there.level - here.level + there.slope * own) / here.slope
    for item, before, after in zip(items, first.answers, other.answers, strict=True):
        gap = after.expected(own) - before.expected(shared)
        pooled = (before.n * before.variance + after.n * after.variance) / (before.n + after.n - 2)
        yield {
            "group": other.name,
            "factor": factor,
            "item": item,
            "dmacs": float(np.sqrt(weights @ gap**2 / pooled)),
            "difference": float(weights @ gap),
            "is_marker": item == items[0],
        }


def _is_simple(fit: CfaFit) -> bool:
    named = [item for members in fit.model.factors.values() for item in members]
    return len(set(named)) == len(named) == len(fit.table.items)


def _side(fit: CfaFit, group: int, name: str, factor: str, items: Sequence[str]) -> _Side:
    parts, column = fit.matrices()[group], fit.table.factors.index(factor)
    return _Side(
        name,
        float(parts.factor_means[column]),
        float(parts.factor_covariance[column, column]),
        tuple(_answer(fit, group, parts, fit.table.items.index(item), column) for item in items),
    )


def _answer(fit: CfaFit, group: int, parts: Matrices, row: int, column: int) -> _Answer:
    slope, n = float(parts.loadings[row, column]), fit.n_by_group[group]
    if not isinstance(fit.problem, LeastSquaresProblem):
        variance = float(fit.samples[group].sigma[row, row])
        return _Answer(slope, None, float(parts.intercepts[row]), variance, n)
    residual = float(np.sqrt(max(parts.residual_covariance[row, row], _NO_RESIDUAL)))
    limits = (_thresholds(fit, group, fit.table.items[row]) - parts.intercepts[row]) / residual
    sample = fit.problem.groups[group]
    variance = _variance_of_codes(sample.thresholds[sample.threshold_item == row])
    return _Answer(slope / residual, limits, -float(limits.mean()), variance, n)


def _thresholds(fit: CfaFit, group: int, item: str) -> FloatArray:
    rows = zip(fit.table.rows, fit.table.values(fit.theta), strict=True)
    found = [v for row, v in rows if row.op == "|" and row.group == group and row.lhs == item]
    return np.array(found)


def _variance_of_codes(thresholds: FloatArray) -> float:
    """Give the variance of the category codes, from the thresholds of the sample."""
    shares = np.diff(np.concatenate([[0.0], ndtr(thresholds), [1.0]]))
    codes = np.arange(len(shares))
    return float(shares @ codes**2 - (shares @ codes) ** 2)
