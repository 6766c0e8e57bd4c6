"""Tables as an Excel workbook: one sheet a table, numbers that are numbers."""

import io
import math
import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from driehoek.reporting.delimited import BETWEEN, columns_of
from driehoek.reporting.labels import Labels
from driehoek.reporting.numbers import ABSENT, NEARLY_ONE, decimal, interval_decimals, marks
from driehoek.reporting.table import Cell, Row, Table
from driehoek.reporting.wording import word
from driehoek.reporting.zipped import with_fixed_dates

LONGEST_NAME = 31
LABEL_WIDTHS = (24, 70)  # at least and at most; a longer label wraps
WORDS_WIDTH = 40
NUMBER_WIDTH = 11
LONG = 6
FONT = "Calibri"
LETTERS_PER_LINE = 1.15  # of a column as wide as one letter
LINE_POINTS = 12.5
LINE = Side(style="thin")
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
PARTS = {"low": "lower", "high": "upper", "sd": "sd", "n": "n"}
BOUNDED = {"bounded", "bounded_interval", "bounded_with_interval"}


def tables_workbook(tables: Iterable[Table], labels: Labels) -> bytes:
    """Give a workbook; each number stands in a cell of its own at full precision.

    The format of its cell rounds it as the report does, with the decimal sign of the reader's
    Excel. The same tables give the same bytes.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "driehoek"
    for table in tables:
        _fill(workbook.create_sheet(_sheet_name(table.name, workbook.sheetnames)), table, labels)
    stream = io.BytesIO()
    workbook.save(stream)
    return with_fixed_dates(stream.getvalue())


def number_format(cell: Cell, place: int, language: str) -> str:
    """Give the format that rounds a number of a cell as the report does.

    Parameters
    ----------
    cell : Cell
    place : int
        Which of its numbers.
    language : str
    """
    if cell.style in {"count", "share"}:
        return "#,##0"
    if cell.style == "percent":
        return "0%"
    if cell.style == "df_pair":
        return "0" if cell.values[place] == int(cell.values[place]) else "0.0"
    if cell.style == "p":
        point = marks(language).decimal
        return f'[<0.001]"< {point}001";[>={NEARLY_ONE}]"> {point}999";.000'
    decimals = 2 if cell.style == "bounded_with_interval" and place else cell.decimals
    if "interval" in cell.style and place >= len(cell.values) - 2:
        low, high = cell.values[-2:]
        decimals = interval_decimals(low, high, decimals)
    value = cell.values[place]
    whole = "#,##0" if abs(value) >= 1000 else "0"
    whole = "" if cell.style in BOUNDED and abs(value) < 1 else whole
    shown = f"{whole}.{'0' * decimals}" if decimals else whole
    is_minus_zero = value < 0 and round(value, decimals) == 0
    return f"{shown};{shown}" if is_minus_zero else shown


def _sheet_name(name: str, taken: list[str]) -> str:
    short = re.sub(r"[^\w ]", "_", name)[:LONGEST_NAME]
    number = 2
    while short in taken:
        ending = f"_{number}"
        short, number = name[: LONGEST_NAME - len(ending)] + ending, number + 1
    return short


def _fill(sheet: Worksheet, table: Table, labels: Labels) -> None:
    parts = columns_of(table)
    widths = [len(names) for names in parts]
    _write(sheet, 1, 1, table.title).font = Font(name=FONT, bold=True, size=12)
    heads, marks = _heads(sheet, table, parts), table.marks
    for line, row in enumerate(table.rows, heads + 1):
        _row(sheet, line, row, table, widths, marks)
    line = heads + len(table.rows)
    for column in range(1, sum(widths) + 2):
        sheet.cell(line, column).border = Border(bottom=LINE)
    notes = [f"{word(table.language, 'note')} {' '.join(table.notes)}"] if table.notes else []
    notes += [f"{mark}  {labels.sentence(reason)}" for reason, mark in table.marks.items()]
    sheet.freeze_panes = sheet.cell(heads + 1, 2)
    _notes(sheet, line + 2, notes, _set_widths(sheet, table, widths))
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.orientation = "landscape" if sum(widths) > LONG else "portrait"


def _set_widths(sheet: Worksheet, table: Table, widths: list[int]) -> list[float]:
    """Set the widths of the columns, in letters, and give them."""
    found = [_label_width(table)]
    for column, width in zip(table.columns, widths, strict=True):
        found += [float(WORDS_WIDTH if column.is_words else NUMBER_WIDTH)] * width
    for place, letters in enumerate(found, 1):
        sheet.column_dimensions[get_column_letter(place)].width = letters
    return found


def _label_width(table: Table) -> float:
    least, most = LABEL_WIDTHS
    letters = (len(row.label) + 2 * row.level for row in table.rows if not row.is_heading)
    return float(min(max([least, len(table.stub), *letters]), most))


def _notes(sheet: Worksheet, line: int, notes: list[str], widths: list[float]) -> None:
    """Write notes below the table, each as wide as the table and as high as it needs."""
    for place, note in enumerate(notes, line):
        cell = _write(sheet, place, 1, note)
        cell.font = Font(name=FONT, size=9)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if len(widths) > 1:
            sheet.merge_cells(
                start_row=place, end_row=place, start_column=1, end_column=len(widths)
            )
        n_lines = math.ceil(len(note) / (LETTERS_PER_LINE * sum(widths)))
        sheet.row_dimensions[place].height = LINE_POINTS * n_lines


def _heads(sheet: Worksheet, table: Table, parts: list[tuple[str, ...]]) -> int:
    """Write the headers; give the row of the last of them."""
    last = 4 if table.has_spanners else 3
    heads, spanners = [table.stub], [""]
    for column, names in zip(table.columns, parts, strict=True):
        named = [_part(table.language, name) for name in names]
        heads += [f"{column.label} {name}".strip() for name in named]
        spanners += [column.spanner, *[""] * (len(names) - 1)]
    for place, (head, spanner) in enumerate(zip(heads, spanners, strict=True), 1):
        _write(sheet, last - 1, place, spanner).border = Border(top=LINE)
        cell = _write(sheet, last, place, head)
        cell.font, cell.border = Font(name=FONT, bold=True), Border(bottom=LINE)
        cell.alignment = Alignment(
            horizontal="left" if place == 1 else "right", wrap_text=True, vertical="bottom"
        )
    return last


def _part(language: str, names: str) -> str:
    """Give the words for the parts of a cell that a column holds."""
    known = (word(language, PARTS[n]) if n in PARTS else n for n in names.split(BETWEEN))
    return BETWEEN.join(known)


def _row(
    sheet: Worksheet, line: int, row: Row, table: Table, widths: list[int], marks: dict[str, str]
) -> None:
    label = _write(sheet, line, 1, row.label)
    if row.is_heading:
        label.font = Font(name=FONT, italic=True)
        return
    label.alignment = Alignment(indent=row.level, wrap_text=True, vertical="top")
    n_lines = math.ceil((len(row.label) + 2 * row.level) / LABEL_WIDTHS[1])
    if n_lines > 1 and not any(column.is_words for column in table.columns):
        sheet.row_dimensions[line].height = LINE_POINTS * n_lines * 1.2
    place = 2
    for cell, column, width in zip(row.cells, table.columns, widths, strict=True):
        _cell(sheet, line, place, cell, table.language, marks)
        if column.is_words:
            sheet.cell(line, place).alignment = Alignment(wrap_text=True, vertical="top")
        place += width


def _cell(
    sheet: Worksheet, line: int, place: int, cell: Cell, language: str, marks: dict[str, str]
) -> None:
    if cell.style == "text" or cell.is_absent:
        words = cell.written(language)
        mark = f" {marks[cell.reason]}" if cell.reason else ""
        target = _write(sheet, line, place, words + mark)
        target.alignment = Alignment(horizontal="right", vertical="top")
        return
    for offset, value in enumerate(cell.values):
        target = sheet.cell(line, place + offset)
        target.alignment = Alignment(horizontal="right", vertical="top")
        if math.isfinite(value):
            target.value = value
            target.number_format = number_format(cell, offset, language)
        else:
            target.value = ABSENT if math.isnan(value) else decimal(value, language)


def _write(sheet: Worksheet, line: int, place: int, words: str) -> ExcelCell:
    cell = sheet.cell(line, place)
    cell.value = words or None
    if words.startswith(FORMULA_START):
        cell.data_type, cell.quotePrefix = "s", True
    return cell
