"""Alpha, item statistics and omega: closed forms, hard cases, coverage."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.bootstrap import draw_counts
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.reliability import (
    cronbach_alpha,
    item_rest,
    item_statistics,
    omega_total,
)

LOADINGS = np.array([0.8, 0.7, 0.6, 0.5, 0.4])


def _one_factor(n, rng, loadings=LOADINGS):
    errors = np.sqrt(1 - loadings**2)
    return rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, len(loadings))) * errors


def _exact_one_factor(loadings=LOADINGS, n=40):
    """Rows whose covariance matrix (divisor n) is the model's to the last bit but rounding."""
    covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    noise = np.random.default_rng(5).normal(size=(n, len(loadings)))
    noise -= noise.mean(axis=0)
    whitened = noise @ np.linalg.inv(np.linalg.cholesky(noise.T @ noise / n)).T
    return whitened @ np.linalg.cholesky(covariance).T


def _with_gaps(values, share, rng):
    return np.where(rng.random(values.shape) < share, np.nan, values)


def _fixed():
    return np.random.default_rng(20261122)


def test_alpha_of_two_items_is_two_shares_of_shared_variance():
    items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]})
    alpha = cronbach_alpha(items)
    assert alpha.estimate == pytest.approx(2 * 2 * (4 / 3) / (5 / 3 + 5 / 3 + 2 * 4 / 3))
    assert alpha.standardised == pytest.approx(2 * 0.8 / 1.8)
    assert alpha.mean_inter_item_r == pytest.approx(0.8)


def test_complete_alpha_counts_only_rows_with_every_item():
    items = pd.DataFrame({"a": [1, 2, 3, 4, 5, np.nan], "b": [1, 3, 2, 4, np.nan, np.nan]})
    alpha = cronbach_alpha(items)
    assert (alpha.n_respondents, alpha.n_excluded, alpha.n_interval) == (4, 2, 4)
    assert replace(alpha, n_excluded=0) == cronbach_alpha(items.head(4))


def test_pairwise_alpha_rests_its_interval_on_the_smallest_pair():
    values = _one_factor(90, _fixed())
    values[:30, 0], values[30:60, 1] = np.nan, np.nan
    values[89] = np.nan
    alpha = cronbach_alpha(values, use="pairwise")
    assert (alpha.n_respondents, alpha.n_excluded, alpha.n_interval) == (89, 1, 29)


def test_equal_items_have_alpha_one_and_an_interval_of_one_point():
    answers = np.repeat([[1.0], [2.0], [4.0], [5.0]], 3, axis=1)
    alpha = cronbach_alpha(answers)
    assert (alpha.estimate, alpha.ci_low, alpha.ci_high) == (1, 1, 1)
    rest = item_rest(answers)
    assert rest[["item_rest", "ci_low", "ci_high"]].to_numpy() == pytest.approx(1, abs=1e-12)


def test_alpha_below_zero_is_reported_as_it_is():
    items = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [5, 3, 4, 2, 2], "c": [3, 1, 4, 2, 3]})
    assert cronbach_alpha(items).estimate < 0


def test_a_scale_with_fewer_rows_than_items_has_alpha_but_no_omega():
    values = _one_factor(5, _fixed())
    assert cronbach_alpha(values).n_respondents == 5
    with pytest.raises(TooFewDataError, match=r"5 rows.*5 items.*more rows than items"):
        omega_total(values, rng=_fixed())


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ({"a": [1, 2, 3], "b": [2, 2, 2]}, "same answer .3 rows. to 'b'"),
        ({"a": [1, 2, 3], "b": [3, 2, 1]}, "sum of the items does not vary"),
        ({"a": [1, 2, 3]}, "at least 2"),
        ({"a": [1, 2], "b": [1, np.nan]}, "1 rows with every item answered"),
        ({"a": [np.nan, np.nan], "b": [np.nan, np.nan]}, "0 rows with every item answered"),
    ],
)
def test_alpha_says_why_it_cannot_be_had(items, reason):
    with pytest.raises(TooFewDataError, match=reason):
        cronbach_alpha(pd.DataFrame(items, dtype=float))


