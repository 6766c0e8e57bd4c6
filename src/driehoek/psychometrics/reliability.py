"""Reliability of one scale: Cronbach's alpha, item statistics, and omega total."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri, ndtri

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import (
    FloatArray,
    ItemMoments,
    Use,
    correlations,
    item_moments,
    refuse_constant,
)
from driehoek.psychometrics.omega import Omega, omega_total

__all__ = [
    "Alpha",
    "Omega",
    "cronbach_alpha",
    "feldt_interval",
    "item_rest",
    "item_statistics",
    "omega_total",
]

# Sums of products carry rounding error of this order; a correlation past 1 by less is 1.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of one scale with Feldt's interval.

    Attributes
    ----------
    estimate : float
        Raw alpha, from covariances; at most 1, possibly negative.
    ci_low, ci_high : float
        Feldt's interval. It assumes normal answers with equal covariances
        (essentially tau-equivalent items); with skewed items or few options it is
        too narrow or too wide.
    confidence : float
        Level of the interval.
    standardised : float
        Alpha from correlations, as if every item had the same variance.
    mean_inter_item_r : float
        Mean correlation over the pairs of items.
    n_respondents, n_excluded : int
        Rows used, and rows left out: with any missing answer (complete) or with no
        answer at all (pairwise).
    n_items : int
    n_interval : int
        Rows the interval counts on: all of `n_respondents` when complete, the
        smallest number behind any covariance when pairwise (so too wide, not too narrow).
    use : {"complete", "pairwise"}
    """

    estimate: float
    ci_low: float
    ci_high: float
    confidence: float
    standardised: float
    mean_inter_item_r: float
    n_respondents: int
    n_excluded: int
    n_items: int
    n_interval: int
    use: Use


def cronbach_alpha(
    items: pd.DataFrame | npt.ArrayLike, *, confidence: float = 0.95, use: Use = "complete"
) -> Alpha:
    """Estimate Cronbach's alpha with Feldt's interval.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Answers in response-scale points, reverse-keyed items already turned round,
        missing as NaN.
    confidence : float
        Level of the interval, between 0 and 1.
    use : {"complete", "pairwise"}
        ``"complete"`` keeps the rows with every item answered. ``"pairwise"`` takes each
        covariance from its own rows, for planned missingness.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows, an item is constant, the sum
        of the items does not vary, or pairwise covariances contradict one another.

    Notes
    -----
    The interval assumes normal answers with equal covariances.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555. Interval: Feldt, Woodruff & Salih
    (1987), doi:10.1177/014662168701100107. Agrees with: psych 2.2.9
    ``alpha(use = "complete.obs")``, ``alpha(use = "pairwise")`` and ``alpha.ci``.
    """
    moments = item_moments(items, use=use)
    _refuse_few_items(moments)
    refuse_constant(moments.constant, moments.n_respondents)
    _refuse_contradiction(moments)
    estimate = min(_alpha(moments.covariance), 1.0)
    n_interval = int(moments.pair_counts.min())
    low, high = feldt_interval(estimate, n_interval, len(moments.names), confidence=confidence)
    inter_item = correlations(moments.covariance)
    return Alpha(
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        standardised=_alpha(inter_item),
        mean_inter_item_r=float(inter_item[np.triu_indices_from(inter_item, k=1)].mean()),
        n_respondents=moments.n_respondents,
        n_excluded=moments.n_excluded,
        n_items=len(moments.names),
        n_interval=n_interval,
        use=use,
    )


