"""Degrees of freedom of clustered errors where predictors are missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from driehoek.models.joint_normal import JointNormal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the rows with an outcome weigh in the coefficients.

    Attributes
    ----------
    predictors : numpy.ndarray, shape (rows, predictors)
        Expected, given what is observed of the predictors and auxiliary variables.
    clusters : numpy.ndarray of int, shape (rows,)
    """

    predictors: Floats
    clusters: NDArray[np.int64]

    def loads(self, columns: list[int]) -> Floats:
        """Give what each row's residual counts for in intercept and slopes of some columns."""
        x = np.column_stack([np.ones(len(self.clusters)), self.predictors[:, columns]])
        return np.linalg.pinv(x).T.astype(np.float64)

    def df(self, loads: Floats) -> float:
        """Give the degrees of freedom of the covariance of some coefficients.

        Those of the Wishart distribution with the variance that the covariance has where rows
        are independent with one variance (Satterthwaite's for one coefficient), and at most
        clusters less one.

        References
        ----------
        Pustejovsky & Tipton (2018), doi:10.1080/07350015.2016.1247004, section 3.2 (HTZ), without
        the corrections for residuals.
        """
        q, last = loads.shape[1], int(self.clusters.max())
        sums = np.zeros((last + 1, q, q))
        np.add.at(sums, self.clusters, loads[:, :, None] * loads[:, None, :])
        root = np.linalg.inv(np.linalg.cholesky(sums.sum(axis=0)))
        own = root @ sums @ root.T
        spread = (np.trace(own, axis1=1, axis2=2) ** 2).sum() + (own**2).sum()
        return min(float(q * (q + 1) / spread), float(last))


def weighing(values: Floats, clusters: NDArray[np.int64], joint: JointNormal) -> Weighing:
    """Say how rows weigh in regressions of the first variable on others.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows, variables)
        What the joint model was fitted to; NaN where missing.
    clusters : numpy.ndarray of int, shape (rows,)
    joint : JointNormal
    """
    own = ~np.isnan(values[:, 0])
    x = ((values - joint.centre) / joint.scale)[own, 1:]
    mu, sigma = joint.moments.mu[1:], joint.moments.sigma[1:, 1:]
    given = ~np.isnan(x)
    for pattern in np.unique(given, axis=0):
        rows = np.flatnonzero((given == pattern).all(axis=1))
        slopes = np.linalg.solve(sigma[np.ix_(pattern, pattern)], sigma[np.ix_(pattern, ~pattern)])
        seen = x[np.ix_(rows, pattern)] - mu[pattern]
        x[np.ix_(rows, ~pattern)] = mu[~pattern] + seen @ slopes
    return Weighing(x * joint.scale[1:] + joint.centre[1:], clusters[own])
