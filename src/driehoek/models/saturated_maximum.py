"""Means and covariances that make all values at hand most likely under one normal distribution."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.moment_information import likelihood_slopes, moment_information
from driehoek.psychometrics.cfa.sample import Moments, PatternMoments, saturated_moments
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray

STEPS, TOLERANCE = 50, 1e-11  # Newton's, in standard deviations
LEAST_SPREAD = 1e-8  # smallest eigenvalue of the standardised covariance
DEPENDENT = "some variables follow from the others in the rows that have them."
UNKNOWN = (
    "these rows do not determine all means and covariances: too much is missing, or some "
    "variables are never there together."
)


def saturated_maximum(data: PatternMoments) -> Moments:
    """Find the maximum by EM, then Newton's steps.

    Parameters
    ----------
    data : PatternMoments
        Of standardised variables.

    Raises
    ------
    TooFewDataError
        If a variable follows from others, or the values do not determine every covariance.

    References
    ----------
    Little & Rubin (2020), Statistical analysis with missing data, 3rd ed., section 11.2 (EM).
    """
    try:
        start = saturated_moments(data)
    except NotEstimableError as fault:
        raise TooFewDataError(UNKNOWN) from fault
    except np.linalg.LinAlgError as fault:
        raise TooFewDataError(DEPENDENT) from fault
    if np.linalg.eigvalsh(start.sigma)[0] < LEAST_SPREAD:
        raise TooFewDataError(DEPENDENT)
    return climbed(data, start)


def climbed(data: PatternMoments, start: Moments, *, last_step: float = TOLERANCE) -> Moments:
    """Take Newton's steps from near the maximum, until one is no larger than `last_step`.

    Raises
    ------
    TooFewDataError
        If they do not lead to a maximum.
    """
    moments = start
    for _ in range(STEPS):
        try:
            information = moment_information(
                data, moments.sigma, moments.mu, means=True, observed=True
            )
            step = cho_solve(cho_factor(information), score(data, moments))
        except np.linalg.LinAlgError as fault:
            raise TooFewDataError(UNKNOWN) from fault
        moments = moved(moments, step)
        if np.abs(step).max() <= last_step:
            return moments
    raise TooFewDataError(UNKNOWN)


def score(data: PatternMoments, moments: Moments) -> FloatArray:
    """Give the slope of the log-likelihood by the means and the lower triangle of sigma."""
    slopes = likelihood_slopes(data, moments.sigma, moments.mu)
    i, j = np.tril_indices(len(moments.mu))
    return -np.concatenate([slopes.mu, np.where(i == j, 1.0, 2.0) * slopes.sigma[i, j]])


def moved(moments: Moments, step: FloatArray) -> Moments:
    """Add a step of the means and the lower triangle of sigma."""
    p = len(moments.mu)
    i, j = np.tril_indices(p)
    change = np.zeros((p, p))
    change[i, j] = change[j, i] = step[p:]
    return Moments(moments.mu + step[:p], moments.sigma + change)
