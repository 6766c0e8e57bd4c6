"""Exact intervals of effect sizes by inverting noncentral distributions."""

import math
from collections.abc import Callable

from scipy.optimize import brentq
from scipy.stats import ncf, nct, ncx2

Interval = tuple[float, float]


def d_interval(t: float, df: float, size: float, confidence: float) -> Interval:
    """Give the interval of a standardised mean difference from its t.

    Parameters
    ----------
    t, df : float
    size : float
        Square root of n1 n2 / (n1 + n2), or of n for pairs: t over it is d.
    confidence : float

    References
    ----------
    Steiger & Fouladi (1997), Noncentrality interval estimation; agrees with R's ``pt(ncp = )``.
    """
    tail = (1 - confidence) / 2

    reach = 6 * math.sqrt(1 + t**2 / (2 * df))

    def below(ncp: float) -> float:
        found = float(nct.cdf(t, df, ncp))
        return found if not math.isnan(found) else float(ncp < t)  # far out it underflows

    def end(share: float) -> float:
        return float(brentq(lambda ncp: below(ncp) - share, t - reach, t + reach, xtol=1e-12))

    return end(1 - tail) / size, end(tail) / size


def welch_interval(f: float, df1: float, df2: float, n: int, confidence: float) -> Interval:
    """Give the interval of the weighted share of variance between groups from Welch's F.

    The share is ncp / (ncp + n): of n persons, ncp being the sum over groups of n_j / s_j^2 times
    the squared distance of the mean from the mean with these weights. With equal variances it is
    eta squared of the population.

    References
    ----------
    Shieh (2013), Behavior Research Methods 45, 25-37; inverted as Steiger (2004),
    doi:10.1037/1082-989X.9.2.164.
    """
    low, high = _noncentrality(lambda ncp: float(ncf.cdf(f, df1, df2, ncp)), f * df1, confidence)
    return low / (low + n), high / (high + n)


def v_interval(chi2: float, df: int, scale: float, confidence: float) -> Interval:
    """Give the interval of Cramer's V from its chi-square.

    Parameters
    ----------
    chi2 : float
    df : int
    scale : float
        n times one less than the smaller side of the table: V = sqrt(chi2 / scale).
    confidence : float

    References
    ----------
    Smithson (2003), Confidence intervals, chapter 4 (noncentrality ncp, so V = sqrt(ncp / scale)).
    """
    low, high = _noncentrality(lambda ncp: float(ncx2.cdf(chi2, df, ncp)), chi2, confidence)
    return min(math.sqrt(low / scale), 1.0), min(math.sqrt(high / scale), 1.0)


def _noncentrality(below: Callable[[float], float], start: float, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    least = 1e-12

    def end(share: float) -> float:
        if below(least) <= share:
            return 0.0
        top = max(start, 1.0)
        while below(top) > share:
            top *= 2
        return float(brentq(lambda ncp: below(ncp) - share, least, top))

    return end(1 - tail), end(tail)
