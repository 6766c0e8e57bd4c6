"""Variables under one normal distribution, values missing, and regressions within it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from driehoek.models.likelihood import Errors
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.moment_information import likelihood_slopes, moment_information
from driehoek.psychometrics.cfa.robust import saturated_information
from driehoek.psychometrics.cfa.sample import (
    Moments,
    PatternMoments,
    pattern_moments,
    saturated_moments,
)
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
STEPS, TOLERANCE = 50, 1e-11  # Newton's, in standard deviations
LEAST_SPREAD = 1e-8  # smallest eigenvalue of the standardised covariance
DEPENDENT = "some variables follow from the others in the rows that have them."
UNKNOWN = (
    "these rows do not determine all means and covariances: too much is missing, or some "
    "variables are never there together."
)


@dataclass(frozen=True, slots=True)
class JointRegression:
    """The regression of one variable on others within the joint model.

    Attributes
    ----------
    b : numpy.ndarray, shape (1 + predictors,)
        Intercept first.
    covariance : numpy.ndarray, shape (1 + predictors, 1 + predictors)
    r2 : float
    """

    b: Floats
    covariance: Floats
    r2: float


@dataclass(frozen=True, slots=True)
class JointNormal:
    """Means and covariances at the maximum of the likelihood of all values at hand.

    Attributes
    ----------
    centre, scale : numpy.ndarray, shape (variables,)
        What variables were standardised by.
    moments : Moments
        Of the standardised variables.
    covariance : numpy.ndarray, shape (moments, moments)
        Of the estimated means and the lower triangle of the covariances, standardised.
    """

    centre: Floats
    scale: Floats
    moments: Moments
    covariance: Floats

    def regression(self, outcome: int, predictors: Sequence[int]) -> JointRegression:
        """Give the regression of a variable on others; its covariance by the delta method.

        Parameters
        ----------
        outcome : int
        predictors : sequence of int
            Positions of the variables.
        """
        x, (mu, sigma) = list(predictors), (self.moments.mu, self.moments.sigma)
        inverse = np.linalg.inv(sigma[np.ix_(x, x)])
        slopes = inverse @ sigma[x, outcome]
        rest = np.zeros(len(mu))  # the residual as a sum of variables
        rest[outcome], rest[x] = 1.0, -slopes
        solved = np.zeros((len(x), len(mu)))
        solved[:, x] = inverse
        i, j = np.tril_indices(len(mu))
        turns = solved[:, i] * rest[j] + (i != j) * solved[:, j] * rest[i]
        jacobian = np.zeros((1 + len(x), self.covariance.shape[0]))
        jacobian[0, : len(mu)] = rest
        jacobian[1:, len(mu) :] = turns
        jacobian[0, len(mu) :] = -mu[x] @ turns
        units = self._units(outcome, x) @ jacobian
        b = self._units(outcome, x) @ np.append(rest @ mu, slopes)
        b[0] += self.centre[outcome]
        r2 = 1 - float(rest @ sigma @ rest) / float(sigma[outcome, outcome])
        return JointRegression(b, units @ self.covariance @ units.T, r2)

    def _units(self, outcome: int, x: list[int]) -> Floats:
        """Give what takes coefficients of standardised variables to their units."""
        turn = np.diag(self.scale[outcome] / np.append(1.0, self.scale[x]))
        turn[0, 1:] = -self.centre[x] * turn.diagonal()[1:]
        return turn


def fit_joint_normal(
    values: Floats, *, errors: Errors, clusters: NDArray[np.int64] | None = None
) -> JointNormal:
    """Estimate means and covariances from all values at hand.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows, variables)
        NaN where missing; every row has a value and every variable varies.
    errors : {"model", "robust", "cluster"}
        Inverse of the observed information, its sandwich with the scores of single rows, or of
        clusters times C / (C - 1).
    clusters : numpy.ndarray of int, shape (rows,), optional
        Codes from 0 without gaps, for ``cluster``.

    Raises
    ------
    TooFewDataError
        If a variable follows from others, or the values do not determine every covariance.

    References
    ----------
    Little & Rubin (2020), Statistical analysis with missing data, 3rd ed., section 11.2 (EM);
    Yuan & Bentler (2000), doi:10.1111/0081-1750.00078 (the sandwich). EM is followed by Newton's
    steps. Agrees with: R lavaan ``sem(missing = "fiml", fixed.x = FALSE)`` with ``estimator``
    ``"ML"`` or ``"MLR"``, and ``cluster=``.
    """
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    data = pattern_moments((values - centre) / scale, clusters if errors == "cluster" else None)
    start = _start(data)
    try:
        moments = _summit(data, start)
        saturated = saturated_information(data, moments, means=True)
        bread = np.linalg.inv(saturated.information)
    except (NotEstimableError, np.linalg.LinAlgError) as fault:
        raise TooFewDataError(UNKNOWN) from fault
    if np.linalg.eigvalsh(saturated.information)[0] <= 0:
        raise TooFewDataError(UNKNOWN)
    covariance = bread if errors == "model" else bread @ saturated.products @ bread
    return JointNormal(centre, scale, moments, covariance.astype(np.float64))


def _start(data: PatternMoments) -> Moments:
    try:
        moments = saturated_moments(data)
    except NotEstimableError as fault:
        raise TooFewDataError(UNKNOWN) from fault
    except np.linalg.LinAlgError as fault:
        raise TooFewDataError(DEPENDENT) from fault
    if np.linalg.eigvalsh(moments.sigma)[0] < LEAST_SPREAD:
        raise TooFewDataError(DEPENDENT)
    return moments


def _summit(data: PatternMoments, start: Moments) -> Moments:
    """Take Newton's steps from where EM stopped to where the likelihood is level."""
    mu, sigma, p = start.mu, start.sigma, len(start.mu)
    i, j = np.tril_indices(p)
    for _ in range(STEPS):
        slopes = likelihood_slopes(data, sigma, mu)
        rise = np.concatenate([slopes.mu, np.where(i == j, 1.0, 2.0) * slopes.sigma[i, j]])
        information = moment_information(data, sigma, mu, means=True, observed=True)
        step = np.linalg.solve(information, rise)
        moved = np.zeros_like(sigma)
        moved[i, j] = moved[j, i] = step[p:]
        mu, sigma = mu - step[:p], sigma - moved
        if np.abs(step).max() < TOLERANCE:
            return Moments(mu, sigma)
    raise NotEstimableError(UNKNOWN)
