"""The parameters of a factor model in one or several groups: free, fixed or held equal."""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray

Operator = Literal["=~", "~~", "~1", "|", "~*~"]
Constraint = Literal[
    "thresholds",
    "loadings",
    "intercepts",
    "residuals",
    "residual_covariances",
    "factor_variances",
    "factor_covariances",
    "factor_means",
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of a model matrix in one group.

    Attributes
    ----------
    lhs, op, rhs : str
        As lavaan writes them: ``=~`` loading, ``~~`` (co)variance, ``~1`` intercept or
        factor mean, ``|`` threshold, ``~*~`` scale of a latent response.
    group : int
        Position of the group.
    kind : str
        The constraint that would hold it equal across groups.
    value : float or None
        The value it is fixed at; None if it is estimated.
    """

    lhs: str
    op: Operator
    rhs: str
    group: int
    kind: Constraint
    value: float | None = None

    @property
    def name(self) -> str:
        """Name of the parameter, the same in every group."""
        return f"{self.lhs} {self.op} {self.rhs}".rstrip().replace("~1 ", "~1")


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """All parameters of a model and which of them are one and the same.

    Attributes
    ----------
    rows : tuple of Parameter
    free : numpy.ndarray, shape (rows,)
        Position among the free parameters, -1 where fixed; equal parameters share it.
    fixed_values : numpy.ndarray, shape (rows,)
        0 where free.
    items, factors : tuple of str
    n_groups : int
    """

    rows: tuple[Parameter, ...]
    free: IntArray
    fixed_values: FloatArray
    items: tuple[str, ...]
    factors: tuple[str, ...]
    n_groups: int

    @property
    def n_free(self) -> int:
        """Number of different free parameters."""
        return int(self.free.max(initial=-1)) + 1

    def values(self, theta: FloatArray) -> FloatArray:
        """Give the value of every row for free parameters `theta`."""
        return np.asarray(
            np.where(self.free >= 0, theta[np.maximum(self.free, 0)], self.fixed_values)
        )

    def free_names(self) -> list[str]:
        """Name every free parameter, with the group where groups differ."""
        names = [""] * self.n_free
        shared = np.bincount(self.free[self.free >= 0], minlength=self.n_free)
        for row, position in zip(self.rows, self.free, strict=True):
            if position >= 0 and not names[position]:
                alone = self.n_groups > 1 and shared[position] < self.n_groups
                names[position] = f"{row.name} (group {row.group + 1})" if alone else row.name
        return names


def continuous_table(
    model: FactorModel,
    n_groups: int,
    *,
    means: bool,
    equal: Collection[Constraint] = (),
    released: Collection[str] = (),
) -> ParameterTable:
    """List the parameters of a model of measured variables.

    Parameters
    ----------
    model : FactorModel
    n_groups : int
    means : bool
        Whether intercepts are part of the model.
    equal : collection of str
        Kinds of parameters held equal across groups. Equal loadings free the factor
        variances of the later groups, equal intercepts their factor means.
    released : collection of str
        Names of parameters left free across groups all the same.
    """
    rows: list[Parameter] = []
    for group in range(n_groups):
        rows += structure_rows(model, group, equal)
        rows += [Parameter(item, "~~", item, group, "residuals") for item in model.items]
        if means:
            rows += [Parameter(item, "~1", "", group, "intercepts") for item in model.items]
            rows += mean_rows(model, group, is_free=group > 0 and "intercepts" in equal)
    return number_parameters(model, rows, n_groups, equal=equal, released=released)


def structure_rows(
    model: FactorModel, group: int, equal: Collection[Constraint]
) -> Iterator[Parameter]:
    """List loadings, residual covariances and factor (co)variances of one group."""
    by_variance = model.scaling == "variance"
    for factor, members in model.factors.items():
        for position, indicator in enumerate(members):
            fixed = 1.0 if position == 0 and not by_variance else None
            yield Parameter(factor, "=~", indicator, group, "loadings", fixed)
    for first, second in model.residual_covariances:
        yield Parameter(first, "~~", second, group, "residual_covariances")
    has_unit = by_variance and not (group > 0 and "loadings" in equal)
    for factor in model.factors:
        unit = 1.0 if has_unit else None
        yield Parameter(factor, "~~", factor, group, "factor_variances", unit)
    for first, second in combinations(model.top_factors, 2):
        zero = None if model.is_correlated(first, second) else 0.0
        yield Parameter(first, "~~", second, group, "factor_covariances", zero)


def mean_rows(model: FactorModel, group: int, *, is_free: bool) -> Iterator[Parameter]:
    """List the means of the top factors of one group."""
    for factor in model.top_factors:
        yield Parameter(factor, "~1", "", group, "factor_means", None if is_free else 0.0)


def number_parameters(
    model: FactorModel,
    rows: Iterable[Parameter],
    n_groups: int,
    *,
    equal: Collection[Constraint],
    released: Collection[str],
) -> ParameterTable:
    """Give every free parameter a number, the same one to parameters held equal.

    A parameter held equal across groups takes over what the first group has, be it a
    number shared or a fixed value.
    """
    rows = tuple(rows)
    _refuse_unknown_names(model, rows, released)
    estimated = set(model.estimated)
    together = {name: names[0] for names in model.equal for name in names}
    first_values = {row.name: row.value for row in rows if row.group == 0}
    numbers: dict[Hashable, int] = {}
    free = np.full(len(rows), -1)
    fixed = np.zeros(len(rows))
    for position, row in enumerate(rows):
        across = row.kind in equal and row.name not in released
        value = first_values[row.name] if across else row.value
        value = None if row.name in estimated else model.fixed.get(row.name, value)
        if value is None:
            key = (together.get(row.name, row.name), 0 if across else row.group)
            free[position] = numbers.setdefault(key, len(numbers))
        else:
            fixed[position] = value
    return ParameterTable(rows, free, fixed, model.items, tuple(model.factors), n_groups)


def _refuse_unknown_names(
    model: FactorModel, rows: tuple[Parameter, ...], released: Collection[str]
) -> None:
    known = {row.name for row in rows}
    named = [
        *(name for names in model.equal for name in names),
        *model.fixed,
        *model.estimated,
        *released,
    ]
    unknown = [name for name in dict.fromkeys(named) if name not in known]
    if unknown:
        msg = (
            f"The model has no parameter {', '.join(map(repr, unknown))}. "
            f"Names look like {rows[0].name!r}."
        )
        raise FactorModelError(msg)
