"""Factor scores of respondents."""

from typing import Literal

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.data import refuse_missing_columns
from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.cfa.implied import Matrices
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.moments import FloatArray, numeric_items

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
        Of measured items.
    data : pandas.DataFrame, shape (respondents, columns)
        The answers the model was fitted to, or others of the same kind.
    groups : str or pandas.Series, optional
        As in `fit_cfa`.
    method : {"regression", "bartlett"}
        Regression scores have the smallest error; Bartlett scores are unbiased.

    Returns
    -------
    pandas.DataFrame, shape (respondents, factors)
        Index of `data`; NaN for rows without any answer, with an unknown group, or (with
        Bartlett) with too few answers for the factors. Without a mean structure scores
        have mean 0 over complete rows.

    Raises
    ------
    FactorModelError
        If the model is one of ordered items.

    References
    ----------
    Thurstone (1935); Bartlett (1937). Agrees with lavaan 0.6-14 `lavPredict`.
    """
    if fit.estimator in ORDINAL:
        msg = "Factor scores are given for models of measured items only."
        raise FactorModelError(msg)
    refuse_missing_columns(data, fit.table.items)
    items = numeric_items(data[list(fit.table.items)])
    member = _group_of(fit, data, groups)
    scores = np.full((len(items), len(fit.table.factors)), np.nan)
    has_means = any(row.op == "~1" for row in fit.table.rows)
    for position, (parts, implied) in enumerate(zip(fit.matrices(), fit.implied(), strict=True)):
        mu = implied.mu if has_means else fit.samples[position].mu
        rows = np.flatnonzero(member == position)
        scores[rows] = _scores(items.to_numpy()[rows], parts, implied.sigma, mu, method)
    return pd.DataFrame(scores, index=data.index, columns=list(fit.table.factors))


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