def test_pairwise_alpha_names_the_items_that_nobody_answered_together():
    items = pd.DataFrame({"a": [1, 2, 3, np.nan], "b": [2, 1, 3, 3], "c": [np.nan] * 3 + [1]})
    with pytest.raises(TooFewDataError, match="both 'a' and 'c'"):
        cronbach_alpha(items, use="pairwise")


def test_pairwise_alpha_refuses_covariances_that_contradict_one_another():
    nan = np.nan
    items = pd.DataFrame(
        {
            "a": [1, 1, 1, 9, 9, 9, 5, 5, 5, 5],
            "b": [1, 1, 1, 9, 9, 9, nan, nan, nan, nan],
            "c": [nan, nan, 1, 9, nan, nan, 5, 5, 5, 5],
        }
    )
    with pytest.raises(TooFewDataError, match="contradict one another"):
        cronbach_alpha(items, use="pairwise")


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_a_level_that_is_no_proportion_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        cronbach_alpha(_one_factor(20, _fixed()), confidence=confidence)


def test_answers_that_are_no_numbers_are_named():
    items = pd.DataFrame({"a": [1, 2, 3], "b": ["agree", "no", "agree"]})
    with pytest.raises(ValueError, match="'b' hold something else than numbers"):
        cronbach_alpha(items)


def test_item_rest_is_the_correlation_with_the_sum_of_the_others():
    values = _one_factor(50, _fixed())
    found = item_rest(values)
    others = values.sum(axis=1)[:, None] - values
    expected = [np.corrcoef(values[:, j], others[:, j])[0, 1] for j in range(5)]
    assert found["item_rest"].tolist() == pytest.approx(expected, rel=1e-12)
    z, half = np.arctanh(expected), 1.959963984540054 / np.sqrt(47)
    assert found["ci_high"].tolist() == pytest.approx(np.tanh(z + half), rel=1e-12)


def test_alpha_if_dropped_is_the_alpha_of_the_other_items():
    items = pd.DataFrame(_one_factor(50, _fixed()), columns=list("abcde"))
    found = item_statistics(items).set_index("item")["alpha_if_dropped"]
    for name in items:
        others = cronbach_alpha(items.drop(columns=name)).estimate
        assert found[name] == pytest.approx(others, rel=1e-12)


def test_an_unreversed_item_stands_out_below_zero():
    values = _one_factor(300, _fixed())
    values[:, 1] *= -1
    found = item_rest(values).set_index("item")
    assert found.loc["item_2", "ci_high"] < 0
    assert (found.drop(index="item_2")["item_rest"] > 0).all()


def test_a_constant_item_gets_a_reason_and_spoils_no_other():
    items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4], "c": [2, 2, 2, 2]})
    found = item_statistics(items).set_index("item")
    assert np.isnan(found.loc["c", "item_rest"])
    assert found.loc["c", "reason"] == "Everyone gave the same answer to this item."
    assert found.loc[["a", "b"], "item_rest"].tolist() == pytest.approx([0.8, 0.8])
    assert found.loc["c", "alpha_if_dropped"] == cronbach_alpha(items[["a", "b"]]).estimate


def test_with_two_items_there_is_no_alpha_without_one():
    found = item_statistics(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]}))
    assert found["alpha_if_dropped"].isna().all()
    assert found["item_rest"].tolist() == pytest.approx([0.8, 0.8])


def test_omega_of_an_exact_one_factor_structure_is_the_closed_form():
    omega = omega_total(_exact_one_factor(), n_boot=0, rng=_fixed())
    true = LOADINGS.sum() ** 2
    assert omega.loadings == pytest.approx(LOADINGS, abs=1e-7)
    assert omega.error_variances == pytest.approx(1 - LOADINGS**2, abs=1e-7)
    assert omega.estimate == pytest.approx(true / (true + (1 - LOADINGS**2).sum()), abs=1e-7)


