"""Logistic, ordinal, count and fractional models."""

from collections.abc import Iterator, Sequence

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_beside_one, decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.tables.estimates import Block, estimates_table

FITS = (
    "log_likelihood", "r2_mcfadden", "r2_tjur", "lr_change", "wald_change", "dispersion",
    "lr_poisson", "pearson_ratio", "brant",
)  # fmt: skip


def generalised_tables(material: Material, name: str, notes: Sequence[str]) -> list[Table]:
    """Tabulate coefficients with their ratios, and fit and tests."""
    plan = material.study.settings.plan.models[name]
    fit = estimates_table(
        material,
        f"model_{name}_fit",
        material.word("table_model_fit", title=material.labels.model(name)),
        _fit_blocks(material, name),
        (*_fit_notes(material, name), *notes[:1]),
    )
    ratio = "rate_ratio" if plan.kind == "count" else "odds_ratio"
    return [table for table in (_coefficients(material, name, ratio, notes), fit) if table.rows]


def _coefficients(material: Material, name: str, ratio: str, notes: Sequence[str]) -> Table:
    figures = [
        *material.results.rows("models", scale=name, statistic="b"),
        *material.results.rows("models", scale=name, statistic="threshold"),
    ]
    rows: list[Row] = []
    for group in dict.fromkeys(figure.group for figure in figures):
        if group:
            rows.append(Row(material.word("block", number=group.removeprefix("block_"))))
        rows += [
            Row(_term(material, f), _cells(material, f, ratio), 1)
            for f in figures
            if f.group == group
        ]
    level = material.word("ci", level=material.level)
    heads = ("b", material.word("se"), level, "p", material.word(ratio), level)
    return Table(
        f"model_{name}",
        material.word("table_model", title=material.labels.model(name)),
        material.word("term"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        tuple(notes),
        material.language,
    )


def _term(material: Material, figure: Figure) -> str:
    if figure.statistic == "threshold":
        return material.word("threshold", number=figure.term.removeprefix("threshold_"))
    return material.labels.term(figure.term) if figure.term else material.word("term")


def _cells(material: Material, b: Figure, ratio: str) -> tuple[Cell, ...]:
    digits = decimals_for(b.se)
    keys = {"wave": b.wave, "role": b.role, "scale": b.scale, "group": b.group, "term": b.term}
    found = material.results.one("models", ratio, **keys)
    beside = decimals_beside_one(found.estimate, found.ci_low, found.ci_high)
    return (
        estimate(b, "decimal", digits),
        number(b.se, b, "decimal", digits),
        ends(b, decimals=digits),
        number(b.p, b, "p"),
        estimate(found, "decimal", beside),
        ends(found, decimals=beside),
    )


def _fit_blocks(material: Material, name: str) -> Iterator[Block]:
    figures = [f for f in material.results.rows("models", scale=name) if f.statistic in FITS]
    for group in dict.fromkeys(figure.group for figure in figures):
        own = [f for f in figures if f.group == group]
        own.sort(key=lambda figure: FITS.index(figure.statistic))
        heading = material.word("block", number=group.removeprefix("block_"))
        yield heading, [(_named(material, figure), figure) for figure in own]


def _fit_notes(material: Material, name: str) -> Iterator[str]:
    yield material.word("note_generalised_fit")
    if material.results.rows("models", scale=name, statistic="brant"):
        yield material.word("note_brant")


def _named(material: Material, figure: Figure) -> str:
    label = material.named("generalised", figure.statistic)
    return f"{label}: {material.labels.term(figure.term)}" if figure.term else label
