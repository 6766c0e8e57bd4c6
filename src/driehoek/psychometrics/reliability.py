"""Reliability of one scale: Cronbach's alpha, item statistics, and omega total."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri, ndtri

from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.item_analysis import item_rest, item_statistics
from driehoek.psychometrics.moments import (
    ROUNDING,
    ItemMoments,
    Use,
    correlations,
    item_moments,
    refuse_constant,
    refuse_few_items,
    refuse_level,
)
from driehoek.psychometrics.omega import Omega, omega_total

__all__ = [
    "Alpha",
    "Omega",
    "bonett_interval",
    "cronbach_alpha",
    "feldt_interval",
    "item_rest",
    "item_statistics",
    "omega_total",
]


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
        Alpha from correlations, as if every item had the same variance; NaN where the sum
        of the standardised items would not vary.
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
    refuse_few_items(moments)
    refuse_constant(moments.constant, moments.n_respondents)
    _refuse_contradiction(moments)
    estimate = min(float(coefficient("alpha", moments.covariance)), 1.0)
    n_interval = int(moments.pair_counts.min())
    low, high = feldt_interval(estimate, n_interval, len(moments.names), confidence=confidence)
    inter_item = correlations(moments.covariance)
    return Alpha(
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        standardised=float(coefficient("alpha", inter_item)),
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
    refuse_level(confidence)
    tail = (1 - confidence) / 2
    between, within = n_respondents - 1, (n_respondents - 1) * (n_items - 1)
    low = 1 - (1 - alpha) * fdtri(between, within, 1 - tail)
    high = 1 - (1 - alpha) * fdtri(between, within, tail)
    return float(low), float(high)


def bonett_interval(
    alpha: float, n_respondents: int, n_items: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Bonett's interval of alpha, from the normal distribution of ln(1 - alpha).

    Parameters
    ----------
    alpha : float
    n_respondents : int
        Rows that alpha rests on, at least 3.
    n_items : int
        At least 2.
    confidence : float
        Between 0 and 1.

    Notes
    -----
    It assumes normal answers with equal covariances, as Feldt's does, and nearly equals it.

    References
    ----------
    Bonett & Wright (2015), doi:10.1002/job.1960, who add the correction for bias ln(n / (n - 1)) to
    Bonett (2002), doi:10.3102/10769986027004335.
    """
    refuse_level(confidence)
    if alpha >= 1 or n_respondents < 3:
        return float("nan"), float("nan")
    centre = np.log(1 - alpha) - np.log(n_respondents / (n_respondents - 1))
    error = np.sqrt(2 * n_items / ((n_items - 1) * (n_respondents - 2)))
    half = ndtri((1 + confidence) / 2) * error
    return float(1 - np.exp(centre + half)), float(1 - np.exp(centre - half))


def _refuse_contradiction(moments: ItemMoments) -> None:
    alpha = float(coefficient("alpha", moments.covariance))
    if np.isnan(alpha):
        msg = "The sum of the items does not vary, so alpha does not exist: are all items keyed?"
        raise TooFewDataError(msg)
    if alpha > 1 + ROUNDING:
        msg = (
            "The pairwise covariances contradict one another (alpha would exceed 1): too few rows "
            f"answer the same items (smallest pair: {int(moments.pair_counts.min())} rows)."
        )
        raise TooFewDataError(msg)
