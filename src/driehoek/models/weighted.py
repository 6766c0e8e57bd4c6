"""Means and linear models of weighted samples, persons in clusters."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.statistic import critical_value, two_sided_p
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeightedFit:
    """Weighted least squares with linearised standard errors.

    Attributes
    ----------
    b, se : numpy.ndarray, shape (columns,)
    df : float
        Clusters less columns.
    n, n_clusters : int
    """

    b: Floats
    se: Floats
    df: float
    n: int
    n_clusters: int

    def interval(self, place: int, confidence: float) -> tuple[float, float]:
        """Give the confidence interval of one coefficient."""
        reach = critical_value(confidence, self.df) * float(self.se[place])
        return float(self.b[place]) - reach, float(self.b[place]) + reach

    def p(self, place: int) -> float:
        """Give the two-sided p of one coefficient."""
        se = float(self.se[place])
        return two_sided_p(float(self.b[place]) / se, self.df) if se > 0 else math.nan


def weighted_fit(
    y: Floats, x: Floats, weights: Floats, clusters: pd.Series | None = None
) -> WeightedFit:
    """Fit a linear model to a weighted sample; a column of ones alone gives the weighted mean.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
    x : numpy.ndarray, shape (n, columns)
        Intercept included.
    weights : numpy.ndarray, shape (n,)
        Above 0; taken as known.
    clusters : pandas.Series, optional
        Persons of one cluster may go together.

    Raises
    ------
    TooFewDataError
        If there are no more clusters than columns.

    Notes
    -----
    The covariance is the linearised one of sampling clusters with replacement: with scores
    u_g = sum of w e x over cluster g, A^-1 [G / (G - 1) sum u_g u_g'] A^-1 and A = X'WX.

    References
    ----------
    Binder (1983), doi:10.2307/1402588. Agrees with: R survey ``svymean`` and ``svyglm`` on the
    same weights (1e-9).
    """
    n, columns = x.shape
    codes = np.arange(n) if clusters is None else pd.factorize(clusters)[0]
    n_clusters = int(codes.max(initial=-1)) + 1
    if n_clusters <= columns:
        msg = f"{n_clusters} persons or triads cannot carry {columns} coefficients."
        raise TooFewDataError(msg)
    bread = np.linalg.inv(x.T @ (x * weights[:, None]))
    b = bread @ (x.T @ (weights * y))
    scores = x * (weights * (y - x @ b))[:, None]
    sums = np.zeros((n_clusters, columns))
    np.add.at(sums, codes, scores)
    meat = n_clusters / (n_clusters - 1) * sums.T @ sums
    se = np.sqrt(np.diag(bread @ meat @ bread))
    return WeightedFit(b, se, float(n_clusters - columns), n, n_clusters)
