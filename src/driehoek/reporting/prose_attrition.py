"""What the sentences on dropping out say."""

from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.results import Figure
from driehoek.reporting.wording import sentence_case


@dataclass(frozen=True, slots=True)
class Dropout:
    """What parts those who left from those who stayed, in one role and wave, written.

    Attributes
    ----------
    role, wave : str
    left, started, share : Said
        How many of the first wave are not in this one, and how many there were.
    compared : Said
        On how many scores and numbers they were compared.
    is_higher : bool
        Whether those who left lie higher on `variable`.
    variable : str
        Of the largest of the differences; "" where there were too few to compare.
    difference : Said
        How much they differ there.
    """

    role: str
    wave: str
    left: Said
    started: Said
    share: Said
    compared: Said
    is_higher: bool
    variable: str
    difference: Said


def dropouts(material: Material) -> list[Dropout]:
    """Gather what the sentences say of each role and later wave."""
    return [
        _dropout(material, left)
        for left in material.results.rows("participation", statistic="left")
        if left.n > 0
    ]


def _dropout(material: Material, left: Figure) -> Dropout:
    language = material.language
    keys = {"wave": left.wave, "role": left.role}
    known = material.results.rows("attrition", statistic="largest_g", **keys)
    compared = material.results.rows("attrition", statistic="g", **keys)
    most = known[0] if known and known[0].is_present else None
    return Dropout(
        sentence_case(material.labels.role(left.role)),
        material.wave_within(left.wave),
        Said(material.count(left.estimate), left.id),
        Said(material.count(left.n), left.id),
        Said(numbers.percent(left.estimate / left.n, language), left.id),
        over(material.count(sum(each.is_present for each in compared)), "rows", compared),
        most is not None and most.estimate > 0,
        material.labels.variable(most.group) if most else "",
        _difference(material, most) if most else Said(""),
    )


def _difference(material: Material, g: Figure) -> Said:
    value = numbers.decimal(g.estimate, material.language)
    ends = numbers.interval(g.ci_low, g.ci_high, material.language)
    return Said(f"g = {value}, {ends}", g.id)
