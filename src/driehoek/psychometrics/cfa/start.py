"""Starting values of a factor model."""

from collections.abc import Sequence

import numpy as np

from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import Parameter, ParameterTable
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.moments import FloatArray

_PLAUSIBLE = (0.2, 0.9)


def starting_values(
    model: FactorModel, table: ParameterTable, groups: Sequence[Moments]
) -> FloatArray:
    """Give plausible values of the free parameters.

    Standardised loadings come from the mean correlations among the items of each
    factor (Thurstone's centroid method); factors start uncorrelated.
    """
    loadings = [standard_loadings(model, moments) for moments in groups]
    start = np.zeros(table.n_free)
    for row, position in reversed(list(zip(table.rows, table.free, strict=True))):
        if position >= 0:
            start[position] = _start(model, row, loadings[row.group], groups[row.group])
    return start


def _start(
    model: FactorModel,
    row: Parameter,
    loadings: dict[tuple[str, str], float],
    moments: Moments,
) -> float:
    index = {item: k for k, item in enumerate(model.items)}
    if row.op == "=~":
        unit = _factor_sd(model, row.lhs, loadings, moments)
        sd = np.sqrt(moments.sigma[index[row.rhs], index[row.rhs]]) if row.rhs in index else 1.0
        return float(loadings[row.lhs, row.rhs] * sd / unit)
    if row.op == "~~" and row.lhs == row.rhs:
        if row.lhs in index:
            explained = sum(value**2 for (_, item), value in loadings.items() if item == row.lhs)
            return float(moments.sigma[index[row.lhs], index[row.lhs]] * max(1 - explained, 0.2))
        return _factor_sd(model, row.lhs, loadings, moments) ** 2
    if row.op == "~1" and row.lhs in index:
        return float(moments.mu[index[row.lhs]])
    return 1.0 if row.op == "~*~" else 0.0


def _factor_sd(
    model: FactorModel,
    factor: str,
    loadings: dict[tuple[str, str], float],
    moments: Moments,
) -> float:
    """Give the standard deviation of a factor whose first loading is 1."""
    marker = model.factors[factor][0]
    if model.scaling == "variance" or marker in model.factors:
        return 1.0
    k = model.items.index(marker)
    return float(abs(loadings[factor, marker]) * np.sqrt(moments.sigma[k, k]))


def standard_loadings(model: FactorModel, moments: Moments) -> dict[tuple[str, str], float]:
    """Guess standardised loadings of (factor, indicator) from the correlations."""
    sd = np.sqrt(np.diag(moments.sigma))
    correlations = moments.sigma / np.outer(sd, sd)
    index = {item: k for k, item in enumerate(model.items)}
    found: dict[tuple[str, str], float] = {}
    for factor, members in model.factors.items():
        items = [item for item in members if item in index]
        chosen = [index[item] for item in items]
        values = _centroid(correlations[np.ix_(chosen, chosen)])
        share = np.sqrt(_n_factors_of(model, items))
        found |= {(factor, item): v / s for item, v, s in zip(items, values, share, strict=True)}
        found |= {(factor, lower): 0.6 for lower in members if lower not in index}
    return found


def _centroid(correlations: FloatArray) -> FloatArray:
    if len(correlations) < 2:
        return np.full(len(correlations), 0.8)
    sign = np.where(correlations[0] < 0, -1.0, 1.0)
    aligned = correlations * np.outer(sign, sign)
    np.fill_diagonal(aligned, 0)
    total = max(aligned.sum(), 1e-3)
    return np.asarray(sign * np.clip(aligned.sum(axis=0) / np.sqrt(total), *_PLAUSIBLE))


def _n_factors_of(model: FactorModel, items: Sequence[str]) -> FloatArray:
    every = [member for members in model.factors.values() for member in members]
    return np.array([every.count(item) for item in items], dtype=float)
