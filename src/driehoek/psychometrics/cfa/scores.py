"""Factor scores of respondents."""

from typing import Literal

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.data import refuse_missing_columns
from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.cfa.implied import Matrices
from driehoek.psychometrics.cfa.ordinal_scores import posterior_modes
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.moments import FloatArray, numeric_items
from driehoek.psychometrics.ordinal_tables import IntArray

Method = Literal["regression", "bartlett"]


def factor_scores(
    fit: CfaFit,
    data: pd.DataFrame,
    *,
    groups: str | pd.Series | None = None,
    method: Method = "regression",
) -> pd.DataFrame:
    """Estimate each respondent's factor values from the items answered.

    Parameters
    ----------
    fit : CfaFit
    data : pandas.DataFrame, shape (respondents, columns)
        The answers the model was fitted to, or others of the same kind.
    groups : str or pandas.Series, optional
        As in `fit_cfa`.
    method : {"regression", "bartlett"}
        Regression scores have the smallest error; Bartlett scores are unbiased. Of ordered
        items ``regression`` gives the mode of the posterior, what regression scores are for
        measured ones; there are no Bartlett scores (who gave the highest answer to every item
        would have an infinite one).

    Returns
    -------
    pandas.DataFrame, shape (respondents, factors)
        Index of `data`; NaN for rows without any answer, with an unknown group, or (with
        Bartlett) with too few answers for the factors. Without a mean structure scores
        have mean 0 over complete rows.

    Raises
    ------
    FactorModelError
        If Bartlett scores of ordered items are asked for, or the data hold other categories
        than the model.

    References
    ----------
    Thurstone (1935); Bartlett (1937). Agrees with lavaan 0.6-14 `lavPredict`, of ordered items
    with its "EBM".
    """
    is_ordered = fit.estimator in ORDINAL
    if is_ordered and method == "bartlett":
        msg = "Bartlett scores are given for models of measured items only; use regression."
        raise FactorModelError(msg)
    refuse_missing_columns(data, fit.table.items)
    items = numeric_items(data[list(fit.table.items)])
    member = _group_of(fit, data, groups)
    scores = np.full((len(items), len(fit.table.factors)), np.nan)
    if is_ordered:
        codes = _codes(fit, items)
        for position, parts in enumerate(fit.matrices()):
            rows = np.flatnonzero(member == position)
            scores[rows] = posterior_modes(codes[rows], _limits(fit, position), parts)
        return pd.DataFrame(scores, index=data.index, columns=list(fit.table.factors))
    has_means = any(row.op == "~1" for row in fit.table.rows)
    for position, (parts, implied) in enumerate(zip(fit.matrices(), fit.implied(), strict=True)):
        mu = implied.mu if has_means else fit.samples[position].mu
        rows = np.flatnonzero(member == position)
        scores[rows] = _scores(items.to_numpy()[rows], parts, implied.sigma, mu, method)
    return pd.DataFrame(scores, index=data.index, columns=list(fit.table.factors))


def _codes(fit: CfaFit, items: pd.DataFrame) -> IntArray:
    """Count the categories of each item from 0; -1 where missing."""
    codes = np.full(items.shape, -1, dtype=np.int64)
    faults = []
    for place, (item, limits) in enumerate(zip(items, _limits(fit, 0), strict=True)):
        values = np.unique(items[item].dropna())
        if len(values) != len(limits) + 1:
            faults.append(f"{item} ({len(values)} different answers, {len(limits) + 1} expected)")
        given = items[item].notna().to_numpy()
        codes[given, place] = np.searchsorted(values, items[item][given])
    if faults:
        msg = (
            f"The data hold other categories than the model was fitted to: {', '.join(faults)}. "
            "Give the answers to which the model was fitted, or all categories among them."
        )
        raise FactorModelError(msg)
    return codes


def _limits(fit: CfaFit, group: int) -> list[FloatArray]:
    """Give the thresholds of every item in one group."""
    found: dict[str, list[float]] = {item: [] for item in fit.table.items}
    for row, value in zip(fit.table.rows, fit.table.values(fit.theta), strict=True):
        if row.op == "|" and row.group == group:
            found[row.lhs].append(float(value))
    return [np.array(each) for each in found.values()]


def _group_of(fit: CfaFit, data: pd.DataFrame, groups: str | pd.Series | None) -> FloatArray:
    if groups is None:
        return np.zeros(len(data))
    member = data[groups] if isinstance(groups, str) else groups.reindex(data.index)
    positions = {name: float(k) for k, name in enumerate(fit.group_names)}
    return np.array([positions.get(str(name), np.nan) for name in member])


def _scores(
    answers: FloatArray, parts: Matrices, sigma: FloatArray, mu: FloatArray, method: Method
) -> FloatArray:
    """Score the respondents of one group, pattern by pattern."""
    effects = parts.total_effects
    loadings = parts.loadings @ effects
    center = effects @ parts.factor_means
    scores = np.full((len(answers), loadings.shape[1]), np.nan)
    patterns, of_row = np.unique(~np.isnan(answers), axis=0, return_inverse=True)
    for k, seen in enumerate(patterns):
        if not seen.any():
            continue
        rows = np.flatnonzero(of_row.ravel() == k)
        gap = answers[np.ix_(rows, np.flatnonzero(seen))] - mu[seen]
        if method == "regression":
            spread = parts.factor_covariance @ loadings[seen].T
            weights = effects @ spread @ np.linalg.inv(sigma[np.ix_(seen, seen)])
        else:
            precision = np.linalg.inv(parts.residual_covariance[np.ix_(seen, seen)])
            direct = parts.loadings[seen]
            normal = direct.T @ precision @ direct
            if np.linalg.matrix_rank(normal) < len(normal):
                continue
            weights = np.linalg.solve(normal, direct.T @ precision)
        scores[rows] = center + gap @ weights.T
    return scores
