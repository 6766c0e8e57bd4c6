"""Answers as our own web page saves them: JSON, one record a person who finished."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from driehoek.files import write_text
from driehoek.instrument.questions import Question
from driehoek.simulation.sheet import Sheet


def write_web(path: Path, sheet: Sheet) -> None:
    """Write the records that people sent in, one below the other.

    The page saves when somebody finishes, so that those who broke off have no record. Codes and
    typed words are text, numbers are numbers, and a question without an answer is null.
    """
    lines = [json.dumps(record, ensure_ascii=False) for record in _records(sheet)]
    write_text(path, "\n".join([*lines, ""]))


def _records(sheet: Sheet) -> Iterator[dict[str, object]]:
    columns = {header: _answers(sheet, q) for header, q in sheet.questions.items()}
    asks_role = any(question.kind == "role" for question in sheet.questions.values())
    rows = sheet.rows.assign(started=_utc(sheet.rows["started"]), ended=_utc(sheet.ended()))
    for place, row in enumerate(rows.to_dict("records")):
        if row["submitted"]:
            yield {
                "instrument": sheet.instrument,
                "version": sheet.version,
                "role": "" if asks_role else row["role"],
                "language": row["language"],
                "started": row["started"],
                "submitted": row["ended"],
                "complete": True,
                "answers": {header: column[place] for header, column in columns.items()},
            }


def _answers(sheet: Sheet, question: Question) -> list[object]:
    given: list[object] = list(sheet.text(question, "codes"))
    if question.kind != "number":
        return given
    return [None if each is None else int(str(each)) for each in given]


def _utc(times: pd.Series) -> pd.Series:
    written: pd.Series = times.dt.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return written
