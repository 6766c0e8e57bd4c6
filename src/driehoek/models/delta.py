"""Estimates that are functions of coefficients, with delta-method standard errors."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from driehoek.models.least_squares import LeastSquares
from driehoek.models.statistic import Statistic, critical_value, two_sided_p

Floats = NDArray[np.float64]

STEP = 1e-100  # a complex step: the derivative is exact to rounding (Squire & Trapp, 1998)


def function_row(
    fit: LeastSquares,
    function: Callable[[NDArray[np.complex128]], complex],
    row: Statistic,
    confidence: float,
    *,
    against: float = 0.0,
) -> Statistic:
    """Estimate a function of the coefficients of a fit.

    Parameters
    ----------
    fit : LeastSquares
    function : callable
        Of complex coefficients; analytic where it is taken.
    row : Statistic
        What it is called.
    confidence : float
    against : float
        Value that p tests.

    Returns
    -------
    Statistic
        With t on the degrees of freedom of the linearised contrast; those are exact where the
        function is linear.
    """
    estimate = float(function(fit.b.astype(complex)).real)
    if fit.reason:
        return replace(row, estimate=estimate, reason=fit.reason)
    gradient = np.empty(len(fit.b))
    for place in range(len(fit.b)):
        moved = fit.b.astype(complex)
        moved[place] += 1j * STEP
        gradient[place] = function(moved).imag / STEP
    variance = float(gradient @ fit.covariance @ gradient)
    if not variance > 0:
        return replace(row, estimate=estimate, reason="it has no variance in these data")
    se, df = math.sqrt(variance), fit.contrast_df(gradient)
    reach = critical_value(confidence, df) * se
    return replace(
        row, estimate=estimate, se=se, df=df, ci_low=estimate - reach, ci_high=estimate + reach,
        p=two_sided_p((estimate - against) / se, df),
    )  # fmt: skip
