"""Factor models of measured items: ML, MLR, FIML and both together."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from driehoek.psychometrics.cfa.data import GroupedAnswers, refuse_singular
from driehoek.psychometrics.cfa.diagnosis import (
    invert_information,
    refuse_negative_df,
    warnings_about,
)
from driehoek.psychometrics.cfa.fit_indices import (
    ApproximateFit,
    ChiSquare,
    FitIndices,
    approximate_fit,
    rmsea_from_inflated_df,
)
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.moment_information import likelihood_slopes
from driehoek.psychometrics.cfa.parameters import Constraint, continuous_table
from driehoek.psychometrics.cfa.residuals import srmr
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.robust import (
    Saturated,
    incomplete_correction,
    mean_correction,
    saturated_information,
)
from driehoek.psychometrics.cfa.sample import (
    Moments,
    pattern_moments,
    saturated_moments,
)
from driehoek.psychometrics.cfa.solver import minimise
from driehoek.psychometrics.cfa.start import starting_values
from driehoek.psychometrics.moments import FloatArray


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The model of independent items.

    Attributes
    ----------
    value : float
        Minus its log-likelihood.
    moments : tuple of Moments
    trace : float
        tr(B0 inv(A0)) of its own score products and information.
    """

    value: float
    moments: tuple[Moments, ...]
    trace: float


def fit_continuous(
    answers: GroupedAnswers,
    model: FactorModel,
    *,
    estimator: str,
    robust: bool,
    means: bool,
    equal: Collection[Constraint],
    released: Collection[str],
) -> CfaFit:
    """Fit a factor model by maximum likelihood.

    Incomplete answers call for full-information maximum likelihood with means.
    """
    groups = [pattern_moments(group) for group in answers.answers]
    samples = tuple(saturated_moments(group) for group in groups)
    for sample, name in zip(samples, answers.names, strict=True):
        refuse_singular(sample.sigma, model.items, name)
    table = continuous_table(model, len(groups), means=means, equal=equal, released=released)
    n_moments = len(groups) * _n_moments(len(model.items), means=means)
    refuse_negative_df(n_moments - table.n_free)
    problem = LikelihoodProblem(table, groups, means=means)
    solution = minimise(problem, starting_values(model, table, samples))
    expected = invert_information(solution.information, table)
    is_complete = all(group.is_complete for group in groups)
    inverse, products = expected, np.zeros_like(expected)
    if robust or not is_complete:
        inverse = invert_information(problem.observed_information(solution.theta), table)
    covariance = inverse
    if robust:
        products = problem.score_products(solution.theta)
        covariance = inverse @ products @ inverse
    tests = _Tests(problem, samples, solution.theta, df=n_moments - table.n_free)
    return CfaFit(
        model=model,
        estimator=estimator,
        group_names=answers.names,
        n=sum(answers.counts),
        n_excluded=answers.n_excluded,
        n_by_group=answers.counts,
        table=table,
        theta=solution.theta,
        covariance=covariance,
        fit=tests.indices(solution.value, products, inverse, robust=robust),
        warnings=warnings_about(table, solution, answers.names, sum(answers.counts)),
        n_steps=solution.n_steps,
        samples=samples,
        problem=problem,
    )


