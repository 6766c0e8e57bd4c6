"""The simulation study of scales: its truths are true, and it can fail."""

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.kappa import weighted_kappa
from driehoek.psychometrics.mokken import scalability
from driehoek.simulation import model_trials, scale_study
from driehoek.simulation.scale_population import (
    LOADINGS,
    SPREAD,
    categorised,
    latent_answers,
    quadratic_kappa,
    truth_of_normal_items,
    truth_of_options,
)
from driehoek.simulation.scale_study import markdown_table, run_chunk, summarise, verdict
from driehoek.simulation.scale_trials import SYMMETRIC, two_raters

MANY = 200_000


@pytest.mark.parametrize("in_pairs", [False, True])
def test_population_values_are_those_of_a_very_large_sample(in_pairs):
    latent = latent_answers(MANY, np.random.default_rng(5), in_pairs=in_pairs)
    normal, options = truth_of_normal_items(), truth_of_options()
    for truth, answers in ((normal, latent), (options, categorised(latent))):
        covariance = np.cov(answers.T)
        for name in ("alpha", "lambda2", "lambda6"):
            found = float(coefficient(name, covariance))
            assert found == pytest.approx(getattr(truth, name), abs=0.005), name
    assert normal.omega_total == pytest.approx(
        LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + (1 - LOADINGS**2).sum()), rel=1e-6
    )
    spread = truth_of_options(SPREAD)
    h = scalability(pd.DataFrame(categorised(latent[:50_000], SPREAD))).h
    assert h == pytest.approx(spread.scalability_h, abs=0.01)
    assert spread.scalability_h > options.scalability_h


def test_the_population_kappa_is_that_of_a_very_large_sample():
    rng = np.random.default_rng(6)
    both = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=MANY)
    found = weighted_kappa(*categorised(both, SYMMETRIC).T)
    assert found.estimate == pytest.approx(quadratic_kappa(SYMMETRIC, 0.6), abs=0.01)


def trials(low, *, method="F", n=1000):
    """Give intervals from `low` to 1 around a truth of .5: which of them hold it is known."""
    return pd.DataFrame(
        {
            "number": range(n), "condition": "x", "n": 60, "statistic": "s", "method": method,
            "truth": 0.5, "estimate": np.linspace(0.4, 0.6, n), "ci_low": low, "ci_high": 1.0,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("missed", "is_well"), [(50, True), (70, True), (71, False), (29, False)])
def test_coverage_beyond_three_errors_is_off(missed, is_well):
    table = summarise(trials(np.where(np.arange(1000) < missed, 0.6, 0.0)))
    assert table["coverage"].item() == pytest.approx(1 - missed / 1000)
    assert table["above"].item() == pytest.approx(missed / 1000)
    assert table["is_well"].item() == is_well
    assert verdict(table)[1] == is_well
    assert ("**off**" in markdown_table(table)) != is_well


def test_an_analysis_that_is_wrong_on_purpose_is_shown_and_not_judged():
    table = summarise(trials(np.full(1000, 0.6), method="Feldt, rows taken as independent"))
    assert not table["is_well"].item()
    assert verdict(table)[1]
    assert "wrong on purpose" in markdown_table(table)


def test_what_is_known_to_be_off_is_marked_and_does_not_fail():
    found = trials(np.full(1000, 0.6)).assign(
        condition="two_raters", n=60, statistic="weighted_kappa"
    )
    table = summarise(found)
    said, is_well = verdict(table)
    assert is_well
    assert said.endswith("save 1 known to be off")
    assert "off (known)" in markdown_table(table)


def test_a_test_that_rejects_too_often_is_off():
    found = trials(np.nan).assign(statistic="rejects_metric", truth=0.05, ci_high=np.nan)
    table = summarise(found.assign(estimate=np.arange(1000) < 71))
    assert table["mean"].item() == pytest.approx(0.071)
    assert not table["is_well"].item()


def test_a_chunk_that_is_there_is_not_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(scale_study, "CONDITIONS", {"two_raters": (two_raters, (20,))})
    monkeypatch.setattr(scale_study, "CHUNK", 2)
    first = run_chunk(tmp_path, "two_raters", 3)
    found = pd.read_csv(first)
    assert sorted(found["number"].unique()) == [6, 7]
    first.write_text("kept", encoding="utf-8")
    assert run_chunk(tmp_path, "two_raters", 3).read_text(encoding="utf-8") == "kept"
    pd.testing.assert_frame_equal(
        scale_study.replicate("two_raters", 6)[["estimate"]],
        found[found["number"] == 6][["estimate"]].reset_index(drop=True),
    )


@pytest.mark.parametrize("name", model_trials.CONDITIONS)
def test_a_condition_of_models_gives_intervals_that_may_hold_the_truth(name):
    condition, sizes = model_trials.CONDITIONS[name]
    trials = pd.DataFrame(condition(sizes[0], np.random.default_rng(1)))
    intervals = trials[~trials["statistic"].str.startswith("rejects_")]
    assert (intervals["ci_low"] < intervals["ci_high"]).all()
    assert ((intervals["estimate"] - intervals["truth"]).abs() < 2).all()
    assert set(trials["estimate"][trials["statistic"].str.startswith("rejects_")]) <= {0.0, 1.0}
