"""Normal likelihood of a factor model, with complete or incomplete answers."""

from collections.abc import Callable, Sequence

import numpy as np

from driehoek.psychometrics.cfa.implied import GroupStructure, Implied
from driehoek.psychometrics.cfa.moment_information import (
    expected_information,
    likelihood_slopes,
    moment_information,
    moment_score_products,
)
from driehoek.psychometrics.cfa.parameters import ParameterTable
from driehoek.psychometrics.cfa.sample import PatternMoments, pattern_inverses
from driehoek.psychometrics.moments import FloatArray

_STEP = 1e-5


class LikelihoodProblem:
    """Minus the log-likelihood as a function of the free parameters.

    Parameters
    ----------
    table : ParameterTable
    groups : sequence of PatternMoments
    means : bool
        Whether the model has means; otherwise the sample means are taken as known.
    """

    def __init__(
        self, table: ParameterTable, groups: Sequence[PatternMoments], *, means: bool
    ) -> None:
        self.table = table
        self.groups = tuple(groups)
        self.means = means
        self._structures = [GroupStructure(table, group) for group in range(len(groups))]

    def implied(self, theta: FloatArray) -> list[Implied]:
        """Give the implied moments of every group."""
        values = self.table.values(theta)
        return [structure.implied(values) for structure in self._structures]

    def evaluate(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Give minus the log-likelihood and its gradient.

        The value is infinite where a covariance matrix is not positive definite.
        """
        value, gradient = 0.0, np.zeros(self.table.n_free)
        try:
            for data, implied in zip(self.groups, self.implied(theta), strict=True):
                slopes = likelihood_slopes(data, implied.sigma, self._mean(data, implied))
                value += slopes.value
                gradient += self._chain(implied, slopes.sigma, slopes.mu)
        except np.linalg.LinAlgError:
            return np.inf, gradient
        return value, gradient

    def information(self, theta: FloatArray) -> FloatArray:
        """Give the expected information."""
        n_free = self.table.n_free
        information = np.zeros((n_free, n_free))
        for data, implied in zip(self.groups, self.implied(theta), strict=True):
            inverses, _ = pattern_inverses(implied.sigma, data.observed)
            each = expected_information(data, implied, inverses, means=self.means)
            information += implied.gather(implied.gather(each, n_free).T, n_free)
        return information

    def observed_information(self, theta: FloatArray) -> FloatArray:
        """Give the second derivatives of minus the log-likelihood."""
        total = np.zeros((self.table.n_free,) * 2)
        slopes = []
        for data, implied in zip(self.groups, self.implied(theta), strict=True):
            mean = self._mean(data, implied)
            slopes.append(likelihood_slopes(data, implied.sigma, mean))
            delta = implied.moment_derivatives(self.table.n_free, means=self.means)
            curvature = moment_information(
                data, implied.sigma, mean, means=self.means, observed=True
            )
            total += delta.T @ curvature @ delta

        def gradient(at: FloatArray) -> FloatArray:
            parts = zip(self.implied(at), slopes, strict=True)
            chained = [self._chain(part, slope.sigma, slope.mu) for part, slope in parts]
            return np.asarray(np.sum(chained, axis=0))

        # The moments are polynomials in the parameters (rational with a higher order):
        # differences of their exact gradient lose nothing that matters.
        bend = central_jacobian(gradient, theta)
        return total + 0.5 * (bend + bend.T)

    def score_products(self, theta: FloatArray) -> FloatArray:
        """Give the sum over respondents of the products of their scores."""
        n_free = self.table.n_free
        total = np.zeros((n_free, n_free))
        for data, implied in zip(self.groups, self.implied(theta), strict=True):
            delta = implied.moment_derivatives(n_free, means=self.means)
            mean = self._mean(data, implied)
            products = moment_score_products(data, implied.sigma, mean, means=self.means)
            total += delta.T @ products @ delta
        return total

    def _chain(self, implied: Implied, sigma_slope: FloatArray, mu_slope: FloatArray) -> FloatArray:
        by_row = 2 * ((implied.u @ sigma_slope) * implied.v).sum(axis=1)
        if self.means:
            by_row = by_row + implied.m @ mu_slope
        return implied.gather(by_row, self.table.n_free)

    def _mean(self, data: PatternMoments, implied: Implied) -> FloatArray:
        return implied.mu if self.means else np.asarray(data.means[0])


def central_jacobian(function: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Differentiate a function of several variables by central differences.

    Returns
    -------
    numpy.ndarray, shape (results, variables)
    """
    columns = []
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = _STEP * max(1.0, abs(at[k]))
        columns.append((function(at + step) - function(at - step)) / (2 * step[k]))
    return np.column_stack(columns)
