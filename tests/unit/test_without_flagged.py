"""Results with and without flagged responses."""

import numpy as np
import pandas as pd
import pytest
from small_study import cleaned, linked, small_study

from driehoek.analysis.rows import statistics_frame
from driehoek.analysis.unflagged import Unflagged, unflagged
from driehoek.analysis.without_flagged import ABSENT, results_without, without_flagged
from driehoek.cleaning.verdicts import LIMITS
from driehoek.plan.quality import Quality
from driehoek.plan.without_flagged import QUALITY_FLAGS

ITEMS = ["a1c", "a2c", "a3c", "a4c", "b1c", "b2c"]
RULE = "quality: {longstring: {at_least: 6, action: %s}}\n"
PLAN = """
plan:
  reliability: {bootstrap: 5}
  correlations: {main: {wave: w1, variables: [carer.warmth, carer.hours]}}
  without_flagged: {}
disclosure: {min_cell: 1}
"""


def people(n, n_straight, *, triads=None):
    """Give carers of whom the first answer straight through, with a seeker in each triad."""
    rng = np.random.default_rng(2)
    found = []
    for i in range(n):
        rated = dict(zip(ITEMS, rng.choice([1, 2, 4, 5], 6).astype(float), strict=True))
        if i < n_straight:
            rated = dict.fromkeys(ITEMS, 3.0)
        triad = f"t{i % (triads or n)}"
        found.append(rated | {"hours": float(i + 1), "triad": triad, "person": f"c{i}"})
        found.append({"role": "seeker", "a1s": 4.0, "a2s": 2.0, "triad": triad, "person": f"s{i}"})
    return found


def rested(study, *waves):
    flags = pd.concat([wave.flags for wave in cleaned(study, *waves)])
    return unflagged(linked(study, *waves).long, flags, study)


def test_results_without_flagged_responses_are_those_of_a_study_that_excludes_them(tmp_path):
    waves = [people(24, 6, triads=16), people(24, 3, triads=16)]
    flagging = small_study(tmp_path, RULE % "flag" + PLAN)
    rest = rested(flagging, *waves)
    excluding = small_study(tmp_path, RULE % "exclude" + PLAN)
    excluded = linked(excluding, *waves)
    assert len(rest.flagged) == 9
    pd.testing.assert_frame_equal(rest.long, excluded.long)
    pd.testing.assert_frame_equal(rest.triads, excluded.triads)


def test_each_result_stands_with_without_and_with_its_change(tmp_path):
    study = small_study(tmp_path, RULE % "flag" + PLAN)
    waves = [people(30, 8), people(30, 4)]
    rest = rested(study, *waves)
    long = linked(study, *waves).long
    everyone = results_without(Unflagged(long, linked(study, *waves).triads, long, long), study)
    table = without_flagged(everyone, results_without(rest, study), rest, min_cell=1)
    known = table.set_index("id")
    name = "scores/w1/carer/-/warmth/-/-/t interval/mean"
    with_all, without = (
        known.loc[f"without_flagged/{mark}/{name}"] for mark in ("everyone", "unflagged")
    )
    in_wave = long[(long["role"] == "carer") & (long["wave"] == "w1")]
    straight = in_wave["response"].isin(rest.flagged["response"])
    assert with_all["estimate"] == pytest.approx(in_wave["warmth"].mean())
    assert without["estimate"] == pytest.approx(in_wave["warmth"][~straight].mean())
    change = known.loc[f"without_flagged/change/{name}"]
    assert change["estimate"] == pytest.approx(without["estimate"] - with_all["estimate"])
    assert (with_all["n"], without["n"], change["n_excluded"]) == (30, 22, 8)
    left_out = table[table["statistic"] == "left_out"].set_index(["wave", "role"])["estimate"]
    assert left_out["w1", "carer"] == 8
    assert left_out["w2", "seeker"] == 0
    assert {"scores", "reliability", "correlations"} <= set(table["group"])
    assert table["id"].is_unique


def figures(file, **columns):
    return statistics_frame([{"wave": "w1", **row} for row in columns["rows"]], file)


