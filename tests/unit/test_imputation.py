"""Missing answers of a study filled in, and its models pooled over completed sets."""

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.imputation.pooled import pool_rows
from driehoek.analysis.imputation.sensitivity import sensitivity
from driehoek.analysis.models import models
from driehoek.models.imputation.chained import largest_by_chance, potential_scale_reduction
from driehoek.problems import StudyError
from tests.imputed_example import imputed, kinds_of, people_with_gaps, study_with_gaps
from tests.small_study import small_study

SETS = [str(number) for number in range(1, 6)]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    study = study_with_gaps(tmp_path_factory.mktemp("gaps"), deltas="{carer.warmth: [-2, 2]}")
    return study, *imputed(study, people_with_gaps(60))


def test_only_skipped_and_lost_answers_are_filled_in(example):
    _, linked, found, _ = example
    assert set(found.cells["kind"]) == {"skipped", "lost"}
    skipped = found.cells[found.cells["kind"] == "skipped"]
    for question, cells in skipped.groupby("question"):
        assert (kinds_of(linked, question)[cells["response"]] == "skipped").all()


def test_what_routing_did_not_show_is_never_filled_in(example):
    _, _, found, _ = example
    assert not found.cells["question"].isin(["rooms"]).any()
    roles = found.cells.groupby("question")["role"].unique()
    assert [*roles["a1c"]] == ["carer"]


def test_dont_know_is_filled_in_only_if_the_study_says_so(example, tmp_path):
    _, _, kept, _ = example
    study = study_with_gaps(tmp_path, dont_know="impute")
    _, asked, _ = imputed(study, people_with_gaps(60))
    assert "dont_know" not in set(kept.cells["kind"])
    assert "dont_know" in set(asked.cells["kind"])


def test_waves_missed_are_filled_in_only_if_the_study_says_so(tmp_path):
    study = study_with_gaps(tmp_path, lost="keep")
    _, found, sets = imputed(study, people_with_gaps(60))
    assert "lost" not in set(found.cells["kind"])
    long, _ = sets.tables(1)
    assert long.loc[long["response"].str.startswith("lost"), "warmth"].isna().all()


def test_a_person_who_stopped_gets_a_row_in_the_wave_that_was_missed(example):
    _, linked, found, sets = example
    long, triads = sets.tables(1)
    in_w2 = long[(long["wave"] == "w2") & (long["role"] == "carer")]
    assert set(in_w2["person"]) == {f"c{i}" for i in range(60)}
    assert in_w2["is_primary"].all()
    assert len(triads) == len(triads.drop_duplicates(["triad", "wave"]))
    assert len(found.lost) == len(long) - len(linked.long)


def test_answers_filled_in_are_answers_that_somebody_gave(example):
    _, linked, found, _ = example
    for question, cells in found.cells.groupby("question"):
        assert set(np.unique(cells[SETS])) <= set(linked.long[question].dropna().unique())


def test_scores_follow_from_the_items_filled_in(example):
    _, linked, found, sets = example
    long, _ = sets.tables(2)
    gap = found.cells[(found.cells["question"] == "a1c") & (found.cells["kind"] == "skipped")]
    response = gap["response"].iloc[0]
    row = long.set_index("response").loc[response]
    assert row["a1c"] == gap["2"].iloc[0]
    near = (row["a1c"] + (6 - row["a2c"]) + row["a3c"] + row["a4c"]) / 4
    assert row["warmth.near"] == pytest.approx(near)
    untouched = linked.long.loc[linked.long[["a1c", "hours"]].notna().all(axis=1), "response"]
    before = linked.long.set_index("response").loc[untouched, "warmth.near"]
    pd.testing.assert_series_equal(long.set_index("response").loc[untouched, "warmth.near"], before)


def test_the_same_seed_fills_in_the_same_answers(example, tmp_path):
    study, _, found, _ = example
    again = imputed(study_with_gaps(tmp_path), people_with_gaps(60))[1]
    assert study.settings.seed == 1
    pd.testing.assert_frame_equal(found.cells, again.cells)


def test_pooled_models_use_the_rows_that_complete_rows_lose(example):
    study, linked, _, sets = example
    complete = models(linked.long, linked.triads, study)
    pooled = imputed_models(sets, study)
    for name in ("warm", "course"):
        before = complete[(complete["scale"] == name) & (complete["statistic"] == "b")]
        after = pooled[(pooled["scale"] == name) & (pooled["statistic"] == "b")]
        assert [*before["term"]] == [*after["term"]]
        assert after["n"].iloc[0] >= before["n"].iloc[0]
        assert after["se"].gt(0).all()
    fmi = pooled.loc[pooled["statistic"] == "fmi_b", "estimate"]
    assert fmi.between(0, 1).all()


