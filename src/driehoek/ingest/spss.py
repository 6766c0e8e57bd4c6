"""SPSS files (.sav, .zsav) and Stata files (.dta) as tables of text."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from driehoek.ingest.spss_child import MODULE
from driehoek.ingest.tables import MAX_COLUMNS, RawTable, check_header
from driehoek.problems import AnswersError, Problem, name_of

SECONDS = 600
NAMES = {"spss": "SPSS", "stata": "Stata"}


def read_spss(path: Path, source: Literal["spss", "stata"] = "spss") -> RawTable:
    """Read an SPSS or Stata file in a child process; user-missing values are kept and named.

    Raises
    ------
    AnswersError
        If the reader refuses the file, or the file ends the reader's process.
    """
    file = name_of(path)
    with tempfile.TemporaryDirectory(prefix="driehoek-") as folder:
        _run_child(path, folder, file, NAMES[source])
        cells = pd.read_parquet(Path(folder) / "cells.parquet")
        facts = json.loads((Path(folder) / "facts.json").read_text(encoding="utf-8"))
    if cells.empty:
        mend = "if nobody answered, take the export out of the study"
        raise AnswersError([Problem(file, "no cases", "cases", mend, check="empty")])
    user_missing = {name: frozenset(texts) for name, texts in facts["user_missing"].items()}
    if len(cells.columns) > MAX_COLUMNS:
        raise AnswersError(check_header(list(cells.columns), file))
    rows = np.arange(2, len(cells) + 2)
    return RawTable(file, source, cells, rows, (), facts["labels"], user_missing)


def _run_child(path: Path, folder: str, file: str, name: str) -> None:
    command = [sys.executable, "-m", MODULE, str(path), folder]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as fault:
        found = f"the reader of {name} files did not finish in {SECONDS // 60} minutes"
        raise AnswersError([Problem(file, found, check="spss")]) from fault
    if done.returncode == 0:
        return
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    if done.returncode == 1:
        found = f"{_a(name)} file that cannot be read ({' '.join(last)[:200]})"
        mend = "open it in a statistics program and save it again, or export CSV"
    else:
        found = f"{_a(name)} file that ends the program that reads it (status {done.returncode})"
        mend = (
            "LimeSurvey writes such files: export CSV with answer codes instead, or open this "
            "file in PSPP and save it again"
        )
    raise AnswersError([Problem(file, found, "a readable .sav, .zsav or .dta", mend, check="spss")])


def _a(name: str) -> str:
    return f"an {name}" if name == "SPSS" else f"a {name}"