def feldt_interval(
    alpha: float, n_respondents: int, n_items: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Feldt's interval of alpha, which assumes normal data with equal covariances.

    Parameters
    ----------
    alpha : float
    n_respondents : int
        Rows that alpha rests on, at least 2.
    n_items : int
        At least 2.
    confidence : float
        Between 0 and 1.

    References
    ----------
    Feldt, Woodruff & Salih (1987), doi:10.1177/014662168701100107.
    """
    _refuse_level(confidence)
    tail = (1 - confidence) / 2
    between, within = n_respondents - 1, (n_respondents - 1) * (n_items - 1)
    low = 1 - (1 - alpha) * fdtri(between, within, 1 - tail)
    high = 1 - (1 - alpha) * fdtri(between, within, tail)
    return float(low), float(high)


def item_rest(
    items: pd.DataFrame | npt.ArrayLike, *, confidence: float = 0.95, use: Use = "complete"
) -> pd.DataFrame:
    """Correlate each item with the sum of the other items.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Answers in response-scale points, reverse-keyed items already turned round.
    confidence : float
        Level of the interval (Fisher's z, which assumes normal data).
    use : {"complete", "pairwise"}

    Returns
    -------
    pandas.DataFrame
        Index ``item``; ``item_rest`` (-1 to 1), ``ci_low``, ``ci_high``, ``n`` (the
        smallest number of rows behind any covariance of the item) and ``reason`` (empty
        where the correlation could be had, else why it is NaN).

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows.

    References
    ----------
    Agrees with: psych 2.2.9 ``alpha()$item.stats$r.drop``.
    """
    moments = item_moments(items, use=use)
    _refuse_few_items(moments)
    return _item_rest(moments, confidence)


def item_statistics(
    items: pd.DataFrame | npt.ArrayLike, *, confidence: float = 0.95, use: Use = "complete"
) -> pd.DataFrame:
    """Describe each item of a scale and what alpha would be without it.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Answers in response-scale points, reverse-keyed items already turned round.
    confidence : float
        Level of the interval of the item-rest correlation.
    use : {"complete", "pairwise"}

    Returns
    -------
    pandas.DataFrame
        Index ``item``; ``mean`` and ``sd`` in response-scale points, ``alpha_if_dropped``
        (NaN with two items), and the columns of `item_rest`, corrected for overlap.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows.
    """
    moments = item_moments(items, use=use)
    _refuse_few_items(moments)
    described = pd.DataFrame(
        {
            "mean": moments.means,
            "sd": np.sqrt(np.diag(moments.covariance)),
            "alpha_if_dropped": _alpha_if_dropped(moments.covariance),
        },
        index=pd.Index(moments.names, name="item"),
    )
    return described.join(_item_rest(moments, confidence))


def _alpha(covariance: FloatArray) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _alpha_if_dropped(covariance: FloatArray) -> FloatArray:
    k = len(covariance) - 1
    if k < 2:
        return np.full(k + 1, np.nan)
    spread = np.diag(covariance)
    total = covariance.sum() - 2 * covariance.sum(axis=0) + spread
    total = np.where(total > _ROUNDING * spread.sum(), total, np.nan)
    without: FloatArray = k / (k - 1) * (1 - (spread.sum() - spread) / total)
    return without


def _item_rest(moments: ItemMoments, confidence: float) -> pd.DataFrame:
    _refuse_level(confidence)
    covariance, spread = moments.covariance, np.diag(moments.covariance)
    with_rest = covariance.sum(axis=0) - spread
    rest_spread = covariance.sum() - 2 * covariance.sum(axis=0) + spread
    varies = (spread > 0) & (rest_spread > _ROUNDING * spread.sum())
    scale = np.sqrt(np.where(varies, spread * rest_spread, np.nan))
    estimate = with_rest / scale
    possible = np.abs(estimate) <= 1 + _ROUNDING
    estimate = np.where(possible, np.clip(estimate, -1, 1), np.nan)
    n = moments.pair_counts.min(axis=0)
    low, high = _fisher_interval(estimate, n, confidence)
    reasons = [_rest_reason(*facts) for facts in zip(spread > 0, varies, possible, strict=True)]
    columns = {"item_rest": estimate, "ci_low": low, "ci_high": high, "n": n, "reason": reasons}
    return pd.DataFrame(columns, index=pd.Index(moments.names, name="item"))


def _fisher_interval(
    estimate: FloatArray, n: npt.NDArray[np.int64], confidence: float
) -> tuple[FloatArray, FloatArray]:
    freedom = np.where(n > 3, n - 3.0, np.nan)
    half = ndtri((1 + confidence) / 2) / np.sqrt(freedom)
    with np.errstate(divide="ignore"):  # items that equal their rest: z is infinite, r is 1
        z = np.arctanh(estimate)
    return np.tanh(z - half), np.tanh(z + half)


def _rest_reason(item_varies: bool, rest_varies: bool, possible: bool) -> str:
    if not item_varies:
        return "Everyone gave the same answer to this item."
    if not rest_varies:
        return "The sum of the other items does not vary."
    return "" if possible else "The pairwise covariances contradict one another."


def _refuse_level(confidence: float) -> None:
    if not 0 < confidence < 1:
        msg = f"The level of an interval lies between 0 and 1, for example 0.95; got {confidence}."
        raise ValueError(msg)


def _refuse_few_items(moments: ItemMoments) -> None:
    if len(moments.names) < 2:
        msg = f"Found {len(moments.names)} item; reliability of a sum needs at least 2."
        raise TooFewDataError(msg)


def _refuse_contradiction(moments: ItemMoments) -> None:
    total = moments.covariance.sum()
    if total <= _ROUNDING * np.trace(moments.covariance):
        msg = "The sum of the items does not vary, so alpha does not exist: are all items keyed?"
        raise TooFewDataError(msg)
    if _alpha(moments.covariance) > 1 + _ROUNDING:
        msg = (
            "The pairwise covariances contradict one another (alpha would exceed 1): too few rows "
            f"answer the same items (smallest pair: {int(moments.pair_counts.min())} rows)."
        )
        raise TooFewDataError(msg)
