"""Factor models of ordered items by diagonally weighted or unweighted least squares."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.data import GroupedAnswers
from driehoek.psychometrics.cfa.diagnosis import (
    invert_information,
    refuse_negative_df,
    warnings_about,
)
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.ordinal_parameters import Parameterisation, ordinal_table
from driehoek.psychometrics.cfa.ordinal_tests import OrdinalTests, score_covariance
from driehoek.psychometrics.cfa.parameters import Constraint, ParameterTable
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.cfa.solver import minimise
from driehoek.psychometrics.cfa.start import standard_loadings, starting_values
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import OrdinalTables, ordinal_tables
from driehoek.psychometrics.polychoric import LARGEST
from driehoek.psychometrics.polychoric_covariance import OrdinalMoments, ordinal_moments


def ordinal_samples(answers: GroupedAnswers, items: Sequence[str]) -> list[OrdinalMoments]:
    """Estimate thresholds and polychoric correlations of every group.

    Raises
    ------
    NotEstimableError
        If groups differ in the categories used, or all items are nearly the same.
    """
    tables = [
        _tables(group, items, name)
        for group, name in zip(answers.answers, answers.names, strict=True)
    ]
    _refuse_different_categories(tables, answers.names)
    clusters = answers.clusters or (None,) * len(tables)
    samples = [ordinal_moments(table, of) for table, of in zip(tables, clusters, strict=True)]
    _refuse_same_items(samples, answers.names)
    return samples


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
    weights = [1 / s.spread if weighted else np.ones(len(s.spread)) for s in samples]
    df = sum(len(weight) for weight in weights) - table.n_free
    refuse_negative_df(df)
    problem = LeastSquaresProblem(table, samples, weights)
    solution = minimise(problem, _start(model, table, samples, parameterisation))
    bread = invert_information(solution.information, table)
    meat = score_covariance(problem, solution.theta)
    tests = OrdinalTests(problem, solution.theta, bread, meat, df)
    n, n_independent = sum(answers.counts), answers.n_independent
    return CfaFit(
        model=model,
        estimator="WLSMV" if weighted else "ULSMV",
        group_names=answers.names,
        n=n,
        n_excluded=answers.n_excluded,
        n_by_group=answers.counts,
        n_clusters=None if answers.clusters is None else n_independent,
        table=table,
        theta=solution.theta,
        covariance=bread @ meat @ bread * (n / (n - len(samples))),
        fit=tests.indices(),
        warnings=warnings_about(table, solution, answers.names, n_independent)
        + _boundary_warnings(samples, answers.names),
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


def _boundary_warnings(samples: Sequence[OrdinalMoments], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"The polychoric correlation of {sample.names[j]} and {sample.names[i]}"
        f"{f' in group {name}' if name else ''} lies on its boundary: the two items are nearly "
        "the same, or too few people gave other combinations of answers."
        for sample, name in zip(samples, names, strict=True)
        for i, j in sample.pairs[np.abs(sample.correlations) >= LARGEST]
    )


def _refuse_same_items(samples: Sequence[OrdinalMoments], names: Sequence[str]) -> None:
    faults = [
        f"The items {', '.join(sample.names)}{f' in group {name}' if name else ''} are nearly the "
        "same (every polychoric correlation lies on its boundary): there is nothing left that a "
        "factor model could test. Keep one of them."
        for sample, name in zip(samples, names, strict=True)
        if len(sample.correlations) and np.abs(sample.correlations).min() >= LARGEST
    ]
    if faults:
        raise NotEstimableError(" ".join(faults))


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
