"""Means and covariances with each row, or each cluster of rows, left out in turn."""

import numpy as np
from numpy.typing import NDArray

from driehoek.models.saturated_maximum import climbed, moved, saturated_maximum, score
from driehoek.psychometrics.cfa.moment_information import moment_information
from driehoek.psychometrics.cfa.sample import Moments, PatternMoments, pattern_moments
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray

MANY, NEAR = 1000, 5e-3  # with more units, a first step this small is off by a hundredth at most
LAST_STEP = 1e-6  # Newton's error is of the order of the square of its last step


def moments_without(data: PatternMoments, moments: Moments, information: FloatArray) -> Moments:
    """Give the moments without each cluster, or without each row where there are none.

    A first step from the moments of all is exact where nothing is missing. Newton's steps follow
    on the rows that are left; with more than 1,000 units only where the first is not small.

    Parameters
    ----------
    data : PatternMoments
        Of standardised variables.
    moments : Moments
        Where their likelihood is highest.
    information : numpy.ndarray, shape (moments, moments)
        Observed, at these moments.

    Returns
    -------
    Moments
        Shapes (units, variables) and (units, variables, variables).

    Raises
    ------
    TooFewDataError
        If a unit cannot be left out: the others do not determine every mean and covariance.
    """
    units = np.arange(data.n) if data.clusters is None else data.clusters
    order = np.argsort(units, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(units))[:-1])
    near = NEAR if len(members) > MANY else 0.0
    found = [_without(data, moments, information, rows, near) for rows in members]
    return Moments(np.array([f.mu for f in found]), np.array([f.sigma for f in found]))


def _without(
    data: PatternMoments,
    moments: Moments,
    information: FloatArray,
    rows: NDArray[np.intp],
    near: float,
) -> Moments:
    try:
        step = _first_step(pattern_moments(data.answers[rows]), moments, information)
    except np.linalg.LinAlgError:
        return saturated_maximum(pattern_moments(np.delete(data.answers, rows, axis=0)))
    start, shift = moved(moments, step), step[: len(moments.mu)]
    # The step is straight in the means and mean squares, of which sigma is no straight function.
    start = Moments(start.mu, start.sigma - np.outer(shift, shift))
    if np.abs(step).max() <= near:
        return start
    left = pattern_moments(np.delete(data.answers, rows, axis=0))
    try:
        return climbed(left, start, last_step=LAST_STEP)
    except TooFewDataError:
        return saturated_maximum(left)


def _first_step(unit: PatternMoments, moments: Moments, information: FloatArray) -> FloatArray:
    """Give the scoring step that takes a unit out.

    With the unit's expected information it is a step in the mean parameters of an exponential
    family, and exact where nothing is missing.
    """
    own = moment_information(unit, moments.sigma, moments.mu, means=True, observed=False)
    return np.asarray(np.linalg.solve(information - own, -score(unit, moments)))
