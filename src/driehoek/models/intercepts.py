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
    """Estimates of a model with random intercepts, and with slopes of persons where asked.

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
    slope, covarying : float
        Variance of the slopes of persons, and their covariance with the persons' intercepts; 0
        where the model has none.
    """

    b: Floats
    covariance: Floats
    triad: float
    person: float
    residual: float
    log_likelihood: float
    is_converged: bool
    crossed: float = 0.0
    slope: float = 0.0
    covarying: float = 0.0


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a likelihood is greatest.

    Attributes
    ----------
    b, covariance, log_likelihood, is_converged
        As `InterceptsFit` holds them.
    ratios : numpy.ndarray, shape (parameters,)
        What shapes V, the residual variance being 1; exactly 0 on the boundary.
    residual : float
    """

    b: Floats
    covariance: Floats
    ratios: Floats
    residual: float
    log_likelihood: float
    is_converged: bool


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
    free = np.array(is_free)

    def all_ratios(found: Floats) -> Floats:
        ratios = np.zeros(len(free))
        ratios[free] = found
        return ratios

    def weigh_free(columns: Floats) -> Weighted:
        weighted = weigh(columns)
        return lambda found: weighted(all_ratios(found))

    start = np.full(int(free.sum()), 0.5)
    best = maximise(outcome, matrix, start, weigh_free, likelihood=likelihood)
    triad, person, *crossed = (all_ratios(best.ratios) * best.residual).tolist()
    return InterceptsFit(
        b=best.b,
        covariance=best.covariance,
        triad=triad,
        person=person,
        residual=best.residual,
        log_likelihood=best.log_likelihood,
        is_converged=best.is_converged,
        crossed=sum(crossed),
    )


def maximise(
    outcome: Floats,
    matrix: Floats,
    start: Floats,
    weigh: Callable[[Floats], Weighted],
    *,
    likelihood: Likelihood = "reml",
    floors: Floats | None = None,
) -> Maximum:
    """Maximise the likelihood over what shapes V, the residual variance being 1.

    Parameters
    ----------
    outcome, matrix, weigh, likelihood
        As `fit_intercepts` takes them.
    start : numpy.ndarray, shape (parameters,)
        Where the search begins.
    floors : numpy.ndarray, shape (parameters,), optional
        Below it a parameter counts as zero, where its lower bound is; minus infinity for one
        that has no bound. By default every parameter is a ratio of variances.
    """
    basis, back = np.linalg.qr(matrix)
    plain = basis.T @ outcome
    residual = outcome - basis @ plain  # a large mean would cost digits in the sums
    weighted = weigh(np.column_stack([basis, residual]))
    counts = (len(outcome), likelihood == "reml")
    zero = np.full(len(start), ZERO) if floors is None else floors
    is_bounded = np.isfinite(zero)
    found = optimize.minimize(
        lambda each: -_profile(*weighted(each), *counts).log_likelihood,
        start,
        jac="3-point",
        method="L-BFGS-B",
        bounds=[(0.0 if bounded else -LARGEST, LARGEST) for bounded in is_bounded],
        options={"ftol": 1e-14, "gtol": 1e-7},
    )
    arrived = np.where(found.x < zero, 0.0, found.x)
    best = _profile(*weighted(arrived), *counts)
    is_at_bound = is_bounded & (arrived == 0.0)
    inside = np.where(is_at_bound, np.minimum(found.jac, 0.0), found.jac)
    inverse_back = np.linalg.inv(back)
    change = math.log(abs(float(np.prod(np.diag(back))))) if likelihood == "reml" else 0.0
    return Maximum(
        b=inverse_back @ (plain + best.gamma),
        covariance=inverse_back @ best.inverse @ inverse_back.T * best.variance,
        ratios=arrived,
        residual=best.variance,
        log_likelihood=best.log_likelihood - change,
        is_converged=bool(np.max(np.abs(inside)) < STEEP and np.abs(found.x).max() < LARGEST),
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
