"""Restricted likelihood of random intercepts of triads and of persons within them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ZERO = 1e-7  # variance, as a share of the residual one, that counts as none
LARGEST = 1e6
STEEP = 1e-3  # slope of the log-likelihood at which the optimiser has not arrived


@dataclass(frozen=True, slots=True)
class NestedFit:
    """REML estimates of a model with two nested random intercepts.

    Attributes
    ----------
    b : numpy.ndarray, shape (columns,)
        Fixed effects in units of the outcome.
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X at the estimated variances.
    triad, person, residual : float
        Variances in squared units of the outcome; exactly 0 on the boundary.
    log_likelihood : float
        Restricted, with all constants.
    is_converged : bool
    """

    b: Floats
    covariance: Floats
    triad: float
    person: float
    residual: float
    log_likelihood: float
    is_converged: bool


@dataclass(frozen=True, slots=True)
class _Sums:
    """All that the likelihood needs; W is (Q, residual of y), Q an orthonormal basis of X."""

    total: Floats  # W'W
    person: Floats  # sums of W within persons
    size: Floats  # rows a person
    triad: Codes  # triad of each person, sorted
    n: int


@dataclass(frozen=True, slots=True)
class _Profile:
    gamma: Floats
    inverse: Floats
    variance: float
    log_likelihood: float


def fit_nested(outcome: Floats, matrix: Floats, triads: Codes, persons: Codes) -> NestedFit:
    """Maximise the restricted likelihood over the two variance ratios.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Not constant.
    matrix : numpy.ndarray, shape (rows, columns)
        Fixed effects, of full rank.
    triads, persons : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps, rows sorted by triad and then person; each person code
        belongs to one triad. Where every triad has one person, the triad variance is 0 and all
        that persons share counts as the person variance.

    Notes
    -----
    V has the inverse (I - c 11') within persons and a rank-one correction within triads
    (Sherman & Morrison, 1950, doi:10.1214/aoms/1177729893), so that one evaluation needs only
    sums over persons and its cost does not depend on the number of waves. The ratios are
    bounded at zero and may end there, which statsmodels' unbounded search does not.

    References
    ----------
    Harville (1977), doi:10.1080/01621459.1977.10480998 (restricted likelihood).
    Agrees with: R lme4 ``lmer(y ~ x + (1 | triad / person))``.
    """
    n_free = 2 if persons[-1] > triads[-1] else 1
    basis, back = np.linalg.qr(matrix)
    plain = basis.T @ outcome
    residual = outcome - basis @ plain  # a large mean would cost digits in the sums
    sums = _sum_up(np.column_stack([basis, residual]), triads, persons)
    fixed = np.zeros(2 - n_free)  # a ratio that cannot be told apart stays at zero
    found = optimize.minimize(
        lambda free: -_profile(np.r_[fixed, free], sums).log_likelihood,
        np.full(n_free, 0.5),
        jac="3-point",
        method="L-BFGS-B",
        bounds=[(0.0, LARGEST)] * n_free,
        options={"ftol": 1e-14, "gtol": 1e-7},
    )
    free = np.where(found.x < ZERO, 0.0, found.x)
    ratios = np.r_[fixed, free]
    best = _profile(ratios, sums)
    inside = np.where(free == 0.0, np.minimum(found.jac, 0.0), found.jac)
    inverse_back = np.linalg.inv(back)
    return NestedFit(
        b=inverse_back @ (plain + best.gamma),
        covariance=inverse_back @ best.inverse @ inverse_back.T * best.variance,
        triad=float(ratios[0]) * best.variance,
        person=float(ratios[1]) * best.variance,
        residual=best.variance,
        log_likelihood=best.log_likelihood - math.log(abs(float(np.prod(np.diag(back))))),
        is_converged=bool(np.max(np.abs(inside)) < STEEP and found.x.max() < LARGEST),
    )


def _sum_up(columns: Floats, triads: Codes, persons: Codes) -> _Sums:
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    return _Sums(
        total=columns.T @ columns,
        person=np.add.reduceat(columns, starts, axis=0),
        size=np.bincount(persons).astype(float),
        triad=triads[starts],
        n=len(columns),
    )


def _profile(ratios: Floats, sums: _Sums) -> _Profile:
    """Give the restricted log-likelihood with fixed effects and residual variance at their best."""
    triad, person = ratios
    spread = 1 + person * sums.size
    weighted = sums.person / spread[:, None]
    starts = np.flatnonzero(np.diff(sums.triad, prepend=-1))
    triad_sums = np.add.reduceat(weighted, starts, axis=0)
    spread_triad = 1 + triad * np.add.reduceat(sums.size / spread, starts)
    cross = sums.total - person * sums.person.T @ weighted
    cross -= triad * triad_sums.T @ (triad_sums / spread_triad[:, None])
    k = len(cross) - 1
    inverse = np.linalg.inv(cross[:k, :k])
    gamma = inverse @ cross[:k, k]
    variance = float(cross[k, k] - cross[:k, k] @ gamma) / (sums.n - k)
    log_determinant = np.log(spread).sum() + np.log(spread_triad).sum()
    log_determinant += np.linalg.slogdet(cross[:k, :k])[1]
    constant = (sums.n - k) * (math.log(2 * math.pi * variance) + 1)
    return _Profile(gamma, inverse, variance, -0.5 * (constant + float(log_determinant)))
