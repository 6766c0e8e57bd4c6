"""Response surfaces and curves of a bipolar score."""

from collections.abc import Iterator, Sequence

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import percent
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Table
from driehoek.reporting.tables.estimates import Block, estimates_table

SHARES = ("share_first_higher", "share_agree", "share_second_higher")
FEATURES = (
    "a1", "a2", "a3", "a4", "a5", "x0", "y0", "p10", "p11", "p20", "p21", "turning_point",
    "slope_low", "slope_high", "u_shape", "wald_polynomial", "wald_curved", "r2",
)  # fmt: skip
DIFFERENCE = ("difference_b", "difference_r2", "wald_difference")


def surface_tables(material: Material, name: str, notes: Sequence[str]) -> list[Table]:
    """Tabulate the coefficients, and the shape of the surface."""
    title = material.labels.model(name)
    coefficients = estimates_table(
        material,
        f"model_{name}",
        material.word("table_model", title=title),
        [("", [(_term(material, f), f) for f in _rows(material, name, "b")])],
        (*_shares(material, name), *notes),
        material.word("term"),
    )
    shape = estimates_table(
        material,
        f"model_{name}_fit",
        material.word("table_surface", title=title),
        _blocks(material, name),
        (material.word("note_surface_fit"), *notes[:1]),
    )
    return [table for table in (coefficients, shape) if table.rows]


def _rows(material: Material, name: str, statistic: str) -> list[Figure]:
    return material.results.rows("models", scale=name, statistic=statistic)


def _term(material: Material, figure: Figure) -> str:
    return material.labels.term(figure.term) if figure.term else material.word("term")


def _blocks(material: Material, name: str) -> Iterator[Block]:
    for heading, statistics in (("", FEATURES), (material.word("difference_score"), DIFFERENCE)):
        yield (
            heading,
            [
                (material.named("surface", statistic), figure)
                for statistic in statistics
                for figure in _rows(material, name, statistic)
            ],
        )


def _shares(material: Material, name: str) -> list[str]:
    """Say how many differ, before anything else is read from a surface."""
    found = [figure for each in SHARES for figure in _rows(material, name, each)]
    if len(found) < len(SHARES) or not all(figure.is_present for figure in found):
        return []
    first, agree, second = (percent(f.estimate, material.language) for f in found)
    plan = material.study.settings.plan.models[name]
    names = [material.labels.variable(each) for block in plan.terms for each in block][:2]
    return [
        material.word(
            "note_shares", first=first, agree=agree, second=second, x=names[0], y=names[1]
        )
    ]
