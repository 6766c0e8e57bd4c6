"""Delimited text read column by column, many times faster than record by record.

Only where Arrow is sure to read the file as Python's csv module would: every quote opens or
closes a cell, no line is blank, every row has the width of the heading. For any other file the
answer is None, and `driehoek.ingest.records` reads it, or says what is wrong with it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

BLOCK = 1 << 24
LONGEST_CELL = 131_072  # the csv module's limit
QUOTE, LINE_FEED, RETURN = 34, 10, 13


def read_columns(text: str, delimiter: str, width: int, skip: int) -> list[pa.ChunkedArray] | None:
    """Read every cell as text.

    Parameters
    ----------
    text : str
    delimiter : str
    width : int
        Number of columns.
    skip : int
        Records of headings at the start.

    Returns
    -------
    list of pyarrow.ChunkedArray, or None
        None where the file has to be read record by record.
    """
    if _has_odd_lines(text):
        return None
    raw = text.encode()
    if len(delimiter.encode()) > 1 or not _is_plainly_quoted(raw, ord(delimiter)):
        return None
    names = [f"f{place}" for place in range(width)]
    try:
        table = csv.read_csv(
            pa.py_buffer(raw),
            csv.ReadOptions(autogenerate_column_names=True, block_size=BLOCK),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in raw),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.column_names != names or any(_is_long(column) for column in table.columns):
        return None
    return list(table.slice(skip).columns)


def _has_odd_lines(text: str) -> bool:
    """Tell whether a line is blank, or ends in another way than LF or CR LF."""
    if text.count("\r") != text.count("\r\n"):
        return True
    body = text.rstrip("\r\n")
    return body.startswith(("\n", "\r\n")) or "\n\n" in body or "\n\r\n" in body


def _is_long(column: pa.ChunkedArray) -> bool:
    longest = pc.max(pc.utf8_length(column)).as_py()
    return longest is not None and longest > LONGEST_CELL


def _is_plainly_quoted(raw: bytes, delimiter: int) -> bool:
    """Tell whether each quote opens or closes a cell, or stands doubled inside one."""
    beside = np.zeros(256, dtype=bool)
    beside[[delimiter, QUOTE, LINE_FEED, RETURN]] = True
    buffer = np.frombuffer(raw, dtype=np.uint8)
    seen = 0
    for start in range(0, len(buffer), BLOCK):
        quotes = start + np.flatnonzero(buffer[start : start + BLOCK] == QUOTE)
        opening, closing = quotes[seen % 2 :: 2], quotes[1 - seen % 2 :: 2]
        before, after = buffer[opening[opening > 0] - 1], closing[closing + 1 < len(buffer)] + 1
        if not (beside[before].all() and beside[buffer[after]].all()):
            return False
        seen += len(quotes)
    return seen % 2 == 0