def test_three_items_give_the_closed_form_of_the_triad():
    values = _one_factor(200, _fixed(), LOADINGS[:3])
    covariance = np.cov(values.T, ddof=0)
    ab, ac, bc = covariance[0, 1], covariance[0, 2], covariance[1, 2]
    expected = np.sqrt([ab * ac / bc, ab * bc / ac, ac * bc / ab])
    omega = omega_total(values, n_boot=0, rng=_fixed())
    assert omega.loadings == pytest.approx(expected, rel=1e-6)


def test_omega_equals_alpha_where_loadings_are_equal():
    loadings = np.full(4, 0.6)
    values = _exact_one_factor(loadings)
    omega = omega_total(values, n_boot=0, rng=_fixed())
    assert omega.estimate == pytest.approx(cronbach_alpha(values).estimate, abs=1e-7)


def test_full_information_on_complete_rows_is_the_complete_row_omega():
    values = _one_factor(80, _fixed())
    complete = omega_total(values, n_boot=200, rng=_fixed())
    full = omega_total(values, n_boot=200, rng=_fixed(), missing="fiml")
    assert (full.estimate, full.ci_low) == pytest.approx((complete.estimate, complete.ci_low))


def test_full_information_gives_an_omega_where_no_row_is_complete():
    values = _one_factor(1200, _fixed())
    values[::2, :2], values[1::2, 3] = np.nan, np.nan
    omega = omega_total(values, rng=_fixed(), missing="fiml", n_boot=200)
    assert omega.ci_low < 0.7466 < omega.ci_high  # population value of LOADINGS
    assert (omega.n_respondents, omega.n_excluded) == (1200, 0)
    with pytest.raises(TooFewDataError, match="0 rows with every item answered"):
        omega_total(values, rng=_fixed())


def test_the_bootstrap_repeats_with_its_seed_whatever_the_order_of_rows():
    values = np.round(_one_factor(150, _fixed()) * 2)
    first = omega_total(values, rng=np.random.default_rng(3), n_boot=100)
    again = omega_total(values[::-1], rng=np.random.default_rng(3), n_boot=100)
    other = omega_total(values, rng=np.random.default_rng(4), n_boot=100)
    assert first == again
    assert first.ci_low != other.ci_low


def test_renaming_triads_changes_nothing():
    values = _one_factor(90, _fixed())
    triads = np.arange(90) // 3
    first = omega_total(values, rng=_fixed(), n_boot=100, clusters=triads)
    named = omega_total(values, rng=_fixed(), n_boot=100, clusters=[f"t{97 - t}" for t in triads])
    assert first == named
    assert first.n_clusters == 30


def test_copies_of_a_row_in_one_triad_do_not_narrow_the_interval():
    values = _one_factor(100, _fixed())
    single = omega_total(values, rng=_fixed(), clusters=np.arange(100))
    copied = omega_total(
        np.repeat(values, 3, axis=0), rng=_fixed(), clusters=np.repeat(np.arange(100), 3)
    )
    assert (copied.ci_low, copied.ci_high) == pytest.approx((single.ci_low, single.ci_high))
    naive = omega_total(np.repeat(values, 3, axis=0), rng=_fixed())
    assert naive.ci_high - naive.ci_low < 0.7 * (copied.ci_high - copied.ci_low)


