"""Any export file as a table of text, each row with its number in a spreadsheet."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from driehoek.ingest.columnar import read_columns
from driehoek.ingest.decoding import decode
from driehoek.ingest.delimiters import DELIMITERS, recognise_delimiter, without_sep_line
from driehoek.ingest.records import numbered, read_records
from driehoek.ingest.vv import is_vv, without_marks
from driehoek.problems import AnswersError, Problem, name_of

Source = Literal["text", "excel", "spss", "stata", "web"]

MAX_COLUMNS = 20_000


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
    is_open : bool
        True where the last row of a text file has no line end: it may be cut off.
    """

    file: str
    source: Source
    cells: pd.DataFrame
    rows: np.ndarray
    remarks: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    user_missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_open: bool = False


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
    text, declared = without_sep_line(decoded.text)
    if not text.strip():
        mend = "export the answers again; if nobody answered, take the export out of the study"
        raise AnswersError([Problem(file, "an empty file", "a table", mend, check="empty")])
    delimiter = declared or recognise_delimiter(text, file)
    cells, rows = _read(text, delimiter, file)
    if not len(rows):
        mend = "if nobody answered, take the export out of the study"
        found = "headings without any row of answers"
        raise AnswersError([Problem(file, found, "answers below", mend, row=1, check="empty")])
    remarks = (f"{decoded.encoding}, {DELIMITERS.get(delimiter, delimiter)}", *decoded.remarks)
    return RawTable(file, "text", cells, rows, remarks, is_open=not text.endswith(("\n", "\r")))


def _read(text: str, delimiter: str, file: str) -> tuple[pd.DataFrame, np.ndarray]:
    header, skip = _header(text, delimiter, file)
    columns = read_columns(text, delimiter, len(header), skip)
    problems: list[Problem] = []
    if columns is not None:
        rows = np.arange(skip + 1, skip + 1 + len(columns[0]))
    else:
        records = itertools.islice(numbered(text, delimiter, file), skip, None)
        columns, rows, problems = read_records(records, len(header), file)
    problems = check_header([h for h in header if h], file) + problems
    problems += [
        Problem(file, f"column {i} has no heading", "a heading", row=1, check="header")
        for i, (heading, column) in enumerate(zip(header, columns, strict=True), 1)
        if not heading and pc.any(pc.not_equal(column, "")).as_py()
    ]
    if problems:
        raise AnswersError(problems)
    named = {h: text_series(c) for h, c in zip(header, columns, strict=True) if h}
    cells = pd.DataFrame(named)
    return (without_marks(cells) if skip > 1 else cells), rows


def _header(text: str, delimiter: str, file: str) -> tuple[list[str], int]:
    """Give the headings, and how many records they take: LimeSurvey's VV has its codes below."""
    first = [record for _, record in itertools.islice(numbered(text, delimiter, file), 2)]
    skip = 2 if len(first) == 2 and is_vv(first[1]) else 1
    header = [heading.strip() for heading in first[skip - 1]] if first else [""]
    if len(header) > MAX_COLUMNS:
        raise AnswersError(check_header(header, file))
    return header, skip


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


def text_series(values: Any) -> pd.Series:  # noqa: ANN401 - Arrow text, or any texts in order
    """Give text as a pandas column."""
    return pd.Series(pd.array(values, dtype="str"))


def _positions(header: list[str], heading: str) -> str:
    return ", ".join(str(i) for i, each in enumerate(header, 1) if each == heading)
