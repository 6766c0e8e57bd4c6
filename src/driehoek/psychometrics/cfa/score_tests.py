"""What would improve a model: modification indices and tests of equality constraints."""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem
from driehoek.psychometrics.cfa.parameters import Constraint, Parameter, ParameterTable
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray

_NO_INFORMATION = 1e-8
_COLUMNS = ["group", "name", "lhs", "op", "rhs", "statistic", "df", "p", "expected_change"]


def modification_indices(fit: CfaFit) -> pd.DataFrame:
    """Test every loading and residual covariance that the model leaves out.

    Returns
    -------
    pandas.DataFrame
        Columns group, name, lhs, op, rhs, statistic (fall of chi-square to be expected,
        1 df), df, p, expected_change (value the parameter would take); the largest
        statistic first. For MLR and WLSMV the statistic is the plain, unscaled one.

    References
    ----------
    Sörbom (1989), doi:10.1007/BF02294623. Agrees with lavaan 0.6-14 `modindices` (ML).
    """
    extra = [row for group in range(len(fit.group_names)) for row in _left_out(fit, group)]
    found = _tests(fit, extra, np.arange(len(extra)) + len(fit.table.rows))
    return _listed(fit, extra, found)


def release_tests(fit: CfaFit, *, kinds: Collection[Constraint] = ()) -> pd.DataFrame:
    """Test, for each later group, every parameter that is held equal across groups.

    Parameters
    ----------
    fit : CfaFit
    kinds : collection of str
        Kinds of which fixed parameters count as well: equal intercepts and residual
        variances of ordered items are fixed in all groups.

    Returns
    -------
    pandas.DataFrame
        As of `modification_indices`; the expected change is that of the group's own
        value away from the shared one.
    """
    shared = np.bincount(fit.table.free[fit.table.free >= 0], minlength=fit.table.n_free)
    chosen = [
        k
        for k, (row, position) in enumerate(zip(fit.table.rows, fit.table.free, strict=True))
        if row.group > 0 and (row.kind in kinds if position < 0 else shared[position] > 1)
    ]
    rows = [fit.table.rows[k] for k in chosen]
    return _listed(fit, rows, _tests(fit, [], np.array(chosen, dtype=int)))


def named_tests(fit: CfaFit, names: Collection[str]) -> pd.DataFrame:
    """Test parameters by name, each freed from what it is fixed at or equal to.

    Parameters
    ----------
    fit : CfaFit
    names : collection of str

    Returns
    -------
    pandas.DataFrame
        As of `modification_indices`.
    """
    chosen = [k for k, row in enumerate(fit.table.rows) if row.name in names]
    rows = [fit.table.rows[k] for k in chosen]
    return _listed(fit, rows, _tests(fit, [], np.array(chosen, dtype=int)))


def _left_out(fit: CfaFit, group: int) -> list[Parameter]:
    present = {(row.lhs, row.op, row.rhs) for row in fit.table.rows if row.group == group}
    present |= {(rhs, op, lhs) for lhs, op, rhs in present if op == "~~"}
    loaded = [
        name for name, members in fit.model.factors.items() if set(members) & set(fit.table.items)
    ]
    loadings = [
        Parameter(factor, "=~", item, group, "loadings")
        for factor in loaded
        for item in fit.table.items
        if (factor, "=~", item) not in present
    ]
    covariances = [
        Parameter(first, "~~", second, group, "residual_covariances")
        for first, second in combinations(fit.table.items, 2)
        if (first, "~~", second) not in present
    ]
    return loadings + covariances


def _tests(fit: CfaFit, extra: Sequence[Parameter], chosen: IntArray) -> FloatArray:
    """Give the score statistic and expected change of every chosen row.

    All rows, old and new, become parameters of their own; the model's own parameters are
    sums over these.
    """
    rows = (*fit.table.rows, *extra)
    every = ParameterTable(
        rows,
        np.arange(len(rows)),
        np.zeros(len(rows)),
        fit.table.items,
        fit.table.factors,
        fit.table.n_groups,
    )
    values = np.concatenate([fit.table.values(fit.theta), np.zeros(len(extra))])
    problem = _with_table(fit.problem, every)
    _, gradient = problem.evaluate(values)
    information = problem.information(values)
    shared = np.zeros((len(rows), fit.table.n_free))
    is_free = np.flatnonzero(fit.table.free >= 0)
    shared[is_free, fit.table.free[is_free]] = 1
    own = shared.T @ information @ shared
    cross = information[chosen] @ shared
    explained = np.einsum("ck,kc->c", cross, np.linalg.solve(own, cross.T))
    total = information[chosen, chosen]
    remaining = total - explained
    has_information = remaining > _NO_INFORMATION * np.maximum(total, 1e-12)
    remaining = np.where(has_information, remaining, np.nan)
    slope = gradient[chosen]
    return np.column_stack([slope**2 / remaining, -slope / remaining])


def _with_table(
    problem: LikelihoodProblem | LeastSquaresProblem, table: ParameterTable
) -> LikelihoodProblem | LeastSquaresProblem:
    if isinstance(problem, LikelihoodProblem):
        return LikelihoodProblem(table, problem.groups, means=problem.means)
    return LeastSquaresProblem(table, problem.groups, problem.weights)


def _listed(fit: CfaFit, rows: Sequence[Parameter], found: FloatArray) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "group": [fit.group_names[row.group] for row in rows],
            "name": [row.name for row in rows],
            "lhs": [row.lhs for row in rows],
            "op": [row.op for row in rows],
            "rhs": [row.rhs for row in rows],
            "statistic": found[:, 0],
            "df": 1,
            "p": chdtrc(1.0, found[:, 0]),
            "expected_change": found[:, 1],
        },
        columns=_COLUMNS,
    )
    table = table.dropna(subset="statistic")
    return table.sort_values("statistic", ascending=False, ignore_index=True)
