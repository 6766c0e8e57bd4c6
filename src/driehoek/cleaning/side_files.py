"""The small CSV files that a study names: corrections and withdrawals."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from driehoek.problems import Problem, StudyError, did_you_mean, name_of

ROW = "row"


def read_side_file(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a CSV file as text, comma or semicolon, with or without byte-order mark.

    Returns
    -------
    pandas.DataFrame
        The required and optional columns, trimmed ("" where empty or absent), and ``row`` as a
        spreadsheet counts it. Rows without any text are left out.

    Raises
    ------
    StudyError
        If the file is absent, is no UTF-8 text, or has other columns.
    """
    text = _text(path)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    header = [cell.strip() for cell in lines[0]] if lines else []
    wanted = [*required, *optional]
    problems = [
        Problem(name_of(path), f"column {name!r} is missing", ", ".join(required), row=1)
        for name in required
        if name not in header
    ]
    problems += [
        Problem(name_of(path), f"unknown column {name!r}", mend=did_you_mean(name, wanted), row=1)
        for name in header
        if name not in wanted
    ]
    problems += [
        Problem(name_of(path), f"{len(line)} cells", f"{len(header)}", "check separators", row=i)
        for i, line in enumerate(lines[1:], 2)
        if any(line) and len(line) != len(header)
    ]
    if problems:
        raise StudyError(problems)
    rows = [
        dict.fromkeys(wanted, "")
        | {name: cell.strip() for name, cell in zip(header, line, strict=True)}
        | {ROW: i}
        for i, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]
    return pd.DataFrame(rows, columns=[*wanted, ROW])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        mend = "correct the path in the study file, or take the line out"
        raise StudyError([Problem(name_of(path), "the file does not exist", mend=mend)]) from None
    except UnicodeDecodeError:
        mend = "save it as CSV UTF-8"
        raise StudyError([Problem(name_of(path), "the file is no UTF-8 text", mend=mend)]) from None
