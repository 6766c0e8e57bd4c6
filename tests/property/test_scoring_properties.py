"""What must hold for the scores and fates of any answers."""

import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_study import small_questionnaire, small_study, wave_tables

from driehoek.cleaning.careless import run_lengths
from driehoek.cleaning.clean import clean_wave
from driehoek.scoring.keying import keyed
from driehoek.scoring.rules import score_items
from driehoek.scoring.scales import score_responses

QUESTIONS = ("a1c", "a2c", "a3c", "a4c", "b1c", "b2c")
PLACES = ("t1cs", "t2cs", "t1cp", "t2cp")
KINDS = ("skipped", "dont_know", "broke_off", "invalid", "unknown")
HIDDEN = ("not_shown", "planned")

agree = st.one_of(st.integers(1, 5), st.sampled_from(KINDS + HIDDEN))
often = st.one_of(st.sampled_from([-3, 0, 3]), st.sampled_from(KINDS + HIDDEN))
carer = st.fixed_dictionaries(
    {**dict.fromkeys(QUESTIONS, agree), **dict.fromkeys(PLACES, often)},
)
carers = st.lists(carer, min_size=1, max_size=6)


@pytest.fixture(scope="module")
def questionnaire():
    with tempfile.TemporaryDirectory() as folder:
        yield small_questionnaire(Path(folder))


@pytest.fixture(scope="module")
def study():
    quality = "quality: {completion: {at_least: 0.4}, speed: {action: exclude}}\n"
    with tempfile.TemporaryDirectory() as folder:
        yield small_study(Path(folder), quality)


def scores(questionnaire, people):
    tables = wave_tables(questionnaire, people)
    return score_responses(tables.responses, tables.missing, questionnaire)


@given(values=st.lists(st.floats(1, 5), min_size=1, max_size=20))
def test_reversing_twice_is_identity(questionnaire, values):
    question = questionnaire.questions["a2c"]
    once = keyed(pd.DataFrame({"a2c": values}), [question])
    twice = keyed(pd.DataFrame({"a2c": once[:, 0]}), [question])
    # Two subtractions from 6 round twice: at most one unit in the last place of 6.
    np.testing.assert_allclose(twice[:, 0], values, rtol=0, atol=np.spacing(6.0))


@settings(max_examples=40)
@given(people=carers)
def test_scores_lie_in_their_possible_range(questionnaire, people):
    table = scores(questionnaire, people)
    known = table[table["score"].notna()]
    assert known["score_100"].between(-1e-9, 100 + 1e-9).all()
    low = known["scale"].map({"warmth": 1, "tally": -6}).astype(float)
    high = known["scale"].map({"warmth": 5, "tally": 6}).astype(float)
    assert ((known["score"] >= low - 1e-9) & (known["score"] <= high + 1e-9)).all()
    assert (table["score"].isna() == table["score_100"].isna()).all()
    assert (table["n_answered"] <= table["n_items"]).all()


@settings(max_examples=40)
@given(people=carers, data=st.data())
def test_the_order_of_rows_changes_no_score(questionnaire, people, data):
    order = data.draw(st.permutations(range(len(people))))
    named = [person | {"person": f"p{i}"} for i, person in enumerate(people)]
    keys = ["person", "scale", "facet", "about"]
    columns = ["score", "score_100", "n_answered", "n_items", "rule"]
    before = scores(questionnaire, named).set_index(keys).sort_index()[columns]
    shuffled = [named[i] for i in order]
    after = scores(questionnaire, shuffled).set_index(keys).sort_index()[columns]
    pd.testing.assert_frame_equal(before, after, check_exact=True)


@settings(max_examples=40)
@given(person=carer, question=st.sampled_from(QUESTIONS + PLACES), kind=st.sampled_from(KINDS))
def test_taking_an_answer_away_never_makes_a_score(questionnaire, person, question, kind):
    assume(person[question] not in HIDDEN)  # what was not shown never counted
    before = scores(questionnaire, [person])
    after = scores(questionnaire, [person | {question: kind}])
    assert not (before["score"].isna() & after["score"].notna()).any()
    pd.testing.assert_series_equal(before["rule"], after["rule"])


@given(
    answers=st.lists(st.one_of(st.integers(1, 5), st.just(math.nan)), min_size=1, max_size=8),
    share=st.floats(0.05, 1),
)
def test_a_score_exists_exactly_where_enough_is_answered(answers, share):
    values = np.array([answers], dtype=float)
    k, n = values.shape[1], int((~np.isnan(values)).sum())
    scored = score_items(values, np.ones((1, k), bool), (1, 5), method="mean", min_answered=share)
    assert np.isnan(scored.score[0]) == (n < math.ceil(share * k - 1e-9))


@given(
    rows=st.lists(
        st.lists(st.one_of(st.integers(1, 3), st.just(math.nan)), min_size=6, max_size=6),
        min_size=1,
        max_size=5,
    ),
    sets=st.lists(st.sampled_from("ab"), min_size=6, max_size=6),
)
def test_longstring_is_the_longest_run_found_one_by_one(rows, sets):
    def by_hand(row):
        given_answers = [(x, s) for x, s in zip(row, sets, strict=True) if not math.isnan(x)]
        longest = run = 0
        for i, each in enumerate(given_answers):
            run = run + 1 if i and each == given_answers[i - 1] else 1
            longest = max(longest, run)
        return longest

    expected = [by_hand(row) for row in rows]
    longest, _ = run_lengths(np.array(rows, dtype=float), sets)
    assert longest.tolist() == expected


odd = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["seeker", "carer", "professional", ""]),
        "triad": st.sampled_from(["t1", "t2", ""]),
        "person": st.sampled_from(["p1", "p2", ""]),
        "consent": st.sampled_from([0, 1, "skipped"]),
        "is_test": st.booleans(),
        "complete": st.booleans(),
        "submitted": st.sampled_from(["", "2025-03-01T10:00:00", "2025-03-02T10:00:00"]),
        "duration_seconds": st.sampled_from([1.0, 600.0, math.nan]),
        "a1c": agree,
        "a1s": agree,
        "age": st.sampled_from([30, "skipped"]),
    }
)


@settings(max_examples=40)
@given(people=st.lists(odd, min_size=1, max_size=8))
def test_every_raw_row_has_one_fate_and_people_count_once(study, people):
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    rows = clean.ledger[clean.ledger["fate"] != "corrected"]
    assert rows["response"].tolist() == [f"w1-1-{i:05d}" for i in range(1, len(people) + 1)]
    assert ((rows["fate"] == "kept") == (rows["reason"] == "")).all()
    kept = clean.tables.responses
    assert kept["response"].tolist() == rows.loc[rows["fate"] == "kept", "response"].tolist()
    known = kept[kept["person"] != ""]
    assert not known.duplicated(["person", "role", "triad"]).any()
    assert set(clean.flags["response"]) <= set(kept["response"])
    assert clean.tables.missing["response"].tolist() == kept["response"].tolist()
