"""Dimensionality of the items, and reliability and distinctness of the factors."""

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, estimate, number, text
from driehoek.reporting.tables.structure import compared_label, factor_label, ladder_title
from driehoek.reporting.wording import listed, sentence_case

KEYS = ("wave", "role", "about", "scale")


def _correlations(material: Material) -> str:
    """Name the correlations that parallel analysis took."""
    found = material.results.rows("structure", statistic="components_parallel")
    kinds = dict.fromkeys(figure.method.partition(",")[0].lower() for figure in found)
    words = [material.word(f"correlations_{kind}") for kind in kinds if kind]
    return listed(words, material.language)


def dimensionality_table(material: Material) -> Table:
    """Tabulate whether factoring makes sense and how many components there are."""
    rows: list[Row] = []
    for figure in material.results.rows("structure", statistic="components_parallel"):
        keys = {key: getattr(figure, key) for key in KEYS}
        one = material.results.one
        bartlett = one("structure", "bartlett", **keys)
        cells = (
            estimate(one("structure", "kmo", **keys), "bounded"),
            number(bartlett.p, bartlett, "p"),
            estimate(figure, "count"),
            estimate(one("structure", "components_map", **keys), "count"),
            estimate(one("structure", "n_factors", **keys), "count"),
        )
        rows += _headed(material, figure, cells, rows)
    named = ("kmo", "bartlett_p", "components_parallel", "components_map", "n_factors")
    return Table(
        "dimensionality",
        material.word("table_dimensionality"),
        material.word("scale"),
        tuple(Column(material.word(key)) for key in named),
        tuple(rows),
        (
            material.word("note_dimensionality", correlations=_correlations(material)),
            material.withheld_note,
        ),
        material.language,
    )


def validity_table(material: Material) -> Table:
    """Tabulate composite reliability and variance extracted of factors, HTMT of pairs."""
    rows: list[Row] = []
    for figure in material.results.rows("structure", statistic="ave"):
        keys = {key: getattr(figure, key) for key in KEYS}
        whole = material.results.one(
            "structure", "composite_reliability", group=figure.group, **keys
        )
        factor = factor_label(material, figure.scale, figure.group)
        cells = (estimate(whole, "bounded"), estimate(figure, "bounded"), text(""))
        rows += _headed(material, figure, cells, rows, factor)
        pairs = material.results.rows("structure", statistic="htmt", group=figure.group, **keys)
        for pair in pairs:
            other = factor_label(material, figure.scale, pair.term)
            cells = (text(""), text(""), estimate(pair, "bounded"))
            rows += _headed(material, pair, cells, rows, f"{factor} × {other}")
    named = ("composite_reliability", "ave", "htmt")
    return Table(
        "factor_validity",
        material.word("table_validity"),
        material.word("scale"),
        tuple(Column(material.word(key)) for key in named),
        tuple(rows),
        (material.word("note_validity"), material.withheld_note),
        material.language,
    )


def bias_table(material: Material, name: str) -> Table:
    """Tabulate how far groups' answers to each item lie apart at equal factor values."""
    found = material.results.rows("invariance", scale=name, statistic="dmacs")
    groups = list(dict.fromkeys(figure.group for figure in found))
    cells: dict[str, dict[str, Cell]] = {}
    for figure in found:
        cells.setdefault(figure.term, {})[figure.group] = estimate(figure)
    rows = [
        Row(material.labels.compared_item(item), tuple(of[group] for group in groups))
        for item, of in cells.items()
    ]
    return Table(
        f"invariance_{name}_items",
        material.word("table_bias", title=ladder_title(material, name)),
        material.word("item"),
        tuple(Column(sentence_case(compared_label(material, name, group))) for group in groups),
        tuple(rows),
        (material.word("note_bias"), material.withheld_note),
        material.language,
    )


def _headed(
    material: Material, figure: Figure, cells: tuple[Cell, ...], before: list[Row], label: str = ""
) -> list[Row]:
    """Give a row, under the name of its scale (and its relation, where it has a label)."""
    relation = sentence_case(material.labels.relation(figure.role, figure.about))
    scale = material.labels.scale(figure.scale)
    heading = Row(f"{scale}: {relation}" if label else scale)
    return [*([] if heading in before else [heading]), Row(label or relation, cells, 1)]
