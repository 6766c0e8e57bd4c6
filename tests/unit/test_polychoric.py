import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from driehoek.psychometrics.bivariate_normal import bivariate_cdf
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.ordinal_tables import ordinal_tables
from driehoek.psychometrics.polychoric import polychoric, smoothed
from driehoek.psychometrics.polychoric_covariance import ordinal_moments


def answers_of_table(table):
    """Spread a two-way table into one row a respondent."""
    counts = np.asarray(table)
    rows, columns = np.indices(counts.shape)
    return pd.DataFrame(
        {
            "first": np.repeat(rows.ravel(), counts.ravel()).astype(float),
            "second": np.repeat(columns.ravel(), counts.ravel()).astype(float),
        }
    )


def ordered_answers(rng, loadings, cuts, n):
    trait = rng.standard_normal(n)
    latent = trait[:, None] * loadings + rng.standard_normal((n, len(loadings))) * np.sqrt(
        1 - np.square(loadings)
    )
    return pd.DataFrame(
        np.searchsorted(cuts, latent).astype(float),
        columns=[f"i{j}" for j in range(len(loadings))],
    )


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.5, 0.99])
def test_quadrant_probability_follows_sheppards_formula(rho):
    zero = np.zeros(1)
    found = bivariate_cdf(zero, zero, np.array([rho]))
    assert found == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-14)


def test_independent_variables_multiply():
    h, k = np.array([-1.2, 0.0, 2.0]), np.array([0.3, -0.7, 30.0])
    parts = [bivariate_cdf(x, np.full(3, 30.0), np.zeros(3)) for x in (h, k)]
    assert bivariate_cdf(h, k, np.zeros(3)) == pytest.approx(parts[0] * parts[1], abs=1e-15)


def test_median_split_gives_the_tetrachoric_closed_form():
    table = [[40, 10], [10, 40]]
    found = polychoric(answers_of_table(table)).correlations.iloc[0, 1]
    assert found == pytest.approx(-np.cos(2 * np.pi * 0.4), abs=1e-9)


def test_thresholds_are_normal_quantiles_of_the_cumulated_shares():
    answers = answers_of_table([[10, 20, 5], [15, 25, 25]])
    found = polychoric(answers).thresholds
    second = found.loc[found["item"] == "second", "estimate"]
    assert second.to_numpy() == pytest.approx(ndtri([0.25, 0.70]), abs=1e-14)


def test_correlations_of_many_respondents_approach_the_latent_ones():
    loadings = np.array([0.8, 0.6, -0.7])
    answers = ordered_answers(np.random.default_rng(1), loadings, [-1.0, 0.2, 0.9], 200_000)
    found = polychoric(answers).correlations.to_numpy()
    expected = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    assert np.abs(found - expected).max() < 0.012  # three standard errors


def test_order_of_items_and_shift_of_codes_do_not_matter():
    answers = ordered_answers(np.random.default_rng(2), np.array([0.8, 0.6, 0.5]), [-1, 0.5], 300)
    straight = polychoric(answers).correlations
    turned = polychoric(10 * answers[["i2", "i0", "i1"]] - 7).correlations
    assert turned.loc[straight.index, straight.columns].to_numpy() == pytest.approx(
        straight.to_numpy(), abs=1e-8
    )


def test_reversing_an_item_turns_the_sign():
    answers = ordered_answers(np.random.default_rng(3), np.array([0.8, 0.6]), [-1, 0.5], 300)
    straight = polychoric(answers).correlations.iloc[0, 1]
    turned = polychoric(answers.assign(i1=-answers["i1"])).correlations.iloc[0, 1]
    assert turned == pytest.approx(-straight, abs=1e-8)


def test_missing_answers_are_left_out_pair_by_pair_or_row_by_row():
    answers = ordered_answers(np.random.default_rng(4), np.array([0.8, 0.6, 0.7]), [0, 1], 200)
    answers.iloc[:30, 0] = np.nan
    pairwise, complete = polychoric(answers), polychoric(answers, use="complete")
    assert (pairwise.n_respondents, pairwise.n_excluded) == (200, 0)
    assert (complete.n_respondents, complete.n_excluded) == (170, 30)
    assert pairwise.n_pairs.loc["i0", "i1"] == 170
    assert pairwise.n_pairs.loc["i1", "i2"] == 200
    assert pairwise.correlations.loc["i1", "i2"] == pytest.approx(
        polychoric(answers[["i1", "i2"]]).correlations.iloc[0, 1], abs=1e-9
    )


