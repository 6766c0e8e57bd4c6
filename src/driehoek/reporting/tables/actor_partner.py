"""Actor-partner models."""

from collections.abc import Sequence

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text

EFFECTS = tuple(
    f"f_{kind}{part}_equal" for kind in ("actor", "partner") for part in ("", "_between", "_within")
)
TESTS = (
    "lr_distinguishable", "lr_independent", "f_distinguishable", *EFFECTS, "f_spread_equal",
    "f_independent",
)  # fmt: skip


def actor_partner_tables(material: Material, name: str, notes: Sequence[str]) -> list[Table]:
    """Tabulate the effects on each member, and whether members differ and depend."""
    tests = _tests(material, name, notes)
    effects = _effects(material, name, notes)
    return [effects, tests] if tests.rows else [effects]


def _effects(material: Material, name: str, notes: Sequence[str]) -> Table:
    figures = material.results.rows("models", scale=name, statistic="b")
    rows: list[Row] = []
    for member in dict.fromkeys(figure.group for figure in figures):
        if member:
            rows.append(Row(material.labels.outcome(name, member)))
        rows += [
            Row(material.labels.effect(name, member, f.term), _cells(material, name, f), 1)
            for f in figures
            if f.group == member
        ]
    level = material.word("ci", level=material.level)
    heads = ["b", material.word("se"), material.word("df"), level, "p", "k", level]
    return Table(
        f"model_{name}",
        material.word("table_model", title=material.labels.model(name)),
        material.word("term"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (*notes, material.word("note_ratio")),
        material.language,
    )


def _cells(material: Material, name: str, b: Figure) -> tuple[Cell, ...]:
    digits = decimals_for(b.se)
    keys = {"wave": b.wave, "role": b.role, "group": b.group, "term": b.term}
    ratio = material.results.one("models", "k", scale=name, **keys)
    shown = (estimate(ratio), ends(ratio)) if ratio.id else (text(""), text(""))
    return (
        estimate(b, "decimal", digits),
        number(b.se, b, "decimal", digits),
        number(b.df, b, "decimal", 1),
        ends(b, decimals=digits),
        number(b.p, b, "p"),
        *shown,
    )


def _tests(material: Material, name: str, notes: Sequence[str]) -> Table:
    rows = []
    for statistic in TESTS:
        for figure in material.results.rows("models", scale=name, statistic=statistic):
            below = material.results.rows("models", scale=name, statistic=f"{statistic}_df2")
            df = number(figure.df, figure, "count")
            if below:
                df = Cell("df_pair", (figure.df, below[0].estimate), "", below[0].id, "")
            symbol = text("F" if below else "χ²")
            cells = (symbol, estimate(figure), df, number(figure.p, figure, "p"))
            rows.append(Row(material.named("tests", statistic), cells))
    heads = (*(material.word(key) for key in ("test_statistic", "value", "df")), "p")
    return Table(
        f"model_{name}_tests",
        material.word("table_members", title=material.labels.model(name)),
        material.word("test"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        tuple(notes[:2]),
        material.language,
    )
