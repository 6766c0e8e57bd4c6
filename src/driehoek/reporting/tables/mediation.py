"""Mediation: effects with three kinds of interval, and paths."""

from collections.abc import Iterator, Sequence

from driehoek.reporting.headlines import EFFECTS, effect_name
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import bounded, decimal, decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.tables.estimates import Block, estimates_table

METHODS = ("percentile", "bca", "monte_carlo")


def mediation_tables(material: Material, name: str, notes: Sequence[str]) -> list[Table]:
    """Tabulate effects, then the paths of each equation."""
    title = material.labels.model(name)
    paths = estimates_table(
        material,
        f"model_{name}_paths",
        material.word("table_paths", title=title),
        _paths(material, name),
        (material.unit_word("note_paths"), *notes[:1]),
        material.word("term"),
    )
    return [table for table in (_effects(material, name, notes), paths) if table.rows]


def _rows(material: Material, name: str, statistic: str) -> list[Figure]:
    return material.results.rows("models", scale=name, statistic=statistic)


def _effects(material: Material, name: str, notes: Sequence[str]) -> Table:
    rows = []
    for statistic in EFFECTS:
        found = _rows(material, name, statistic)
        for term, group in dict.fromkeys((figure.term, figure.group) for figure in found):
            own = {f.method: f for f in found if (f.term, f.group) == (term, group)}
            label = effect_name(material, next(iter(own.values())))
            rows.append(Row(label, _cells([own[each] for each in METHODS if each in own])))
    level = material.word("ci", level=material.level)
    heads = [Column(material.word("estimate")), Column(material.word("se"))]
    heads += [Column(level, material.word(f"interval_{method}")) for method in METHODS]
    return Table(
        f"model_{name}",
        material.word("table_effects", title=material.labels.model(name)),
        material.word("effect_path"),
        tuple(heads),
        tuple(rows),
        (*notes, *_sensitivity(material, name)),
        material.language,
    )


def _cells(figures: Sequence[Figure]) -> tuple[Cell, ...]:
    first = figures[0]
    digits = decimals_for(figures[-1].se)
    shown = [ends(figure, decimals=digits) for figure in figures]
    while len(shown) < len(METHODS):
        shown.insert(1, ends(first, decimals=digits))
    return (
        estimate(first, "decimal", digits),
        number(first.se, first, "decimal", digits),
        *shown,
    )


def _paths(material: Material, name: str) -> Iterator[Block]:
    figures = _rows(material, name, "b")
    for equation in dict.fromkeys(figure.group for figure in figures):
        is_total = equation == "total"
        outcome = material.word("total_equation") if is_total else material.labels.term(equation)
        heading = material.word("equation", outcome=outcome) if equation else ""
        own = [f for f in figures if f.group == equation]
        yield heading, [(_term(material, figure), figure) for figure in own]


def _term(material: Material, figure: Figure) -> str:
    return material.labels.term(figure.term) if figure.term else material.word("term")


def _sensitivity(material: Material, name: str) -> list[str]:
    rho, r2 = (_rows(material, name, each) for each in ("rho_zero", "r2_zero"))
    if not rho or not rho[0].is_present or not r2:
        return []
    written = bounded(rho[0].estimate, material.language)
    share = decimal(r2[0].estimate, material.language)
    return [material.word("note_sensitivity", rho=written, r2=share)]
