"""Factor models of measured items: ML, MLR, FIML and both together."""

from collections.abc import Collection

import numpy as np

from driehoek.psychometrics.cfa.continuous_samples import ContinuousSamples
from driehoek.psychometrics.cfa.continuous_tests import ContinuousTests
from driehoek.psychometrics.cfa.data import GroupedAnswers
from driehoek.psychometrics.cfa.diagnosis import (
    invert_information,
    refuse_negative_df,
    warnings_about,
)
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import Constraint, continuous_table
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.solver import minimise
from driehoek.psychometrics.cfa.start import starting_values
from driehoek.psychometrics.moments import FloatArray


def fit_continuous(
    answers: GroupedAnswers,
    samples: ContinuousSamples,
    model: FactorModel,
    *,
    estimator: str,
    robust: bool,
    equal: Collection[Constraint],
    released: Collection[str],
) -> CfaFit:
    """Fit a factor model by maximum likelihood.

    Incomplete answers call for full-information maximum likelihood with means.
    """
    n_groups = len(answers.names)
    table = continuous_table(model, n_groups, means=samples.means, equal=equal, released=released)
    refuse_negative_df(samples.n_moments - table.n_free)
    problem = LikelihoodProblem(table, samples.patterns, means=samples.means)
    solution = minimise(problem, starting_values(model, table, samples.moments))
    inverse = invert_information(solution.information, table)
    if robust or not samples.is_complete:
        inverse = invert_information(problem.observed_information(solution.theta), table)
    covariance, trace = inverse, None
    if robust:
        covariance, trace = _sandwich(inverse, problem.score_products(solution.theta))
    tests = ContinuousTests(samples, problem, solution.theta, solution.value, trace)
    return CfaFit(
        model=model,
        estimator=estimator,
        group_names=answers.names,
        n=sum(answers.counts),
        n_excluded=answers.n_excluded,
        n_by_group=answers.counts,
        n_clusters=None if answers.clusters is None else samples.n_independent,
        table=table,
        theta=solution.theta,
        covariance=covariance,
        fit=tests.indices(),
        warnings=warnings_about(table, solution, answers.names, samples.n_independent),
        n_steps=solution.n_steps,
        samples=samples.moments,
        problem=problem,
    )


def _sandwich(inverse: FloatArray, products: FloatArray) -> tuple[FloatArray, float]:
    return inverse @ products @ inverse, float(np.sum(inverse * products))