def test_shifting_what_was_filled_in_moves_the_score_by_the_share_filled_in(example):
    study, _, _, sets = example
    plain, _ = sets.tables(1)
    signs = {("carer", q): -1.0 if q == "a2c" else 1.0 for q in ("a1c", "a2c", "a3c", "a4c")}
    shifted, _ = sets.tables(1, {key: 2 * sign for key, sign in signs.items()})
    lost = plain["response"].str.startswith("lost-w2") & (plain["role"] == "carer")
    moved = shifted["warmth.near"] - plain["warmth.near"]
    assert moved[lost].to_numpy() == pytest.approx(2.0)
    assert study.settings.plan.imputation.deltas == {"carer.warmth": [-2.0, 2.0]}


def test_a_shift_that_turns_a_conclusion_is_named(example):
    study, _, _, sets = example
    table = sensitivity(sets, study)
    wave = table[(table["scale"] == "course") & (table["term"] == "wave[w2]")]
    by_shift = wave[wave["statistic"] == "b"].set_index("method")["estimate"]
    assert by_shift["carer.warmth +2"] > by_shift["carer.warmth +0"] > by_shift["carer.warmth -2"]
    tipping = wave[wave["statistic"] == "tipping_delta"].iloc[0]
    assert tipping["estimate"] in {-2.0, 2.0} or "same at every shift" in tipping["reason"]


def test_twelve_triads_are_filled_in_from_few_predictors(tmp_path):
    study = study_with_gaps(tmp_path)
    _, found, sets = imputed(study, people_with_gaps(12))
    predictors = found.statistics[found.statistics["statistic"] == "predictors"]
    assert (predictors["estimate"] <= 1).all()
    assert len(found.cells)
    assert imputed_models(sets, study)["estimate"].notna().any()


def test_too_few_answers_are_not_filled_in_and_say_why(tmp_path):
    study = study_with_gaps(tmp_path)
    waves = people_with_gaps(8)
    _, found, sets = imputed(study, waves)
    reasons = set(found.statistics["reason"])
    assert any("people answered; 8 are needed" in reason for reason in reasons)
    assert not len(found.cells)
    assert len(imputed_models(sets, study))


def test_an_outcome_missing_for_the_whole_role_says_why(tmp_path):
    study = study_with_gaps(tmp_path)
    waves = people_with_gaps(30)
    for people in waves.values():
        for person in people:
            for item in ("a1c", "a2c", "a3c", "a4c", "b1c", "b2c"):
                person.pop(item, None)
    _, found, sets = imputed(study, waves)
    items = found.statistics[found.statistics["term"] == "a1c"]
    assert items["reason"].str.startswith("only 0 people answered").all()
    pooled = imputed_models(sets, study)
    b = pooled[(pooled["scale"] == "warm") & (pooled["statistic"] == "b")].iloc[0]
    assert np.isnan(b["estimate"])
    assert b["reason"].startswith("no row has a value")


def test_everybody_giving_one_answer_is_filled_in_with_it(tmp_path):
    study = study_with_gaps(tmp_path)
    waves = people_with_gaps(30)
    for people in waves.values():
        for person in people:
            if "a1c" in person:
                person["a1c"] = 4.0
    _, found, _ = imputed(study, waves)
    filled = found.cells.loc[found.cells["question"] == "a1c", SETS]
    assert (filled == 4.0).all(axis=None)
    rhat = found.statistics.query("term == 'a1c' and statistic == 'rhat_mean'")
    assert rhat["reason"].str.startswith("the answers filled in hardly vary").all()


def test_a_test_without_covariance_is_pooled_and_a_mean_over_sets_says_so():
    common = {"n": 50, "group": "", "term": "x", "method": "ols"}
    sets = [
        [
            {**common, "statistic": "f_change", "estimate": f, "df": 2.0},
            {**common, "statistic": "f_change_df2", "estimate": 40.0},
            {**common, "statistic": "residual_sd", "estimate": f},
        ]
        for f in (3.0, 4.0, 5.0)
    ]
    found = {row["statistic"]: row for row in pool_rows(sets, 0.95)}
    assert found["residual_sd"]["estimate"] == 4.0
    assert found["residual_sd"]["method"] == "ols, 3 imputations"
    assert 0 < found["f_change"]["p"] < 0.1
    assert found["f_change_df2"]["estimate"] <= 40.0


