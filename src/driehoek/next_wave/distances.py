"""How far the answers of two waves lie apart: effect sizes of two samples."""

import math

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

CHANCE = 0.01
CERTAIN = 2.5758293035489004  # two-sided 1% of the normal distribution
Values = npt.NDArray[np.float64]


def cohens_w(a: Values, b: Values) -> float:
    """Give Cohen's w of a table of two samples by value.

    Parameters
    ----------
    a, b : numpy.ndarray
        Values of the two samples, without missing ones.

    Returns
    -------
    float
        0 to 1; NaN where a sample is empty.

    References
    ----------
    Cohen (1988), equation 7.2.1: the root of chi-square over n. Agrees with R's ``chisq.test``.
    """
    if not len(a) or not len(b):
        return math.nan
    values = np.union1d(a, b)
    table = np.array([[(each == value).sum() for value in values] for each in (a, b)], dtype=float)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return math.sqrt(float(((table - expected) ** 2 / expected).sum() / table.sum()))


def cohens_d(a: Values, b: Values) -> float:
    """Give Cohen's d of the second sample against the first, with the pooled SD.

    Returns
    -------
    float
        In standard deviations, above zero where the second mean is higher; NaN where a sample
        has fewer than two values or nothing varies.

    References
    ----------
    Cohen (1988), equation 2.5.1 (with n - 1 in each variance). Agrees with R's ``t.test``:
    t times the root of 1/n1 + 1/n2.
    """
    if len(a) < 2 or len(b) < 2:
        return math.nan
    within = (len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)
    pooled = math.sqrt(within / (len(a) + len(b) - 2))
    return float((b.mean() - a.mean()) / pooled) if pooled > 0 else math.nan


def two_shares_z(k_a: int, n_a: int, k_b: int, n_b: int) -> float:
    """Give z of the difference between two shares, with the pooled share.

    Agrees with R's ``prop.test(correct = FALSE)``: the root of its chi-square. NaN where a
    sample is empty; 0 where nobody or everybody counts in both.
    """
    if not n_a or not n_b:
        return math.nan
    pooled = (k_a + k_b) / (n_a + n_b)
    se = math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return (k_b / n_b - k_a / n_a) / se if se > 0 else 0.0


def beyond_chance_w(w: float, a: Values, b: Values) -> bool:
    """Tell whether the chi-square of a table with this w exceeds its 1% point."""
    df = len(np.union1d(a, b)) - 1
    return bool(df > 0 and w**2 * (len(a) + len(b)) > chdtri(df, CHANCE))


def beyond_chance_d(d: float, a: Values, b: Values) -> bool:
    """Tell whether the difference between two means exceeds its 1% point (normal)."""
    return bool(len(a) and len(b) and abs(d) > CERTAIN * math.sqrt(1 / len(a) + 1 / len(b)))
