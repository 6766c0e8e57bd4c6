"""Scores of published scales by their own keys."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_study import wave_tables

from driehoek.instrument.keys import read_scale_key
from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError
from driehoek.scoring.examples import check_examples, key_problems
from driehoek.scoring.guard import keying_table
from driehoek.scoring.published import read_keys, score_key_scale
from driehoek.scoring.scales import score_responses

SCALES = Path(__file__).resolve().parents[2] / "instruments" / "scales"
KEYS = sorted(SCALES.glob("*.yaml"))


def instrument(folder, key, low, high, n, extra=""):
    """Write an instrument whose carers answer the n items of a published key."""
    options = "\n".join(
        f'      - {{code: "{value}", value: {value}, label: {{en: o{value}}}}}'
        for value in range(low, high + 1)
    )
    items = "\n".join(
        f"  i{i}: {{response: r{extra}, label: {{en: item {i}}}, ask: {{i{i}c: {{role: carer}}}}}}"
        for i in range(1, n + 1)
    )
    names = ", ".join(f"i{i}" for i in range(1, n + 1))
    path = folder / "published.yaml"
    path.write_text(
        f"""
id: published
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {{en: published}}
languages: [en]
roles: {{carer: {{letter: c, label: {{en: carer}}}}}}
responses:
  r:
    options:
{options}
items:
{items}
scales:
  known: {{label: {{en: known}}, items: [{names}], key: {key}}}
""",
        encoding="utf-8",
    )
    return read_instrument(path)


def scored(folder, key, low, high, answers):
    questionnaire = instrument(folder, key, low, high, len(answers[0]))
    people = [
        {f"i{i}c": "skipped" if code is None else code for i, code in enumerate(row, 1)}
        for row in answers
    ]
    tables = wave_tables(questionnaire, people)
    keys = read_keys(questionnaire, SCALES, accept_unverified=True)
    table = score_responses(tables.responses, tables.missing, questionnaire, keys)
    return table.set_index(["response", "facet"])


@pytest.mark.parametrize("path", KEYS, ids=lambda path: path.stem)
def test_every_key_scores_its_worked_examples(path):
    key = read_scale_key(path)
    assert key_problems(key) == []


def test_recoded_items_are_summed_in_their_direction(tmp_path):
    table = scored(tmp_path, "carerqol7d", 1, 3, [[3, 1, 1, 1, 1, 3, 1], [1, 3, 3, 3, 3, 1, None]])
    assert table["score"].tolist()[0] == 14
    assert table["score_100"].tolist()[0] == 100
    assert table["score"].isna().tolist() == [False, True]


def test_missing_items_count_as_the_persons_mean_up_to_the_authors_limit(tmp_path):
    answers = [[4] * 8 + [None] * 2, [4] * 7 + [None] * 3]
    table = scored(tmp_path, "care_measure", 1, 5, answers)
    assert table["score"].tolist()[0] == 40
    assert math.isnan(table["score"].tolist()[1])
    assert table["n_answered"].tolist() == [8, 7]
    assert "the authors' rule" in table["rule"].iloc[0]


def test_the_projects_rule_says_that_it_is_not_the_authors(tmp_path):
    table = scored(tmp_path, "ediz", 1, 5, [[1, 2, 3, 4, 5, 1, 2, 3, 4]])
    assert table["score"].tolist() == [5]
    assert "project rule, not the authors'" in table["rule"].iloc[0]


def test_scales_of_a_key_without_total_are_facets(tmp_path):
    table = scored(tmp_path, "cra", 1, 5, [[5] * 24])
    facets = table.index.get_level_values("facet")
    assert list(facets) == ["esteem", "family_support_lack", "finances", "schedule", "health"]
    assert table["score"].tolist()[2] == pytest.approx((1 + 5 + 5) / 3)


def test_a_multiplied_sum_keeps_its_possible_range(tmp_path):
    table = scored(tmp_path, "who5", 0, 5, [[5] * 5, [0] * 5, [3, 2, 3, 2, 2]])
    assert table["score"].tolist() == [100, 0, 48]
    assert table["score_100"].tolist() == [100, 0, 48]


def test_an_unverified_key_is_refused_unless_the_study_accepts_it(tmp_path):
    questionnaire = instrument(tmp_path, "cra", 1, 5, 24)
    with pytest.raises(InstrumentError, match="the key 'cra' is unverified"):
        read_keys(questionnaire, SCALES, accept_unverified=False)


def test_a_key_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match=r"3 items for the key 'who5'") as raised:
        read_keys(instrument(tmp_path, "who5", 1, 6, 3), SCALES, accept_unverified=False)
    assert "the codes of the form, 0 to 5" in str(raised.value)
    with pytest.raises(InstrumentError, match="which is not here"):
        read_keys(instrument(tmp_path, "nokey", 0, 5, 5), SCALES, accept_unverified=False)


def test_items_of_a_key_are_never_reversed_twice(tmp_path):
    questionnaire = instrument(tmp_path, "who5", 0, 5, 5, extra=', keyed: "-"')
    with pytest.raises(InstrumentError, match="the key turns items itself"):
        read_keys(questionnaire, SCALES, accept_unverified=False)


def test_the_guard_keys_published_items_by_their_key(tmp_path):
    questionnaire = instrument(tmp_path, "dyadic_trust", 1, 7, 8)
    keys = read_keys(questionnaire, SCALES, accept_unverified=True)
    rng = np.random.default_rng(3)
    people = []
    for trait in rng.integers(1, 8, 80):
        noisy = np.clip(trait + rng.integers(-1, 2, 8), 1, 7)
        noisy[[0, 1, 5]] = 8 - noisy[[0, 1, 5]]
        people.append({f"i{i}c": code for i, code in enumerate(noisy, 1)})
    tables = wave_tables(questionnaire, people)
    table = keying_table(tables.responses, questionnaire, "w1", keys)
    assert table["verdict"].tolist() == ["ok"] * 8


def test_an_example_of_a_key_that_fails_is_a_fault_of_the_instrument(tmp_path):
    key = read_scale_key(SCALES / "who5.yaml")
    wrong = key.model_copy(
        update={"examples": [key.examples[0].model_copy(update={"score": 99.0})]}
    )
    questionnaire = instrument(tmp_path, "who5", 0, 5, 5)
    with pytest.raises(InstrumentError, match=r"who5\.yaml.*scores 100\. Expected: 99"):
        check_examples(questionnaire, "published.yaml", {"who5": wrong})


def test_a_score_of_a_key_counts_the_items_of_the_form():
    key = read_scale_key(SCALES / "who5.yaml")
    values = pd.DataFrame([[1.0, 2, 3, math.nan, 5]]).to_numpy()
    result = score_key_scale(values, key.scales["total"], key)
    assert (result.n_answered.tolist(), result.n_items.tolist()) == ([4], [5])
