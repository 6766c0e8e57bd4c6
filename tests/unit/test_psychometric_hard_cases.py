"""Hard cases: each ends in a right number or in a reason, never in a bare NaN."""

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.bootstrap import bca_interval
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.invariance import invariance_ladder
from driehoek.psychometrics.mokken import scalability
from driehoek.psychometrics.multilevel_reliability import two_level_reliability
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.omega_if_dropped import omega_if_dropped
from driehoek.psychometrics.ordinal_reliability import ordinal_reliability
from driehoek.psychometrics.reliability import bonett_interval, cronbach_alpha
from driehoek.psychometrics.resampled_coefficients import resampled_coefficients

COEFFICIENTS = ["alpha", "standardised_alpha", "lambda2", "lambda6"]


def answers(n=60, k=4, *, options=5, seed=1, noise=1.0):
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 1)) + noise * rng.normal(size=(n, k))
    cuts = np.quantile(latent, np.linspace(0, 1, options + 1)[1:-1])
    return pd.DataFrame(np.digitize(latent, cuts) + 1.0, columns=[f"i{j}" for j in range(k)])


def rng():
    return np.random.default_rng(7)


def test_items_of_two_categories_have_every_coefficient():
    items = answers(300, 5, options=2)
    found = ordinal_reliability(items)
    assert 0.5 < found.ci_low < found.omega < found.ci_high < 1
    assert found.ordinal_alpha > found.omega  # latent answers go together more than their halves
    assert 0.2 < scalability(items).h < 1
    table = resampled_coefficients(items, COEFFICIENTS, rng=rng(), n_boot=50)
    assert table["estimate"].between(0.4, 1).all()


def test_sixty_rows_with_a_third_missing_give_numbers_that_hang_together():
    items = answers(60, 6)
    holes = np.random.default_rng(3).random(items.shape) < 0.3
    gapped = items.mask(holes)
    pairwise = cronbach_alpha(gapped, use="pairwise")
    assert abs(pairwise.estimate - cronbach_alpha(items).estimate) < 0.15
    omega = omega_total(gapped, rng=rng(), n_boot=100, missing="fiml")
    assert omega.n_respondents == 60
    assert abs(omega.estimate - omega_total(items, rng=rng(), n_boot=0).estimate) < 0.1
    table = resampled_coefficients(gapped, ["alpha"], rng=rng(), n_boot=100, use="pairwise")
    assert table["ci_low"].item() < pairwise.estimate < table["ci_high"].item()


def test_perfect_items_have_alpha_one_and_reasons_for_the_rest():
    one = answers(60, 1)["i0"]
    items = pd.DataFrame({"a": one, "b": one, "c": one})
    assert cronbach_alpha(items).estimate == 1.0
    assert np.isnan(bonett_interval(1.0, 60, 3)).all()
    assert scalability(items).h == pytest.approx(1.0)
    lambda6 = resampled_coefficients(items, ["lambda6"], rng=rng(), n_boot=20)
    assert lambda6["reason"].item() == (
        "The coefficient does not exist: items determine one another."
    )
    with pytest.raises(TooFewDataError, match="'a' and 'b'"):
        omega_total(items, rng=rng())
    with pytest.raises((TooFewDataError, NotEstimableError)):
        ordinal_reliability(items)


