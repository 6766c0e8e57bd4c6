"""What the sentences on dropping out say."""

from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said
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
    variable : str
        On which score or number they differ most; "" where there were too few to compare.
    difference : Said
        How much they differ there.
    """

    role: str
    wave: str
    left: Said
    started: Said
    share: Said
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
    known = material.results.rows(
        "attrition", wave=left.wave, role=left.role, statistic="largest_g"
    )
    most = known[0] if known and known[0].is_present else None
    return Dropout(
        sentence_case(material.labels.role(left.role)),
        material.wave_within(left.wave),
        Said(material.count(left.estimate), left.id),
        Said(material.count(left.n), left.id),
        Said(numbers.percent(left.estimate / left.n, language), left.id),
        material.labels.variable(most.group) if most else "",
        _difference(material, most) if most else Said(""),
    )


def _difference(material: Material, g: Figure) -> Said:
    value = numbers.decimal(g.estimate, material.language)
    ends = numbers.interval(g.ci_low, g.ci_high, material.language)
    return Said(f"g = {value}, {ends}", g.id)
