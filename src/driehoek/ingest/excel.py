"""Excel workbooks as tables of text."""

import datetime
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, iterparse

import numpy as np
import openpyxl
import pandas as pd

from driehoek.ingest.tables import RawTable, check_header, text_series
from driehoek.problems import AnswersError, Problem, did_you_mean, name_of

MAX_UNPACKED = 1_000_000_000
MAX_CELLS = 50_000_000
DEFINITION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
SILENT = re.compile(rb"<f[ />]|<mergeCell ")
# What zipfile and openpyxl raise on workbooks with damaged bytes (found by changing bytes).
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    SyntaxError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def read_excel(path: Path, sheet: str | None) -> RawTable:
    """Read one sheet (default the first); numbers become text without rounding.

    Raises
    ------
    AnswersError
        If the file is no workbook, lacks the sheet, has no answers, or repeats headings.
    """
    file = name_of(path)
    records = _records(path, sheet, file)
    while records and not any(records[-1]):
        records.pop()
    if len(records) < 2:
        mend = "if nobody answered, take the export out of the study"
        raise AnswersError(
            [Problem(file, "no row of answers", "headings and answers", mend, check="empty")]
        )
    header = [heading.strip() for heading in records[0]]
    problems = check_header([heading for heading in header if heading], file)
    columns = list(zip(*records[1:], strict=True))
    problems += [
        Problem(file, f"column {i + 1} has no heading", "a heading", row=1, check="header")
        for i, heading in enumerate(header)
        if not heading and any(columns[i])
    ]
    if problems:
        raise AnswersError(problems)
    named = {h: text_series(c) for h, c in zip(header, columns, strict=True) if h}
    rows = np.arange(2, len(records) + 1)
    return RawTable(file, "excel", pd.DataFrame(named), rows)


def _records(path: Path, sheet: str | None, file: str) -> list[list[str]]:
    try:
        _refuse_bombs(path, file)
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions, which hold no answers.
            warnings.simplefilter("ignore", UserWarning)
            # From a stream: by its name openpyxl would refuse the .xls that LimeSurvey writes.
            with path.open("rb") as stream:
                records = _sheet_records(stream, sheet, file)
    except DAMAGE as fault:
        if isinstance(fault, AnswersError):
            raise
        found = "a file that Excel did not write, or a damaged workbook"
        mend = "save it again as .xlsx, or as CSV UTF-8"
        raise AnswersError([Problem(file, found, "an .xlsx file", mend, check="file")]) from fault
    width = max((len(record) for record in records), default=0)
    if width * len(records) > MAX_CELLS:
        raise AnswersError([_too_wide(file, len(records), width)])
    return [record + [""] * (width - len(record)) for record in records]


def _sheet_records(stream: BinaryIO, sheet: str | None, file: str) -> list[list[str]]:
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    try:
        if sheet is not None and sheet not in book.sheetnames:
            mend = did_you_mean(sheet, book.sheetnames)
            raise AnswersError(
                [Problem(file, f"no sheet {sheet!r}", "a sheet", mend, check="sheet")]
            )
        page = book[sheet] if sheet is not None else book.worksheets[0]
        # What the sheet says of its size may be anything; rows are as long as their cells.
        page.reset_dimensions()
        _refuse_silent_gaps(page, file)
        return list(_rows(page, file))
    finally:
        book.close()


def _rows(page: Any, file: str) -> Iterator[list[str]]:  # noqa: ANN401 - openpyxl's sheet
    cells = width = 0
    for number, row in enumerate(page.iter_rows(values_only=True), 1):
        cells, width = cells + len(row), max(width, len(row))
        if cells > MAX_CELLS:
            raise AnswersError([_too_wide(file, number, width)])
        yield [cell_text(cell) for cell in row]


def _refuse_silent_gaps(page: Any, file: str) -> None:  # noqa: ANN401 - openpyxl's sheet
    """Refuse what would read as empty: formulas that no program computed, and merged cells."""
    with page._get_source() as stream:
        if not SILENT.search(stream.read()):
            return
    formulas: list[str] = []
    merged: list[str] = []
    with page._get_source() as stream:
        for _, element in iterparse(stream):  # noqa: S314 - definitions were refused before
            name = element.tag.rpartition("}")[2]
            if name == "c" and _is_uncomputed(element):
                formulas.append(element.get("r", "?"))
            elif name == "mergeCell":
                merged.append(element.get("ref", "?"))
            elif name == "row":
                element.clear()
    problems = []
    if formulas:
        what = f"formulas without their results in {len(formulas)} cells, such as {formulas[0]}"
        mend = "open it in Excel or LibreOffice, save it, and use that file"
        problems.append(Problem(file, what, "answers", mend, check="formulas"))
    if merged:
        areas = ", ".join(merged[:3]) + (", ..." if len(merged) > 3 else "")
        what = f"merged cells ({areas}), of which only the first holds what is shown"
        mend = "unmerge them, and write in each cell what holds for its row"
        problems.append(Problem(file, what, "a cell of its own for each", mend, check="merged"))
    if problems:
        raise AnswersError(problems)


def _is_uncomputed(cell: Element) -> bool:
    """Tell whether a cell holds a formula and no result; an empty text is a result."""
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    return "f" in parts and cell.get("t") != "str" and not ("v" in parts and parts["v"].text)


def _too_wide(file: str, rows: int, width: int) -> Problem:
    found, mend = f"a sheet of {rows} rows or more by {width} columns", "export CSV instead"
    return Problem(file, found, f"at most {MAX_CELLS} cells", mend, check="file")


def _refuse_bombs(path: Path, file: str) -> None:
    """Refuse a workbook that unpacks into more than memory holds, or that defines entities."""
    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
        if size > MAX_UNPACKED:
            found = f"a workbook of {size // 10**6} MB when unpacked"
            expected = f"less than {MAX_UNPACKED // 10**6} MB"
            raise AnswersError([Problem(file, found, expected, check="file")])
        for part in packed.infolist():
            with packed.open(part) as stream:
                if DEFINITION.search(stream.read(2048)):
                    found = "definitions of entities, which Excel never writes"
                    raise AnswersError([Problem(file, found, "a workbook", check="file")])


def cell_text(value: object) -> str:
    """Give a typed cell as text: whole numbers without decimals, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """Give a number as text, whole ones without a decimal point, NaN as empty."""
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
