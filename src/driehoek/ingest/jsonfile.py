"""JSON files: the records of our own web page, and LimeSurvey's responses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from driehoek.ingest.decoding import decode
from driehoek.ingest.excel import cell_text
from driehoek.ingest.tables import RawTable, check_header, text_series
from driehoek.ingest.web import MEND, web_table
from driehoek.problems import AnswersError, Problem, name_of

ENDINGS = frozenset([".json", ".jsonl", ".ndjson"])
AGAIN = "export it again"


def read_json(path: Path) -> RawTable:
    """Read records of the web page, one after the other or in lists, or LimeSurvey's responses.

    Raises
    ------
    AnswersError
        If the text is no JSON, nests too deeply, repeats a name in a record, or holds records
        that are not all of one kind.
    """
    file = name_of(path)
    found = list(_values(decode(path.read_bytes(), file).text, file))
    if (
        len(found) == 1
        and isinstance(found[0], dict)
        and isinstance(found[0].get("responses"), list)
    ):
        return limesurvey_table(found[0]["responses"], file)
    records = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return web_table(records, file)


def limesurvey_table(responses: list[Any], file: str) -> RawTable:
    """Lay out LimeSurvey's responses: one object each, older versions with its id around it."""
    records = [_unwrapped(each) for each in responses]
    names = list(records[0]) if records and isinstance(records[0], dict) else []
    problems = [
        problem
        for number, record in enumerate(records, 1)
        for problem in _faults(record, names, number + 1, file)
    ]
    if not records:
        mend = "if nobody answered, take the export out of the study"
        problems = [Problem(file, "no response", "a response a person", mend, check="empty")]
    problems = problems or check_header([name.strip() for name in names], file)
    if problems:
        raise AnswersError(problems)
    columns = {
        name.strip(): text_series([cell_text(record[name]) for record in records]) for name in names
    }
    rows = np.arange(2, len(records) + 2)
    return RawTable(file, "text", pd.DataFrame(columns), rows, ("LimeSurvey's JSON",))


def _unwrapped(record: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    if isinstance(record, dict) and len(record) == 1:
        inner = next(iter(record.values()))
        return inner if isinstance(inner, dict) else record
    return record


def _faults(record: Any, names: list[str], row: int, file: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON holds anything
    if not isinstance(record, dict):
        yield Problem(
            file, "a response that is no record", "a record", AGAIN, row=row, check="file"
        )
    elif set(record) != set(names):
        found = "a record with other questions than the first"
        yield Problem(file, found, "the same questions", AGAIN, row=row, check="width")
    else:
        for name, answer in record.items():
            if not isinstance(answer, str | int | float | bool | None):
                found, expected = "an answer in parts", "one code, number or text"
                yield Problem(file, found, expected, AGAIN, row=row, item=name, check="file")


def _values(text: str, file: str) -> Iterator[Any]:
    """Give the JSON values of a text, one after the other."""
    decoder = json.JSONDecoder(object_pairs_hook=_record, parse_constant=_no_number)
    place, end = 0, len(text)
    while (place := _past_blanks(text, place)) < end:
        try:
            found, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, _RepeatedError) as fault:
            line = text.count("\n", 0, getattr(fault, "pos", place)) + 1
            said = str(fault) if isinstance(fault, _RepeatedError) else "no JSON here"
            problem = Problem(file, said, "whole records", MEND, line=line, check="file")
            raise AnswersError([problem]) from fault
        except RecursionError as fault:
            said = "records inside records, too deep to read"
            raise AnswersError([Problem(file, said, "flat records", MEND, check="file")]) from fault
        yield found


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


class _RepeatedError(ValueError):
    """A name that stands twice in a record, or a number that is none."""


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"the name {twice[:60]!r} stands twice in a record"
        raise _RepeatedError(msg)
    return found


def _no_number(word: str) -> Any:  # noqa: ANN401 - JSONDecoder's signature
    msg = f"{word}, which is no number"
    raise _RepeatedError(msg)
