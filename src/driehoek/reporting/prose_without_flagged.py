"""What the sentences on results without flagged responses say."""

import math
from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.without_flagged import pairs, result_in_words, turned_results

MOST = 5  # results named in a sentence; the tables hold all
KINDS = ("scores", "reliability", "correlations", "comparisons", "models")


@dataclass(frozen=True, slots=True)
class Kind:
    """What leaving flagged responses out does to one kind of result, written.

    Attributes
    ----------
    name, label : str
    compared : Said
        How many results are compared.
    changed : Said
        How many come out on another side of zero; "" where that says nothing.
    turned : tuple of str
        Names of the first of those among them that the tables show; a model names its last block
        alone.
    largest : Said
        The largest change; "" where there is none.
    where : str
        Of which result.
    is_in_errors : bool
        Whether the largest change is in standard errors.
    """

    name: str
    label: str
    compared: Said
    changed: Said
    turned: tuple[str, ...]
    largest: Said
    where: str
    is_in_errors: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison in words.

    Attributes
    ----------
    flags : tuple of str
        Flags that count, in words: those that some response carries.
    at_least : int
    left_out, total : Said
        Responses left out, and all; left_out is "" where a count is withheld.
    kinds : tuple of Kind
    """

    flags: tuple[str, ...]
    at_least: int
    left_out: Said
    total: Said
    kinds: tuple[Kind, ...]


def compared(material: Material) -> Compared | None:
    """Gather what the sentences say; None where the plan asks for no comparison."""
    plan = material.study.settings.plan.without_flagged
    if plan is None:
        return None
    counts = material.results.rows("without_flagged", statistic="left_out")
    total = sum(figure.n for figure in counts)
    gone = sum(figure.estimate for figure in counts)
    carried = {figure.term for figure in material.results.rows("quality", statistic="flagged")}
    flags = [flag for flag in plan.flags if flag in carried]
    return Compared(
        tuple(material.named("reasons", flag) for flag in flags),
        plan.at_least,
        Said("") if math.isnan(gone) else over(material.count(gone), "sum", counts),
        over(material.count(total), "sum", counts),
        tuple(kind for name in KINDS if (kind := _kind(material, name)) is not None),
    )


def _kind(material: Material, name: str) -> Kind | None:
    found = {f.statistic: f for f in material.results.rows("without_flagged", group=name)
             if f.id.startswith("without_flagged/summary/")}  # fmt: skip
    if "compared" not in found or not found["compared"].estimate:
        return None
    changed = found.get("verdict_changed")
    largest = found.get("largest_change") or found.get("largest_shift")
    return Kind(
        name,
        material.word(name).lower() if name != "models" else material.word("effects_of_models"),
        Said(material.count(found["compared"].estimate), found["compared"].id),
        Said(material.count(changed.estimate), changed.id) if changed else Said(""),
        tuple(dict.fromkeys(turned_results(material, name)))[:MOST] if changed else (),
        Said(numbers.decimal(largest.estimate, material.language), largest.id)
        if largest
        else Said(""),
        _where(material, largest) if largest else "",
        "largest_shift" in found,
    )


def _where(material: Material, largest: Figure) -> str:
    known = {pair.original: pair for pair in pairs(material)}
    return result_in_words(material, known[largest.term]) if largest.term in known else ""
