"""Answers that our own web page saved: JSON, one record a person."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from driehoek.ingest.decoding import decode
from driehoek.ingest.excel import cell_text
from driehoek.ingest.tables import RawTable, text_series
from driehoek.problems import AnswersError, Problem, name_of

META = ("started", "submitted", "language", "complete")
ENDINGS = frozenset([".json", ".jsonl", ".ndjson"])
MEND = "use the file that the web page saved, or put such files one after the other"


def read_web(path: Path) -> RawTable:
    """Read records of the web page: one, a list, or any number one after the other.

    Raises
    ------
    AnswersError
        If the text is no JSON, a record is none of the web page's, a question has no plain
        answer, or the records are of several questionnaires.
    """
    file = name_of(path)
    records = list(_records(decode(path.read_bytes(), file).text, file))
    problems = [
        problem
        for number, record in enumerate(records, 1)
        for problem in _record_problems(record, number, file)
    ]
    if not records:
        problems = [Problem(file, "no record", "a record a person", MEND, check="empty")]
    if not problems:
        problems = list(_mixture_problems(records, file))
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


def _records(text: str, file: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    text = text.lstrip("\ufeff").strip()
    while text:
        try:
            found, end = decoder.raw_decode(text)
        except json.JSONDecodeError as fault:
            said = f"no JSON after {text[:20]!r}"
            problem = Problem(file, said, "whole records", MEND, check="file")
            raise AnswersError([problem]) from fault
        yield from found if isinstance(found, list) else [found]
        text = text[end:].lstrip()


def _record_problems(record: object, number: int, file: str) -> Iterator[Problem]:
    row, names = number + 1, {"instrument", "version", "answers"}
    if not isinstance(record, dict) or not names <= set(record):
        expected = ", ".join(sorted(names))
        found = "a JSON record of another program"
        yield Problem(file, found, expected, MEND, row=row, check="file")
    elif not isinstance(record["answers"], dict):
        found = "answers without questions"
        yield Problem(file, found, "question: answer", MEND, row=row, check="file")
    else:
        for name, answer in record["answers"].items():
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
