"""What the sentences on dropping out say."""

from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.wording import sentence_case


@dataclass(frozen=True, slots=True)
class Dropout:
    """What parts those who left from those who stayed, in one role and wave, written.

    Attributes
    ----------
    role, wave : str
    left, started : str
        How many of the first wave are not in this one, and how many there were.
    share : str
    variable, g, interval : str
        On which score or number they differ most; "" where there were too few to compare.
    id : str
        Of the largest difference.
    """

    role: str
    wave: str
    left: str
    started: str
    share: str
    variable: str
    g: str
    interval: str
    id: str


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
        material.count(left.estimate),
        material.count(left.n),
        numbers.percent(left.estimate / left.n, language),
        material.labels.variable(most.group) if most else "",
        numbers.decimal(most.estimate, language) if most else "",
        numbers.interval(most.ci_low, most.ci_high, language) if most else "",
        most.id if most else "",
    )
