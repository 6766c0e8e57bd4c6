"""How the items of one scale hang together: item-rest correlations, alpha without an item."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from driehoek.psychometrics.moments import (
    ROUNDING,
    FloatArray,
    ItemMoments,
    Use,
    item_moments,
    refuse_few_items,
    refuse_level,
)


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
        One row an item: ``item``, ``item_rest`` (-1 to 1), ``ci_low``, ``ci_high``, ``n`` (the
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
    refuse_few_items(moments)
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
        One row an item: ``item``, ``mean`` and ``sd`` in response-scale points,
        ``alpha_if_dropped`` (NaN with two items), and the columns of `item_rest`,
        corrected for overlap.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows.
    """
    moments = item_moments(items, use=use)
    refuse_few_items(moments)
    described = pd.DataFrame(
        {
            "item": moments.names,
            "mean": moments.means,
            "sd": np.sqrt(np.diag(moments.covariance)),
            "alpha_if_dropped": _alpha_if_dropped(moments.covariance),
        }
    )
    return described.merge(_item_rest(moments, confidence), on="item", validate="1:1")


def _alpha_if_dropped(covariance: FloatArray) -> FloatArray:
    k = len(covariance) - 1
    if k < 2:
        return np.full(k + 1, np.nan)
    spread = np.diag(covariance)
    total = covariance.sum() - 2 * covariance.sum(axis=0) + spread
    total = np.where(total > ROUNDING * spread.sum(), total, np.nan)
    without: FloatArray = k / (k - 1) * (1 - (spread.sum() - spread) / total)
    return without


def _item_rest(moments: ItemMoments, confidence: float) -> pd.DataFrame:
    refuse_level(confidence)
    covariance, spread = moments.covariance, np.diag(moments.covariance)
    with_rest = covariance.sum(axis=0) - spread
    rest_spread = covariance.sum() - 2 * covariance.sum(axis=0) + spread
    varies = (spread > 0) & (rest_spread > ROUNDING * spread.sum())
    scale = np.sqrt(np.where(varies, spread * rest_spread, np.nan))
    estimate = with_rest / scale
    possible = np.abs(estimate) <= 1 + ROUNDING
    estimate = np.where(possible, np.clip(estimate, -1, 1), np.nan)
    n = moments.pair_counts.min(axis=0)
    low, high = _fisher_interval(estimate, n, confidence)
    reasons = [_rest_reason(*facts) for facts in zip(spread > 0, varies, possible, strict=True)]
    return pd.DataFrame(
        {
            "item": moments.names,
            "item_rest": estimate,
            "ci_low": low,
            "ci_high": high,
            "n": n,
            "reason": reasons,
        }
    )


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
