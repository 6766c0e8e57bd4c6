"""Scores of scales and facets."""

import math

import numpy as np
import pandas as pd
import pytest
from small_study import INSTRUMENT, small_questionnaire, wave_tables

from driehoek.scoring.keying import declared_range, keyed
from driehoek.scoring.rules import least_answered, score_items
from driehoek.scoring.scales import SCORE_COLUMNS, score_responses

FULL = {"a1c": 5, "a2c": 1, "a3c": 4, "a4c": 4, "b1c": 1, "b2c": 3}


def scores(folder, people, text=INSTRUMENT):
    questionnaire = small_questionnaire(folder, text)
    tables = wave_tables(questionnaire, people)
    table = score_responses(tables.responses, tables.missing, questionnaire)
    return table.set_index(["response", "scale", "facet", "about"])


def one(table, scale, facet="", about="", column="score", row=1):
    return table.loc[(f"w1-1-{row:05d}", scale, facet, about), column]


def test_a_scale_is_the_mean_of_its_facets_not_of_its_items(tmp_path):
    table = scores(tmp_path, [FULL])
    assert one(table, "warmth", "near") == (5 + 5 + 4 + 4) / 4
    assert one(table, "warmth", "far") == 2
    assert one(table, "warmth") == (4.5 + 2) / 2
    assert one(table, "warmth", column="score_100") == (3.25 - 1) / 4 * 100


def test_an_item_is_turned_by_the_declared_range_even_if_nobody_used_its_ends(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    answers = pd.DataFrame({"a2c": [2.0, 3.0, math.nan]})
    turned = keyed(answers, [questionnaire.questions["a2c"]])
    np.testing.assert_array_equal(turned[:, 0], [4, 3, math.nan])
    balance = pd.DataFrame({"t1cs": [-3.0]})
    assert keyed(balance, [questionnaire.questions["t1cs"]])[0, 0] == -3
    assert answers["a2c"].tolist()[:2] == [2, 3]


def test_a_question_without_a_range_cannot_be_keyed(tmp_path):
    question = small_questionnaire(tmp_path).questions["triadcode"]
    with pytest.raises(ValueError, match="declares no range"):
        declared_range(question)


def test_three_of_four_items_suffice_and_two_do_not(tmp_path):
    table = scores(
        tmp_path, [FULL | {"a4c": "skipped"}, FULL | {"a3c": "invalid", "a4c": "skipped"}]
    )
    assert one(table, "warmth", "near") == pytest.approx(14 / 3, rel=1e-15)
    assert one(table, "warmth", "near", column="n_answered") == 3
    assert math.isnan(one(table, "warmth", "near", row=2))


def test_a_scale_is_not_scored_from_some_of_its_facets(tmp_path):
    table = scores(tmp_path, [FULL | {"b2c": "dont_know"}])
    assert one(table, "warmth", "near") == 4.5
    assert math.isnan(one(table, "warmth"))
    assert one(table, "warmth", column="n_answered") == 5
    assert one(table, "warmth", column="n_items") == 6


def test_the_share_is_of_the_items_a_person_met(tmp_path):
    planned = FULL | {"a3c": "planned", "a4c": "not_shown"}
    table = scores(tmp_path, [planned, planned | {"a3c": "unknown"}])
    assert one(table, "warmth", "near") == 5
    assert one(table, "warmth", "near", column="n_items") == 2
    assert math.isnan(one(table, "warmth", "near", row=2))
    assert one(table, "warmth", "near", column="n_items", row=2) == 3


def test_a_sum_takes_an_unanswered_item_as_the_persons_mean(tmp_path):
    table = scores(tmp_path, [{"t1cs": -3, "t2cs": 0, "t1cp": 3}])
    assert one(table, "tally", about="seeker") == -3
    assert one(table, "tally", about="seeker", column="score_100") == 25
    assert one(table, "tally", about="professional") == 6
    assert one(table, "tally", about="professional", column="score_100") == 100
    assert "person's mean" in one(table, "tally", about="seeker", column="rule")


def test_a_role_is_scored_on_the_items_it_is_asked(tmp_path):
    table = scores(tmp_path, [{"role": "seeker", "a1s": 4, "a2s": 4}])
    assert one(table, "warmth", "near") == 3
    assert one(table, "warmth") == 3
    assert ("w1-1-00001", "warmth", "far", "") not in table.index


def test_of_items_averages_over_all_items(tmp_path):
    text = INSTRUMENT.replace("of: facets, min_answered: 0.75", "of: items, min_answered: 0.5")
    table = scores(tmp_path, [FULL], text.replace("score: 3.5}", "score: 3.8}"))
    assert one(table, "warmth") == 22 / 6


def test_the_least_number_of_items_is_not_raised_by_binary_fractions():
    assert least_answered(0.7, np.array([10, 3])).tolist() == [7, 3]
    assert least_answered(0.75, np.array([4, 5, 0])).tolist() == [3, 4, 0]


def test_nothing_presented_gives_no_score():
    nothing = np.array([[math.nan, math.nan]])
    scored = score_items(nothing, np.zeros((1, 2), bool), (1, 5), method="mean", min_answered=0.5)
    assert math.isnan(scored.score[0])
    assert scored.n_items.tolist() == [0]


def test_the_table_has_the_columns_of_the_contract_even_if_empty(tmp_path):
    assert list(scores(tmp_path, [FULL]).reset_index()[list(SCORE_COLUMNS)]) == list(SCORE_COLUMNS)
    questionnaire = small_questionnaire(tmp_path)
    tables = wave_tables(questionnaire, [{"role": "professional"}])
    empty = score_responses(tables.responses, tables.missing, questionnaire)
    assert (len(empty), list(empty)) == (0, list(SCORE_COLUMNS))
