"""Raw data as an SPSS file: codes with value labels, don't know as user-missing value."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from driehoek.files import replacing
from driehoek.instrument.questions import Question
from driehoek.simulation.sheet import Sheet

VARIABLE_LABEL_BYTES = 256
VALUE_LABEL_BYTES = 120
CREATED_AT = 92  # byte of the header at which creation date (9) and time (8) start
CREATED = b"01 Jan 2500:00:00"


def write_spss(path: Path, sheet: Sheet) -> None:
    """Write a .sav file. Options are numbers where every code is one, else text."""
    columns: dict[str, pd.Series] = dict(_paradata(sheet))
    for header, question in sheet.questions.items():
        columns[header] = _column(sheet, question)
    asked = sheet.questions.items()
    numeric = {h: q for h, q in asked if is_numeric(q)}
    with replacing(path) as draft:
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            draft,
            compress=path.suffix == ".zsav",
            column_labels={
                h: shortened(sheet.question_text(q), VARIABLE_LABEL_BYTES) for h, q in asked
            },
            variable_value_labels={
                h: _value_labels(q, sheet.language) for h, q in asked if q.options
            },
            missing_ranges={h: _unknown(q) for h, q in numeric.items() if _unknown(q)},
            variable_measure={h: _measure(q) for h, q in asked},
            variable_format=dict.fromkeys(numeric, "F8.0"),
        )
        _fix_creation_time(draft)


def _fix_creation_time(path: Path) -> None:
    """Write a fixed time of creation, so that the same answers give the same bytes."""
    with path.open("r+b") as stream:
        stream.seek(CREATED_AT)
        stream.write(CREATED)


def is_numeric(question: Question) -> bool:
    """Say whether the codes of a question can be stored as numbers."""
    if question.kind in {"text", "code"}:
        return False
    return all(option.code.isdecimal() for option in question.options)


def shortened(text: str, limit: int) -> str:
    """Cut a text to a number of UTF-8 bytes, at a whole character."""
    return text.encode("utf-8")[:limit].decode("utf-8", errors="ignore")


def _paradata(sheet: Sheet) -> dict[str, pd.Series]:
    rows = sheet.rows
    return {
        "id": pd.Series(np.arange(1, len(rows) + 1), dtype=float),
        "startdate": rows["started"].astype("datetime64[us]"),  # pyreadstat loses whole seconds
        "submitdate": sheet.ended().where(rows["submitted"]),
        "ipaddr": pd.Series([f"192.0.2.{i % 254 + 1}" for i in range(len(rows))]),
        "startlanguage": rows["language"],
        "interviewtime": rows["seconds"],
    }


def _column(sheet: Sheet, question: Question) -> pd.Series:
    cells = pd.Series(sheet.text(question, "codes"), dtype=object)
    if is_numeric(question):
        return pd.to_numeric(cells).astype(float)
    return cells.fillna("").astype(str)


def _value_labels(question: Question, language: str) -> dict[Any, str]:
    return {
        float(o.code) if is_numeric(question) else o.code: shortened(
            o.label[language], VALUE_LABEL_BYTES
        )
        for o in question.options
    }


def _unknown(question: Question) -> list[Any]:
    return [float(code) for code in question.missing_codes]


def _measure(question: Question) -> str:
    if question.kind == "number":
        return "scale"
    return "ordinal" if question.item else "nominal"
