"""Factor models of ordered items by diagonally weighted or unweighted least squares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.data import GroupedAnswers
from driehoek.psychometrics.cfa.diagnosis import (
    invert_information,
    refuse_negative_df,
    warnings_about,
)
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit_indices import (
    ApproximateFit,
    ChiSquare,
    FitIndices,
    approximate_fit,
)
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.ordinal_parameters import Parameterisation, ordinal_table
from driehoek.psychometrics.cfa.parameters import Constraint, ParameterTable
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.robust_ordinal import robust_ordinal_fit
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.cfa.solver import minimise
from driehoek.psychometrics.cfa.start import standard_loadings, starting_values
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import OrdinalTables, ordinal_tables
from driehoek.psychometrics.polychoric_covariance import OrdinalMoments, ordinal_moments


def ordinal_samples(answers: GroupedAnswers, items: Sequence[str]) -> list[OrdinalMoments]:
    """Estimate thresholds and polychoric correlations of every group.

    Raises
    ------
    NotEstimableError
        If groups differ in the categories used, or a correlation lies on the boundary.
    """
    tables = [
        _tables(group, items, name)
        for group, name in zip(answers.answers, answers.names, strict=True)
    ]
    _refuse_different_categories(tables, answers.names)
    return [ordinal_moments(table) for table in tables]


def fit_ordinal(
    answers: GroupedAnswers,
    samples: Sequence[OrdinalMoments],
    model: FactorModel,
    *,
    weighted: bool,
    equal: Collection[Constraint],
    released: Collection[str],
    parameterisation: Parameterisation,
) -> CfaFit:
    """Fit a factor model to thresholds and polychoric correlations.

    Parameters
    ----------
    weighted : bool
        Weights 1 / diagonal of gamma (WLSMV), or 1 (ULSMV).

    Notes
    -----
    Standard errors, chi-square and RMSEA count one respondent less in each group, as lavaan
    does for least squares.
    """
    n_thresholds = np.bincount(samples[0].threshold_item)
    table = ordinal_table(
        model,
        n_thresholds.tolist(),
        len(samples),
        equal=equal,
        released=released,
        parameterisation=parameterisation,
    )
    weights = [1 / np.diag(s.gamma) if weighted else np.ones(len(s.gamma)) for s in samples]
    df = sum(len(weight) for weight in weights) - table.n_free
    refuse_negative_df(df)
    problem = LeastSquaresProblem(table, samples, weights)
    solution = minimise(problem, _start(model, table, samples, parameterisation))
    bread = invert_information(solution.information, table)
    meat = _meat(problem, solution.theta)
    tests = _Tests(problem, solution.theta, bread, meat, df)
    n = sum(answers.counts)
    return CfaFit(
        model=model,
        estimator="WLSMV" if weighted else "ULSMV",
        group_names=answers.names,
        n=n,
        n_excluded=answers.n_excluded,
        n_by_group=answers.counts,
        table=table,
        theta=solution.theta,
        covariance=bread @ meat @ bread * (n / (n - len(samples))),
        fit=tests.indices(),
        warnings=warnings_about(table, solution.theta, answers.names),
        n_steps=solution.n_steps,
        samples=tuple(latent_moments(sample) for sample in samples),
        problem=problem,
    )


def latent_moments(sample: OrdinalMoments) -> Moments:
    """Give the polychoric correlations as moments of standardised latent responses."""
    p = len(sample.names)
    sigma = np.eye(p)
    i, j = sample.pairs.T
    sigma[i, j] = sigma[j, i] = sample.correlations
    return Moments(np.zeros(p), sigma)


@dataclass(frozen=True, slots=True)
class _Tests:
    """Tests of fit of one solution."""

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
        baseline, _ = shifted(plain.baseline_value, plain.baseline_df, *self._baseline_traces())
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
        The statistic and its scaling factor (a divisor, as lavaan prints it).

    References
    ----------
    Asparouhov & Muthén (2010), Simple second order chi-square correction, Mplus
    technical appendix.
    """
    if df <= 0:
        return value, 1.0
    a = np.sqrt(df / second)
    return float(a * value + df - a * first), float(1 / a)


def _squared_trace(gamma: FloatArray, weight: FloatArray) -> float:
    return float(weight @ gamma**2 @ weight)


def _meat(problem: LeastSquaresProblem, theta: FloatArray) -> FloatArray:
    total = np.zeros((problem.table.n_free,) * 2)
    for group, weight, jacobian in zip(
        problem.groups, problem.weights, problem.jacobians(theta), strict=True
    ):
        weighted = weight[:, None] * jacobian
        total += group.n * weighted.T @ group.gamma @ weighted
    return total


def _start(
    model: FactorModel,
    table: ParameterTable,
    samples: Sequence[OrdinalMoments],
    parameterisation: Parameterisation,
) -> FloatArray:
    """Start from centroid loadings, on the scale of the parameterisation."""
    moments, limits = [], []
    for sample in samples:
        latent = latent_moments(sample)
        sd = np.ones(len(sample.names))
        if parameterisation == "theta":
            loadings = standard_loadings(model, latent)
            explained = np.zeros(len(sd))
            for (_, item), value in loadings.items():
                if item in model.items:
                    explained[model.items.index(item)] += value**2
            sd = 1 / np.sqrt(1 - np.minimum(explained, 0.8))
        moments.append(Moments(latent.mu, latent.sigma * np.outer(sd, sd)))
        limits.append(sample.thresholds * sd[sample.threshold_item])
    start = starting_values(model, table, moments)
    for group in reversed(range(len(samples))):
        rows = [k for k, row in enumerate(table.rows) if row.group == group and row.op == "|"]
        position = table.free[rows]
        start[position[position >= 0]] = limits[group][position >= 0]
    return start


def _tables(answers: FloatArray, items: Sequence[str], group: str) -> OrdinalTables:
    try:
        return ordinal_tables(pd.DataFrame(answers, columns=list(items)))
    except TooFewDataError as error:
        where = f"Group {group}: " if group else ""
        msg = f"{where}{error}"
        raise NotEstimableError(msg) from error


def _refuse_different_categories(tables: Sequence[OrdinalTables], names: Sequence[str]) -> None:
    faults = []
    for j, item in enumerate(tables[0].names):
        every = np.unique(np.concatenate([table.categories[j] for table in tables]))
        for table, name in zip(tables, names, strict=True):
            unused = np.setdiff1d(every, table.categories[j])
            if unused.size:
                faults.append(f"{item}: nobody in group {name} chose {_listed(unused)}")
    if faults:
        msg = (
            f"{'; '.join(faults)}. Thresholds of groups can only be compared for categories that "
            "all groups use: merge such a category with its neighbour in all groups."
        )
        raise NotEstimableError(msg)


def _listed(values: FloatArray) -> str:
    return ", ".join(f"{value:g}" for value in values)