def test_a_note_that_holds_in_one_set_only_is_left_out():
    rows = [[{"statistic": "note", "term": "1", "method": "note", "reason": w}] for w in ("a", "b")]
    assert pool_rows(rows, 0.95) == []
    same = [[{"statistic": "note", "term": "1", "method": "note", "reason": "a"}]] * 2
    assert pool_rows(same, 0.95)[0]["reason"] == "a"


def test_a_note_counts_by_its_words_wherever_it_stands():
    def notes(*words):
        return [
            {"statistic": "note", "term": str(i), "method": "note", "reason": w}
            for i, w in enumerate(words, 1)
        ]

    sets = [notes("shared", "singular"), notes("singular", "shared"), notes("shared")]
    assert [row["reason"] for row in pool_rows(sets, 0.95)] == ["shared"]


def test_names_that_imputation_cannot_use_are_reported_together(tmp_path):
    plan = """
plan:
  imputation: {auxiliary: [carer.warmht], deltas: {carer.rooms: [1], carer.consent: [1]}}
"""
    with pytest.raises(StudyError) as fault:
        small_study(tmp_path, plan)
    text = str(fault.value)
    assert "carer.warmht" in text
    assert "no imputed model uses 'carer.rooms'" in text
    assert "is a choice" in text


def test_a_shift_may_name_a_score_of_which_a_model_takes_a_form(tmp_path):
    plan = """
plan:
  imputation: {deltas: {carer.warmth: [1]}}
  models:
    course: {kind: mixed, persons: all, outcome: carer.hours,
      blocks: [[carer.warmth.within_person]], missing: [complete, imputation]}
"""
    study = small_study(tmp_path, plan)
    assert study.settings.plan.models["course"].is_imputed


def test_imputation_without_complete_rows_beside_it_is_refused(tmp_path):
    plan = """
plan:
  models:
    warm: {kind: linear, wave: w1, outcome: carer.warmth, blocks: [[carer.hours]],
      missing: [imputation]}
"""
    with pytest.raises(StudyError, match="complete, imputation"):
        small_study(tmp_path, plan)


def largest_rhat(rng, *, iterations, m, correlation, quantities=100):
    """Draw chains that have come together, and take the largest R-hat of them."""
    values, rounds = rng.normal(size=(m, quantities)), []
    for _ in range(iterations):
        noise = rng.normal(size=(m, quantities)) * np.sqrt(1 - correlation**2)
        values = correlation * values + noise
        rounds.append(values)
    return potential_scale_reduction(np.array(rounds)).max()


@pytest.mark.parametrize(("iterations", "m"), [(10, 20), (10, 5), (30, 10)])
def test_chains_that_agree_stay_below_the_limit_of_rhat_and_slow_ones_do_not(iterations, m):
    rng = np.random.default_rng(4)
    limit = largest_by_chance(iterations, m, 100)
    size = {"iterations": iterations, "m": m}
    agree = [largest_rhat(rng, correlation=0.3, **size) for _ in range(200)]
    slow = [largest_rhat(rng, correlation=0.9, **size) for _ in range(20)]
    # One in 100 is meant: of 200 draws more than 8 would happen once in 4,000.
    assert np.mean(np.array(agree) > limit) <= 8 / 200
    assert np.max(agree) > 0.8 * limit
    assert (np.array(slow) > limit).all()


def test_the_limit_of_rhat_falls_with_rounds_and_sets_and_stays_above_the_rule_of_thumb():
    limits = [largest_by_chance(n, m, 50) for n, m in [(10, 10), (10, 20), (40, 20), (500, 20)]]
    assert limits == sorted(limits, reverse=True)
    assert limits[-1] == 1.1
    assert np.isnan(largest_by_chance(10, 1, 50))


def test_the_limit_stands_with_what_was_filled_in(example):
    _, _, found, _ = example
    (limit,) = found.statistics.query("statistic == 'rhat_limit'")["estimate"]
    by_item = found.statistics.query("statistic in ('rhat_mean', 'rhat_sd') and term != ''")
    n = int(by_item["estimate"].notna().sum())
    assert limit == largest_by_chance(4, len(SETS), n)
