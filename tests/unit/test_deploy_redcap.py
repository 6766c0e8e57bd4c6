"""REDCap dictionaries: the columns of real ones, and everything of the instrument."""

import csv
import zipfile
from pathlib import Path

import pytest
from deployed import read_redcap
from small_instrument import small

from driehoek.deploy.conditions import Chosen, Joined, Measured
from driehoek.deploy.redcap import COLUMNS, branching, write_redcap
from driehoek.instrument.reading import read_instrument

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")


@pytest.fixture(scope="module", params=["nl", "en"])
def dictionary(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("redcap") / "triad.csv"
    write_redcap(TRIAD, path, language=request.param)
    return path, request.param


def test_the_columns_are_those_of_dictionaries_that_redcap_wrote(dictionary, shared):
    sample = shared / "samples" / "redcap" / "REDCapR_survey_dictionary.csv"
    own = dictionary[0].read_text(encoding="utf-8").splitlines()[0]
    theirs = sample.read_text(encoding="utf-8-sig").splitlines()[0]
    names = next(csv.reader([theirs]))
    assert next(csv.reader([own])) == list(COLUMNS)
    assert len(COLUMNS) == len(names) == 18


def test_every_question_comes_back_with_its_wording_codes_and_labels(dictionary):
    path, lang = dictionary
    asked = read_redcap(path, lang)
    assert next(iter(asked)) == "record_id"
    assert set(asked) - {"record_id"} == set(TRIAD.questions)
    for qid, question in TRIAD.questions.items():
        assert asked[qid].text[lang].endswith(question.text[lang]), qid
        labels = {option.code: {lang: option.label[lang]} for option in question.options}
        assert asked[qid].options == labels, qid


def test_every_question_of_a_role_branches_on_consent_and_role(dictionary):
    asked = read_redcap(*dictionary)
    letters = {"seeker": "s", "carer": "c", "professional": "p"}
    for qid, question in TRIAD.questions.items():
        if len(question.roles) == 1:
            letter = letters[question.roles[0]]
            assert f"([respondent] = '{letter}')" in asked[qid].relevance, qid
            assert "([consent] = '1')" in asked[qid].relevance, qid
    assert "([employed] = '1')" in asked["workhours"].relevance


def test_the_fields_of_a_matrix_stand_together_and_share_their_choices(dictionary):
    asked = read_redcap(*dictionary)
    runs = []
    for field in asked.values():
        if not runs or runs[-1][0] != field.grid:
            runs.append((field.grid, field.options))
        assert not field.grid or field.options == runs[-1][1]
    grids = [name for name, _ in runs if name]
    assert len(grids) == len(set(grids)) > 20


def test_codes_and_open_answers_are_marked_as_identifiers(tmp_path):
    write_redcap(TRIAD, tmp_path / "triad.csv", language="en")
    with (tmp_path / "triad.csv").open(encoding="utf-8", newline="") as stream:
        marked = {r[COLUMNS[0]] for r in csv.DictReader(stream) if r["Identifier?"] == "y"}
    assert marked == {"triadcode", "personcode", "wavecode", "opn1"}


def test_square_brackets_are_no_piping(tmp_path):
    write_redcap(TRIAD, tmp_path / "triad.csv", language="nl")
    text = (tmp_path / "triad.csv").read_text(encoding="utf-8")
    assert "[contact]," not in text
    assert "&#91;contact&#93;" in text
    assert "[contact]" in read_redcap(tmp_path / "triad.csv", "nl")["consent"].text["nl"]


def test_an_instrument_zip_is_flat_and_the_same_bytes_each_time(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_redcap(TRIAD, tmp_path / name, role="carer", language="nl")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["OriginID.txt", "instrument.csv"]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    asked = read_redcap(tmp_path / "a.zip", "nl")
    carers = {qid for qid, q in TRIAD.questions.items() if "carer" in q.roles}
    assert set(asked) == carers - {"respondent"}
    assert asked["relation"].relevance == "[consent] = '1'"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (True, ""),
        (False, "1 = 0"),
        (Chosen("a", ("1", "2")), "[a] = '1' or [a] = '2'"),
        (Measured("n", "!=", 3), "[n] <> '' and [n] <> 3"),
        (Measured("n", "==", 3), "[n] <> '' and [n] = 3"),
        (
            Joined("and", (Chosen("a", ("1", "2")), Chosen("b", ("x",)))),
            "([a] = '1' or [a] = '2') and ([b] = 'x')",
        ),
    ],
)
def test_tests_are_written_as_branching_logic(test, expected):
    assert branching(test) == expected


def test_a_page_begins_with_its_title_and_a_grid_with_its_question(tmp_path):
    write_redcap(small(tmp_path), tmp_path / "out.csv", language="en")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        headings = {r[COLUMNS[0]]: r["Section Header"] for r in csv.DictReader(stream)}
    assert headings["tru1cw"] == "You and this worker<br>Is this true?"
    assert headings["tru2cw"] == ""
    assert headings["living"] == "Home"