def some(n_flagged, n=60):
    keys = pd.DataFrame({"response": [f"r{i}" for i in range(n)], "wave": "w1", "role": "carer"})
    return Unflagged(keys, keys, keys[:n_flagged], keys)


def interval(term, low, high, n, se=1.0):
    return {
        "scale": "m", "term": term, "statistic": "b", "estimate": (low + high) / 2, "se": se,
        "ci_low": low, "ci_high": high, "n": n, "method": "ols",
    }  # fmt: skip


def test_conclusions_that_change_are_counted_and_the_largest_change_is_named():
    first = figures("models", rows=[interval("a", 1, 3, 60), interval("b", 1, 3, 60)])
    second = figures("models", rows=[interval("a", -1, 3, 48), interval("b", 0.5, 3, 48)])
    table = without_flagged({"models": first}, {"models": second}, some(12), min_cell=10)
    summary = table[table["id"].str.startswith("without_flagged/summary")].set_index("statistic")
    assert summary.loc["compared", "estimate"] == 2
    assert summary.loc["verdict_changed", "estimate"] == 1
    assert summary.loc["largest_shift", "estimate"] == 1
    assert summary.loc["largest_shift", "term"] == "models/w1/-/-/m/-/a/ols/b"


def test_a_result_that_a_few_responses_part_from_the_other_is_withheld():
    first = figures("models", rows=[interval("a", 1, 3, 60)])
    second = figures("models", rows=[interval("a", 0, 3, 57)])
    hidden = without_flagged({"models": first}, {"models": second}, some(3), min_cell=10)
    for mark in ("unflagged", "change"):
        row = hidden.set_index("id").loc[f"without_flagged/{mark}/models/w1/-/-/m/-/a/ols/b"]
        assert row[["estimate", "ci_low", "n", "n_excluded"]].isna().all()
        assert row["reason"].endswith("fewer than 10 persons")
    counts = hidden[hidden["statistic"] == "left_out"]
    assert counts["estimate"].isna().all()
    whole = without_flagged({"models": first}, {"models": second}, some(3), min_cell=1)
    assert whole["estimate"].notna().all()


def test_another_result_on_as_many_rows_counts_the_responses_left_out_of_the_wave():
    first = figures("models", rows=[interval("a", 1, 3, 60)])
    second = figures("models", rows=[interval("a", 0, 3, 60)])
    for n_flagged, is_shown in ((3, False), (20, True)):
        table = without_flagged({"models": first}, {"models": second}, some(n_flagged), min_cell=10)
        without = table.set_index("id").loc["without_flagged/unflagged/models/w1/-/-/m/-/a/ols/b"]
        assert pd.notna(without["estimate"]) == is_shown


def test_a_result_that_is_gone_without_the_flagged_responses_says_so():
    first = figures("models", rows=[interval("a", 1, 3, 60), interval("b", 1, 3, 60)])
    second = figures("models", rows=[interval("a", 1, 3, 40)])
    table = without_flagged({"models": first}, {"models": second}, some(20), min_cell=10)
    row = table.set_index("id").loc["without_flagged/unflagged/models/w1/-/-/m/-/b/ols/b"]
    assert row["reason"] == ABSENT


def test_flags_count_once_and_only_those_of_the_plan(tmp_path):
    plan = "plan: {without_flagged: {flags: [too_fast, even_odd], at_least: 2}}\n"
    study = small_study(tmp_path, plan)
    long = linked(study, people(4, 0), people(4, 0)).long
    rows = [
        ("w1-1-00001", "too_fast"), ("w1-1-00001", "too_fast"), ("w1-1-00003", "too_fast"),
        ("w1-1-00003", "even_odd"), ("w1-1-00005", "longstring"), ("w1-1-00005", "even_odd"),
    ]  # fmt: skip
    rest = unflagged(long, pd.DataFrame(rows, columns=["response", "flag"]), study)
    assert rest.flagged["response"].tolist() == ["w1-1-00003"]


def test_every_rule_of_quality_has_a_flag_that_a_plan_may_name():
    assert {each.flag for each in LIMITS} | {"failed_check"} == set(QUALITY_FLAGS)
    rules = set(Quality.model_fields) - {"duplicates"}
    assert {each.rule for each in LIMITS} == rules
