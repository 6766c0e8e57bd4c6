"""Tests of fit for models of thresholds and polychoric correlations."""

from dataclasses import dataclass, replace

import numpy as np

from driehoek.psychometrics.cfa.fit_indices import (
    ApproximateFit,
    ChiSquare,
    FitIndices,
    approximate_fit,
    refuse_undefined_scaling,
)
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.robust_ordinal import robust_ordinal_fit
from driehoek.psychometrics.moments import FloatArray


@dataclass(frozen=True, slots=True)
class OrdinalTests:
    """What the tests of fit of one solution need.

    Attributes
    ----------
    problem : LeastSquaresProblem
    theta : numpy.ndarray, shape (n_free,)
    bread : numpy.ndarray, shape (n_free, n_free)
        Inverse curvature.
    meat : numpy.ndarray, shape (n_free, n_free)
        Covariance matrix of the gradient.
    df : int
    """

    problem: LeastSquaresProblem
    theta: FloatArray
    bread: FloatArray
    meat: FloatArray
    df: int

    def indices(self) -> FitIndices:
        """Give plain, scaled-and-shifted and, where it exists, robust fit."""
        groups = self.problem.groups
        n, n_groups = sum(group.n for group in groups), len(groups)
        counted = n - n_groups
        baseline_df = sum(len(group.correlations) for group in groups)
        baseline = sum(
            (group.n - 1) * float(weight[-len(group.correlations) :] @ group.correlations**2)
            for group, weight in zip(groups, self.problem.weights, strict=True)
        )
        plain = ChiSquare(self.problem.chi_square(self.theta), self.df, baseline, baseline_df)
        return FitIndices(
            standard=approximate_fit(plain, counted, n_groups),
            scaled=self._scaled(plain, counted, n_groups),
            robust=self._robust(),
            srmr=self._srmr(n),
            log_likelihood=np.nan,
            aic=np.nan,
            bic=np.nan,
            n_parameters=self.problem.table.n_free,
        )

    def _scaled(self, plain: ChiSquare, n: int, n_groups: int) -> ApproximateFit:
        value, scaling = shifted(plain.value, plain.df, *self._traces())
        baseline, other = shifted(plain.baseline_value, plain.baseline_df, *self._baseline_traces())
        refuse_undefined_scaling(scaling, other)
        fit = approximate_fit(ChiSquare(value, plain.df, baseline, plain.baseline_df), n, n_groups)
        return replace(fit, scaling=scaling)

    def _robust(self) -> ApproximateFit | None:
        rows = self.problem.table.rows
        free = [p for row, p in zip(rows, self.problem.table.free, strict=True) if row.op == "|"]
        if len(set(free)) < len(free) or min(free) < 0:
            return None
        return robust_ordinal_fit(self.problem, self.theta, self.bread, self.df)

    def _traces(self) -> tuple[float, float]:
        """Give tr(U gamma) and tr(U gamma U gamma) of the model."""
        jacobians = self.problem.jacobians(self.theta)
        first, second = 0.0, 0.0
        middle = np.zeros_like(self.meat)
        for group, weight, jacobian in zip(
            self.problem.groups, self.problem.weights, jacobians, strict=True
        ):
            first += float(weight @ np.diag(group.gamma))
            second += _squared_trace(group.gamma, weight)
            pulled = group.gamma @ (weight[:, None] * jacobian)
            middle += group.n * pulled.T @ (weight[:, None] * pulled)
        inner = self.bread @ self.meat
        first -= float(np.trace(inner))
        second += float(np.sum(inner * inner.T)) - 2 * float(np.sum(self.bread * middle))
        return first, second

    def _baseline_traces(self) -> tuple[float, float]:
        first, second = 0.0, 0.0
        for group, weight in zip(self.problem.groups, self.problem.weights, strict=True):
            k = len(group.correlations)
            first += float(weight[-k:] @ np.diag(group.gamma)[-k:])
            second += _squared_trace(group.gamma[-k:, -k:], weight[-k:])
        return first, second

    def _srmr(self, n: int) -> float:
        total = 0.0
        residuals = self.problem.residuals(self.theta) or []
        for group, residual in zip(self.problem.groups, residuals, strict=True):
            p = len(group.names)
            squares = residual[-len(group.correlations) :] ** 2
            total += group.n / n * float(np.sqrt(squares.sum() / (p * (p + 1) / 2)))
        return total


def shifted(value: float, df: float, first: float, second: float) -> tuple[float, float]:
    """Scale and shift a statistic to the mean and variance of chi-square.

    Parameters
    ----------
    value, df : float
    first, second : float
        tr(U gamma) and tr(U gamma U gamma).

    Returns
    -------
    tuple of float
        The statistic and its scaling factor (a divisor, as lavaan prints it); NaN where the
        second trace is not positive, as it must be.

    References
    ----------
    Asparouhov & Muthén (2010), Simple second order chi-square correction, Mplus
    technical appendix.
    """
    if df <= 0:
        return value, 1.0
    if not second > 0:
        return np.nan, np.nan
    a = np.sqrt(df / second)
    return float(a * value + df - a * first), float(1 / a)


def score_covariance(problem: LeastSquaresProblem, theta: FloatArray) -> FloatArray:
    """Give the covariance matrix of the gradient at the estimates."""
    total = np.zeros((problem.table.n_free,) * 2)
    for group, weight, jacobian in zip(
        problem.groups, problem.weights, problem.jacobians(theta), strict=True
    ):
        weighted = weight[:, None] * jacobian
        total += group.n * weighted.T @ group.gamma @ weighted
    return total


def _squared_trace(gamma: FloatArray, weight: FloatArray) -> float:
    return float(weight @ gamma**2 @ weight)
