"""Any export file as a table of text, each row with its number in a spreadsheet."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from driehoek.ingest.decoding import decode
from driehoek.problems import AnswersError, Problem, name_of

Source = Literal["text", "excel", "spss", "stata", "web"]

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
SNIFF_CHARACTERS = 200_000
SNIFF_RECORDS = 60
CHUNK = 20_000
MAX_COLUMNS = 20_000
RAGGED_SHOWN = 10
_SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as text.

    Attributes
    ----------
    file : str
        As messages name it.
    source : str
        text, excel, spss, stata or web.
    cells : pandas.DataFrame
        Text by column heading; empty where the cell is empty.
    rows : numpy.ndarray of int
        Number of each row as a spreadsheet counts (the heading is row 1).
    remarks : tuple of str
        How the file was read, where a reader should know.
    labels : mapping
        Value label by text of the value, by column (SPSS).
    user_missing : mapping
        Texts declared as missing, by column (SPSS).
    """

    file: str
    source: Source
    cells: pd.DataFrame
    rows: np.ndarray
    remarks: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    user_missing: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_delimited(path: Path) -> RawTable:
    """Read a CSV or TSV file in whatever dialect it has.

    Raises
    ------
    AnswersError
        With every fault: encoding, no delimiter, empty, repeated or absent headings, rows of
        another width, a file that breaks off.
    """
    file = name_of(path)
    decoded = decode(path.read_bytes(), file)
    text, declared = _without_sep_line(decoded.text)
    if not text.strip():
        mend = "export the answers again; if nobody answered, take the export out of the study"
        raise AnswersError([Problem(file, "an empty file", "a table", mend, check="empty")])
    delimiter = declared or recognise_delimiter(text, file)
    header, records = _read(text, delimiter, file)
    if not records.rows:
        mend = "if nobody answered, take the export out of the study"
        found = "headings without any row of answers"
        raise AnswersError([Problem(file, found, "answers below", mend, row=1, check="empty")])
    remarks = [f"{decoded.encoding}, {DELIMITERS.get(delimiter, delimiter)}", *decoded.remarks]
    if not text.endswith(("\n", "\r")):
        remarks.append("the last row has no line end: see whether the file was cut off")
    cells = pd.DataFrame(records.columns(header))
    return RawTable(file, "text", cells, np.asarray(records.rows), tuple(remarks))


def check_header(header: list[str], file: str) -> list[Problem]:
    """Find headings that stand twice, and too many columns."""
    if len(header) > MAX_COLUMNS:
        found = f"{len(header)} columns"
        return [Problem(file, found, f"at most {MAX_COLUMNS}", row=1, check="header")]
    mend = "export with question codes as headings, and give each column its own"
    return [
        Problem(
            file,
            f"this heading stands {count} times, in columns {_positions(header, heading)}",
            "each heading once",
            mend,
            row=1,
            column=heading[:60],
            check="duplicate header",
        )
        for heading, count in Counter(header).items()
        if count > 1
    ]


def recognise_delimiter(text: str, file: str) -> str:
    """Recognise the delimiter by the records' widths, never by a single line.

    Raises
    ------
    AnswersError
        If no delimiter parts the heading into columns, or two do so equally well.
    """
    widths = {each: _widths(text, each) for each in DELIMITERS}
    wide = {each: found for each, found in widths.items() if found and found[0] > 1}
    if not wide:
        found = f"one column only, with the heading {_first_line(text)!r}"
        names = ", ".join(DELIMITERS.values())
        mend = "export as CSV with a comma or semicolon between the cells"
        problem = Problem(file, found, f"cells parted by {names}", mend, row=1, check="delimiter")
        raise AnswersError([problem])
    even = {each: sum(w == found[0] for w in found) / len(found) for each, found in wide.items()}
    best = sorted(wide, key=lambda each: (even[each] >= 0.9, wide[each][0]), reverse=True)
    if len(best) > 1 and even[best[1]] >= 0.9 and wide[best[0]][0] == wide[best[1]][0]:
        found = f"{DELIMITERS[best[0]]} and {DELIMITERS[best[1]]} part the file equally well"
        raise AnswersError([Problem(file, found, "one delimiter", row=1, check="delimiter")])
    return best[0]


def _widths(text: str, delimiter: str) -> list[int]:
    sample = text[:SNIFF_CHARACTERS]
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    found: list[int] = []
    try:
        found = [len(r) for r in itertools.islice(reader, SNIFF_RECORDS) if any(r)]
    except csv.Error:
        return found
    cut = len(sample) < len(text) and len(found) < SNIFF_RECORDS
    return found[:-1] if cut and len(found) > 1 else found


def _without_sep_line(text: str) -> tuple[str, str]:
    match = _SEP_LINE.match(text)
    return (text[match.end() :], match.group(1)) if match else (text, "")


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

    def columns(self, header: list[str]) -> dict[str, pd.Series]:
        self._flush()
        columns = zip(*self.chunks, strict=True)
        return {
            heading: text_series(pa.chunked_array(list(parts), type=pa.large_string()))
            for heading, parts in zip(header, columns, strict=True)
            if heading
        }

    def _flush(self) -> None:
        if self.pending:
            columns = zip(*self.pending, strict=True)
            self.chunks.append([pa.array(column, type=pa.large_string()) for column in columns])
            self.pending = []


def text_series(values: Any) -> pd.Series:  # noqa: ANN401 - Arrow text, or any texts in order
    """Give text as a pandas column."""
    return pd.Series(pd.array(values, dtype="str"))


def _read(text: str, delimiter: str, file: str) -> tuple[list[str], _Records]:
    numbered = _numbered(text, delimiter, file)
    first = next(numbered, (1, [""]))
    header = [heading.strip() for heading in first[1]]
    records = _Records(len(header))
    ragged: list[tuple[int, int]] = []
    unnamed = [i for i, heading in enumerate(header) if not heading]
    filled = set[int]()
    for row, record in numbered:
        if len(record) != len(header):
            ragged.append((row, len(record)))
            continue
        if unnamed:
            filled.update(i for i in unnamed if record[i])
        records.add(row, record)
    problems = check_header([h for h in header if h], file) + _ragged(ragged, len(header), file)
    problems += [
        Problem(file, f"column {i + 1} has no heading", "a heading", row=1, check="header")
        for i in sorted(filled)
    ]
    if problems:
        raise AnswersError(problems)
    return header, records


def _numbered(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is no blank line with its row number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if record:
                yield row, record
    except csv.Error as fault:
        raise AnswersError([_syntax(str(fault), row + 1, file)]) from fault


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


def _positions(header: list[str], heading: str) -> str:
    return ", ".join(str(i) for i, each in enumerate(header, 1) if each == heading)


def _first_line(text: str) -> str:
    return text.lstrip().splitlines()[0][:60]
