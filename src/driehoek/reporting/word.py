"""Tables as Word documents: real tables in APA style, header rows repeated on every page."""

import io
from collections.abc import Iterable
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

from driehoek.reporting.labels import Labels
from driehoek.reporting.table import Cell, Row, Table
from driehoek.reporting.wording import word
from driehoek.reporting.zipped import with_fixed_dates

WIDE = 46  # letters of the widest row without its label
PAGE_CM = (21.0, 29.7)
MARGIN_CM = 2.0
TWIPS_PER_CM = 567
LINE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'


def word_document(tables: Iterable[Table], labels: Labels) -> bytes:
    """Give a Word file with these tables, each with its title and notes.

    The same tables give the same bytes.
    """
    document = _new_document(labels.language)
    for place, table in enumerate(tables, 1):
        _add_table(document, table, labels, place)
    stream = io.BytesIO()
    document.save(stream)
    return with_fixed_dates(stream.getvalue())


def _new_document(language: str) -> Document:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10)
    style.paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    properties.author, properties.language = "driehoek", language
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in PAGE_CM)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    return document


def _add_table(document: Document, table: Table, labels: Labels, place: int) -> None:
    if place > 1:
        document.add_section()
    section = document.sections[-1]
    is_wide = sum(_letters(table)) > WIDE
    width, height = reversed(PAGE_CM) if is_wide else PAGE_CM
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    title = document.add_paragraph()
    title.paragraph_format.keep_with_next = True
    title.add_run(table.title).bold = True
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(_table_xml(table, width - 2 * MARGIN_CM)))
    _add_notes(document, table, labels)


def _add_notes(document: Document, table: Table, labels: Labels) -> None:
    if table.notes:
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(4)
        note.add_run(word(table.language, "note")).italic = True
        note.add_run(" " + " ".join(table.notes))
    for reason, mark in table.marks.items():
        line = document.add_paragraph()
        line.add_run(mark).font.superscript = True
        line.add_run(" " + labels.sentence(reason))


def _table_xml(table: Table, width_cm: float) -> str:
    widths = _widths(table, width_cm)
    twips = [round(each * TWIPS_PER_CM) for each in widths]
    marks = table.marks
    rows = [
        *_header_xml(table, twips),
        *(_row_xml(row, table.language, twips, marks) for row in table.rows),
    ]
    borders = LINE.format("top", 8) + LINE.format("bottom", 8)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in twips)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _widths(table: Table, width_cm: float) -> list[float]:
    """Share the page among the columns by their longest text; words may wrap, numbers not."""
    letters = _letters(table)
    needed = [min(0.19 * each + 0.35, 5.0) for each in letters]
    left = width_cm - sum(needed)
    first = max(left, 0.22 * width_cm)
    share = min((width_cm - first) / sum(needed), 1.0) if needed else 1.0
    longest = max((len(row.label) for row in table.rows if not row.is_heading), default=10)
    return [min(first, max(0.19 * longest + 1.0, 4.0)), *(share * each for each in needed)]


def _letters(table: Table) -> list[int]:
    body = [row.cells for row in table.rows if row.cells]
    return [
        max(
            [
                len(cells[place].written(table.language)) + bool(cells[place].reason)
                for cells in body
            ]
            + [min(max(map(len, column.label.split()), default=1), 14)]
        )
        for place, column in enumerate(table.columns)
    ]


def _header_xml(table: Table, twips: list[int]) -> list[str]:
    rows = []
    if table.has_spanners:
        cells, place = [_cell_xml("", twips[0], "left")], 1
        for label, span in table.spans():
            width = sum(twips[place : place + span])
            line = LINE.format("bottom", 4) if label else ""
            cells.append(_cell_xml(_run(label), width, "center", span=span, borders=line))
            place += span
        rows.append(_tr("".join(cells), is_header=True))
    line = LINE.format("bottom", 6)
    cells = [_cell_xml(_run(table.stub), twips[0], "left", borders=line)]
    cells += [
        _cell_xml(_run(column.label), width, "right", borders=line)
        for column, width in zip(table.columns, twips[1:], strict=True)
    ]
    return [*rows, _tr("".join(cells), is_header=True)]


def _row_xml(row: Row, language: str, twips: list[int], marks: dict[str, str]) -> str:
    if row.is_heading:
        label = _run(row.label, is_italic=True)
        return _tr(_cell_xml(label, sum(twips), "left", span=len(twips), keep=True))
    label = _cell_xml(_run(row.label), twips[0], "left", indent=row.level * 150)
    cells = [
        _cell_xml(_cell_runs(cell, language, marks), width, "right")
        for cell, width in zip(row.cells, twips[1:], strict=True)
    ]
    return _tr(label + "".join(cells))


def _cell_runs(cell: Cell, language: str, marks: dict[str, str]) -> str:
    runs = _run(cell.written(language))
    return runs + (_run(marks[cell.reason], is_raised=True) if cell.reason else "")


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
        f'w:after="20" w:line="240" w:lineRule="auto"/>{shift}<w:jc w:val="{align}"/></w:pPr>'
        f"{runs}</w:p></w:tc>"
    )


def _run(words: str, *, is_italic: bool = False, is_raised: bool = False) -> str:
    italic = "<w:i/>" if is_italic else ""
    raised = '<w:vertAlign w:val="superscript"/>' if is_raised else ""
    return (
        f'<w:r><w:rPr>{italic}<w:sz w:val="18"/>{raised}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    )
