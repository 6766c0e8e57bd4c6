"""The factor model of a scale that a plan asks for."""

from collections.abc import Mapping, Sequence

from driehoek.analysis import factors
from driehoek.plan.measurement import StructurePlan
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.model import FactorModel

GENERAL, REVERSED = "general", "reversed"
FEWEST_FACTORS = 3
FEWEST_REVERSED = 3


def planned_model(
    named: Mapping[str, Sequence[str]], reversed_items: Sequence[str], plan: StructurePlan
) -> FactorModel:
    """Lay out the model: facets or what lies behind them, and a factor of reversed items.

    Parameters
    ----------
    named : mapping of str to sequence of str
        Factors of the scale with their items; one factor where it has no facets.
    reversed_items : sequence of str
        Items that were turned round.
    plan : StructurePlan

    Raises
    ------
    NotEstimableError
        If the scale cannot identify the model; the message says why.

    References
    ----------
    A factor of reversed items (correlated trait, one method): Marsh (1996),
    doi:10.1037/0022-3514.70.4.810.
    """
    items = [item for members in named.values() for item in members]
    layers = {name: list(members) for name, members in named.items()}
    if plan.model == "one_factor" and len(layers) > 1:
        layers = {GENERAL: items}
    elif plan.model in {"second_order", "bifactor"}:
        _refuse_few_factors(named)
        general = {GENERAL: items if plan.model == "bifactor" else list(named)}
        layers = {**layers, **general}
    apart: list[tuple[str, str]] = []
    if plan.method_factor:
        _refuse_few_reversed(items, reversed_items)
        tops = FactorModel(layers).top_factors
        layers = {**layers, REVERSED: list(reversed_items)}
        apart = [(name, REVERSED) for name in tops]
    is_bifactor = plan.model == "bifactor"
    return FactorModel(
        layers,
        scaling="variance" if is_bifactor else "marker",
        orthogonal=is_bifactor,
        uncorrelated=() if is_bifactor else apart,
    )


def model_in_words(named: Mapping[str, Sequence[str]], plan: StructurePlan) -> str:
    """Name the model, for the method of a statistic."""
    kind = {
        "facets": factors.number_of_factors(named),
        "one_factor": "one factor",
        "second_order": f"second-order factor of {len(named)} factors",
        "bifactor": f"bifactor, general and {len(named)} factors",
    }[plan.model]
    return f"{kind}, factor of reversed items" if plan.method_factor else kind


def _refuse_few_factors(named: Mapping[str, Sequence[str]]) -> None:
    if len(named) < FEWEST_FACTORS:
        msg = (
            f"{len(named)} factors: a general factor behind them needs {FEWEST_FACTORS} facets of "
            "two items or more"
        )
        raise NotEstimableError(msg)


def _refuse_few_reversed(items: Sequence[str], reversed_items: Sequence[str]) -> None:
    n = len(reversed_items)
    if n < FEWEST_REVERSED or n > len(items) - 2:
        msg = (
            f"{n} reversed of {len(items)} items: a factor of reversed items needs "
            f"{FEWEST_REVERSED} of them beside two others"
        )
        raise NotEstimableError(msg)
