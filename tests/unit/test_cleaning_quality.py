"""How a questionnaire was filled in."""

import math

import numpy as np
import pytest
from small_study import small_questionnaire, wave_tables

from driehoek.cleaning.quality import longstring, measure, verdicts
from driehoek.study_file import Quality

NAN = math.nan


@pytest.mark.parametrize(
    ("answers", "sets", "expected"),
    [
        ([1, 1, 1, 2], "aaaa", 3),
        ([1, 2, 2, 2], "aaaa", 3),
        ([1, 1, 1, 1], "aabb", 2),
        ([1, NAN, 1, 1], "aaaa", 3),
        ([1, NAN, 1, 1], "abab", 2),
        ([NAN, NAN, NAN, NAN], "aaaa", 0),
        ([1, 2, 1, 2], "aaaa", 1),
    ],
)
def test_a_long_string_ends_at_another_answer_or_another_set_of_options(answers, sets, expected):
    assert longstring(np.array([answers]), list(sets)).tolist() == [expected]


def test_completion_counts_items_shown_and_takes_dont_know_as_an_answer(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    asked = {"a1c": 1, "a2c": "dont_know", "a3c": "skipped", "a4c": "broke_off"}
    hidden = dict.fromkeys(["b1c", "b2c", "t1cs", "t1cp"], "planned")
    behind = dict.fromkeys(["t2cs", "t2cp"], "unknown")
    person = asked | hidden | behind | {"duration_seconds": 10.0}
    tables = wave_tables(questionnaire, [person, {"role": "professional", "age": 40}])
    measures = measure(tables, questionnaire)
    assert measures["completion"].tolist()[0] == 2 / 4
    assert measures["seconds_per_item"].tolist()[0] == 10 / 2
    assert measures[["completion", "seconds_per_item"]].iloc[1].isna().all()


def test_a_value_at_its_threshold_is_not_too_fast_but_is_a_long_string(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    person = {"a1c": 2, "a2c": 2, "a3c": 2, "duration_seconds": 6.0, "check_read": "fail"}
    measures = measure(wave_tables(questionnaire, [person]), questionnaire)
    rules = Quality.model_validate(
        {"longstring": {"at_least": 3}, "speed": {"seconds_per_item": 2}}
    )
    caught = {name: table["value"].tolist() for name, _, table in verdicts(measures, rules)}
    assert caught == {
        "below_completion": [],
        "too_fast": [],
        "longstring": [3.0],
        "failed_check": [1.0],
    }


def test_unknown_durations_are_no_verdict(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    measures = measure(wave_tables(questionnaire, [{"a1c": 2}]), questionnaire)
    assert all(table.empty for _, _, table in verdicts(measures, Quality()))
