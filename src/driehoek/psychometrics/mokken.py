"""Mokken's scalability coefficients of ordered answers, with standard errors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from driehoek.psychometrics.moments import (
    FloatArray,
    item_moments,
    numeric_items,
    refuse_constant,
    refuse_few_items,
    refuse_level,
)
from driehoek.psychometrics.resampling_units import cluster_codes

MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class Scalability:
    """Loevinger's H of a scale, of its items and of its pairs of items.

    Attributes
    ----------
    h, se, ci_low, ci_high : float
        Of the scale: 1 without any Guttman error, 0 for unrelated items.
    items : pandas.DataFrame
        One row an item: ``item, h, se, ci_low, ci_high``.
    pairs : pandas.DataFrame
        One row a pair: ``first, second, h, se``.
    confidence : float
    n_respondents, n_excluded : int
        Rows with every item answered, and the others.
    n_clusters : int or None
    """

    h: float
    se: float
    ci_low: float
    ci_high: float
    items: pd.DataFrame
    pairs: pd.DataFrame
    confidence: float
    n_respondents: int
    n_excluded: int
    n_clusters: int | None


def scalability(
    items: pd.DataFrame | npt.ArrayLike,
    *,
    confidence: float = 0.95,
    clusters: npt.ArrayLike | pd.Series | None = None,
) -> Scalability:
    """Estimate Mokken's H coefficients on complete rows.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Whole numbers, reverse-keyed items turned round, missing as NaN.
    confidence : float
    clusters : array-like, shape (respondents,), optional
        Triad of each row; standard errors then allow for the dependence within triads.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows, or an item is constant.
    ValueError
        If answers are no whole numbers.

    Notes
    -----
    H is the covariance of two items over the largest that their margins allow (of items and of
    the scale: sums of these). Standard errors by the delta method: the influence of every row
    on both. Where two items have steps of exactly one popularity, the maximum has a kink and
    the mean of both sides is taken. Intervals from the normal distribution, at most 1.

    References
    ----------
    Mokken (1971), A theory and procedure of scale analysis; Molenaar (1991). Standard errors:
    Kuijpers, van der Ark & Croon (2013), doi:10.1177/0081175013481958; in clusters: Koopman,
    Zijlstra & van der Ark (2020), doi:10.1111/bmsp.12174.
    """
    refuse_level(confidence)
    moments = item_moments(items, use="complete")
    refuse_few_items(moments)
    refuse_constant(moments.constant, moments.n_respondents)
    frame = numeric_items(items)
    keep = frame.notna().all(axis=1)
    values = _whole_numbers(frame[keep].to_numpy())
    groups = None if clusters is None else cluster_codes(clusters, keep)
    k = values.shape[1]
    first, second = np.triu_indices(k, 1)
    steps = [values[:, [j]] >= np.arange(1, values[:, j].max() + 1) for j in range(k)]
    shared, most = np.zeros(len(first)), np.zeros(len(first))
    by_row = np.zeros((2, len(first), len(values)))
    for pair, (i, j) in enumerate(zip(first, second, strict=True)):
        shared[pair], most[pair], *by_row[:, pair] = _pair(
            values[:, i], values[:, j], steps[i].astype(float), steps[j].astype(float)
        )
    belongs = np.array([(first == item) | (second == item) for item in range(k)])
    weights = np.vstack([np.ones(len(first)), belongs, np.eye(len(first))])
    h, se = _ratios(weights, shared, most, by_row, groups)
    z = ndtri((1 + confidence) / 2)
    low, high = h - z * se, np.minimum(h + z * se, 1.0)
    names = moments.names
    return Scalability(
        h=float(h[0]), se=float(se[0]), ci_low=float(low[0]), ci_high=float(high[0]),
        items=pd.DataFrame({
            "item": names, "h": h[1 : k + 1], "se": se[1 : k + 1],
            "ci_low": low[1 : k + 1], "ci_high": high[1 : k + 1],
        }),
        pairs=pd.DataFrame({
            "first": [names[i] for i in first], "second": [names[j] for j in second],
            "h": h[k + 1 :], "se": se[k + 1 :],
        }),
        confidence=confidence,
        n_respondents=moments.n_respondents,
        n_excluded=moments.n_excluded,
        n_clusters=None if groups is None else int(groups.max()) + 1,
    )  # fmt: skip


def _pair(
    x: FloatArray, y: FloatArray, x_steps: FloatArray, y_steps: FloatArray
) -> tuple[float, float, FloatArray, FloatArray]:
    """Give the covariance of two items, the largest possible, and each row's influence on both."""
    x_gap, y_gap = x - x.mean(), y - y.mean()
    shared = float(np.mean(x_gap * y_gap))
    x_share, y_share = x_steps.mean(axis=0)[:, None], y_steps.mean(axis=0)[None, :]
    gap = x_share - y_share
    tie = np.abs(gap) < 1e-12
    by_x = np.where(tie, 0.5, gap < 0)  # which item's step limits the pair of steps
    product = x_steps @ by_x.sum(axis=1) + y_steps @ (1 - by_x).sum(axis=0)
    largest = float(np.minimum(x_share, y_share).sum())
    most = largest - float(x.mean() * y.mean())
    on_most = product - largest - x_gap * y.mean() - y_gap * x.mean()
    return shared, most, x_gap * y_gap - shared, on_most


def _ratios(
    weights: FloatArray,
    shared: FloatArray,
    most: FloatArray,
    by_row: FloatArray,
    groups: npt.NDArray[np.intp] | None,
) -> tuple[FloatArray, FloatArray]:
    above, below = weights @ shared, weights @ most
    h = above / below
    n = by_row.shape[2]
    influence = (weights @ by_row[0] - h[:, None] * (weights @ by_row[1])) / below[:, None]
    if groups is not None:
        size = int(groups.max()) + 1
        influence = np.array([np.bincount(groups, row, minlength=size) for row in influence])
    return h, np.sqrt((influence**2).sum(axis=1)) / n


def _whole_numbers(values: FloatArray) -> FloatArray:
    lowest = values.min(axis=0)
    found = values - lowest
    if (found != np.round(found)).any():
        msg = "Mokken's coefficients need whole numbers (categories); found answers in between."
        raise ValueError(msg)
    if found.max() > MAX_STEPS:
        msg = f"An item has more than {MAX_STEPS} steps; treat it as a number, not as categories."
        raise ValueError(msg)
    return np.asarray(found)