class _Tests:
    """Tests of fit of one solution."""

    def __init__(
        self,
        problem: LikelihoodProblem,
        samples: tuple[Moments, ...],
        theta: FloatArray,
        *,
        df: int,
    ) -> None:
        self._problem, self._samples, self._theta, self._df = problem, samples, theta, df
        self._counts = [group.n for group in problem.groups]
        self._n, self._g = sum(self._counts), len(self._counts)
        self._is_complete = all(group.is_complete for group in problem.groups)
        self._saturated_value = sum(
            likelihood_slopes(group, sample.sigma, sample.mu).value
            for group, sample in zip(problem.groups, samples, strict=True)
        )
        self._baseline = _baseline(problem)

    def indices(
        self, value: float, products: FloatArray, inverse: FloatArray, *, robust: bool
    ) -> FitIndices:
        p = len(self._problem.table.items)
        plain = ChiSquare(
            value=max(2 * (value - self._saturated_value), 0.0),
            df=self._df,
            baseline_value=2 * (self._baseline.value - self._saturated_value),
            baseline_df=self._g * p * (p - 1) // 2,
        )
        saturated = self._saturated() if robust or not self._is_complete else []
        scaled, corrected = None, None
        if robust:
            scaled, corrected = self._scaled(plain, saturated, products, inverse)
        if not self._is_complete:
            corrected = self._incomplete(plain, saturated, robust=robust)
        n_free = self._problem.table.n_free
        return FitIndices(
            standard=approximate_fit(plain, self._n, self._g),
            scaled=scaled,
            robust=corrected,
            srmr=srmr(
                self._samples,
                self._problem.implied(self._theta),
                np.array(self._counts) / self._n,
                means=self._problem.means,
            ),
            log_likelihood=-value,
            aic=2 * value + 2 * n_free,
            bic=2 * value + np.log(self._n) * n_free,
            n_parameters=n_free,
        )

    def _saturated(self) -> list[Saturated]:
        return [
            saturated_information(group, sample, means=self._problem.means)
            for group, sample in zip(self._problem.groups, self._samples, strict=True)
        ]

    def _scaled(
        self,
        plain: ChiSquare,
        saturated: list[Saturated],
        products: FloatArray,
        inverse: FloatArray,
    ) -> tuple[ApproximateFit, ApproximateFit]:
        scaling = mean_correction(saturated, products, inverse, self._df)
        free = sum(float(np.trace(np.linalg.solve(s.information, s.products))) for s in saturated)
        baseline = (free - self._baseline.trace) / plain.baseline_df
        factors = ChiSquare(
            plain.value, plain.df, plain.baseline_value, plain.baseline_df, scaling, baseline
        )
        divided = ChiSquare(
            plain.value / scaling, plain.df, plain.baseline_value / baseline, plain.baseline_df
        )
        scaled = approximate_fit(divided, self._n, self._g)
        scaled = rmsea_from_inflated_df(scaled, factors, self._n, self._g)
        scaled = replace(scaled, scaling=scaling)
        return scaled, approximate_fit(factors, self._n, self._g)

    def _incomplete(
        self, plain: ChiSquare, saturated: list[Saturated], *, robust: bool
    ) -> ApproximateFit:
        implied = self._problem.implied(self._theta)
        n_free = self._problem.table.n_free
        delta = np.vstack([part.moment_derivatives(n_free, means=True) for part in implied])
        fitted = [Moments(part.mu, part.sigma) for part in implied]
        value, trace = incomplete_correction(
            self._counts, self._samples, saturated, fitted, delta, robust=robust
        )
        p = len(self._problem.table.items)
        apart = block_diag(*[_independence_derivatives(p)] * self._g)
        baseline, baseline_trace = incomplete_correction(
            self._counts, self._samples, saturated, self._baseline.moments, apart, robust=robust
        )
        corrected = ChiSquare(
            value,
            plain.df,
            baseline,
            plain.baseline_df,
            trace / plain.df if plain.df else 1.0,
            baseline_trace / plain.baseline_df,
        )
        return approximate_fit(corrected, self._n, self._g)


def _baseline(problem: LikelihoodProblem) -> _Baseline:
    moments, value, trace = [], 0.0, 0.0
    for group in problem.groups:
        mu = np.nanmean(group.answers, axis=0)
        squares = (group.answers - mu) ** 2
        variances = np.nanmean(squares, axis=0)
        moments.append(Moments(mu, np.diag(variances)))
        value += likelihood_slopes(group, moments[-1].sigma, mu).value
        kurtosis = np.nanmean(squares**2, axis=0) / variances**2
        trace += float((kurtosis - 1).sum() / 2) + (len(mu) if problem.means else 0)
    return _Baseline(value, tuple(moments), trace)


def _independence_derivatives(p: int) -> FloatArray:
    """Give the derivatives of means and covariances by p means and p variances."""
    i, j = np.tril_indices(p)
    delta = np.zeros((p + len(i), 2 * p))
    delta[:p, :p] = np.eye(p)
    diagonal = np.flatnonzero(i == j)
    delta[p + diagonal, p + i[diagonal]] = 1
    return delta


def _n_moments(p: int, *, means: bool) -> int:
    return p * (p + 1) // 2 + (p if means else 0)