def test_rows_of_a_cluster_that_are_left_out_take_no_part():
    values = _one_factor(60, _fixed())
    clusters = pd.Series(np.arange(60) // 2, dtype=object)
    values[:2, 0], clusters[0] = np.nan, None
    omega = omega_total(values, rng=_fixed(), n_boot=50, clusters=clusters)
    assert (omega.n_clusters, omega.n_respondents, omega.n_excluded) == (29, 58, 2)


@pytest.mark.parametrize(
    ("clusters", "reason"),
    [
        ([1, 2], "2 cluster labels for 40 rows"),
        ([None] + [1, 2] * 19 + [2], "1 rows have no cluster label"),
        ([1] * 40, "belong to one cluster"),
        (pd.Series(range(40), index=range(1, 41)), "different row labels"),
    ],
)
def test_clusters_that_do_not_fit_the_rows_are_refused(clusters, reason):
    with pytest.raises(ValueError, match=reason):
        omega_total(_exact_one_factor(), rng=_fixed(), clusters=clusters)


def test_failed_samples_are_counted_and_too_many_withhold_the_interval():
    values = _one_factor(25, np.random.default_rng(0), np.array([0.8, 0.6, 0.5]))
    omega = omega_total(values, rng=_fixed(), n_boot=300)
    assert omega.n_failed == omega.n_heywood + omega.n_not_converged > 30
    assert np.isnan([omega.ci_low, omega.ci_high]).all()
    assert omega.reason.startswith(f"{omega.n_failed} of 300 bootstrap samples")
    assert 0 < omega.estimate < 1


def _independent_factors():
    """Two pairs of items that share nothing: no one factor describes them."""
    signs = np.array([[i, j] for i in (-1.0, 1.0) for j in (-1.0, 1.0)] * 10)
    return np.column_stack([signs[:, 0], signs[:, 0] + _exact_one_factor()[:, 0], signs[:, 1]])


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        (np.ones((20, 2)) * np.arange(20)[:, None], "not identified with fewer than 3"),
        (np.full((20, 4), np.nan), "0 rows with every item answered"),
        (np.column_stack([_exact_one_factor(), np.full(40, 3.0)]), "same answer .* 'item_6'"),
        (_exact_one_factor()[:, [0, 1, 2, 2]], "'item_3' and 'item_4'.*entered twice"),
        (np.repeat(np.arange(9.0)[:, None], 3, axis=1), "'item_1' and 'item_2'"),
        (_independent_factors(), "item_1, item_2, item_3 did not converge"),
    ],
)
def test_omega_says_why_it_cannot_be_had(items, reason):
    with pytest.raises(TooFewDataError, match=reason):
        omega_total(items, rng=_fixed())


@pytest.mark.parametrize("missing", ["complete", "fiml"])
def test_all_answers_missing_is_a_reason_under_either_rule(missing):
    with pytest.raises(TooFewDataError, match="Found 0 rows"):
        omega_total(np.full((20, 4), np.nan), rng=_fixed(), missing=missing)


def test_blocks_of_samples_join_to_the_same_draws():
    together = np.vstack(list(draw_counts(np.ones(3000, dtype=int), 700, _fixed())))
    one_by_one = _fixed().multinomial(3000, np.full(3000, 1 / 3000), size=700)
    assert len(list(draw_counts(np.ones(3000, dtype=int), 700, _fixed()))) > 1
    assert (together == one_by_one).all()


def _coverage_bounds(replications, nominal=0.95):
    margin = 3 * np.sqrt(nominal * (1 - nominal) / replications)
    return nominal - margin, nominal + margin


def test_feldt_interval_covers_alpha_in_normal_data_with_equal_covariances():
    rng, replications, k = _fixed(), 1500, 5
    population = k * 0.4 / (1 + (k - 1) * 0.4)
    hits = 0
    for _ in range(replications):
        alpha = cronbach_alpha(_one_factor(40, rng, np.full(k, np.sqrt(0.4))))
        hits += alpha.ci_low <= population <= alpha.ci_high
    low, high = _coverage_bounds(replications)
    assert low <= hits / replications <= high


def test_bootstrap_interval_of_omega_covers_the_population_value():
    rng, replications = _fixed(), 150
    population = LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + (1 - LOADINGS**2).sum())
    hits = 0
    for _ in range(replications):
        omega = omega_total(_one_factor(200, rng), rng=rng, n_boot=300)
        hits += omega.ci_low <= population <= omega.ci_high
    low, high = _coverage_bounds(replications)
    assert low <= hits / replications <= high
