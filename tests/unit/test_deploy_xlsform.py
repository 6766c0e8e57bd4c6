"""XLSForms: accepted by pyxform and ODK Validate, and nothing lost on the way."""

import shutil
from pathlib import Path

import pytest
from deployed import read_xlsform
from lxml import etree
from openpyxl import load_workbook
from pyxform.validators.odk_validate import ODKValidateError
from pyxform.xls2xform import convert
from small_instrument import small

from driehoek.deploy.conditions import Chosen, Joined, Measured
from driehoek.deploy.xlsform import relevant, translation_problems, write_xlsform
from driehoek.instrument.reading import read_instrument

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")
XFORMS = "{http://www.w3.org/2002/xforms}"
HELPERS = ("page_", "text_", "head_", "lead_", "info_")


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsform") / "triad.xlsx"
    write_xlsform(TRIAD, path)
    return path


@pytest.fixture(scope="module")
def xform(form):
    return etree.fromstring(convert(str(form), validate=False).xform.encode())


def needs_java():
    if shutil.which("java") is None:
        pytest.skip("ODK Validate needs Java, which is not installed")


def questions_of(asked):
    return {name: each for name, each in asked.items() if not name.startswith(HELPERS)}


@pytest.mark.parametrize("role", [None, "seeker", "carer", "professional"])
def test_odk_validate_accepts_the_triad_without_a_warning(tmp_path, role):
    needs_java()
    write_xlsform(TRIAD, tmp_path / "triad.xlsx", role=role)
    result = convert(str(tmp_path / "triad.xlsx"), validate=True)
    assert result.warnings == []


def test_every_question_comes_back_with_wording_codes_and_labels_in_both_languages(form):
    settings, asked = read_xlsform(form)
    asked = questions_of(asked)
    assert set(asked) == set(TRIAD.questions)
    for qid, question in TRIAD.questions.items():
        assert asked[qid].text == dict(question.text), qid
        assert asked[qid].options == {o.code: o.label for o in question.options}, qid
    assert settings["default_language"] == "Nederlands (nl)"
    assert settings["version"] == TRIAD.instrument.version


def test_every_question_of_a_role_is_routed_by_consent_and_role(form):
    _, asked = read_xlsform(form)
    letters = {"seeker": "s", "carer": "c", "professional": "p"}
    for qid, question in TRIAD.questions.items():
        if len(question.roles) == 1:
            letter = letters[question.roles[0]]
            assert f"(${{respondent}} = '{letter}')" in asked[qid].relevance, qid
            assert "(${consent} = '1')" in asked[qid].relevance, qid
    assert "(${employed} = '1')" in asked["workhours"].relevance
    assert asked["workhours"].limits == (1, 80)


def test_pyxform_binds_every_question_as_we_mean_it(xform):
    binds = {bind.get("nodeset").rsplit("/", 1)[-1]: bind for bind in xform.iter(f"{XFORMS}bind")}
    assert set(TRIAD.questions) <= set(binds)
    kinds = {"choice": "string", "role": "string", "number": "decimal"}
    for qid, question in TRIAD.questions.items():
        assert binds[qid].get("type") == kinds.get(question.kind, "string"), qid
        required = TRIAD.instrument.background.get(qid)
        assert (binds[qid].get("required") == "true()") == bool(required and required.required)
    assert "/page_care/employed  = '1'" in binds["workhours"].get("relevant")


def test_pyxform_holds_each_wording_in_each_language(xform):
    languages = {
        each.get("lang"): {
            "".join(value.itertext()).strip() for value in each.iter(f"{XFORMS}value")
        }
        for each in xform.iter(f"{XFORMS}translation")
    }
    assert set(languages) == {"Nederlands (nl)", "English (en)"}
    for qid, question in TRIAD.questions.items():
        assert question.text["nl"] in languages["Nederlands (nl)"], qid
        assert question.text["en"] in languages["English (en)"], qid


def test_each_list_of_options_is_written_once(form):
    sheet = load_workbook(form)["choices"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len({row[:2] for row in rows}) == len(rows)
    assert {row[0] for row in rows} >= {"agree5", "frequency5", "balance7", "respondent"}


def test_the_translations_of_the_triad_are_complete(form):
    assert translation_problems(form) == []


def test_a_single_missing_translation_is_found_that_pyxform_passes_over(form, tmp_path):
    workbook = load_workbook(form)
    sheet = workbook["survey"]
    header = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "giv1sc")
    row[header.index("label::English (en)")].value = None
    workbook.save(tmp_path / "gap.xlsx")
    assert convert(str(tmp_path / "gap.xlsx"), validate=False).warnings == []
    (problem,) = translation_problems(tmp_path / "gap.xlsx")
    assert problem.item == "giv1sc"
    assert "English (en)" in str(problem)
    assert "fill in the cell" in str(problem)


def test_odk_validate_would_refuse_a_condition_that_it_cannot_read(tmp_path):
    needs_java()
    write_xlsform(small(tmp_path), tmp_path / "small.xlsx")
    workbook = load_workbook(tmp_path / "small.xlsx")
    sheet = workbook["survey"]
    header = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "hours")
    row[header.index("relevant")].value = "${living} = = 'n'"
    workbook.save(tmp_path / "broken.xlsx")
    with pytest.raises(ODKValidateError, match=r"(?i)xpath|relevant"):
        convert(str(tmp_path / "broken.xlsx"), validate=True)


def test_the_sample_that_odk_validate_accepted_is_read_by_the_same_reader(shared):
    _, asked = read_xlsform(shared / "samples" / "kobo" / "demo_xlsform.xlsx")
    assert asked["coll_1"].options["1"] == {"nl": "Helemaal mee oneens", "en": "Strongly disagree"}
    assert asked["coll_1"].grid == "list-nolabel"
    assert "${role} = 'teacher'" in asked["coll_1"].relevance


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (True, ""),
        (False, "false()"),
        (Chosen("a", ("1", "2")), "${a} = '1' or ${a} = '2'"),
        (Measured("n", "!=", 3), "${n} != '' and ${n} != 3"),
        (Measured("n", "==", 0.5), "${n} != '' and ${n} = 0.5"),
        (
            Joined("or", (Chosen("a", ("1",)), Measured("n", "<", 2))),
            "(${a} = '1') or (${n} != '' and ${n} < 2)",
        ),
    ],
)
def test_tests_are_written_as_xpath(test, expected):
    assert relevant(test) == expected


def test_a_form_of_one_role_and_language_holds_nothing_else(tmp_path):
    write_xlsform(small(tmp_path), tmp_path / "small.xlsx", role="carer", language="en")
    settings, asked = read_xlsform(tmp_path / "small.xlsx")
    assert settings["form_id"] == "small_carer"
    assert set(questions_of(asked)) == {
        "consent", "living", "hours", "tru1cw", "tru2cw", "remark",
    }  # fmt: skip
    assert asked["tru1cw"].text == {"en": "I trust this worker."}
    assert asked["hours"].relevance == "(${consent} = '1') and (${living} = 'n')"


def test_a_text_that_begins_with_an_equals_sign_is_no_formula(tmp_path):
    form = small(tmp_path, ('nl: "Nog iets?"', 'nl: "=1+1"'))
    write_xlsform(form, tmp_path / "small.xlsx")
    cells = [c for row in load_workbook(tmp_path / "small.xlsx")["survey"] for c in row]
    assert [c.data_type for c in cells if c.value == "=1+1"] == ["s"]
