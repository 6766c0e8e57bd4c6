"""The survey platforms beside each other: one instrument, the same survey everywhere."""

from pathlib import Path

import pytest
from deployed import read_limesurvey, read_qualtrics, read_redcap, read_xlsform

from driehoek.deploy.targets import TARGETS, export
from driehoek.instrument.reading import read_instrument

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")
READERS = {
    "limesurvey": lambda path: read_limesurvey(path)[2],
    "qualtrics": lambda path: read_qualtrics(path, "nl"),
    "redcap": lambda path: read_redcap(path, "nl"),
    "xlsform": lambda path: read_xlsform(path)[1],
}


@pytest.mark.parametrize("role", list(TRIAD.instrument.roles))
def test_every_platform_asks_a_role_the_same_questions_with_the_same_codes(tmp_path, role):
    asked = {}
    for target, read in READERS.items():
        path = tmp_path / f"{target}{TARGETS[target].suffixes[0]}"
        export(TRIAD, target, path, role=role, language="nl")
        asked[target] = {
            qid: {code: label["nl"] for code, label in question.options.items()}
            for qid, question in read(path).items()
            if qid in TRIAD.questions
        }
    assert len(asked["limesurvey"]) > 100
    assert all(each == asked["limesurvey"] for each in asked.values())


@pytest.mark.parametrize("target", READERS)
def test_the_same_instrument_gives_the_same_survey_twice(tmp_path, target):
    paths = [tmp_path / f"{name}{TARGETS[target].suffixes[0]}" for name in ("a", "b")]
    for path in paths:
        export(TRIAD, target, path, role="carer", language="en")
    if target == "xlsform":
        assert read_xlsform(paths[0]) == read_xlsform(paths[1])
    else:
        assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("target", READERS)
def test_every_platform_tells_what_is_left_to_do(tmp_path, target):
    path = tmp_path / f"out{TARGETS[target].suffixes[0]}"
    notes = export(TRIAD, target, path, role="seeker", language="en")
    assert any("Export later" in note for note in notes)
    assert any("[end date] in consent" in note for note in notes)
