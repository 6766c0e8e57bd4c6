"""The parameters of a factor model of ordered items."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import (
    Constraint,
    Parameter,
    ParameterTable,
    mean_rows,
    number_parameters,
    structure_rows,
)

Parameterisation = Literal["delta", "theta"]


def ordinal_table(
    model: FactorModel,
    n_thresholds: Sequence[int],
    n_groups: int,
    *,
    equal: Collection[Constraint] = (),
    released: Collection[str] = (),
    parameterisation: Parameterisation = "delta",
) -> ParameterTable:
    """List the parameters of a model of ordered items.

    The first group has latent responses with intercept 0 and unit scale (delta: standard
    deviation 1; theta: residual variance 1) and factor means 0. In a later group, equal
    thresholds free intercepts and scales of items with three or more categories;
    equal loadings free the factor variances; equal intercepts free the factor means.
    An item with two categories gets a free scale only when thresholds, loadings and
    intercepts are all equal.

    Parameters
    ----------
    model : FactorModel
    n_thresholds : sequence of int
        Of each item of the model.
    n_groups : int
    equal, released : collection of str
    parameterisation : {"delta", "theta"}

    Raises
    ------
    FactorModelError
        If residual variances are to be equal in the delta parameterisation, which has
        none, or intercepts without thresholds.

    References
    ----------
    Wu & Estabrook (2016), doi:10.1007/s11336-016-9506-0. Agrees with semTools 0.5-6
    `measEq.syntax(ID.cat = "Wu.Estabrook.2016")`.
    """
    _refuse_impossible(equal, parameterisation)
    rows: list[Parameter] = []
    for group in range(n_groups):
        rows += structure_rows(model, group, equal)
        for item, n in zip(model.items, n_thresholds, strict=True):
            rows += [Parameter(item, "|", f"t{t}", group, "thresholds") for t in range(1, n + 1)]
        for item, n in zip(model.items, n_thresholds, strict=True):
            rows += _location_and_scale(item, n, group, equal, released, parameterisation)
        rows += mean_rows(model, group, is_free=group > 0 and "intercepts" in equal)
    return number_parameters(model, rows, n_groups, equal=equal, released=released)


def _location_and_scale(
    item: str,
    n_thresholds: int,
    group: int,
    equal: Collection[Constraint],
    released: Collection[str],
    parameterisation: Parameterisation,
) -> Iterator[Parameter]:
    n_equal = sum(f"{item} | t{t}" not in released for t in range(1, n_thresholds + 1))
    is_held = group > 0 and "thresholds" in equal
    is_all_held = is_held and {"loadings", "intercepts"} <= set(equal)
    is_moved = is_all_held and n_equal == 1 and f"{item} ~1" in released
    has_location = (is_held and n_equal >= 2) or is_moved
    has_scale = (is_held and n_equal >= 2) or (is_all_held and n_equal == 1)
    yield Parameter(item, "~1", "", group, "intercepts", None if has_location else 0.0)
    op: Literal["~*~", "~~"] = "~*~" if parameterisation == "delta" else "~~"
    yield Parameter(item, op, item, group, "residuals", None if has_scale else 1.0)


def _refuse_impossible(equal: Collection[Constraint], parameterisation: Parameterisation) -> None:
    if "residuals" in equal and parameterisation == "delta":
        msg = (
            "Equal residual variances of ordered items need parameterisation='theta': the delta "
            "parameterisation has scales instead of residual variances."
        )
        raise FactorModelError(msg)
    if "intercepts" in equal and "thresholds" not in equal:
        msg = "Ordered items: equal intercepts have a meaning only with equal thresholds."
        raise FactorModelError(msg)
