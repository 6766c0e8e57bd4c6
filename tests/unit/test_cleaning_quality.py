"""How a questionnaire was filled in."""

import math

import numpy as np
import pytest
from small_study import small_questionnaire, small_study, wave_tables

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.quality import measure
from driehoek.cleaning.verdicts import verdicts
from driehoek.plan.quality import Quality

RULES = Quality()
EVERY = Quality.model_validate(
    {"average_longstring": {"at_least": 2}}
    | {name: {} for name in ("variability", "mahalanobis", "even_odd", "person_fit")}
    | {"synonyms": {"correlation": 0.3}, "antonyms": {"correlation": -0.3}}
)


def test_completion_counts_items_shown_and_takes_dont_know_as_an_answer(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    asked = {"a1c": 1, "a2c": "dont_know", "a3c": "skipped", "a4c": "broke_off"}
    hidden = dict.fromkeys(["b1c", "b2c", "t1cs", "t1cp"], "planned")
    behind = dict.fromkeys(["t2cs", "t2cp"], "unknown")
    person = asked | hidden | behind | {"duration_seconds": 10.0}
    tables = wave_tables(questionnaire, [person, {"role": "professional", "age": 40}])
    measures = measure(tables, questionnaire, RULES, {})
    assert measures["completion"].tolist()[0] == 2 / 4
    assert measures["seconds_per_item"].tolist()[0] == 10 / 2
    assert measures[["completion", "seconds_per_item"]].iloc[1].isna().all()


def test_a_value_at_its_threshold_is_not_too_fast_but_is_a_long_string(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    person = {"a1c": 2, "a2c": 2, "a3c": 2, "duration_seconds": 6.0, "check_read": "fail"}
    measures = measure(wave_tables(questionnaire, [person]), questionnaire, RULES, {})
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
    measures = measure(wave_tables(questionnaire, [{"a1c": 2}]), questionnaire, RULES, {})
    assert all(table.empty for _, _, table in verdicts(measures, Quality()))


def drawn(n):
    """Give carers who answer all items of the small study by one tendency."""
    rng = np.random.default_rng(3)
    people = []
    for tendency in rng.normal(size=n):
        rated = np.clip(np.round(3 + tendency + rng.normal(0, 0.7, 6)), 1, 5)
        rated[1] = 6 - rated[1]
        names = ["a1c", "a2c", "a3c", "a4c", "b1c", "b2c"]
        often = dict.fromkeys(["t1cs", "t1cp", "t2cs", "t2cp"])
        often = {name: float(rng.choice([-3, 0, 3])) for name in often}
        people.append(dict(zip(names, rated, strict=True)) | often)
    return people


def test_every_index_is_measured_where_a_rule_asks_for_it(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    measures = measure(wave_tables(questionnaire, drawn(60)), questionnaire, EVERY, {})
    assert list(measures) == [
        "response", "completion", "seconds_per_item", "longstring", "average_longstring",
        "n_failed", "variability", "mahalanobis", "even_odd", "synonyms", "antonyms", "person_fit",
    ]  # fmt: skip
    for name in ("variability", "mahalanobis", "even_odd", "synonyms", "person_fit"):
        assert measures[name].notna().mean() > 0.5, name
    assert measures["person_fit"].dropna().between(0, 1).all()
    assert "variability" not in measure(
        wave_tables(questionnaire, drawn(5)), questionnaire, RULES, {}
    )


def test_options_of_another_range_count_by_their_share_of_it(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    ends = {"a1c": 1, "a2c": 5, "t1cs": -3, "t1cp": 3}
    found = measure(wave_tables(questionnaire, [ends]), questionnaire, EVERY, {})
    assert found["variability"].tolist() == [pytest.approx(math.sqrt(1 / 3))]


def test_a_reversed_item_is_turned_around_before_halves_and_errors_are_compared(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    honest = {"a1c": 5, "a2c": 1, "a3c": 5, "a4c": 5, "b1c": 3, "b2c": 3}
    honest |= {"t1cs": -3, "t2cs": -3, "t1cp": 0, "t2cp": 0}
    measures = measure(wave_tables(questionnaire, [honest]), questionnaire, EVERY, {})
    assert measures["even_odd"].tolist() == [pytest.approx(1)]
    assert measures["person_fit"].tolist() == [0]


def test_nobody_is_compared_with_people_who_are_left_out(tmp_path):
    rules = "quality: {mahalanobis: {p: 0.2}}\n"
    study = small_study(tmp_path, rules)
    people = drawn(40)
    alone = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    strange = [person | {"consent": 0, "a1c": 1, "a2c": 1} for person in drawn(20)]
    joined = clean_wave(wave_tables(study.questionnaire, people + strange), study, "w1")
    columns = ["response", "mahalanobis"]
    assert joined.measures[columns].equals(alone.measures[columns])
    assert joined.flags.equals(alone.flags)
    assert "mahalanobis" in set(alone.flags["flag"])


def test_a_rule_with_action_exclude_leaves_out_and_says_what_it_measured(tmp_path):
    study = small_study(tmp_path, "quality: {variability: {below: 0.1, action: exclude}}\n")
    straight = dict.fromkeys(["a1c", "a2c", "a3c", "a4c", "b1c", "b2c"], 3)
    clean = clean_wave(wave_tables(study.questionnaire, [straight, *drawn(3)]), study, "w1")
    first = clean.ledger.iloc[0]
    assert (first["fate"], first["reason"]) == ("excluded", "low_variability")
    assert first["detail"] == "0 against 0.1"
    assert first["response"] not in set(clean.measures["response"])
