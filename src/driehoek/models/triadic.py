"""A linear model whose rows covary across the members and waves of a triad."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from driehoek.models.cluster_robust import ClusterRobust, Working, cluster_robust
from driehoek.models.kenward_roger import SmallSample, small_sample
from driehoek.models.patterns import Pattern, pattern_sums
from driehoek.models.restricted import Likelihood, NotPositiveError, likelihood
from driehoek.models.structures import Structure
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Method = Literal["reml", "ml"]

STEEP = 1e-3  # slope of the log-likelihood at which the optimiser has not arrived
SINGULAR = 1e-8  # smallest eigenvalue, as a share of the largest, that counts as none
FAR = 1e300
# ASSUME: with fewer triads than twice the rows of a free covariance, beside those that go to the
# coefficients, it is estimated on its boundary too often to test anything by.
TRIADS_PER_PLACE = 2


@dataclass(frozen=True, slots=True)
class TriadicFit:
    """Estimates of a linear model with a covariance between the places of a triad.

    Attributes
    ----------
    b : numpy.ndarray, shape (columns,)
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X.
    places : numpy.ndarray, shape (places, places)
        Residual covariance between the places of a triad, in squared units of the outcome.
    sample : SmallSample or None
        What tests with Kenward-Roger degrees of freedom need; None under ML or where the
        covariance is singular.
    robust : ClusterRobust or None
        The coefficients' covariance by clusters of triads, with ``places`` as the working one;
        None without clusters, and where ``sample`` is None.
    log_likelihood : float
        Restricted (REML) or full (ML), with all constants.
    n_parameters : int
        What it was maximised over: variances and covariances, under ML the coefficients too.
    is_converged, is_singular : bool
    """

    b: Floats
    covariance: Floats
    places: Floats
    sample: SmallSample | None
    robust: ClusterRobust | None
    log_likelihood: float
    n_parameters: int
    is_converged: bool
    is_singular: bool


def fit_triadic(
    outcome: Floats,
    matrix: Floats,
    triads: Codes,
    places: Codes,
    structure: Structure,
    *,
    method: Method = "reml",
    has_tests: bool = True,
    clusters: Codes | None = None,
) -> TriadicFit:
    """Estimate coefficients and the covariance between the places of a triad.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
    matrix : numpy.ndarray, shape (rows, columns)
        Of full rank.
    triads : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps, sorted.
    places : numpy.ndarray of int, shape (rows,)
        Who in the triad (and when) a row is, from 0; at most one row a triad and place, sorted
        within triads. Absent rows are missing at random given the present ones.
    structure : Structure
    method : {"reml", "ml"}
    has_tests : bool
        Whether to give ``sample`` and ``robust``; without them resampling is faster.
    clusters : numpy.ndarray of int, shape (rows,), optional
        Number of each row's cluster of triads, from 0.

    Raises
    ------
    TooFewDataError
        If the data cannot carry the covariance: too few triads, or two places that no triad has
        together.

    Notes
    -----
    Cross-products are summed once for each pattern of present places, so that the cost of a step
    does not grow with the number of triads. Each block of the covariance is searched as a
    Cholesky factor with the logarithm of its diagonal, by BFGS with exact slopes.

    References
    ----------
    Jennrich & Schluchter (1986), doi:10.2307/2530695; Kenward & Roger (1997),
    doi:10.2307/2533558. Agrees with: R nlme ``gls`` with ``corSymm`` and ``varIdent``.
    """
    check_places(triads, places, structure, matrix.shape[1])
    basis, back = np.linalg.qr(matrix)
    plain = basis.T @ outcome
    rest = outcome - basis @ plain  # a large mean would cost digits in the sums
    scale = float(np.sqrt(np.mean(rest**2)))
    columns = np.column_stack([basis, rest / scale])
    search = _Search(pattern_sums(columns, triads, places), structure, method == "reml")
    found = optimize.minimize(
        search.value_and_slope,
        search.start(),
        jac=True,
        method="BFGS",
        options={"gtol": STEEP / 100, "maxiter": 1000},
    )
    value = search.covariance(found.x)
    best = search.at(value)
    inverse_back = np.linalg.inv(back)
    values = np.linalg.eigvalsh(value)
    is_singular = bool(values[0] < SINGULAR * values[-1])
    n, k = matrix.shape
    rows = n - k if method == "reml" else n
    constant = rows * math.log(scale)
    constant += math.log(abs(float(np.prod(np.diag(back))))) if method == "reml" else 0.0
    can_test = has_tests and method == "reml" and not is_singular
    sample = search.small_sample(value, best) if can_test else None
    robust = None
    if sample is not None and clusters is not None:
        left = rest / scale - basis @ best.b
        working = _working(value, triads, places)
        robust = cluster_robust(basis, left, clusters, working=working)
    return TriadicFit(
        b=inverse_back @ (plain + scale * best.b),
        covariance=inverse_back @ best.covariance @ inverse_back.T * scale**2,
        places=value * scale**2,
        sample=None if sample is None else sample.transformed(inverse_back * scale),
        robust=None if robust is None else robust.carried(inverse_back * scale),
        log_likelihood=best.log_likelihood - constant,
        n_parameters=structure.n_parameters + (k if method == "ml" else 0),
        is_converged=bool(np.abs(found.jac).max() < STEEP),
        is_singular=is_singular,
    )


def _working(value: Floats, triads: Codes, places: Codes) -> Working:
    """Give the covariance of rows by their places; rows of two triads are independent."""

    def covariance(rows: NDArray[np.intp]) -> Floats:
        own, where = triads[rows], places[rows]
        between: Floats = value[where[:, :, None], where[:, None, :]]
        return np.where(own[:, :, None] == own[:, None, :], between, 0.0)

    return covariance


def check_places(triads: Codes, places: Codes, structure: Structure, n_columns: int) -> None:
    """Refuse data that cannot carry a covariance.

    Raises
    ------
    TooFewDataError
        With the reason.
    """
    n_triads, k = int(triads[-1]) + 1, structure.n_places
    present = np.zeros((n_triads, k))
    present[triads, places] = 1
    together = present.T @ present
    if structure.name == "unstructured" and (together == 0).any():
        msg = "two members (or waves) never stand in one triad, so their covariance is unknown."
        raise TooFewDataError(msg)
    if (np.diag(together) == 0).any():
        msg = "a member (or wave) is absent from every triad."
        raise TooFewDataError(msg)
    needed = TRIADS_PER_PLACE * sum(structure.sizes) + math.ceil(n_columns / k)
    if n_triads <= needed:
        msg = (
            f"{n_triads} triads cannot carry {structure.n_parameters} variances and covariances "
            f"of {k} places beside {n_columns} coefficients; more than {needed} are needed, or a "
            "simpler covariance."
        )
        raise TooFewDataError(msg)


@dataclass(frozen=True, slots=True)
class _Search:
    """The objective by the Cholesky factors of the blocks."""

    patterns: Sequence[Pattern]
    structure: Structure
    is_restricted: bool

    def start(self) -> Floats:
        """Begin with uncorrelated blocks near the residual's variance, which is 1."""
        return np.zeros(self.structure.n_parameters)

    def factors(self, free: Floats) -> list[Floats]:
        """Unpack the Cholesky factors."""
        found, start = [], 0
        for size in self.structure.sizes:
            rows, columns = np.tril_indices(size)
            factor = np.zeros((size, size))
            factor[rows, columns] = free[start : start + len(rows)]
            np.fill_diagonal(factor, np.exp(np.diag(factor)))
            found.append(factor)
            start += len(rows)
        return found

    def covariance(self, free: Floats) -> Floats:
        """Give the covariance between the places."""
        return self.structure.spread([factor @ factor.T for factor in self.factors(free)])

    def at(self, value: Floats) -> Likelihood:
        """Evaluate the likelihood at a covariance between the places."""
        parts = [value[np.ix_(p.places, p.places)] for p in self.patterns]
        return likelihood(self.patterns, parts, is_restricted=self.is_restricted)

    def value_and_slope(self, free: Floats) -> tuple[float, Floats]:
        """Give -log-likelihood and its slope."""
        factors = self.factors(np.clip(free, -50, 50))
        value = self.structure.spread([factor @ factor.T for factor in factors])
        try:
            found = self.at(value)
        except NotPositiveError:
            return FAR, np.zeros(len(free))
        slope = np.zeros_like(value)
        for pattern, part in zip(self.patterns, found.slopes, strict=True):
            slope[np.ix_(pattern.places, pattern.places)] += part
        parts = []
        for factor, change in zip(factors, self.structure.gather(slope), strict=True):
            by_factor = change @ factor
            np.fill_diagonal(by_factor, np.diag(by_factor) * np.diag(factor))
            parts.append(by_factor[np.tril_indices(len(factor))])
        return -found.log_likelihood, np.concatenate(parts)

    def small_sample(self, value: Floats, best: Likelihood) -> SmallSample | None:
        """Give the Kenward-Roger quantities."""
        changes = self.structure.derivatives()
        return small_sample(
            self.patterns,
            [value[np.ix_(p.places, p.places)] for p in self.patterns],
            [changes[:, p.places][:, :, p.places] for p in self.patterns],
            best.covariance,
        )
