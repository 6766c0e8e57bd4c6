"""Read an SPSS or Stata file into plain files; run as a process of its own.

LimeSurvey writes files on which the reader's C library ends the process (a numeric value label
on a text variable): in a child process that costs a message, not the run.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from driehoek.ingest.excel import cell_text, number_text

MODULE = __name__
MAX_MEMORY = 16_000_000_000  # of addresses, of which a part is used
STATA_MAGIC = b"<sta"  # Stata 13 (format 117) and later


def main(source: str, folder: str) -> None:
    """Write ``cells.parquet`` (text) and ``facts.json`` (labels, user-missing texts)."""
    _limit_memory()
    import pyreadstat  # only the child needs it: the parent imports this module for its name

    is_stata = Path(source).read_bytes()[:4] == STATA_MAGIC
    read = pyreadstat.read_dta if is_stata else pyreadstat.read_sav
    frame, meta = read(source, user_missing=True)
    cells = pd.DataFrame({str(name): _texts(frame[name]) for name in frame.columns}, dtype="str")
    cells.to_parquet(Path(folder) / "cells.parquet", index=False)
    facts = {
        "labels": {
            name: {_text(value): str(label) for value, label in labels.items()}
            for name, labels in meta.variable_value_labels.items()
        },
        "user_missing": {name: sorted(texts) for name, texts in _user_missing(frame, meta)},
    }
    text = json.dumps(facts, ensure_ascii=False)
    (Path(folder) / "facts.json").write_text(text, encoding="utf-8")


def _limit_memory() -> None:
    """Let a file that unpacks without end cost an error, not the machine."""
    if sys.platform == "linux":
        import resource  # absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _user_missing(frame: pd.DataFrame, meta: Any) -> Iterator[tuple[str, set[str]]]:  # noqa: ANN401 - pyreadstat's
    """Give the texts that a variable declares as missing: SPSS's ranges, Stata's .a to .z."""
    for name, ranges in meta.missing_ranges.items():
        yield name, _declared_missing(frame[name], ranges)
    for name, letters in meta.missing_user_values.items():
        if name not in meta.missing_ranges:
            yield name, {str(letter) for letter in letters}


def _text(value: Any) -> str:  # noqa: ANN401 - SPSS holds numbers, text, dates and nothing
    if isinstance(value, int | float):
        return number_text(float(value))
    return "" if value is None or value is pd.NaT else cell_text(value)


def _texts(column: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [str(each) for each in column.dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")]
    positions, uniques = pd.factorize(column, use_na_sentinel=False)
    known = [_text(value) for value in uniques]
    return [known[position] for position in positions]


def _declared_missing(column: pd.Series, ranges: list[Any]) -> set[str]:
    found: set[str] = set()
    for each in ranges:
        low, high = each["lo"], each["hi"]
        values = column.dropna().unique()
        found |= {_text(v) for v in values if isinstance(v, type(low)) and low <= v <= high}
        found |= {_text(v) for v in (low, high)} if low == high else set()
    return found - {""}


if __name__ == "__main__":
    main(*sys.argv[1:])