def test_rows_without_any_answer_are_counted_as_left_out():
    answers = answers_of_table([[10, 5], [5, 10]])
    answers.loc[len(answers)] = [np.nan, np.nan]
    found = polychoric(answers)
    assert (found.n_respondents, found.n_excluded) == (30, 1)


def test_one_empty_cell_of_a_two_by_two_table_is_named_and_adjusted():
    found = polychoric(answers_of_table([[40, 0], [8, 12]]))
    assert found.adjusted_pairs == (("first", "second"),)
    assert found.n_sparse_pairs == 1
    assert 0.8 < found.correlations.iloc[0, 1] < 0.999


def test_identical_items_lie_on_the_boundary_and_are_named():
    answers = ordered_answers(np.random.default_rng(5), np.array([0.8, 0.6]), [-1, 0.5], 300)
    found = polychoric(answers.assign(copy=answers["i0"]))
    assert found.boundary_pairs == (("i0", "copy"),)
    assert found.correlations.loc["i0", "copy"] == pytest.approx(0.999)


def test_smoothing_is_reported_and_can_be_refused(caplog):
    rng = np.random.default_rng(6)
    answers = ordered_answers(rng, np.array([0.9, 0.9, 0.9, 0.9, 0.9]), [0.0], 14)
    answers = answers.mask(rng.random(answers.shape) < 0.2)
    left = polychoric(answers, smooth=False)
    assert left.smallest_eigenvalue < 0
    assert not left.is_smoothed
    mended = polychoric(answers)
    assert mended.is_smoothed
    assert "smoothed" in caplog.text
    assert mended.largest_change > 0
    assert np.linalg.eigvalsh(mended.correlations.to_numpy())[0] > 0


def test_smoothing_leaves_a_correlation_matrix():
    matrix = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]])
    found = smoothed(matrix)
    assert np.diag(found) == pytest.approx(1)
    assert np.linalg.eigvalsh(found)[0] > 0


def test_a_constant_item_is_refused_by_name():
    with pytest.raises(TooFewDataError, match=r"same answer.*second"):
        polychoric(pd.DataFrame({"first": [1.0, 2, 1], "second": [3.0, 3, 3]}))


def test_two_items_never_answered_together_are_refused_by_name():
    answers = pd.DataFrame({"a": [1, 2, np.nan, np.nan], "b": [np.nan, np.nan, 1.0, 2.0]})
    with pytest.raises(TooFewDataError, match="Nobody answered both"):
        polychoric(answers)


def test_a_measured_variable_is_refused_as_ordinal():
    values = np.arange(60.0)
    with pytest.raises(TooFewDataError, match="more than 20 different answers"):
        polychoric(pd.DataFrame({"a": values, "b": values % 3}))


def test_one_item_has_no_correlations():
    with pytest.raises(TooFewDataError, match="at least two"):
        polychoric(pd.DataFrame({"a": [1.0, 2, 3]}))


def test_gamma_matches_the_spread_of_estimates_over_samples():
    rng = np.random.default_rng(7)
    loadings, cuts, n = np.array([0.7, 0.7]), [-0.6, 0.7], 500
    estimates, variances = [], []
    for _ in range(400):
        moments = ordinal_moments(ordinal_tables(ordered_answers(rng, loadings, cuts, n)))
        estimates.append(np.r_[moments.thresholds, moments.correlations])
        variances.append(np.diag(moments.gamma) / n)
    ratio = np.mean(variances, axis=0) / np.var(estimates, axis=0, ddof=1)
    assert ratio == pytest.approx(np.ones(5), abs=0.25)  # 3.5 Monte-Carlo standard errors


def test_gamma_of_complete_data_does_not_depend_on_the_order_of_rows():
    answers = ordered_answers(np.random.default_rng(8), np.array([0.7, 0.6, 0.8]), [0, 1], 120)
    first = ordinal_moments(ordinal_tables(answers)).gamma
    second = ordinal_moments(ordinal_tables(answers.iloc[::-1])).gamma
    assert first == pytest.approx(second, rel=1e-9, abs=1e-9)
