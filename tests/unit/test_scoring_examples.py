"""Worked examples are checked before anything is scored."""

from pathlib import Path

import pytest
from small_study import INSTRUMENT, small_questionnaire

from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError
from driehoek.scoring.examples import check_examples

ROOT = Path(__file__).resolve().parents[2]


def check(folder, old="", new=""):
    check_examples(small_questionnaire(folder, INSTRUMENT.replace(old, new)), "small.yaml")


def test_the_examples_of_the_triad_questionnaire_hold():
    path = ROOT / "instruments" / "triad.yaml"
    questionnaire = read_instrument(path)
    assert sum(len(scale.examples) for scale in questionnaire.instrument.scales.values()) > 10
    check_examples(questionnaire, "triad.yaml")


def test_an_example_that_fails_names_the_scale_what_was_expected_and_what_came(tmp_path):
    with pytest.raises(InstrumentError) as raised:
        check(tmp_path, "score: 3.5}", "score: 3.6}")
    message = str(raised.value)
    assert "scales.warmth.examples" in message
    assert "scores 3.5. Expected: 3.6" in message


def test_a_wrong_key_is_caught_by_the_example(tmp_path):
    with pytest.raises(InstrumentError, match=r"Expected: 3\.5"):
        check(tmp_path, 'keyed: "-", ')


def test_an_example_may_say_that_there_is_no_score(tmp_path):
    few = "{a1: 5, a2: 1, a3: null, a4: null, b1: 1, b2: 3}"
    old = "{a1: 5, a2: 1, a3: 5, a4: null, b1: 1, b2: 3}, score: 3.5"
    check(tmp_path, old, f"{few}, score: null")
    with pytest.raises(InstrumentError, match="scores no score"):
        check(tmp_path, old, f"{few}, score: 3")


def test_an_example_of_a_role_without_the_scale_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match="who gets no item of the scale"):
        check(tmp_path, "{role: carer, answers: {a1: 5", "{role: professional, answers: {a1: 5")


def test_an_example_with_an_item_the_role_is_not_asked_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match="answers a3, a4, b1, b2, which seeker is not asked"):
        check(tmp_path, "{role: carer, answers: {a1: 5", "{role: seeker, answers: {a1: 5")
