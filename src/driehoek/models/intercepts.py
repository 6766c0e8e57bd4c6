"""Likelihood of a model with random intercepts, over the ratios of their variances."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
# From variance ratios to W'V^-1 W and log |V|, the residual variance being 1.
Weighted = Callable[[Floats], tuple[Floats, float]]

Likelihood = Literal["reml", "ml"]

ZERO = 1e-7  # variance, as a share of the residual one, that counts as none
LARGEST = 1e6
STEEP = 1e-3  # slope of the log-likelihood at which the optimiser has not arrived


@dataclass(frozen=True, slots=True)
class InterceptsFit:
    """Estimates of a model with random intercepts.

    Attributes
    ----------
    b : numpy.ndarray, shape (columns,)
        Fixed effects in units of the outcome.
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X at the estimated variances.
    triad, person, residual : float
        Variances in squared units of the outcome; exactly 0 on the boundary.
    log_likelihood : float
        Restricted under REML, with all constants.
    is_converged : bool
    crossed : float
        Variance of intercepts that are crossed with triads; 0 where the model has none.
    """

    b: Floats
    covariance: Floats
    triad: float
    person: float
    residual: float
    log_likelihood: float
    is_converged: bool
    crossed: float = 0.0


@dataclass(frozen=True, slots=True)
class _Profile:
    gamma: Floats
    inverse: Floats
    variance: float
    log_likelihood: float


def fit_intercepts(
    outcome: Floats,
    matrix: Floats,
    is_free: list[bool],
    weigh: Callable[[Floats], Weighted],
    *,
    likelihood: Likelihood = "reml",
) -> InterceptsFit:
    """Maximise the likelihood over the ratios of variances to the residual one.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Not constant.
    matrix : numpy.ndarray, shape (rows, columns)
        Fixed effects, of full rank.
    is_free : list of bool
        For triads, persons and, where there are such, crossed intercepts: whether the variance
        is estimated; otherwise it is zero.
    weigh : callable
        Takes W, an orthonormal basis of X and the part of the outcome that it leaves.
    likelihood : {"reml", "ml"}
        Restricted, or that of all rows, which compares models with other fixed effects.

    Notes
    -----
    Ratios are bounded at zero and may end there, which statsmodels' unbounded search does not.

    References
    ----------
    Harville (1977), doi:10.1080/01621459.1977.10480998 (restricted likelihood).
    """
    basis, back = np.linalg.qr(matrix)
    plain = basis.T @ outcome
    residual = outcome - basis @ plain  # a large mean would cost digits in the sums
    weighted = weigh(np.column_stack([basis, residual]))
    free, counts = np.array(is_free), (len(outcome), likelihood == "reml")

    def ratios_of(found: Floats) -> Floats:
        ratios = np.zeros(len(free))
        ratios[free] = found
        return ratios

    found = optimize.minimize(
        lambda each: -_profile(*weighted(ratios_of(each)), *counts).log_likelihood,
        np.full(int(free.sum()), 0.5),
        jac="3-point",
        method="L-BFGS-B",
        bounds=[(0.0, LARGEST)] * int(free.sum()),
        options={"ftol": 1e-14, "gtol": 1e-7},
    )
    arrived = np.where(found.x < ZERO, 0.0, found.x)
    ratios = ratios_of(arrived)
    best = _profile(*weighted(ratios), *counts)
    inside = np.where(arrived == 0.0, np.minimum(found.jac, 0.0), found.jac)
    inverse_back = np.linalg.inv(back)
    change = math.log(abs(float(np.prod(np.diag(back))))) if likelihood == "reml" else 0.0
    triad, person, *crossed = (ratios * best.variance).tolist()
    return InterceptsFit(
        b=inverse_back @ (plain + best.gamma),
        covariance=inverse_back @ best.inverse @ inverse_back.T * best.variance,
        triad=triad,
        person=person,
        residual=best.variance,
        log_likelihood=best.log_likelihood - change,
        is_converged=bool(np.max(np.abs(inside)) < STEEP and found.x.max() < LARGEST),
        crossed=sum(crossed),
    )


def _profile(cross: Floats, log_determinant: float, n: int, is_restricted: bool) -> _Profile:
    """Give the log-likelihood with fixed effects and residual variance at their best."""
    k = len(cross) - 1
    inverse = np.linalg.inv(cross[:k, :k]).astype(np.float64)
    gamma = inverse @ cross[:k, k]
    rows = n - k if is_restricted else n
    variance = float(cross[k, k] - cross[:k, k] @ gamma) / rows
    log_determinant += float(np.linalg.slogdet(cross[:k, :k])[1]) if is_restricted else 0.0
    constant = rows * (math.log(2 * math.pi * variance) + 1)
    return _Profile(gamma, inverse, variance, -0.5 * (constant + log_determinant))
