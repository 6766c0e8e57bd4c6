"""LimeSurvey's VV files: tabs, texts in the first row and codes in the second."""

import pandas as pd

SIGNS = frozenset(["submitdate", "lastpage", "startlanguage"])
# Marks stand for what a cell of a tab-separated line cannot hold.
MARKS = {"{question_not_shown}": "", "{newline}": "\n", "{cr}": "\r", "{tab}": "\t", "{quote}": '"'}


def is_vv(record: list[str]) -> bool:
    """Tell whether the second record of a file holds LimeSurvey's codes."""
    return {cell.strip() for cell in record} >= SIGNS


def without_marks(cells: pd.DataFrame) -> pd.DataFrame:
    """Write out the marks; a question that was not shown becomes an empty cell."""
    return cells.apply(_written_out)


def _written_out(column: pd.Series) -> pd.Series:
    for mark, meaning in MARKS.items():
        column = column.str.replace(mark, meaning, regex=False)
    return column
