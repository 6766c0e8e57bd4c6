"""Solutions that cannot be trusted, named in words."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.implied import GroupStructure
from driehoek.psychometrics.cfa.parameters import ParameterTable
from driehoek.psychometrics.cfa.solver import Solution
from driehoek.psychometrics.moments import FloatArray

_SINGULAR = 1e-9
_NEGATIVE = -1e-8
_PERFECT = 1 - 1e-6


def invert_information(information: FloatArray, table: ParameterTable) -> FloatArray:
    """Invert the information about the free parameters.

    Raises
    ------
    NotEstimableError
        If a combination of parameters has no information; the message names them.
    """
    scale = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < _SINGULAR * values[-1]:
        weight = np.abs(vectors[:, 0])
        names = np.array(table.free_names())[weight > 0.3 * weight.max()]
        msg = (
            "The data cannot tell these parameters apart, so that the model is not identified: "
            f"{'; '.join(names)}. Fix one of them, or drop the factor or covariance they belong to."
        )
        raise NotEstimableError(msg)
    scaled = (vectors / values) @ vectors.T
    return np.asarray(scaled / np.outer(scale, scale))


def refuse_negative_df(df: int) -> None:
    """Refuse a model with more parameters than the data have moments."""
    if df < 0:
        msg = (
            f"The model has more parameters than the data have means, variances and covariances "
            f"({-df} too many), so that it is not identified. A factor by itself needs three items."
        )
        raise NotEstimableError(msg)


def warnings_about(
    table: ParameterTable, solution: Solution, group_names: Sequence[str], n: int
) -> tuple[str, ...]:
    """Name every reason to doubt a solution.

    Negative variances, impossible correlations, fewer respondents than parameters, a
    search that did not settle.
    """
    values = table.values(solution.theta)
    found: list[str] = []
    if n <= table.n_free:
        found.append(
            f"{n} independent respondents (or clusters) for {table.n_free} parameters: the "
            "estimates are hardly more than the answers of these few, and robust standard errors "
            "do not exist."
        )
    if not solution.is_settled:
        found.append("The search for the estimates was stopped close to a minimum, not at it.")
    for group, name in enumerate(group_names):
        where = f" in group {name}" if len(group_names) > 1 else ""
        parts = GroupStructure(table, group).matrices(values)
        found += _improper_variances(table.items, parts.residual_covariance, "residual", where)
        found += _improper_variances(table.factors, parts.factor_covariance, "factor", where)
        found += _improper_correlations(table.factors, parts.factor_covariance, where)
    return tuple(found)


def _improper_variances(
    names: Sequence[str], covariance: FloatArray, kind: str, where: str
) -> list[str]:
    return [
        f"The {kind} variance of {name}{where} is estimated below zero ({value:.3g}, a Heywood "
        "case): the solution is inadmissible. Usual causes: a small sample, a factor with two "
        "items, two items that are nearly the same."
        for name, value in zip(names, np.diag(covariance), strict=True)
        if value < _NEGATIVE
    ]


def _improper_correlations(names: Sequence[str], covariance: FloatArray, where: str) -> list[str]:
    variances = np.diag(covariance)
    if (variances <= 0).any():
        return []
    correlations = covariance / np.sqrt(np.outer(variances, variances))
    found = [
        f"Factors {names[j]} and {names[i]} correlate {correlations[i, j]:.3f}{where}: the data "
        "cannot tell them apart, or the solution is inadmissible."
        for j, i in combinations(range(len(names)), 2)
        if abs(correlations[i, j]) > _PERFECT
    ]
    if not found and np.linalg.eigvalsh(correlations)[0] < _NEGATIVE:
        found = [f"The factor covariance matrix{where} is not positive definite: inadmissible."]
    return found
