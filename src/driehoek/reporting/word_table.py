"""Tables as the XML of Word: real tables in APA style, header rows repeated on every page."""

from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from driehoek.reporting.table import Cell, Column, Row, Table

WIDE = 46  # letters of the widest row without its label
PAGE_CM = (21.0, 29.7)
MARGIN_CM = 2.0
TWIPS_PER_CM = 567
WORDS_CM = 3.4
LINE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'


def is_wide(table: Table) -> bool:
    """Say whether a table needs a page on its side."""
    return sum(_letters(table)) > WIDE


def table_xml(table: Table, width_cm: float) -> str:
    """Give a table of the width of the page between its margins."""
    widths = _widths(table, width_cm)
    twips = [round(each * TWIPS_PER_CM) for each in widths]
    marks = table.marks
    rows = [
        *_header_xml(table, twips),
        *(_row_xml(row, table, twips, marks) for row in table.rows),
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
    needed = [
        WORDS_CM if column.is_words else min(0.19 * each + 0.35, 5.0)
        for column, each in zip(table.columns, letters, strict=True)
    ]
    left = width_cm - sum(needed)
    first = max(left, 0.22 * width_cm)
    share = min((width_cm - first) / sum(needed), 1.0) if needed else 1.0
    longest = max((len(row.label) for row in table.rows if not row.is_heading), default=10)
    return [min(first, max(0.19 * longest + 1.0, 4.0)), *(share * each for each in needed)]


def _letters(table: Table) -> list[int]:
    body = [row.cells for row in table.rows if row.cells]
    found = []
    for place, column in enumerate(table.columns):
        head = min(max(map(len, column.label.split()), default=1), 14)
        cells = (cells[place] for cells in body if not column.is_words)
        longest = (len(cell.written(table.language)) + bool(cell.reason) for cell in cells)
        found.append(max([head, *longest]))
    return found


def _header_xml(table: Table, twips: list[int]) -> list[str]:
    rows = []
    if table.has_spanners:
        cells, place = [_cell_xml("", twips[0], "left")], 1
        for label, span in table.spans():
            width = sum(twips[place : place + span])
            line = LINE.format("bottom", 4) if label else ""
            cells.append(_cell_xml(run_xml(label), width, "center", span=span, borders=line))
            place += span
        rows.append(_tr("".join(cells), is_header=True))
    line = LINE.format("bottom", 6)
    cells = [_cell_xml(run_xml(table.stub), twips[0], "left", borders=line)]
    cells += [
        _cell_xml(run_xml(column.label), width, _side(column), borders=line)
        for column, width in zip(table.columns, twips[1:], strict=True)
    ]
    return [*rows, _tr("".join(cells), is_header=True)]


def _side(column: Column) -> str:
    return "left" if column.is_words else "right"


def _row_xml(row: Row, table: Table, twips: list[int], marks: dict[str, str]) -> str:
    if row.is_heading:
        label = run_xml(row.label, is_italic=True)
        return _tr(_cell_xml(label, sum(twips), "left", span=len(twips), keep=True))
    label = _cell_xml(run_xml(row.label), twips[0], "left", indent=row.level * 150)
    cells = [
        _cell_xml(_cell_runs(cell, table.language, marks), width, _side(column))
        for cell, column, width in zip(row.cells, table.columns, twips[1:], strict=True)
    ]
    return _tr(label + "".join(cells))


def _cell_runs(cell: Cell, language: str, marks: dict[str, str]) -> str:
    runs = run_xml(cell.written(language))
    return runs + (run_xml(marks[cell.reason], is_raised=True) if cell.reason else "")


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


def run_xml(words: str, *, is_italic: bool = False, is_raised: bool = False) -> str:
    """Give words in the size of a table."""
    italic = "<w:i/>" if is_italic else ""
    raised = '<w:vertAlign w:val="superscript"/>' if is_raised else ""
    return (
        f'<w:r><w:rPr>{italic}<w:sz w:val="18"/>{raised}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    )
