"""Every number of a report with the row of statistics and the rule behind it, as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from driehoek.files import inert
from driehoek.reporting.document import (
    Block,
    Bullets,
    Document,
    Folded,
    Paragraph,
    Pictured,
    Tabulated,
)
from driehoek.reporting.origin import file_of
from driehoek.reporting.table import Table

COLUMNS = ("section", "place", "row", "column", "shown", "id", "file", "rule")
TEXT = "text"

Stated = tuple[str, str, str, str, str]


def numbers_csv(document: Document) -> str:
    """List the numbers of the text and the tables, and the rows behind each figure, in order.

    ``place`` is ``text``, or the name of a table or figure; ``row`` and ``column`` say where in a
    table; ``shown`` is the number as a reader sees it, empty for a figure.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for section in document.sections:
        for *where, name in _stated(section.blocks):
            file = file_of(name)
            words = [section.anchor, *(inert(each) for each in where)]
            writer.writerow([*words, name, f"statistics/{file}.csv", document.rules.get(file, "")])
    return stream.getvalue()


def _stated(blocks: Iterable[Block]) -> Iterator[Stated]:
    for block in blocks:
        match block:
            case Paragraph() | Bullets():
                lines = [block.runs] if isinstance(block, Paragraph) else block.points
                yield from ((TEXT, "", "", r.text, r.id) for line in lines for r in line if r.id)
            case Tabulated():
                yield from _cells(block.table)
            case Pictured():
                yield from ((block.name, "", "", "", each) for each in block.ids)
            case Folded():
                yield from _stated(block.blocks)


def _cells(table: Table) -> Iterator[Stated]:
    heading = ""
    for row in table.rows:
        if row.is_heading:
            heading = row.label
        label = f"{heading}: {row.label}" if heading and row.level else row.label
        for cell, column in zip(row.cells, table.columns, strict=bool(row.cells)):
            if cell.id and not cell.is_absent:
                head = f"{column.spanner}: {column.label}" if column.spanner else column.label
                yield table.name, label, head, cell.written(table.language), cell.id
