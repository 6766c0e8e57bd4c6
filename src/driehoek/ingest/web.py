"""Answers that our own web page saved: JSON, one record a person."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from driehoek.ingest.excel import cell_text
from driehoek.ingest.tables import RawTable, text_series
from driehoek.problems import AnswersError, Problem

META = ("started", "submitted", "language", "complete")
MEND = "use the file that the web page saved, or put such files one after the other"


def web_table(records: list[Any], file: str) -> RawTable:
    """Lay out records of the web page.

    Raises
    ------
    AnswersError
        If a record is none of the web page's, a question has no plain answer, the records are
        of several questionnaires, or those of one survey do not hold the same questions.
    """
    problems = [
        problem
        for number, record in enumerate(records, 1)
        for problem in _record_problems(record, number, file)
    ]
    if not records:
        problems = [Problem(file, "no record", "a record a person", MEND, check="empty")]
    if not problems:
        problems = [*_mixture_problems(records, file), *_question_problems(records, file)]
    if problems:
        raise AnswersError(problems)
    questions = dict.fromkeys(name for record in records for name in record["answers"])
    columns = {
        name: text_series([cell_text(record.get(name)) for record in records]) for name in META
    }
    columns |= {
        name: text_series([cell_text(record["answers"].get(name)) for record in records])
        for name in questions
    }
    rows = np.arange(2, len(records) + 2)
    remarks = (f"web page of {records[0]['instrument']} {records[0]['version']}",)
    return RawTable(file, "web", pd.DataFrame(columns), rows, remarks)


def _record_problems(record: object, number: int, file: str) -> Iterator[Problem]:
    row, names = number + 1, {"instrument", "version", "answers", *META}
    if not isinstance(record, dict) or not names <= set(record):
        expected = ", ".join(sorted(names))
        found = "a JSON record of another program"
        yield Problem(file, found, expected, MEND, row=row, check="file")
    elif not isinstance(record["answers"], dict):
        found = "answers without questions"
        yield Problem(file, found, "question: answer", MEND, row=row, check="file")
    else:
        about = {f"({name})": record[name] for name in (*META, "instrument", "version")}
        for name, answer in (record["answers"] | about).items():
            if not isinstance(answer, str | int | float | bool | None):
                expected = "one code, number or text"
                found = "an answer in parts"
                yield Problem(file, found, expected, MEND, row=row, item=name, check="file")


def _mixture_problems(records: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    kinds = sorted({f"{record['instrument']} {record['version']}" for record in records})
    if len(kinds) > 1:
        mend = "make a file for each, and name each in the study"
        found = f"records of {' and '.join(kinds)}"
        yield Problem(file, found, "one questionnaire in one version", mend, check="instrument")


def _question_problems(records: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    """Find records that lack questions which others of the same survey hold."""
    asked: dict[str, set[str]] = {}
    for number, record in enumerate(records, 1):
        questions = asked.setdefault(str(record.get("role", "")), {*record["answers"]})
        if other := sorted(questions ^ {*record["answers"]}):
            found = f"not the same questions as the first record: {', '.join(other[:5])}"
            yield Problem(
                file, found, "every question of the survey", MEND, row=number + 1, check="width"
            )
