"""Qualtrics files: every question by its own id, and the routing told in steps."""

from pathlib import Path

import pytest
from deployed import read_qualtrics
from small_instrument import small

from driehoek.deploy.qualtrics import write_qualtrics
from driehoek.instrument.reading import read_instrument

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")
NUMERIC = (('code: "y"', 'code: "1"'), ('code: "n"', 'code: "2"'))


@pytest.fixture(scope="module", params=["seeker", "carer", "professional"])
def survey(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("qualtrics") / "triad.txt"
    steps = write_qualtrics(TRIAD, path, role=request.param, language="nl")
    return path, request.param, steps


def test_every_question_of_the_role_comes_back_with_its_wording_codes_and_labels(survey):
    path, role, _ = survey
    asked = read_qualtrics(path, "nl")
    wanted = {qid: q for qid, q in TRIAD.questions.items() if role in q.roles}
    assert set(asked) == set(wanted) - {"respondent"}
    for qid, question in asked.items():
        assert wanted[qid].text["nl"] in question.text["nl"], qid
        labels = {option.code: {"nl": option.label["nl"]} for option in wanted[qid].options}
        assert question.options == labels, qid


def test_no_tag_occurs_that_public_generators_do_not_write(survey):
    tags = {
        line.split("]]")[0].removeprefix("[[").partition(":")[0]
        for line in survey[0].read_text(encoding="utf-8").splitlines()
        if line.startswith("[[")
    }
    assert tags == {"AdvancedFormat", "Block", "Question", "ID", "AdvancedChoices", "Choice"}
    assert survey[0].read_text(encoding="utf-8").startswith("[[AdvancedFormat]]\n")


def test_the_steps_tell_what_the_format_cannot_say(tmp_path):
    path = tmp_path / "small.txt"
    steps = write_qualtrics(small(tmp_path, *NUMERIC), path, role="carer", language="en")
    assert "hours: display logic, show if living is 2." in steps
    assert "hours: validation, a number from 0 to 168." in steps
    assert "Block cw: display logic, show if consent is 1." in steps
    assert "consent: force a response." in steps
    written = (tmp_path / "small.steps.txt").read_text(encoding="utf-8")
    assert written.splitlines() == [f"- {step}" for step in steps]


def test_the_file_says_that_it_is_unverified(survey):
    assert "No Qualtrics has read this file yet" in survey[2][0]


def test_one_file_holds_the_whole_of_a_small_survey(tmp_path):
    path = tmp_path / "small.txt"
    write_qualtrics(small(tmp_path, *NUMERIC), path, role="worker", language="en")
    assert path.read_text(encoding="utf-8").split("[[Block:wc]]")[1].split("[[Block:")[0] == (
        "\n\n[[Question:DB]]\n[[ID:wc_page]]\nYou and this carer\n\n"
        "[[Question:DB]]\n[[ID:wc_lead]]\nIs this true?\n\n"
        "[[Question:MC:SingleAnswer:Horizontal]]\n[[ID:tru1wc]]\nI trust this carer.\n\n"
        "[[AdvancedChoices]]\n[[Choice:1]]\nNo\n[[Choice:2]]\nPartly\n[[Choice:3]]\nYes\n"
        "[[Choice:9]]\nDon't know\n\n"
        "[[Question:MC:SingleAnswer:Horizontal]]\n[[ID:tru2wc]]\nI doubt this carer.\n\n"
        "[[AdvancedChoices]]\n[[Choice:1]]\nNo\n[[Choice:2]]\nPartly\n[[Choice:3]]\nYes\n"
        "[[Choice:9]]\nDon't know\n\n"
    )
