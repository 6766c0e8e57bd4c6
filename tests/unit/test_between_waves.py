"""The guard between waves."""

import logging
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from small_study import small_questionnaire

from driehoek.problems import AnswersError
from driehoek.scoring.between_waves import heed_stability, stability_table

CARERS = ("a1c", "a2c", "a3c", "a4c", "b1c", "b2c", "t1cs", "t2cs", "t1cp", "t2cp")
SEEKERS = ("a1s", "a2s")
NEAR = ["a1c", "a2c", "a3c", "a4c"]


def two_waves(n, stability=0.6, seed=1):
    """Answers of the same n carers in two waves, on five steps."""
    rng = np.random.default_rng(seed)
    first = rng.standard_normal((n, len(CARERS)))
    noise = rng.standard_normal((n, len(CARERS)))
    second = stability * first + math.sqrt(1 - stability**2) * noise
    keys = [(f"t{i}", f"p{i}") for i in range(n)]
    parts = []
    for wave, traits in (("w1", first), ("w2", second)):
        answers = pd.DataFrame(1.0 + np.searchsorted([-1.2, -0.4, 0.4, 1.2], traits), None, CARERS)
        answers[list(SEEKERS)] = math.nan
        named = pd.DataFrame(keys, columns=["triad", "person"]).assign(wave=wave, role="carer")
        parts.append(pd.concat([named, answers], axis=1))
    return pd.concat(parts, ignore_index=True)


def of_wave(long, wave, questions):
    return long["wave"].eq(wave), questions


def guard(tmp_path, long):
    return stability_table(long, small_questionnaire(tmp_path), ["w1", "w2"])


def carers(table):
    return table[table["role"] == "carer"].set_index("question")


def test_waves_that_fit_pass_with_the_correlation_and_interval_of_scipy(tmp_path):
    long = two_waves(200)
    table = carers(guard(tmp_path, long))
    assert table["verdict"].tolist() == ["ok"] * (len(CARERS) + 1)
    before, after = (long[long["wave"] == wave]["a1c"].to_numpy() for wave in ("w1", "w2"))
    expected = stats.pearsonr(before, after)
    low, high = expected.confidence_interval(0.999)
    found = table.loc["a1c"]
    assert found[["r", "ci_low", "ci_high"]].tolist() == pytest.approx([expected[0], low, high])
    assert found["n"] == 200
    assert table.loc["", "r"] == pytest.approx(table.loc[list(CARERS), "r"].median())


def test_a_scale_that_one_export_turned_round_stops_the_run(tmp_path):
    long = two_waves(200)
    turned = of_wave(long, "w2", NEAR)
    long.loc[turned] = 6 - long.loc[turned]
    table = guard(tmp_path, long)
    with pytest.raises(AnswersError) as raised:
        heed_stability(table, "small.yaml")
    assert [problem.item for problem in raised.value.problems] == NEAR
    assert "answers of carer run the other way in wave w2 than in wave w1" in str(raised.value)
    assert "an option list turned round" in str(raised.value)


def test_a_column_sorted_by_itself_is_named(tmp_path, caplog):
    long = two_waves(300)
    sorted_ = of_wave(long, "w2", "b1c")
    long.loc[sorted_] = np.sort(long.loc[sorted_])
    table = carers(guard(tmp_path, long))
    assert table[table["verdict"] == "apart"].index.tolist() == ["b1c"]
    with caplog.at_level(logging.WARNING):
        heed_stability(table.reset_index(), "small.yaml")
    assert "was a column sorted or pasted by itself?" in caplog.text
    assert "b1c" in caplog.text


def test_codes_that_moved_to_other_people_are_noticed(tmp_path, caplog):
    long = two_waves(200)
    second = long["wave"] == "w2"
    long.loc[second, ["triad", "person"]] = np.roll(
        long.loc[second, ["triad", "person"]].to_numpy(), 1, axis=0
    )
    table = carers(guard(tmp_path, long))
    assert table.loc["", "verdict"] == "untied"
    with caplog.at_level(logging.WARNING):
        heed_stability(table.reset_index(), "small.yaml")
    assert "do the codes stand for the same people?" in caplog.text


def test_a_wave_given_twice_stops_the_run(tmp_path):
    table = guard(tmp_path, two_waves(60, stability=1))
    with pytest.raises(AnswersError, match="answers of carer in wave w2 are those of wave w1"):
        heed_stability(table, "small.yaml")


def test_few_people_one_wave_and_other_roles_give_no_verdict(tmp_path):
    table = guard(tmp_path, two_waves(19))
    assert set(table["verdict"]) == {"none"}
    assert set(table["role"]) == {"seeker", "carer"}
    assert stability_table(two_waves(50), small_questionnaire(tmp_path), ["w1"]).empty


def test_a_professional_of_several_triads_is_followed_in_each(tmp_path):
    long = two_waves(60)
    long["person"] = "p" + (long.index % 60 // 3).astype(str)
    assert carers(guard(tmp_path, long)).loc["a1c", "n"] == 60


def test_who_has_no_code_or_two_responses_is_left_out(tmp_path):
    long = two_waves(60)
    nameless = pd.concat([long[long["triad"] == "t0"], long[long["triad"] == "t0"]])
    twice = long[(long["triad"] == "t1") & (long["wave"] == "w2")]
    everyone = pd.concat([long, nameless.assign(person=""), twice], ignore_index=True)
    assert carers(guard(tmp_path, everyone)).loc["a1c", "n"] == 59


def test_sound_answers_are_seldom_doubted(tmp_path):
    """Of questions without any stability, one in 2,000 stops; of stable ones hardly any warns."""
    form = small_questionnaire(tmp_path)
    stops = warnings = compared = 0
    for seed in range(150):
        none, some = (
            carers(stability_table(two_waves(80, r, seed), form, ["w1", "w2"])).loc[list(CARERS)]
            for r in (0.0, 0.4)
        )
        stops += (none["verdict"] == "stop").sum()
        warnings += (some["verdict"] != "ok").sum()
        compared += len(CARERS)
    assert stops <= stats.binom.ppf(0.999, compared, 0.0005)
    assert warnings <= stats.binom.ppf(0.999, compared, 0.0005)
