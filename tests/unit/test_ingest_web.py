import json

import pytest

from driehoek.ingest.recognise import read_table
from driehoek.problems import AnswersError


def record(answers, **others):
    base = {"instrument": "small", "version": "1.0.0", "language": "nl", "complete": True}
    times = {"started": "2026-11-22T19:50:36.801Z", "submitted": "2026-11-22T19:55:00.000Z"}
    return base | times | {"answers": answers} | others


ONE = record({"tru1cw": "3", "hours": 12.5, "living": None})
OTHER = record({"tru1cw": "9", "hours": None, "living": "n"})
DEEP = "[" * 100_000 + "]" * 100_000


def read(folder, text, name="w1.json"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_table(path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps([ONE, OTHER]), "w1.json"),
        (json.dumps(ONE, indent=1) + "\n" + json.dumps(OTHER), "w1.json"),
        (json.dumps(ONE) + "\n" + json.dumps(OTHER) + "\n", "w1.jsonl"),
    ],
)
def test_records_are_read_as_a_list_or_one_after_the_other(tmp_path, text, name):
    table = read(tmp_path, text, name)
    assert table.cells.to_dict("list") == {
        "started": [ONE["started"]] * 2,
        "submitted": [ONE["submitted"]] * 2,
        "language": ["nl", "nl"],
        "complete": ["true", "true"],
        "tru1cw": ["3", "9"],
        "hours": ["12.5", ""],
        "living": ["", "n"],
    }
    assert list(table.rows) == [2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"instrument": "small"', "line 1: no JSON here"),
        (json.dumps(ONE) + "\n{", "line 2: no JSON here"),
        (json.dumps([ONE, record({"tru1cw": "9"})]), "row 3: not the same questions"),
        (json.dumps(record({}, language={"a": 1})), "language.: an answer in parts"),
        ('{"a": 1, "a": 2}', "the name 'a' stands twice"),
        ('{"a": NaN}', "NaN, which is no number"),
        (DEEP, "too deep to read"),
        ('{"responses": []}', "no response"),
        ('{"responses": [{"id": 1}, {"ID": 1}]}', "row 3: a record with other questions"),
        ('{"responses": [{"id": 1}, 5]}', "row 3: a response that is no record"),
        ('{"responses": [{"id": [1]}]}', "row 2, id: an answer in parts"),
        ('[{"a": 1}]', "a JSON record of another program"),
        ("7", "a JSON record of another program"),
        (json.dumps(record([1])), "answers without questions"),
        (json.dumps(record({"tru1cw": {"row": 1}})), "tru1cw: an answer in parts"),
        (json.dumps([ONE, record({}, version="2.0.0")]), "small 1.0.0 and small 2.0.0"),
        ("[]", "no record"),
    ],
)
def test_other_json_is_refused_with_the_reason(tmp_path, text, message):
    with pytest.raises(AnswersError, match=message):
        read(tmp_path, text)