def test_a_constant_item_is_named():
    items = answers().assign(i1=3.0)
    for function in (
        lambda: resampled_coefficients(items, ["alpha"], rng=rng()),
        lambda: scalability(items),
        lambda: ordinal_reliability(items),
        lambda: two_level_reliability(items, np.arange(60) // 2),
    ):
        with pytest.raises((TooFewDataError, NotEstimableError), match="i1"):
            function()


def test_a_nearly_singular_matrix_gives_admissible_numbers_or_a_reason():
    items = answers(200, 3)
    nearly = items.assign(i3=items["i0"].where(np.arange(200) > 2, 3.0))
    found = ordinal_reliability(nearly)
    assert 0.8 < found.omega < 1
    assert max(found.loadings) < 1
    table = resampled_coefficients(nearly, COEFFICIENTS, rng=rng(), n_boot=50)
    assert table["estimate"].between(0, 1).all()
    assert 0.8 < omega_total(nearly, rng=rng(), n_boot=0).estimate < 1


def test_a_scale_of_three_items_has_omega_but_none_without_an_item():
    items = answers(120, 3)
    assert 0 < ordinal_reliability(items).omega < 1
    without = omega_if_dropped(items)
    assert without["omega_if_dropped"].isna().all()
    assert set(without["reason"]) == {
        "fewer than three items would be left: no omega without this item"
    }
    with pytest.raises(TooFewDataError, match="Found 2 items"):
        ordinal_reliability(items[["i0", "i1"]])


def test_omega_without_an_item_is_omega_of_the_others():
    items = answers(150, 5)
    table = omega_if_dropped(items).set_index("item")
    alone = omega_total(items.drop(columns="i2"), rng=rng(), n_boot=0)
    assert table.loc["i2", "omega_if_dropped"] == pytest.approx(alone.estimate, rel=1e-9)


def test_a_category_that_one_group_never_used_is_named():
    items = answers(300, 4, options=4)
    group = pd.Series(np.where(np.arange(300) % 2 == 0, "a", "b"))
    items["i3"] = items["i3"].mask((group == "b") & (items["i3"] == 4), 3.0)
    with pytest.raises(NotEstimableError, match="i3: nobody in group b chose 4"):
        invariance_ladder(
            items, FactorModel({"f": list(items.columns)}), groups=group, estimator="WLSMV"
        )
    fit = fit_cfa(items, FactorModel({"f": list(items.columns)}), estimator="WLSMV")
    assert np.isfinite(fit.theta).all()


def test_the_sum_of_items_that_cancel_out_has_no_coefficient():
    first = answers(60, 1)["i0"]
    covariance = np.cov(np.vstack([first, 6 - first]))
    assert np.isnan(coefficient("alpha", covariance))
    assert np.isnan(coefficient("lambda2", covariance))


def test_intervals_do_not_depend_on_the_order_of_rows_and_hold_the_estimate():
    items = answers(80, 4)
    first = resampled_coefficients(items, COEFFICIENTS, rng=rng(), n_boot=300, interval="bca")
    turned = items.sample(frac=1, random_state=2)
    again = resampled_coefficients(turned, COEFFICIENTS, rng=rng(), n_boot=300, interval="bca")
    pd.testing.assert_frame_equal(first, again, rtol=1e-9)
    assert (first["ci_low"] < first["estimate"]).all()
    assert (first["estimate"] < first["ci_high"]).all()


def test_the_bca_interval_of_omega_lies_lower_than_the_percentile_one_in_small_samples():
    items = answers(60, 4)
    bca = omega_total(items, rng=rng(), n_boot=400, interval="bca")
    plain = omega_total(items, rng=rng(), n_boot=400)
    assert bca.estimate == plain.estimate
    assert bca.ci_low < bca.estimate < bca.ci_high
    assert (bca.ci_low, bca.ci_high) != (plain.ci_low, plain.ci_high)
    skewed = np.random.default_rng(1).exponential(size=500)
    assert np.isnan(bca_interval(skewed, skewed.max() + 1, skewed, np.ones(500), 0.95)).all()


def test_whole_triads_make_intervals_wider_where_members_answer_alike():
    half = answers(60, 4)
    doubled = pd.concat([half, half], ignore_index=True)
    triads = np.tile(np.arange(60), 2)
    loose = resampled_coefficients(doubled, ["alpha"], rng=rng(), n_boot=500)
    tied = resampled_coefficients(doubled, ["alpha"], rng=rng(), n_boot=500, clusters=triads)
    width = [float((each["ci_high"] - each["ci_low"]).item()) for each in (loose, tied)]
    assert width[1] > 1.2 * width[0]
    alone, nested = scalability(doubled), scalability(doubled, clusters=triads)
    assert nested.se == pytest.approx(alone.se * np.sqrt(2))


def test_rows_that_stand_twice_in_a_triad_tell_no_more_of_ordered_answers_than_once():
    once = answers(150, 4)
    twice, triads = pd.concat([once, once], ignore_index=True), np.tile(np.arange(150), 2)
    model = FactorModel({"f": list(once.columns)})
    single = fit_cfa(once, model, estimator="WLSMV")
    nested = fit_cfa(twice, model, estimator="WLSMV", clusters=pd.Series(triads))
    assert nested.n_clusters == 150
    assert nested.theta == pytest.approx(single.theta, rel=1e-6)
    counted = (300 / 299) / (150 / 149)  # each counts one respondent less
    assert nested.covariance / counted == pytest.approx(single.covariance, rel=1e-5, abs=1e-9)
    found = ordinal_reliability(twice, clusters=triads)
    assert found.se == pytest.approx(ordinal_reliability(once).se, rel=0.01)


def test_intervals_of_both_levels_cover():
    draw, n, n_trials = np.random.default_rng(12), 120, 60
    shared, own = np.full((4, 4), 0.3) + 0.2 * np.eye(4), np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    between, within = (4 / 3 * (1 - np.trace(m) / m.sum()) for m in (shared, own))
    share = shared.sum() / (shared.sum() + own.sum())
    triads, hits = np.repeat(np.arange(n), 3), np.zeros(3)
    for _ in range(n_trials):
        answers = draw.multivariate_normal(np.zeros(4), shared, n)[triads]
        answers = answers + draw.multivariate_normal(np.zeros(4), own, 3 * n)
        found = two_level_reliability(answers, triads)
        hits += [
            found.between_low < between < found.between_high,
            found.within_low < within < found.within_high,
            found.icc_low < share < found.icc_high,
        ]
    assert (hits >= 51).all()  # at a coverage of .95 fewer come up once in a thousand


def test_members_no_more_alike_than_others_have_no_reliability_between_triads():
    items = answers(200, 3, seed=11)
    found = two_level_reliability(items, np.random.default_rng(4).permutation(200) // 2)
    assert found.icc < 0.2
    assert np.isnan(found.between) == np.isnan(found.between_low) == bool(found.reason)
    with pytest.raises(TooFewDataError, match="telling the levels apart"):
        two_level_reliability(items, np.arange(200))
