"""Which choices of an analysis matter to an effect."""

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, estimate

OVERALL = ("specifications", "estimated", "not_shown", "median", "least", "greatest")
COUNTS = {"specifications", "estimated", "not_shown"}
SHARES = ("share_above_zero", "share_excluding_zero")


def multiverse_table(material: Material, name: str) -> Table:
    """Tabulate what the specifications come to, and the share of variance of each choice."""
    digits = _digits(material, name)
    rows = [
        Row(material.word(f"multiverse_{f.statistic}"), (_cell(f, digits),))
        for statistic in (*OVERALL, *SHARES)
        for f in material.results.rows("multiverse", scale=name, statistic=statistic)
    ]
    rows.append(Row(material.word("multiverse_eta2")))
    rows += [
        Row(material.word(f"multiverse_{f.term}"), (estimate(f, "bounded"),), 1)
        for f in material.results.rows("multiverse", scale=name, statistic="eta2")
    ]
    return Table(
        f"multiverse_{name}",
        material.word("table_multiverse", title=multiverse_title(material, name)),
        material.word("component"),
        (Column(material.word("estimate")),),
        tuple(rows),
        (material.word("note_multiverse"), material.withheld_note),
        material.language,
    )


def multiverse_title(material: Material, name: str) -> str:
    """Name a multiverse, and the effect that it follows."""
    plan = material.study.settings.multiverse[name]
    title = material.labels.of(plan.title)
    return title or f"{material.labels.term(plan.term)} → {material.labels.model(plan.model)}"


def _digits(material: Material, name: str) -> int:
    """Give the decimals at which the least and the greatest coefficient tell their spread."""
    ends = [
        f.estimate
        for statistic in ("least", "greatest")
        for f in material.results.rows("multiverse", scale=name, statistic=statistic)
    ]
    return decimals_for(max(ends) - min(ends)) if len(ends) > 1 else 2


def _cell(figure: Figure, digits: int) -> Cell:
    if figure.statistic in SHARES:
        return Cell("percent", (figure.estimate,), "", figure.id, figure.reason)
    is_count = figure.statistic in COUNTS
    return estimate(figure, "count" if is_count else "decimal", digits)
