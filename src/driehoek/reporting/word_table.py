"""Tables as the XML of Word: real tables in APA style, header rows repeated on every page."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape
from zlib import crc32

from docx.oxml.ns import nsdecls

from driehoek.reporting.symbols import pieces
from driehoek.reporting.table import Cell, Column, Row, Table
from driehoek.reporting.widths import is_whole, layout, shares

PAGE_CM = (21.0, 29.7)
MARGIN_CM = 2.0
POINTS_PER_CM = 28.35
TWIPS_PER_POINT = 20
NAME_LETTERS = 40
LETTER_EM = 0.65  # room for a font that takes the place of an absent one
TOGETHER = 2  # rows of a long table that stay with its head, and with its notes
SMALL = 2  # half points of the mark that ends a cell, so that an empty cell adds no height
LINE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'


def word_layout(table: Table) -> tuple[bool, float]:
    """Say whether a table needs a page on its side, and the size of its letters in points."""
    return layout(table, LETTER_EM)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A table with its columns in twips, its letters in half points and its marks."""

    table: Table
    twips: list[int]
    half_points: int
    marks: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether its rows stay together on one page."""
        return is_whole(self.table)

    def run(self, words: str, *, is_italic: bool = False, is_raised: bool = False) -> str:
        italic = "<w:i/>" if is_italic else ""
        raised = '<w:vertAlign w:val="superscript"/>' if is_raised else ""
        return (
            f'<w:r><w:rPr>{italic}<w:sz w:val="{self.half_points}"/>{raised}</w:rPr>'
            f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
        )


def table_xml(table: Table) -> str:
    """Give a table that fits between the margins of its page."""
    is_on_side, size = word_layout(table)
    width = (PAGE_CM[1 if is_on_side else 0] - 2 * MARGIN_CM) * POINTS_PER_CM
    twips = [round(TWIPS_PER_POINT * each) for each in shares(table, size, width, LETTER_EM)]
    frame = _Frame(table, twips, round(2 * size), table.marks)
    last = len(table.rows) - 1
    rows = [*_header_xml(frame)]
    rows += [
        _row_xml(row, frame, keep=frame.is_whole or not TOGETHER <= place <= last - TOGETHER)
        for place, row in enumerate(table.rows)
    ]
    borders = LINE.format("top", 8) + LINE.format("bottom", 8)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in twips)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _header_xml(frame: _Frame) -> list[str]:
    table, twips, rows = frame.table, frame.twips, []
    if table.has_spanners:
        cells, place = [_cell_xml("", twips[0], "left")], 1
        for label, span in table.spans():
            width = sum(twips[place : place + span])
            line = LINE.format("bottom", 4) if label else ""
            cells.append(_cell_xml(frame.run(label), width, "center", span=span, borders=line))
            place += span
        rows.append(_tr("".join(cells), is_header=True))
    line = LINE.format("bottom", 6)
    cells = [_cell_xml(frame.run(table.stub), twips[0], "left", borders=line, keep=True)]
    cells += [
        _cell_xml(_head_runs(column, frame), width, _side(column), borders=line, keep=True)
        for column, width in zip(table.columns, twips[1:], strict=True)
    ]
    return [*rows, _tr("".join(cells), is_header=True)]


def _head_runs(column: Column, frame: _Frame) -> str:
    return "".join(frame.run(part, is_italic=italic) for part, italic in pieces(column.label))


def _side(column: Column) -> str:
    return "left" if column.is_words else "right"


def _row_xml(row: Row, frame: _Frame, *, keep: bool) -> str:
    twips = frame.twips
    if row.is_heading:
        label = frame.run(row.label, is_italic=True)
        return _tr(_cell_xml(label, sum(twips), "left", span=len(twips), keep=True))
    words = frame.run(row.label)
    marked = bookmark_xml(row.anchor, words) if row.anchor else words
    label = _cell_xml(marked, twips[0], "left", indent=row.level * 150, keep=keep)
    cells = [
        _cell_xml(_cell_runs(cell, frame), width, _side(column))
        for cell, column, width in zip(row.cells, frame.table.columns, twips[1:], strict=True)
    ]
    return _tr(label + "".join(cells))


def bookmark_xml(anchor: str, runs: str) -> str:
    """Mark words as the place links lead to; the number of a mark follows from its name."""
    number = crc32(anchor.encode()) & 0x7FFFFFFF
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{bookmark(anchor)}"/>{runs}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def bookmark(anchor: str) -> str:
    """Give an anchor as Word names it: letters, digits and low lines, 40 at most."""
    name = re.sub(r"\W", "_", anchor)
    return name if len(name) <= NAME_LETTERS else f"{name[:31]}_{crc32(anchor.encode()):08x}"


def _cell_runs(cell: Cell, frame: _Frame) -> str:
    runs = frame.run(cell.written(frame.table.language))
    raised = frame.run(frame.marks[cell.reason], is_raised=True) if cell.reason else ""
    return runs + raised


def _tr(cells: str, *, is_header: bool = False) -> str:
    header = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell_xml(
    runs: str, width: int, align: str, *, span: int = 1, borders: str = "", indent: int = 0,
    keep: bool = False,
) -> str:  # fmt: skip
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    lines = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    shift = f'<w:ind w:left="{indent + 150}" w:hanging="150"/>' if align == "left" else ""
    next_ = "<w:keepNext/>" if keep else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}{lines}'
        f'<w:vAlign w:val="top"/></w:tcPr><w:p><w:pPr>{next_}<w:spacing w:before="20" '
        f'w:after="20" w:line="240" w:lineRule="auto"/>{shift}<w:jc w:val="{align}"/>'
        f'<w:rPr><w:sz w:val="{SMALL}"/></w:rPr></w:pPr>'
        f"{runs}</w:p></w:tc>"
    )
