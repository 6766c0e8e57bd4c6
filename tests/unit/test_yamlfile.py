"""YAML becomes plain data with lines, or a list of faults."""

import pytest
from pydantic import Field

from driehoek.problems import StudyError
from driehoek.yamlfile import Closed, read_document, validate


class Inner(Closed):
    colour: str = "red"
    size: int = 1


class Outer(Closed):
    name: str
    parts: list[Inner] = Field(default_factory=list)
    named: dict[str, Inner] = Field(default_factory=dict)
    maybe: Inner | None = None


def read(tmp_path, text):
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read_document(path, StudyError)


def faults(tmp_path, text):
    document = read(tmp_path, text)
    with pytest.raises(StudyError) as caught:
        validate(document, Outer, StudyError)
    return caught.value.problems


def test_every_fault_is_listed_at_once_with_its_line(tmp_path):
    found = faults(tmp_path, "nam: x\nparts:\n  - {size: many}\n")
    assert {(p.line, p.item) for p in found} == {(1, "nam"), (1, "name"), (3, "parts.0.size")}


@pytest.mark.parametrize(
    ("text", "line", "suggested"),
    [
        ("name: x\nnaam: y\n", 2, "'name'"),
        ("name: x\nparts:\n  - colour: a\n  - color: b\n", 4, "'colour'"),
        ("name: x\nnamed:\n  one:\n    sise: 2\n", 4, "'size'"),
        ("name: x\nmaybe:\n  coluor: a\n", 3, "'colour'"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(tmp_path, text, line, suggested):
    (problem,) = faults(tmp_path, text)
    assert problem.line == line
    assert suggested in problem.mend


def test_words_that_other_readers_turn_into_booleans_and_dates_stay_text(tmp_path):
    data = read(tmp_path, "a: yes\nb: no\nc: on\nd: 2025-03-01\ne: true\nf: 1\ng: 1.5\n").data
    assert data == {
        "a": "yes", "b": "no", "c": "on", "d": "2025-03-01", "e": True, "f": 1, "g": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: &x 1\nb: *x\n", "anchor"),
        ("a: 1\na: 2\n", "twice"),
        ("a: [1\nb: 2\n", "expected"),
        ("a: !!python/object/apply:os.getcwd []\n", "a tag"),
        ("- " * 60 + "x\n", "levels of nesting"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(tmp_path, text, found):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, text)
    assert found in str(caught.value)
    assert caught.value.problems[0].line is not None


def test_a_file_that_is_not_utf8_says_which_byte(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: caf\xe9\n")
    with pytest.raises(StudyError, match="byte 9 is not UTF-8"):
        read_document(path, StudyError)


def test_an_absent_file_names_the_nearest_one(tmp_path):
    (tmp_path / "study.yaml").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"study\.yaml"):
        read_document(tmp_path / "studdy.yaml", StudyError)
