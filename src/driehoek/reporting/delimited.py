"""Tables as CSV: the numbers behind each cell at full precision."""

import csv
import io
import math

from driehoek.files import inert
from driehoek.reporting.table import Table

BETWEEN = " / "
PARTS = {
    "share": ("", "n"),
    "interval": ("low", "high"),
    "bounded_interval": ("low", "high"),
    "bounded_with_interval": ("", "low", "high"),
    "with_interval": ("", "low", "high"),
    "mean_sd": ("", "sd"),
    "df_pair": ("1", "2"),
}


def table_csv(table: Table) -> str:
    """Give a table as CSV text: the rows' headings in a column, one column a number."""
    parts = columns_of(table)
    header = ["heading", table.stub or "label"]
    for column, names in zip(table.columns, parts, strict=True):
        label = f"{column.spanner}: {column.label}" if column.spanner else column.label
        header += [f"{label} {name}".strip() for name in names]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([inert(label) for label in header])
    heading = ""
    for row in table.rows:
        if row.is_heading:
            heading = row.label
            continue
        values = [
            value
            for cell, names in zip(row.cells, parts, strict=True)
            for value in _padded(cell.values, len(names), cell.text)
        ]
        writer.writerow([inert(heading), inert(row.label), *values])
    return stream.getvalue()


def columns_of(table: Table) -> list[tuple[str, ...]]:
    """Give, for each column, the names of the numbers that stand in it; the first has none."""
    return [_parts(table, place) for place in range(len(table.columns))]


def _parts(table: Table, place: int) -> tuple[str, ...]:
    styles = {row.cells[place].style for row in table.rows if row.cells} - {"text"}
    found = [PARTS.get(style, ("",)) for style in sorted(styles)] or [("",)]
    width = max(len(names) for names in found)
    # A count and its n may share a column with a mean and its SD.
    together = zip(*dict.fromkeys(names for names in found if len(names) == width), strict=True)
    return tuple(BETWEEN.join(dict.fromkeys(names)) for names in together)


def _padded(values: tuple[float, ...], width: int, words: str) -> list[str]:
    found = ["" if math.isnan(value) else repr(float(value)) for value in values]
    first = [inert(words)] if words and not found else found
    return [*first, *[""] * (width - len(first))]
