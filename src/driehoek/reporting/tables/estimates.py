"""Tables of estimates with their intervals, whatever the model."""

import math
from collections.abc import Iterable, Sequence

from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import KEYS, NONE, Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number

# What cannot exceed 1.
BOUNDED = {
    "omega2", "epsilon2", "kendall_w", "cramers_v", "rank_biserial", "r2", "difference_r2",
    "r2_mcfadden", "r2_tjur",
}  # fmt: skip
RANKS = {"u", "w"}  # sums of ranks: halves at most
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
        Of the table; `stub` heads its row labels, "part" where there is no better word.
    blocks : iterable of (heading, rows)
        Rows are a label and its figure; a block without rows is left out, an empty heading too.
    notes : sequence of str
    """
    rows: list[Row] = []
    for heading, figures in blocks:
        if heading and figures:
            rows.append(Row(heading))
        rows += [
            Row(label, estimate_cells(each, _below(material, each)), int(bool(heading)))
            for label, each in figures
        ]
    level = material.word("ci", level=material.level)
    heads = (material.word("estimate"), material.word("se"), material.word("df"), level, "p")
    table = Table(
        name,
        title,
        stub or material.word("component"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        tuple(notes),
        material.language,
    )
    return table.without_empty_columns()


def estimate_cells(figure: Figure, below: Figure = NONE) -> tuple[Cell, ...]:
    """Show an estimate with its standard error, df (of an F both), interval and p."""
    digits = 2 if figure.se != figure.se else decimals_for(figure.se)
    is_bounded = figure.statistic in BOUNDED
    digits = 1 if figure.statistic in RANKS else digits
    return (
        estimate(figure, "bounded" if is_bounded else "decimal", digits),
        number(figure.se, figure, "decimal", digits),
        df_cell(figure, below),
        ends(figure, is_bounded=is_bounded, decimals=digits),
        number(figure.p, figure, "p"),
    )


def df_cell(figure: Figure, below: Figure = NONE) -> Cell:
    """Show degrees of freedom: whole where they are whole, of an F both."""
    if below.is_present:
        return Cell("df_pair", (figure.df, below.estimate), "", below.id, "")
    is_whole = math.isnan(figure.df) or math.isinf(figure.df) or figure.df == int(figure.df)
    return number(figure.df, figure, "decimal", 0 if is_whole else 1)


def _below(material: Material, figure: Figure) -> Figure:
    """Give the second degrees of freedom of an F."""
    keys = {key: getattr(figure, key) for key in KEYS if key != "statistic"}
    return material.results.one(figure.file, f"{figure.statistic}_df2", **keys)
