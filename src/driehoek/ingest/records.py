"""Delimited text read record by record: every dialect, every fault with its row."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from driehoek.problems import AnswersError, Problem

CHUNK = 20_000
RAGGED_SHOWN = 10


def numbered(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is no blank line with its row number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if record:
                yield row, record
    except csv.Error as fault:
        raise AnswersError([_syntax(str(fault), row + 1, file)]) from fault


def read_records(
    records: Iterator[tuple[int, list[str]]], width: int, file: str
) -> tuple[list[pa.ChunkedArray], np.ndarray, list[Problem]]:
    """Gather records into columns.

    Returns
    -------
    columns : list of pyarrow.ChunkedArray of text
    rows : numpy.ndarray of int
        Row number of each record.
    problems : list of Problem
        Records of another width; they are in no column.
    """
    gathered = _Records(width)
    ragged: list[tuple[int, int]] = []
    for row, record in records:
        if len(record) == width:
            gathered.add(row, record)
        else:
            ragged.append((row, len(record)))
    return gathered.columns(), np.asarray(gathered.rows, dtype=int), _ragged(ragged, width, file)


class _Records:
    """Rows gathered in chunks of Arrow columns, which keeps large files small."""

    def __init__(self, width: int) -> None:
        self.chunks: list[list[pa.Array]] = []
        self.pending: list[list[str]] = []
        self.rows: list[int] = []
        self.width = width

    def add(self, row: int, record: list[str]) -> None:
        self.rows.append(row)
        self.pending.append(record)
        if len(self.pending) == CHUNK:
            self._flush()

    def columns(self) -> list[pa.ChunkedArray]:
        self._flush()
        columns = zip(*self.chunks, strict=True) if self.chunks else [()] * self.width
        return [pa.chunked_array(list(parts), type=pa.large_string()) for parts in columns]

    def _flush(self) -> None:
        if self.pending:
            columns = zip(*self.pending, strict=True)
            self.chunks.append([pa.array(column, type=pa.large_string()) for column in columns])
            self.pending = []


def _syntax(fault: str, row: int, file: str) -> Problem:
    if "unexpected end" in fault:
        found = "the file breaks off inside a quoted cell that begins in this row"
        mend = "export it again: the end of the file is missing"
        return Problem(file, found, "a closing quote", mend, row=row, check="truncated")
    if "field limit" in fault:
        found = "a cell of more than 131,072 characters, or a quote that never closes"
        return Problem(file, found, "cells of answers", row=row, check="quotes")
    found = f"quotes that do not fit ({fault})"
    mend = 'write a quote inside a cell as "" and export again'
    return Problem(file, found, "cells quoted as in CSV", mend, row=row, check="quotes")


def _ragged(ragged: list[tuple[int, int]], width: int, file: str) -> list[Problem]:
    mend = (
        "export it again; a file that ends in a shorter row was cut off, a longer row has a "
        "delimiter inside a cell without quotes"
    )
    problems = [
        Problem(
            file, f"{count} cells", f"{width} cells, as the heading", mend, row=row, check="width"
        )
        for row, count in ragged[:RAGGED_SHOWN]
    ]
    more = len(ragged) - len(problems)
    if more:
        problems.append(Problem(file, f"{more} more rows of another width", check="width"))
    return problems
