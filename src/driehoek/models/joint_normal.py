"""Variables under one normal distribution, values missing, and regressions within it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from driehoek.models.moments_without import moments_without
from driehoek.models.saturated_maximum import saturated_maximum
from driehoek.psychometrics.cfa.moment_information import moment_information, moment_score_products
from driehoek.psychometrics.cfa.sample import Moments, PatternMoments, pattern_moments
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
JointErrors = Literal["model", "sandwich", "jackknife"]


@dataclass(frozen=True, slots=True)
class JointRegression:
    """The regression of one variable on others within the joint model.

    Attributes
    ----------
    b : numpy.ndarray, shape (1 + predictors,)
        Intercept first.
    covariance : numpy.ndarray, shape (1 + predictors, 1 + predictors)
        NaN where the joint model says why there is none.
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
    without : Moments or None
        With the jackknife: the moments without each unit.
    reason : str
        Why the jackknife does not exist; empty where it does.
    """

    centre: Floats
    scale: Floats
    moments: Moments
    covariance: Floats
    without: Moments | None = None
    reason: str = ""

    def regression(self, outcome: int, predictors: Sequence[int]) -> JointRegression:
        """Give the regression of a variable on others.

        Its covariance follows by the delta method, or from the regressions without each unit.

        Parameters
        ----------
        outcome : int
        predictors : sequence of int
            Positions of the variables.
        """
        x, sigma = list(predictors), self.moments.sigma
        standard, units = _coefficients(self.moments, outcome, x), self._units(outcome, x)
        rest = _residual(standard[1:], outcome, x, len(sigma))
        if self.without is None:
            turn = units @ _jacobian(self.moments, rest, x)
            covariance = turn @ self.covariance @ turn.T
        else:
            gaps = (_coefficients(self.without, outcome, x) - standard) @ units.T
            covariance = gaps.T @ gaps
        b = units @ standard
        b[0] += self.centre[outcome]
        r2 = 1 - float(rest @ sigma @ rest) / float(sigma[outcome, outcome])
        return JointRegression(b, covariance, r2)

    def _units(self, outcome: int, x: list[int]) -> Floats:
        """Give what takes coefficients of standardised variables to their units."""
        turn = np.diag(self.scale[outcome] / np.append(1.0, self.scale[x]))
        turn[0, 1:] = -self.centre[x] * turn.diagonal()[1:]
        return turn


def _coefficients(moments: Moments, outcome: int, x: list[int]) -> Floats:
    """Give intercept and slopes of standardised variables; of each where moments are stacked."""
    inner = moments.sigma[..., np.array(x, dtype=int)[:, None], x]
    slopes = np.linalg.solve(inner, moments.sigma[..., x, outcome][..., None])[..., 0]
    level = moments.mu[..., outcome] - (moments.mu[..., x] * slopes).sum(axis=-1)
    return np.concatenate([level[..., None], slopes], axis=-1)


def _residual(slopes: Floats, outcome: int, x: list[int], n_variables: int) -> Floats:
    """Give the residual as a sum of variables."""
    rest = np.zeros(n_variables)
    rest[outcome], rest[x] = 1.0, -slopes
    return rest


def _jacobian(moments: Moments, rest: Floats, x: list[int]) -> Floats:
    """Give the derivatives of the coefficients by the moments."""
    mu, sigma = moments.mu, moments.sigma
    solved = np.zeros((len(x), len(mu)))
    solved[:, x] = np.linalg.inv(sigma[np.ix_(x, x)])
    i, j = np.tril_indices(len(mu))
    turns = solved[:, i] * rest[j] + (i != j) * solved[:, j] * rest[i]
    jacobian = np.zeros((1 + len(x), len(mu) + len(i)))
    jacobian[0, : len(mu)] = rest
    jacobian[1:, len(mu) :] = turns
    jacobian[0, len(mu) :] = -mu[x] @ turns
    return jacobian


def fit_joint_normal(
    values: Floats, *, errors: JointErrors, clusters: NDArray[np.int64] | None = None
) -> JointNormal:
    """Estimate means and covariances from all values at hand.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows, variables)
        NaN where missing; every row has a value and every variable varies.
    errors : {"model", "sandwich", "jackknife"}
        ``model``: the inverse of the observed information. ``sandwich``: its sandwich with the
        scores of single rows, or of clusters times C / (C - 1). ``jackknife``: the sum of the
        squared moves of the coefficients as each row, or each cluster, is left out; with nothing
        missing this is HC3, or CR3.
    clusters : numpy.ndarray of int, shape (rows,), optional
        Codes from 0 without gaps.

    Raises
    ------
    TooFewDataError
        If a variable follows from others, or the values do not determine every covariance.

    References
    ----------
    Yuan & Bentler (2000), doi:10.1111/0081-1750.00078 (the sandwich); MacKinnon & White (1985),
    doi:10.1016/0304-4076(85)90158-7, and Bell & McCaffrey (2002), Survey Methodology 28, 169-181
    (the jackknife of rows and of clusters). Agrees with: R lavaan ``sem(missing = "fiml",
    fixed.x = FALSE)`` with ``estimator`` ``"ML"`` or ``"MLR"``, and ``cluster=``; the jackknife
    with the same fitted without each row or cluster.
    """
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    data = pattern_moments((values - centre) / scale, clusters)
    moments = saturated_maximum(data)
    information = moment_information(data, moments.sigma, moments.mu, means=True, observed=True)
    bread = np.linalg.inv(information).astype(np.float64)
    if errors == "jackknife":
        return _jackknifed(JointNormal(centre, scale, moments, bread), data, information)
    if errors == "sandwich":
        products = moment_score_products(data, moments.sigma, moments.mu, means=True)
        bread = bread @ products @ bread
    return JointNormal(centre, scale, moments, bread)


def _jackknifed(joint: JointNormal, data: PatternMoments, information: Floats) -> JointNormal:
    try:
        without = moments_without(data, joint.moments, information)
    except TooFewDataError:
        unit = "row" if data.clusters is None else "cluster"
        reason = (
            f"the jackknife does not exist here: without one {unit} the others do not determine "
            f"all means and covariances; look for a category that only one {unit} has, and join "
            "it to another"
        )
        return replace(joint, covariance=np.full_like(joint.covariance, np.nan), reason=reason)
    return replace(joint, without=without)
