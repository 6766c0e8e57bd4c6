"""Raw data as a Stata file: codes with value labels, don't know as extended missing .a."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from driehoek.files import replacing
from driehoek.instrument.questions import Question
from driehoek.simulation.sheet import Sheet
from driehoek.simulation.writers.spss import is_numeric

DONT_KNOW = "a"


def write_stata(path: Path, sheet: Sheet) -> None:
    """Write a .dta file of version 15. Options are numbers where every code is one, else text."""
    rows = sheet.rows
    columns: dict[str, pd.Series] = {
        "id": pd.Series(np.arange(1, len(rows) + 1), dtype=float),
        "startdate": rows["started"].dt.strftime("%Y-%m-%d %H:%M:%S"),
        "submitdate": sheet.ended()
        .where(rows["submitted"])
        .dt.strftime("%Y-%m-%d %H:%M:%S")
        .fillna(""),
        "startlanguage": rows["language"],
        "interviewtime": rows["seconds"],
    }
    asked = sheet.questions.items()
    columns |= {header: _column(sheet, question) for header, question in asked}
    lettered = [header for header, q in asked if is_numeric(q) and q.missing_codes]
    with replacing(path) as draft:
        pyreadstat.write_dta(
            pd.DataFrame(columns),
            draft,
            version=15,
            variable_value_labels={
                h: _labels(q, sheet.language) for h, q in asked if q.options and is_numeric(q)
            },
            missing_user_values={header: [DONT_KNOW] for header in lettered},
        )


def _column(sheet: Sheet, question: Question) -> pd.Series:
    cells = pd.Series(sheet.text(question, "codes"), dtype=object)
    if not is_numeric(question):
        return cells.fillna("").astype(str)
    numbers = pd.to_numeric(cells).astype(float)
    if not question.missing_codes:
        return numbers
    return numbers.astype(object).mask(cells.isin(question.missing_codes), DONT_KNOW)


def _labels(question: Question, language: str) -> dict[Any, str]:
    return {
        DONT_KNOW if o.code in question.missing_codes else float(o.code): o.label[language]
        for o in question.options
    }
