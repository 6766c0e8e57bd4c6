"""Weighted least squares on thresholds and polychoric correlations."""

from collections.abc import Sequence

import numpy as np

from driehoek.psychometrics.cfa.implied import GroupStructure, Implied
from driehoek.psychometrics.cfa.parameters import ParameterTable
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.polychoric_covariance import OrdinalMoments


class LeastSquaresProblem:
    """Half the weighted sum of squared residuals, times the respondents of each group.

    Parameters
    ----------
    table : ParameterTable
    groups : sequence of OrdinalMoments
    weights : sequence of numpy.ndarray, each of shape (thresholds + pairs,)
        Diagonal of the weight matrix of each group.

    Notes
    -----
    With Sigma and mu the moments of the latent responses and d their inverse standard
    deviations, threshold t of item i is compared with d_i (tau_it - mu_i) and each
    correlation with d_i d_j Sigma_ij. In the delta parameterisation d is a parameter, in
    the theta parameterisation it follows from the residual variances.
    """

    def __init__(
        self,
        table: ParameterTable,
        groups: Sequence[OrdinalMoments],
        weights: Sequence[FloatArray],
    ) -> None:
        self.table = table
        self.groups = tuple(groups)
        self.weights = tuple(weights)
        self._structures = [GroupStructure(table, group) for group in range(len(groups))]
        self._thresholds = [_rows(table, group, "|") for group in range(len(groups))]
        self._scales = [_rows(table, group, "~*~") for group in range(len(groups))]
        self._targets = [np.concatenate([g.thresholds, g.correlations]) for g in groups]

    def implied(self, theta: FloatArray) -> list[Implied]:
        """Give the implied moments of the latent responses of every group."""
        values = self.table.values(theta)
        return [structure.implied(values) for structure in self._structures]

    def evaluate(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Give the function to be minimised and its gradient.

        The value is infinite where a latent response has no positive variance.
        """
        residuals = self.residuals(theta)
        gradient = np.zeros(self.table.n_free)
        if residuals is None:
            return np.inf, gradient
        value = 0.0
        for k, jacobian in enumerate(self.jacobians(theta)):
            weighted = self.groups[k].n * self.weights[k] * residuals[k]
            value += 0.5 * float(weighted @ residuals[k])
            gradient -= weighted @ jacobian
        return value, gradient

    def information(self, theta: FloatArray) -> FloatArray:
        """Give the Gauss-Newton curvature."""
        curvature = np.zeros((self.table.n_free,) * 2)
        for k, jacobian in enumerate(self.jacobians(theta)):
            curvature += jacobian.T @ ((self.groups[k].n * self.weights[k])[:, None] * jacobian)
        return curvature

    def chi_square(self, theta: FloatArray) -> float:
        """Give the plain statistic, which counts n - 1 respondents a group."""
        residuals = self.residuals(theta) or []
        return sum(
            (group.n - 1) * float(weight @ residual**2)
            for group, weight, residual in zip(self.groups, self.weights, residuals, strict=True)
        )

    def residuals(self, theta: FloatArray) -> list[FloatArray] | None:
        """Give sample minus implied thresholds and correlations of every group."""
        found = []
        for k, implied in enumerate(self.implied(theta)):
            if (np.diag(implied.sigma) <= 0).any():
                return None
            found.append(self._targets[k] - self._statistics(k, theta, implied))
        return found

    def jacobians(self, theta: FloatArray) -> list[FloatArray]:
        """Differentiate the implied thresholds and correlations of every group.

        Returns
        -------
        list of numpy.ndarray, each of shape (thresholds + pairs, n_free)
        """
        return [self._jacobian(k, theta, part) for k, part in enumerate(self.implied(theta))]

    def _statistics(self, k: int, theta: FloatArray, implied: Implied) -> FloatArray:
        group = self.groups[k]
        scale = 1 / np.sqrt(np.diag(implied.sigma))
        i, j = group.pairs.T
        item = group.threshold_item
        limits = self.table.values(theta)[self._thresholds[k]]
        return np.concatenate(
            [scale[item] * (limits - implied.mu[item]), scale[i] * scale[j] * implied.sigma[i, j]]
        )

    def _jacobian(self, k: int, theta: FloatArray, implied: Implied) -> FloatArray:
        group, n_free = self.groups[k], self.table.n_free
        scale = 1 / np.sqrt(np.diag(implied.sigma))
        scale_by = self._scale_derivatives(k, implied, scale)
        i, j = group.pairs.T
        by_row = implied.u[:, i] * implied.v[:, j] + implied.u[:, j] * implied.v[:, i]
        covariance_by = implied.gather(by_row, n_free).T
        correlation_by = (scale[i] * scale[j])[:, None] * covariance_by
        correlation_by += (implied.sigma[i, j] * scale[j])[:, None] * scale_by[i]
        correlation_by += (implied.sigma[i, j] * scale[i])[:, None] * scale_by[j]
        return np.vstack([self._threshold_derivatives(k, theta, implied, scale_by), correlation_by])

    def _threshold_derivatives(
        self, k: int, theta: FloatArray, implied: Implied, scale_by: FloatArray
    ) -> FloatArray:
        item = self.groups[k].threshold_item
        scale = 1 / np.sqrt(np.diag(implied.sigma))
        rows = self._thresholds[k]
        distance = self.table.values(theta)[rows] - implied.mu[item]
        mean_by = implied.gather(implied.m, self.table.n_free).T
        found = distance[:, None] * scale_by[item] - scale[item, None] * mean_by[item]
        position = self.table.free[rows]
        is_free = np.flatnonzero(position >= 0)
        found[is_free, position[is_free]] += scale[item[is_free]]
        return np.asarray(found)

    def _scale_derivatives(self, k: int, implied: Implied, scale: FloatArray) -> FloatArray:
        n_free = self.table.n_free
        if not len(self._scales[k]):
            variance_by = implied.gather(2 * implied.u * implied.v, n_free).T
            return np.asarray(-0.5 * (scale**3)[:, None] * variance_by)
        found = np.zeros((len(scale), n_free))
        position = self.table.free[self._scales[k]]
        is_free = np.flatnonzero(position >= 0)
        found[is_free, position[is_free]] = 1
        return found


def _rows(table: ParameterTable, group: int, op: str) -> FloatArray:
    """Find the rows of thresholds or scales, item after item as the moments have them."""
    return np.array(
        [k for k, row in enumerate(table.rows) if row.group == group and row.op == op], dtype=int
    )
