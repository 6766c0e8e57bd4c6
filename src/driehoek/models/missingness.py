"""Which values are missing together, and Little's test that they are so completely at random."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
MOST_STEPS = 5_000
TOLERANCE = 1e-10  # largest move of a mean or covariance, in standard deviations


@dataclass(frozen=True, slots=True)
class Pattern:
    """Rows that have the same values missing.

    Attributes
    ----------
    observed : numpy.ndarray of bool, shape (variables,)
    rows : numpy.ndarray of int
        Positions of the rows.
    """

    observed: NDArray[np.bool_]
    rows: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LittleTest:
    """Little's test of values missing completely at random.

    Attributes
    ----------
    chi2, df, p : float
    n : int
        Rows with at least one value.
    n_patterns : int
    means : numpy.ndarray, shape (variables,)
        Maximum-likelihood means (EM) of the variables, in their units.
    """

    chi2: float
    df: int
    p: float
    n: int
    n_patterns: int
    means: Floats


def patterns(values: Floats) -> list[Pattern]:
    """Group rows by what they miss, most frequent first; rows without any value left out."""
    there = ~np.isnan(values)
    rows = np.flatnonzero(np.logical_or.reduce(there, axis=1))
    kinds, codes = np.unique(there[rows], axis=0, return_inverse=True)
    found = [Pattern(kind, rows[codes == place]) for place, kind in enumerate(kinds)]
    return sorted(found, key=lambda each: (-len(each.rows), [not o for o in each.observed]))


def is_monotone(seen: Sequence[Pattern]) -> bool:
    """Tell whether variables can be ordered so that who misses one misses all later ones."""
    by_size = sorted(seen, key=lambda each: -int(each.observed.sum()))
    return all(
        bool((~more.observed & less.observed).sum() == 0)
        for place, more in enumerate(by_size)
        for less in by_size[place + 1 :]
    )


def little_test(frame: pd.DataFrame) -> LittleTest:
    """Test whether values are missing completely at random.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
        Numbers; NaN where missing.

    Raises
    ------
    TooFewDataError
        If nothing is missing, if fewer than two variables vary, or if the covariances cannot be
        estimated from these rows.

    References
    ----------
    Little (1988), doi:10.1080/01621459.1988.10478722, equation 4, with the maximum-likelihood
    covariance (as in Enders, 2010, and R's naniar). It assumes normal variables with the same
    covariance in every pattern; it can reject, and can never show, that answers are missing
    completely at random.
    """
    whole = frame.to_numpy(dtype=float)
    spread = np.array([np.nanstd(each) if (~np.isnan(each)).sum() > 1 else 0 for each in whole.T])
    values = whole[:, spread > 0]
    if values.shape[1] < 2:
        msg = f"{values.shape[1]} variable(s) vary; the test needs two."
        raise TooFewDataError(msg)
    seen = patterns(values)
    if len(seen) < 2:
        msg = "every row has the same values missing, so there are no patterns to compare."
        raise TooFewDataError(msg)
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    means, covariance = _em((values - centre) / scale, seen)
    chi2, df = 0.0, -values.shape[1]
    for each in seen:
        o = each.observed
        gap = ((values[each.rows][:, o] - centre[o]) / scale[o]).mean(axis=0) - means[o]
        chi2 += len(each.rows) * float(gap @ np.linalg.solve(covariance[np.ix_(o, o)], gap))
        df += int(o.sum())
    n = sum(len(each.rows) for each in seen)
    p = float(special.chdtrc(df, chi2))
    return LittleTest(chi2, df, p, n, len(seen), means * scale + centre)


def _em(values: Floats, seen: Sequence[Pattern]) -> tuple[Floats, Floats]:
    """Find the normal means and covariance that make the observed values most likely."""
    n, k = sum(len(each.rows) for each in seen), values.shape[1]
    if n <= k:
        msg = f"{n} rows cannot carry the covariances of {k} variables."
        raise TooFewDataError(msg)
    means, covariance = np.zeros(k), np.eye(k)
    for _ in range(MOST_STEPS):
        total, squares = np.zeros(k), np.zeros((k, k))
        for each in seen:
            o, u = each.observed, ~each.observed
            filled = values[each.rows].copy()
            if u.any():
                inner, cross = covariance[np.ix_(o, o)], covariance[np.ix_(u, o)]
                weights = _solved(inner, cross.T).T
                filled[:, u] = means[u] + (filled[:, o] - means[o]) @ weights.T
                rest = covariance[np.ix_(u, u)] - weights @ cross.T
                squares[np.ix_(u, u)] += len(each.rows) * rest
            total += filled.sum(axis=0)
            squares += filled.T @ filled
        new = total / n
        spread = squares / n - np.outer(new, new)
        moved = max(float(np.abs(new - means).max()), float(np.abs(spread - covariance).max()))
        means, covariance = new, spread
        if moved < TOLERANCE:
            break
    if not math.isfinite(moved) or np.linalg.eigvalsh(covariance)[0] < math.sqrt(TOLERANCE):
        msg = "some variables follow from the others in the rows that have them."
        raise TooFewDataError(msg)
    return means, covariance


def _solved(inner: Floats, right: Floats) -> Floats:
    try:
        found: Floats = np.linalg.solve(inner, right).astype(np.float64)
    except np.linalg.LinAlgError as fault:
        msg = "some variables follow from the others in the rows that have them."
        raise TooFewDataError(msg) from fault
    return found
