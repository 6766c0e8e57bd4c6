"""Tables of estimates with their intervals, whatever the model."""

from collections.abc import Iterable, Sequence

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import KEYS, Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number

Block = tuple[str, Sequence[tuple[str, Figure]]]


def estimates_table(
    material: Material,
    name: str,
    title: str,
    blocks: Iterable[Block],
    notes: Sequence[str],
    stub: str = "",
) -> Table:
    """Tabulate figures one a row: estimate, standard error, df, interval and p.

    Parameters
    ----------
    material : Material
    name, title, stub : str
        Of the table; `stub` heads its row labels.
    blocks : iterable of (heading, rows)
        Rows are a label and its figure; a block without rows is left out, an empty heading too.
    notes : sequence of str
    """
    rows: list[Row] = []
    for heading, figures in blocks:
        if heading and figures:
            rows.append(Row(heading))
        rows += [
            Row(label, _with_pair(material, each), int(bool(heading))) for label, each in figures
        ]
    level = material.word("ci", level=material.level)
    heads = (material.word("estimate"), material.word("se"), material.word("df"), level, "p")
    return Table(
        name, title, stub, tuple(Column(head) for head in heads), tuple(rows), tuple(notes),
        material.language,
    )  # fmt: skip


def _with_pair(material: Material, figure: Figure) -> tuple[Cell, ...]:
    """Show an estimate; of an F both degrees of freedom."""
    keys = {key: getattr(figure, key) for key in KEYS if key != "statistic"}
    below = material.results.one(figure.file, f"{figure.statistic}_df2", **keys)
    cells = estimate_cells(figure)
    if not below.is_present:
        return cells
    both = Cell("df_pair", (figure.df, below.estimate), "", below.id, "")
    return (*cells[:2], both, *cells[3:])


def estimate_cells(figure: Figure) -> tuple[Cell, ...]:
    """Show an estimate with its standard error, df, interval and p."""
    digits = 2 if figure.se != figure.se else decimals_for(figure.se)
    return (
        estimate(figure, "decimal", digits),
        number(figure.se, figure, "decimal", digits),
        number(figure.df, figure, "decimal", 1),
        ends(figure, decimals=digits),
        number(figure.p, figure, "p"),
    )
