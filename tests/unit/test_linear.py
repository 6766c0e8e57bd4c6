"""Hierarchical regression: rows, tables, reasons and the coverage of HC3."""

import math

import numpy as np
import pandas as pd
import pytest

from driehoek.models.errors import TermError
from driehoek.models.linear import fit_blocks
from driehoek.models.simple_slopes import Probe
from driehoek.psychometrics.errors import TooFewDataError

RELATION = {"relation": ["partner", "child", "other"]}


@pytest.fixture
def carers():
    rng = np.random.default_rng(3)
    n = 90
    frame = pd.DataFrame(
        {
            "triad": np.arange(n) // 2,
            "hours": rng.gamma(2, 8, n),
            "trust": rng.normal(3, 1, n),
            "relation": rng.choice(["partner", "child", "other"], n),
        }
    )
    frame["burden"] = 10 + 0.2 * frame["hours"] - frame["trust"] + rng.normal(0, 2, n)
    return frame


def pick(table, statistic, term="", group="block_1"):
    rows = table[
        (table["statistic"] == statistic) & (table["term"] == term) & (table["group"] == group)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_line_through_four_points_has_the_figures_worked_out_by_hand():
    frame = pd.DataFrame({"x": [0, 1, 2, 3], "y": [1.0, 3.0, 2.0, 6.0]})
    fit = fit_blocks(frame, "y", [["x"]], robust="classical")
    # Sxx = 5, Sxy = 7, Syy = 14: b = 1.4, residual sum of squares = 14 - 9.8 = 4.2.
    b = pick(fit.coefficients, "b", "x")
    assert b["estimate"] == pytest.approx(1.4)
    assert b["se"] == pytest.approx(math.sqrt(2.1 / 5))
    assert b["df"] == 2
    half = 4.302652729911275 * math.sqrt(2.1 / 5)  # 97.5th percentile of t with 2 df
    assert (b["ci_low"], b["ci_high"]) == pytest.approx((1.4 - half, 1.4 + half))
    assert pick(fit.coefficients, "beta", "x")["estimate"] == pytest.approx(7 / math.sqrt(70))
    assert pick(fit.coefficients, "b", "intercept")["estimate"] == pytest.approx(0.9)
    assert pick(fit.blocks, "r2")["estimate"] == pytest.approx(0.7)
    assert pick(fit.blocks, "f_change")["estimate"] == pytest.approx(9.8 / 2.1)


def test_hc3_is_the_sandwich_of_residuals_over_one_less_leverage(carers):
    fit = fit_blocks(carers, "burden", [["hours", "trust"]])
    x = np.column_stack([np.ones(90), carers["hours"], carers["trust"]])
    bread = np.linalg.inv(x.T @ x)
    residual = carers["burden"] - x @ bread @ x.T @ carers["burden"]
    leverage = np.einsum("ij,jk,ik->i", x, bread, x)
    meat = (x * ((residual / (1 - leverage)) ** 2).to_numpy()[:, None]).T @ x
    expected = np.sqrt(np.diag(bread @ meat @ bread))
    ours = fit.coefficients[fit.coefficients["statistic"] == "b"]["se"]
    # Two routes through float64 to the same figure.
    assert ours.to_numpy() == pytest.approx(expected, rel=1e-10)


def test_every_block_rests_on_the_complete_rows_of_the_last(carers):
    gaps = carers.copy()
    gaps.loc[[0, 1], "burden"] = np.nan
    gaps.loc[[1, 2, 3], "trust"] = np.nan
    gaps.loc[4, "relation"] = None
    fit = fit_blocks(gaps, "burden", [["hours"], ["trust", "relation"]], categorical=RELATION)
    assert (fit.n, fit.n_excluded) == (85, 5)
    assert set(fit.blocks["n"]) == set(fit.coefficients["n"]) == {85}
    assert fit.excluded.to_numpy().tolist() == [
        ["missing: trust", 2],
        ["missing: burden", 1],
        ["missing: burden, trust", 1],
        ["missing: relation", 1],
    ]
    alone = fit_blocks(gaps[5:], "burden", [["hours"]])
    estimate = pick(alone.coefficients, "b", "hours")["estimate"]
    assert pick(fit.coefficients, "b", "hours")["estimate"] == pytest.approx(estimate)


def test_the_frame_is_left_as_it_was(carers):
    before = carers.copy(deep=True)
    fit_blocks(carers, "burden", [["hours*trust"]], clusters="triad")
    pd.testing.assert_frame_equal(carers, before)


def test_changes_in_r2_add_up_to_the_last_r2(carers):
    blocks = [["hours"], ["trust", "relation"], ["hours:trust"]]
    fit = fit_blocks(carers, "burden", blocks, categorical=RELATION)
    changes = fit.blocks[fit.blocks["statistic"] == "r2_change"]["estimate"]
    assert changes.sum() == pytest.approx(pick(fit.blocks, "r2", group="block_3")["estimate"])
    assert fit.block_terms == (("hours",), ("trust", "relation"), ("hours:trust",))


def test_the_first_block_is_tested_against_the_mean_alone(carers):
    fit = fit_blocks(carers, "burden", [["hours", "trust"]])
    model, change = pick(fit.blocks, "f_model"), pick(fit.blocks, "f_change")
    assert change["estimate"] == pytest.approx(model["estimate"])
    assert (change["df"], pick(fit.blocks, "f_change_df2")["estimate"]) == (2, 87)


def test_the_wald_test_of_one_term_is_the_square_of_its_robust_t(carers):
    fit = fit_blocks(carers, "burden", [["hours"], ["trust"]])
    t = pick(fit.coefficients, "t", "trust", "block_2")
    wald = pick(fit.blocks, "wald_change", group="block_2")
    assert wald["estimate"] == pytest.approx(t["estimate"] ** 2)
    assert wald["p"] == pytest.approx(t["p"])
    assert wald["method"] == "ols_hc3"


def test_the_main_effect_in_a_product_holds_at_the_mean_of_the_other(carers):
    fit = fit_blocks(carers, "burden", [["hours*trust"]])
    raw = fit_blocks(carers, "burden", [["hours*trust"]], centre="none")
    at_mean = (
        pick(raw.coefficients, "b", "hours")["estimate"]
        + pick(raw.coefficients, "b", "hours:trust")["estimate"] * carers["trust"].mean()
    )
    assert pick(fit.coefficients, "b", "hours")["estimate"] == pytest.approx(at_mean)
    assert any("main effects hold at that mean" in note for note in fit.notes)


def test_a_factor_has_a_generalised_inflation_factor(carers):
    fit = fit_blocks(carers, "burden", [["hours", "relation"]], categorical=RELATION)
    gvif = pick(fit.coefficients, "gvif", "relation")["estimate"]
    # With two terms, the factor and the number share the same determinant ratio.
    assert gvif == pytest.approx(pick(fit.coefficients, "vif", "hours")["estimate"])
    per_df = pick(fit.coefficients, "gvif_per_df", "relation")["estimate"]
    assert per_df == pytest.approx(gvif**0.25)


def test_one_predictor_has_an_inflation_factor_of_one(carers):
    fit = fit_blocks(carers, "burden", [["hours"]])
    assert pick(fit.coefficients, "vif", "hours")["estimate"] == pytest.approx(1)


def test_a_term_without_a_coefficient_has_a_reason_and_the_rest_is_untouched(carers):
    doubled = carers.assign(wave=2, minutes=60 * carers["hours"])
    fit = fit_blocks(doubled, "burden", [["hours", "wave"], ["minutes"], ["trust"]])
    plain = fit_blocks(carers, "burden", [["hours"], ["trust"]])
    wave = pick(fit.coefficients, "b", "wave")
    assert math.isnan(wave["estimate"])
    assert "same in every row" in wave["reason"]
    minutes = pick(fit.coefficients, "b", "minutes", "block_2")
    assert "determined by hours" in minutes["reason"]
    change = pick(fit.blocks, "f_change", group="block_2")
    assert math.isnan(change["estimate"])
    assert change["df"] == 0
    assert "none of the terms" in change["reason"]
    ours = pick(fit.coefficients, "b", "trust", "block_3")["se"]
    assert ours == pytest.approx(pick(plain.coefficients, "b", "trust", "block_2")["se"])


def test_a_model_of_constants_alone_says_that_nothing_explains(carers):
    fit = fit_blocks(carers.assign(wave=2), "burden", [["wave"]])
    assert pick(fit.blocks, "r2")["estimate"] == pytest.approx(0, abs=1e-12)
    assert "none of the terms" in pick(fit.blocks, "f_model")["reason"]


def test_clusters_count_for_the_degrees_of_freedom(carers):
    fit = fit_blocks(carers, "burden", [["hours"]], clusters="triad", cluster_kind="CR1S")
    b = pick(fit.coefficients, "b", "hours")
    assert (fit.n_clusters, b["df"], b["method"]) == (45, 44, "ols_cr1s")
    assert not any("only" in note for note in fit.notes)
    assert any("wald_change respects the clusters" in note for note in fit.notes)


def test_few_clusters_are_pointed_out_and_cannot_test_many_terms_together(carers):
    few = carers.assign(triad=carers["triad"] % 3)
    fit = fit_blocks(
        few, "burden", [["hours", "trust", "relation"]], categorical=RELATION, clusters="triad",
        cluster_kind="CR1S",
    )  # fmt: skip
    assert any("only 3 clusters" in note for note in fit.notes)
    wald = pick(fit.blocks, "wald_change")
    assert math.isnan(wald["estimate"])
    assert wald["reason"] == "3 clusters cannot test 4 coefficients together"


def test_too_few_clusters_have_their_own_degrees_of_freedom_and_no_joint_test(carers):
    few = carers.assign(triad=carers["triad"] % 3)
    blocks = [["hours", "trust", "relation"]]
    fit = fit_blocks(few, "burden", blocks, categorical=RELATION, clusters="triad")
    assert 0 < pick(fit.coefficients, "b", "hours")["df"] < 3
    wald = pick(fit.blocks, "wald_change")
    assert math.isnan(wald["estimate"])
    assert wald["reason"] == "3 clusters cannot test 4 coefficients together"


def test_hinges_give_inequity_in_both_directions_a_slope_of_its_own(carers):
    balance = np.linspace(-3, 3, 90)
    bent = carers.assign(balance=balance, burden=2 + np.where(balance < 0, -0.5, 2) * balance)
    bent["burden"] += np.where(np.arange(90) % 2, 0.1, -0.1)
    fit = fit_blocks(bent, "burden", [["balance"]], hinges={"balance": 0})
    below, above = (pick(fit.coefficients, "b", f"balance[{side}0]") for side in "<>")
    assert below["estimate"] == pytest.approx(-0.5, abs=0.02)
    assert above["estimate"] == pytest.approx(2, abs=0.02)


def test_a_probe_of_a_choice_gives_the_slope_at_each_level(carers):
    fit = fit_blocks(
        carers, "burden", [["hours*relation"]], categorical=RELATION,
        probes=[Probe("hours", "relation")],
    )  # fmt: skip
    slopes = fit.slopes.set_index("group")["estimate"]
    for level in RELATION["relation"]:
        alone = fit_blocks(carers[carers["relation"] == level], "burden", [["hours"]])
        expected = pick(alone.coefficients, "b", "hours")["estimate"]
        assert slopes[f"relation[{level}]"] == pytest.approx(expected)


def test_a_row_without_a_cluster_is_left_out(carers):
    gap = carers.assign(triad=carers["triad"].astype(float).mask(carers.index < 3))
    fit = fit_blocks(gap, "burden", [["hours"]], clusters="triad")
    assert fit.excluded.to_numpy().tolist() == [["missing: triad", 3]]


def test_a_perfect_fit_has_coefficients_but_no_inference(carers):
    exact = carers.assign(burden=3 + 2 * carers["hours"] - carers["trust"])
    fit = fit_blocks(exact, "burden", [["hours"], ["trust"]])
    b = pick(fit.coefficients, "b", "trust", "block_2")
    assert b["estimate"] == pytest.approx(-1)
    assert math.isnan(b["se"])
    assert "reproduce the outcome exactly" in b["reason"]
    change = pick(fit.blocks, "f_change", group="block_2")
    assert math.isnan(change["p"])
    assert "reproduce the outcome exactly" in change["reason"]
    assert pick(fit.coefficients, "b", "trust", "block_2")["n"] == 90


def test_a_category_with_one_row_has_no_hc3(carers):
    lonely = carers.assign(relation=["other"] + ["partner", "child"] * 44 + ["child"])
    fit = fit_blocks(lonely, "burden", [["relation"]], categorical=RELATION)
    b = pick(fit.coefficients, "b", "relation[child]")
    assert math.isnan(b["se"])
    assert "leverage 1" in b["reason"]
    assert not math.isnan(b["estimate"])
    assert not math.isnan(pick(fit.blocks, "f_change")["p"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f[:3], "3 complete rows cannot carry 3 coefficients; at least 4 are needed"),
        (lambda f: f[:0], "no row has a value in all of burden, hours, trust"),
        (lambda f: f.assign(burden=None), "no row has a value in all of burden, hours, trust"),
        (lambda f: f.assign(trust=np.nan), "no row has a value in all of burden, hours, trust"),
        (lambda f: f.assign(burden=7.0), "burden is 7 in all 90 rows used"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(carers, change, message):
    with pytest.raises(TooFewDataError, match=message):
        fit_blocks(change(carers), "burden", [["hours", "trust"]])


def test_one_cluster_cannot_be_clustered_on(carers):
    with pytest.raises(TooFewDataError, match="one cluster"):
        fit_blocks(carers.assign(triad=1), "burden", [["hours"]], clusters="triad")


def test_the_outcome_cannot_explain_itself_and_names_must_exist(carers):
    with pytest.raises(TermError) as caught:
        fit_blocks(carers, "burden", [["hours", "burden"]], clusters="family")
    assert [problem.expression for problem in caught.value.problems] == ["family", "burden"]


def test_an_outcome_of_words_is_refused(carers):
    with pytest.raises(TermError, match="'relation': it holds text"):
        fit_blocks(carers, "relation", [["hours"]])


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_outside_zero_and_one_is_refused(carers, confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit_blocks(carers, "burden", [["hours"]], confidence=confidence)


def test_nullable_columns_and_repeated_row_names_change_nothing(carers):
    other = carers.convert_dtypes().set_axis([0] * 90)
    ours = fit_blocks(other, "burden", [["hours", "relation"]], categorical=RELATION)
    plain = fit_blocks(carers, "burden", [["hours", "relation"]], categorical=RELATION)
    pd.testing.assert_frame_equal(ours.coefficients, plain.coefficients)


def test_hc3_intervals_cover_under_unequal_variances_where_classical_ones_do_not():
    """400 samples of 100: the SD of a share of .95 is .011, so 3 SD below is .917."""
    rng = np.random.default_rng(20261122)
    hits = {"HC3": 0, "classical": 0}
    for _ in range(400):
        x = rng.uniform(-2, 2, 100)
        frame = pd.DataFrame({"x": x, "y": 1 + 0.5 * x + rng.normal(0, 0.3 + np.abs(x))})
        for robust in hits:
            row = pick(fit_blocks(frame, "y", [["x"]], robust=robust).coefficients, "b", "x")
            hits[robust] += int(row["ci_low"] <= 0.5 <= row["ci_high"])
    assert 0.917 < hits["HC3"] / 400 < 0.983
    assert hits["classical"] / 400 < 0.90
