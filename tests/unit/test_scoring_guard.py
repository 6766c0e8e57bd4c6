"""The keying guard."""

import logging
import math

import numpy as np
import pytest
from small_study import small_questionnaire, wave_tables

from driehoek.problems import AnswersError
from driehoek.scoring.guard import heed_guard, item_rest, keying_table


def wave(folder, n, a2, seed=1):
    """Answers of n carers; `a2` turns the trait into the answer to the reversed item."""
    questionnaire = small_questionnaire(folder)
    rng = np.random.default_rng(seed)
    people = []
    for trait in rng.integers(1, 6, n):
        noise = rng.integers(-1, 2, 4)
        a1, a3, a4 = np.clip(trait + noise[:3], 1, 5)
        answer = np.clip(a2(trait) + noise[3], 1, 5)
        people.append({"a1c": a1, "a2c": answer, "a3c": a3, "a4c": a4})
    return wave_tables(questionnaire, people).responses, questionnaire


def test_a_well_keyed_wave_passes(tmp_path):
    table = keying_table(*wave(tmp_path, 60, lambda trait: 6 - trait), "w1")
    near = table[(table["facet"] == "near") & (table["role"] == "carer")]
    assert near["verdict"].tolist() == ["ok"] * 4
    assert (near["item_rest"] > 0.5).all()
    assert near["n"].tolist() == [60] * 4
    heed_guard(table, "small.yaml")


def test_a_column_coded_the_other_way_stops_with_item_and_wave(tmp_path):
    table = keying_table(*wave(tmp_path, 60, lambda trait: trait), "w2")
    with pytest.raises(AnswersError) as raised:
        heed_guard(table, "small.yaml")
    message = str(raised.value)
    assert "in wave w2, item a2 runs against its own scale (warmth, facet near; carer)" in message
    assert "mis-keyed item" in message
    assert "shifted column" in message
    assert [problem.item for problem in raised.value.problems] == ["a2c"]


def test_in_a_synthetic_twin_no_item_is_mis_keyed(tmp_path, caplog):
    table = keying_table(*wave(tmp_path, 60, lambda trait: trait), "w2")
    with caplog.at_level(logging.WARNING):
        heed_guard(table, "small.yaml", is_synthetic=True)
    assert "question a2c correlates" in caplog.text


def test_a_weak_negative_item_warns_and_goes_on(tmp_path, caplog):
    table = keying_table(*wave(tmp_path, 30, lambda _: 3, seed=5), "w1")
    row = table[table["question"] == "a2c"].iloc[0]
    assert row["item_rest"] < 0 < row["ci_high"]
    assert row["verdict"] == "warn"
    with caplog.at_level(logging.WARNING):
        heed_guard(table, "small.yaml")
    assert "question a2c correlates" in caplog.text


def test_the_correlation_is_with_the_mean_of_the_others_answered():
    values = np.array([[1, 2, 5], [2, 4, 1], [3, math.nan, 2], [5, 5, 4], [math.nan, 1, 1]])
    r, n = item_rest(values)[0]
    expected = np.corrcoef([1, 2, 3, 5], [3.5, 2.5, 2, 4.5])[0, 1]
    assert n == 4
    assert r == pytest.approx(expected, rel=1e-12)


def test_the_interval_is_fishers(tmp_path):
    table = keying_table(*wave(tmp_path, 60, lambda trait: 6 - trait), "w1")
    row = table[table["question"] == "a1c"].iloc[0]
    half = 1.959963984540054 / math.sqrt(60 - 3)
    assert math.atanh(row["ci_high"]) == pytest.approx(math.atanh(row["item_rest"]) + half)
    assert math.atanh(row["ci_low"]) == pytest.approx(math.atanh(row["item_rest"]) - half)


def test_items_that_do_not_vary_or_too_few_answers_give_no_verdict(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    same = [{"a1c": 3, "a2c": i % 5 + 1, "b1c": 2} for i in range(9)]
    table = keying_table(wave_tables(questionnaire, same).responses, questionnaire, "w1")
    verdicts = table.set_index("question")["verdict"]
    assert verdicts["a1c"] == "none"
    assert verdicts["b1c"] == "none"
    heed_guard(table, "small.yaml")
