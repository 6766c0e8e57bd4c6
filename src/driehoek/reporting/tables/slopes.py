"""Simple slopes of an interaction."""

import re

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimal, decimals_for, percent
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number

_GROUP = re.compile(r"(?P<over>[^\[]+)\[(?P<at>[^\]]*)\]")
AT = ("low", "mean", "high")


def slope_table(material: Material, name: str) -> Table:
    """Tabulate the slopes that a model was asked for; without rows where there are none."""
    figures = material.results.rows("models", scale=name, statistic="slope")
    rows: list[Row] = []
    for term in dict.fromkeys(figure.term for figure in figures):
        rows.append(Row(material.word("slope_of", term=material.labels.term(term))))
        rows += [Row(_at(material, name, f), _cells(f), 1) for f in figures if f.term == term]
    level = material.word("ci", level=material.level)
    heads = ("b", material.word("se"), material.word("df"), level, "p")
    return Table(
        f"model_{name}_slopes",
        material.word("table_slopes", title=material.labels.model(name)),
        material.word("at_value"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_slopes"), *_regions(material, name)),
        material.language,
    )


def _cells(figure: Figure) -> tuple[Cell, ...]:
    digits = decimals_for(figure.se)
    return (
        estimate(figure, "decimal", digits),
        number(figure.se, figure, "decimal", digits),
        number(figure.df, figure, "decimal", 1),
        ends(figure, decimals=digits),
        number(figure.p, figure, "p"),
    )


def _at(material: Material, name: str, figure: Figure) -> str:
    match = _GROUP.fullmatch(figure.group)
    if match is None:
        return material.labels.term(figure.group)
    if match["at"] not in AT:
        return material.labels.term(figure.group)
    found = material.results.rows(
        "models", scale=name, statistic="slope_at", group=figure.group, term=figure.term
    )
    value = decimal(found[0].estimate, material.language) if found else ""
    at = material.word(f"at_{match['at']}")
    return f"{material.labels.term(match['over'])}: {at} ({value})"


def _regions(material: Material, name: str) -> list[str]:
    """Say for which values of a moderator a slope differs from zero."""
    said = []
    for share in material.results.rows("models", scale=name, statistic="jn_share"):
        if not share.is_present:
            continue
        bounds = [
            decimal(f.estimate, material.language)
            for place in (1, 2)
            for f in material.results.rows(
                "models", scale=name, statistic=f"jn_bound_{place}", group=share.group,
                term=share.term,
            )
        ]  # fmt: skip
        words = material.word(
            "note_region" if bounds else "note_region_whole",
            term=material.labels.term(share.term),
            over=material.labels.term(share.group),
            bounds=f" {material.word('and')} ".join(bounds),
            share=percent(share.estimate, material.language),
        )
        said.append(words)
    return said
