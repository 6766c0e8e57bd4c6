"""All statistics in one workbook with typed numbers, one sheet a file."""

import io
import math
from collections.abc import Mapping

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from driehoek.analysis.rows import NUMERIC
from driehoek.reporting.zipped import with_fixed_dates

LONGEST_NAME = 31
WIDTHS = {"id": 60, "term": 34, "scale": 26, "method": 26, "reason": 50}
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def statistics_workbook(statistics: Mapping[str, pd.DataFrame]) -> bytes:
    """Give an Excel file with a sheet for each statistics table.

    Numbers are numbers, so that no language setting of Excel can misread them; words that
    start like a formula are marked as text. The same statistics give the same bytes.

    Parameters
    ----------
    statistics : mapping of str to pandas.DataFrame
        Statistics tables by the name of their file.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "driehoek"
    for name, table in statistics.items():
        _fill(workbook.create_sheet(name[:LONGEST_NAME]), table)
    stream = io.BytesIO()
    workbook.save(stream)
    return with_fixed_dates(stream.getvalue())


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False):
        sheet.append([_typed(value) for value in row])
    for line, values in enumerate(table.itertuples(index=False), 2):
        for place, value in enumerate(values, 1):
            if isinstance(value, str) and value.startswith(FORMULA_START):
                cell = sheet.cell(line, place)
                cell.data_type, cell.quotePrefix = "s", True
    for place, column in enumerate(table.columns, 1):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].font = Font(bold=True)
        align = "right" if column in NUMERIC else "left"
        sheet[f"{letter}1"].alignment = Alignment(horizontal=align)
        sheet.column_dimensions[letter].width = WIDTHS.get(str(column), 13)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


def _typed(value: object) -> object:
    """Give nothing for what is absent, and words for an infinite number, which Excel lacks."""
    if not isinstance(value, float):
        return value or None
    if math.isinf(value):
        return "infinite"
    return None if math.isnan(value) else value
