"""What the sentences on how the study went say: responses, waves and the span of reliability."""

from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.results import Figure


@dataclass(frozen=True, slots=True)
class Conduct:
    """The numbers of the methods paragraph, written.

    Attributes
    ----------
    waves : tuple of str
        Each with its date where the study gives one.
    received, excluded, kept : Said
    reasons, roles : tuple of Said
        Numbers left out by reason, and analysed by role.
    bootstrap : str
        Samples behind the intervals of omega.
    alpha, omega : tuple of Said
        Lowest and highest reliability of the scales over roles and waves; empty if there is none.
    margins : tuple of str
        The questions that weights rest on.
    has_triads : bool
    """

    waves: tuple[str, ...]
    received: Said
    excluded: Said
    kept: Said
    reasons: tuple[Said, ...]
    roles: tuple[Said, ...]
    bootstrap: str
    alpha: tuple[Said, ...]
    omega: tuple[Said, ...]
    margins: tuple[str, ...]
    has_triads: bool


def conduct(material: Material) -> Conduct:
    """Gather the numbers of the methods paragraph."""
    figures = material.results.rows("flow")
    excluded = [figure for figure in figures if figure.group == "excluded"]
    kept = [figure for figure in figures if figure.group == "kept"]
    reasons = {f.term: material.named("reasons", f.term) for f in excluded}
    known = [role for role in [*material.roles, ""] if any(f.role == role for f in kept)]
    roles = {role: material.labels.role(role) for role in known}
    return Conduct(
        waves=tuple(_dated(material, wave) for wave in material.waves),
        received=_total(material, figures),
        excluded=_total(material, excluded),
        kept=_total(material, kept),
        reasons=_each(material, excluded, "term", reasons),
        roles=_each(material, kept, "role", roles),
        bootstrap=material.count(material.study.settings.plan.reliability.bootstrap),
        alpha=_span(material, "alpha"),
        omega=_span(material, "omega_total"),
        margins=_margins(material),
        has_triads=material.has_triads,
    )


def _margins(material: Material) -> tuple[str, ...]:
    weights = material.study.settings.plan.weights.values()
    names = (f"{each.role}.{question}" for each in weights for question in each.margins)
    return tuple(dict.fromkeys(material.labels.variable(name) for name in names))


def _dated(material: Material, wave: str) -> str:
    date = material.wave_date(wave)
    return wave + (material.word("dated", date=date) if date else "")


def _total(material: Material, figures: list[Figure], label: str = "") -> Said:
    total = material.count(sum(figure.estimate for figure in figures))
    return over(f"{label}: {total}" if label else total, "sum", figures)


def _each(
    material: Material, figures: list[Figure], key: str, names: dict[str, str]
) -> tuple[Said, ...]:
    return tuple(
        _total(material, [f for f in figures if getattr(f, key) == code], label)
        for code, label in names.items()
    )


def _span(material: Material, statistic: str) -> tuple[Said, ...]:
    found = [
        figure
        for wave in material.waves
        for figure in material.results.rows(f"reliability_{wave}", statistic=statistic, group="")
    ]
    return ends_of(material, found)


def ends_of(material: Material, figures: list[Figure], decimals: int = 2) -> tuple[Said, ...]:
    """Write the lowest and the highest of some numbers that cannot exceed 1; nothing of none."""
    found = sorted((f for f in figures if f.is_present), key=lambda figure: figure.estimate)
    return (
        tuple(
            Said(numbers.bounded(figure.estimate, material.language, decimals), figure.id)
            for figure in (found[0], found[-1])
        )
        if found
        else ()
    )
