"""How much single rows weigh in a least-squares fit, as aggregates."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from driehoek.models.least_squares import LeastSquares, leverages
from driehoek.models.statistic import Statistic

Floats = NDArray[np.float64]


def influence_rows(
    outcome: Floats, matrix: Floats, fit: LeastSquares, blank: Statistic
) -> Iterator[Statistic]:
    """Give the largest leverage and Cook's distance, and how many rows exceed the usual marks.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (n,)
    matrix : numpy.ndarray, shape (n, k)
        Intercept first.
    fit : LeastSquares
        Of the outcome on the matrix.
    blank : Statistic
        What every row shares.

    References
    ----------
    Cook (1977), doi:10.1080/00401706.1977.10489493; marks: 2k/n for leverage (Hoaglin & Welsch,
    1978, doi:10.1080/00031305.1978.10479237), 4/n for Cook's distance (Bollen & Jackman, 1985,
    doi:10.1177/0049124185013004004). Agrees with: R ``hatvalues``, ``cooks.distance``.
    """
    n, k = matrix.shape
    leverage = leverages(matrix)
    yield replace(blank, statistic="leverage_max", estimate=float(leverage.max()))
    yield replace(blank, statistic="leverage_over", estimate=float((leverage > 2 * k / n).sum()))
    if fit.is_perfect:
        yield replace(blank, statistic="cook_max", reason=fit.reason)
        return
    residual = outcome - matrix @ fit.b
    free = np.maximum(1 - leverage, np.finfo(float).eps)
    cook = residual**2 * leverage / (k * fit.residual_sd**2 * free**2)
    if leverage.max() > 1 - 1e-9:
        why = "a row that alone determines a coefficient (leverage 1) has no Cook's distance"
        yield replace(blank, statistic="cook_max", reason=why)
        return
    yield replace(blank, statistic="cook_max", estimate=float(cook.max()))
    yield replace(blank, statistic="cook_over", estimate=float((cook > 4 / n).sum()))
