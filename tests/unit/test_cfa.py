import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.cfa.difference import chi_square_difference
from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.fit_indices import ChiSquare, approximate_fit
from driehoek.psychometrics.cfa.implied import GroupStructure
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem, central_jacobian
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.moment_information import likelihood_slopes
from driehoek.psychometrics.cfa.parameters import continuous_table
from driehoek.psychometrics.cfa.sample import pattern_moments, saturated_moments
from driehoek.psychometrics.cfa.score_tests import modification_indices, release_tests

ESTIMATORS = ["ML", "MLR", "FIML", "FIML+MLR"]
FIVE = [0.7, 0.6, 0.5, 0.8, 0.7]


def one_factor_answers(loadings, n, *, seed=0, cuts=None):
    rng = np.random.default_rng(seed)
    loadings = np.asarray(loadings)
    errors = rng.standard_normal((n, len(loadings))) * np.sqrt(1 - loadings**2)
    latent = rng.standard_normal(n)[:, None] * loadings + errors
    values = latent if cuts is None else np.searchsorted(cuts, latent).astype(float)
    return pd.DataFrame(values, columns=[f"i{k}" for k in range(len(loadings))])


def with_gaps(answers, share, *, seed=1):
    return answers.mask(np.random.default_rng(seed).random(answers.shape) < share)


def one_factor(n_items, **options):
    return FactorModel({"f": [f"i{k}" for k in range(n_items)]}, **options)


def loadings_of(fit):
    return fit.parameters().query("op == '=~'")["standardised"].to_numpy()


def test_three_items_have_the_closed_form_solution():
    answers = one_factor_answers([0.8, 0.6, 0.7], 400)
    r = answers.corr().to_numpy()
    expected = [
        np.sqrt(r[0, 1] * r[0, 2] / r[1, 2]),
        np.sqrt(r[0, 1] * r[1, 2] / r[0, 2]),
        np.sqrt(r[0, 2] * r[1, 2] / r[0, 1]),
    ]
    fit = fit_cfa(answers, one_factor(3))
    assert loadings_of(fit) == pytest.approx(expected, rel=1e-5)
    assert fit.fit.standard.df == 0
    assert fit.fit.standard.chisq == pytest.approx(0, abs=1e-6)
    assert np.isnan(fit.fit.standard.p)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_implied_equals_sample_covariance_when_nothing_is_restricted(estimator):
    answers = one_factor_answers([0.8, 0.6, 0.7], 200)
    fit = fit_cfa(answers, one_factor(3), estimator=estimator)
    assert fit.implied()[0].sigma == pytest.approx(np.cov(answers.T, bias=True), abs=1e-5)


def test_markers_and_variances_as_scales_give_the_same_fit():
    answers = one_factor_answers(FIVE, 200)
    marker = fit_cfa(answers, one_factor(5))
    variance = fit_cfa(answers, one_factor(5, scaling="variance"))
    assert marker.fit.standard.chisq == pytest.approx(variance.fit.standard.chisq, abs=1e-6)
    assert loadings_of(marker) == pytest.approx(loadings_of(variance), abs=1e-5)


def test_full_information_on_complete_answers_is_maximum_likelihood():
    answers = one_factor_answers(FIVE, 200)
    plain = fit_cfa(answers, one_factor(5), means=True)
    full = fit_cfa(answers, one_factor(5), estimator="FIML")
    assert full.fit.standard == plain.fit.standard
    assert full.theta == pytest.approx(plain.theta, abs=1e-6)


def test_units_of_the_answers_change_neither_fit_nor_standardised_loadings():
    answers = with_gaps(one_factor_answers(FIVE, 200), 0.1)
    small = fit_cfa(answers, one_factor(5), estimator="FIML+MLR")
    large = fit_cfa(1e4 * answers + 1e6, one_factor(5), estimator="FIML+MLR")
    assert small.fit.scaled.chisq == pytest.approx(large.fit.scaled.chisq, rel=1e-4)
    assert loadings_of(small) == pytest.approx(loadings_of(large), rel=1e-4)


def test_order_of_rows_changes_nothing_that_is_printed():
    answers = with_gaps(one_factor_answers(FIVE, 200), 0.2)
    first = fit_cfa(answers, one_factor(5), estimator="FIML")
    second = fit_cfa(answers.iloc[::-1], one_factor(5), estimator="FIML")
    assert first.fit.standard.chisq == pytest.approx(second.fit.standard.chisq, abs=1e-6)


def test_full_information_uses_rows_that_maximum_likelihood_leaves_out():
    answers = with_gaps(one_factor_answers(FIVE, 300), 0.3)
    answers.loc[0] = np.nan
    plain = fit_cfa(answers, one_factor(5))
    full = fit_cfa(answers, one_factor(5), estimator="FIML")
    assert (full.n, full.n_excluded) == (int(answers.notna().any(axis=1).sum()), 300 - full.n)
    assert plain.n == len(answers.dropna())
    assert plain.n + plain.n_excluded == 300
    se = [fit.parameters().query("name == 'f =~ i1'")["se"].item() for fit in (plain, full)]
    assert se[1] < se[0]


def test_em_moments_maximise_the_observed_likelihood():
    answers = with_gaps(one_factor_answers(FIVE, 150), 0.3)
    data = pattern_moments(answers.dropna(how="all").to_numpy())
    moments = saturated_moments(data)
    found = likelihood_slopes(data, moments.sigma, moments.mu)
    assert np.abs(found.sigma).max() < 1e-2
    assert np.abs(found.mu).max() < 1e-2


@pytest.mark.parametrize(
    "model",
    [
        FactorModel({"a": ["i0", "i1", "i2"], "b": ["i2", "i3", "i4"]}),
        FactorModel({"a": ["i0", "i1"], "b": ["i2", "i3"], "g": ["a", "b", "i4"]}),
        one_factor(5, residual_covariances=[("i0", "i3")], equal=[("f =~ i1", "f =~ i2")]),
    ],
    ids=["two factors", "second order", "residual covariance"],
)
def test_gradient_and_information_are_the_derivatives(model):
    answers = with_gaps(one_factor_answers(FIVE, 80), 0.15).dropna(how="all")
    table = continuous_table(model, 1, means=True)
    problem = LikelihoodProblem(table, [pattern_moments(answers.to_numpy())], means=True)
    theta = np.random.default_rng(3).uniform(0.4, 0.9, table.n_free)
    value, gradient = problem.evaluate(theta)
    assert np.isfinite(value)
    by_difference = central_jacobian(lambda at: np.array([problem.evaluate(at)[0]]), theta)[0]
    assert gradient == pytest.approx(by_difference, rel=1e-5, abs=1e-4)
    curvature = central_jacobian(lambda at: problem.evaluate(at)[1], theta)
    assert problem.observed_information(theta) == pytest.approx(curvature, rel=1e-4, abs=1e-3)


def test_estimates_of_many_respondents_approach_the_truth_in_every_estimator():
    measured = with_gaps(one_factor_answers(FIVE, 50_000), 0.1)
    ordered = one_factor_answers(FIVE, 50_000, cuts=[-1.0, 0.0, 0.8])
    for answers, estimator in ((measured, "FIML"), (ordered, "WLSMV"), (ordered, "ULSMV")):
        fit = fit_cfa(answers, one_factor(5), estimator=estimator)
        assert loadings_of(fit) == pytest.approx(FIVE, abs=0.02), estimator
        assert fit.fit.standard.rmsea < 0.02


def test_delta_and_theta_describe_the_same_ordered_model():
    answers = one_factor_answers(FIVE, 400, cuts=[-1.0, 0.0, 0.8])
    delta = fit_cfa(answers, one_factor(5), estimator="WLSMV")
    theta = fit_cfa(answers, one_factor(5), estimator="WLSMV", parameterisation="theta")
    assert delta.fit.scaled.chisq == pytest.approx(theta.fit.scaled.chisq, abs=1e-5)
    assert loadings_of(delta) == pytest.approx(loadings_of(theta), abs=1e-5)
    errors = [fit.parameters().query("op == '=~'")["standardised_se"] for fit in (delta, theta)]
    assert errors[0].to_numpy() == pytest.approx(errors[1].to_numpy(), rel=1e-4)


def test_pairwise_polychorics_use_incomplete_rows():
    answers = with_gaps(one_factor_answers(FIVE, 500, cuts=[-0.5, 0.5]), 0.2)
    listwise = fit_cfa(answers, one_factor(5), estimator="WLSMV")
    pairwise = fit_cfa(answers, one_factor(5), estimator="WLSMV", pairwise=True)
    assert listwise.n == len(answers.dropna())
    assert pairwise.n == len(answers.dropna(how="all"))


def test_freeing_the_parameter_with_the_largest_index_lowers_chi_square_by_about_that():
    rng = np.random.default_rng(2)
    answers = one_factor_answers(FIVE, 800)
    shared = 0.5 * rng.standard_normal(800)
    answers = answers.assign(i1=answers["i1"] + shared, i2=answers["i2"] + shared)
    plain = fit_cfa(answers, one_factor(5))
    best = modification_indices(plain).iloc[0]
    assert best["name"] == "i1 ~~ i2"
    freed = fit_cfa(answers, one_factor(5, residual_covariances=[("i1", "i2")]))
    test = chi_square_difference(freed, plain)
    assert test.df == 1
    assert best["statistic"] == pytest.approx(test.chisq, rel=0.15)
    change = freed.parameters().query("name == 'i1 ~~ i2'")["estimate"].item()
    assert best["expected_change"] == pytest.approx(change, rel=0.2)


def test_release_tests_point_at_the_intercept_that_differs():
    answers = one_factor_answers(FIVE, 600)
    group = pd.Series(np.arange(600) % 2)
    answers.loc[group == 1, "i3"] += 0.5
    fit = fit_cfa(answers, one_factor(5), groups=group, equal=("loadings", "intercepts"))
    best = release_tests(fit).iloc[0]
    assert best["name"] == "i3 ~1"
    assert best["expected_change"] > 0


def test_copies_of_every_respondent_add_nothing_when_they_form_clusters():
    answers = one_factor_answers(FIVE, 200)
    copies = pd.concat([answers] * 3, ignore_index=True)
    triad = pd.Series(np.tile(np.arange(200), 3))
    single = fit_cfa(answers, one_factor(5), estimator="MLR")
    clustered = fit_cfa(copies, one_factor(5), estimator="MLR", clusters=triad)
    assert clustered.n_clusters == 200
    assert np.diag(clustered.covariance) == pytest.approx(
        np.diag(single.covariance) * 200 / 199, rel=1e-5
    )


def test_clusters_need_a_robust_estimator_and_may_not_span_groups():
    answers = one_factor_answers(FIVE, 200).assign(triad=np.arange(200) // 2, role=[0, 1] * 100)
    with pytest.raises(FactorModelError, match="robust estimator"):
        fit_cfa(answers, one_factor(5), clusters="triad")
    with pytest.raises(FactorModelError, match="more than one group"):
        fit_cfa(answers, one_factor(5), estimator="MLR", clusters="triad", groups="role")


def test_respondents_without_a_cluster_are_left_out_and_counted():
    answers = one_factor_answers(FIVE, 200).assign(triad=np.arange(200) // 2)
    answers.loc[:4, "triad"] = np.nan
    fit = fit_cfa(answers, one_factor(5), estimator="FIML+MLR", clusters="triad")
    assert (fit.n, fit.n_excluded, fit.n_clusters) == (195, 5, 98)


def test_a_released_parameter_is_free_in_every_group():
    answers = one_factor_answers(FIVE, 300)
    group = pd.Series(np.arange(300) % 3)
    full = fit_cfa(answers, one_factor(5), groups=group, equal=("loadings",))
    part = fit_cfa(answers, one_factor(5), groups=group, equal=("loadings",), released=("f =~ i2",))
    assert part.fit.n_parameters == full.fit.n_parameters + 2
    rows = part.parameters().query("name == 'f =~ i2'")
    assert rows["estimate"].nunique() == 3


def test_groups_without_restrictions_add_up():
    answers = one_factor_answers(FIVE, 300)
    group = pd.Series(np.where(np.arange(300) % 2, "b", "a"))
    together = fit_cfa(answers, one_factor(5), groups=group)
    apart = [fit_cfa(answers[group == name], one_factor(5), means=True) for name in ("a", "b")]
    assert together.fit.standard.chisq == pytest.approx(
        sum(fit.fit.standard.chisq for fit in apart), abs=1e-5
    )
    assert together.group_names == ("a", "b")
    assert together.n_by_group == (150, 150)


def test_a_fixed_parameter_keeps_its_value_and_an_equal_one_its_partner():
    answers = one_factor_answers(FIVE, 200)
    model = one_factor(5, fixed={"f =~ i4": 0.5}, equal=[("i1 ~~ i1", "i2 ~~ i2")])
    rows = fit_cfa(answers, model).parameters().set_index("name")
    assert rows.loc["f =~ i4", "estimate"] == 0.5
    assert not rows.loc["f =~ i4", "is_free"]
    assert rows.loc["i1 ~~ i1", "estimate"] == rows.loc["i2 ~~ i2", "estimate"]


def test_zero_excess_chi_square_has_perfect_indices():
    fit = approximate_fit(ChiSquare(5.0, 10, 500.0, 15), 200, 1)
    assert (fit.cfi, fit.rmsea, fit.rmsea_low) == (1, 0, 0)
    assert fit.tli > 1


def test_delta_scales_give_the_residual_variance_that_is_left():
    answers = one_factor_answers(FIVE, 400, cuts=[-0.5, 0.5])
    fit = fit_cfa(answers, one_factor(5), estimator="WLSMV")
    parts = GroupStructure(fit.table, 0).matrices(fit.table.values(fit.theta))
    assert np.diag(parts.residual_covariance) == pytest.approx(1 - loadings_of(fit) ** 2)


@pytest.mark.parametrize("estimator", [*ESTIMATORS, "WLSMV"])
def test_two_items_cannot_identify_a_factor(estimator):
    answers = one_factor_answers([0.7, 0.6], 100, cuts=[-0.5, 0.5])
    with pytest.raises(NotEstimableError, match="A factor by itself needs three items"):
        fit_cfa(answers, one_factor(2), estimator=estimator)


def test_parameters_that_cannot_be_told_apart_are_named():
    answers = one_factor_answers([0.7, 0.6, 0.5, 0.8], 200)
    model = FactorModel({"a": ["i0", "i1"], "b": ["i2", "i3"]}, orthogonal=True)
    with pytest.raises(NotEstimableError, match=r"not identified: .*a =~ i1"):
        fit_cfa(answers, model)


@pytest.mark.parametrize("estimator", ["ML", "FIML", "WLSMV"])
def test_a_constant_item_is_named(estimator):
    answers = one_factor_answers(FIVE, 60, cuts=[0.0]).assign(i2=1.0)
    with pytest.raises(NotEstimableError, match="i2"):
        fit_cfa(answers, one_factor(5), estimator=estimator)


def test_items_that_determine_one_another_are_named():
    answers = one_factor_answers([0.7, 0.6, 0.5, 0.8], 200)
    with pytest.raises(NotEstimableError, match="i2, i3 determine one another"):
        fit_cfa(answers.assign(i3=answers["i2"]), one_factor(4))


def test_a_nearly_singular_matrix_ends_in_a_named_heywood_case():
    answers = one_factor_answers([0.7, 0.6, 0.5, 0.8], 200)
    noise = 1e-3 * np.random.default_rng(3).standard_normal(200)
    fit = fit_cfa(answers.assign(i3=answers["i2"] + noise), one_factor(4))
    assert any("Heywood" in warning for warning in fit.warnings)


def test_ordered_items_that_are_the_same_are_named():
    answers = one_factor_answers([0.7, 0.6, 0.5, 0.8], 200, cuts=[-1, 0, 1])
    fit = fit_cfa(answers.assign(i3=answers["i2"]), one_factor(4), estimator="WLSMV")
    assert any("i2 and i3 lies on its boundary" in warning for warning in fit.warnings)


def test_fewer_respondents_than_items_are_refused_and_than_parameters_warned_of():
    with pytest.raises(NotEstimableError, match="more respondents than items"):
        fit_cfa(one_factor_answers(FIVE, 4), one_factor(5))
    fit = fit_cfa(one_factor_answers(FIVE, 9), one_factor(5))
    assert any("for 10 parameters" in warning for warning in fit.warnings)


@pytest.mark.parametrize("estimator", ["FIML", "FIML+MLR"])
def test_sixty_respondents_with_thirty_percent_missing_still_give_an_answer(estimator):
    answers = with_gaps(one_factor_answers(FIVE, 60), 0.3)
    fit = fit_cfa(answers, one_factor(5), estimator=estimator)
    assert fit.parameters()["se"].dropna().between(0, 2).all()


def test_a_category_unused_in_one_group_is_named():
    answers = one_factor_answers(FIVE[:4], 300, cuts=[-1, 0, 1])
    group = pd.Series(np.arange(300) % 2)
    answers.loc[(group == 1) & (answers["i1"] == 3), "i1"] = 2
    with pytest.raises(NotEstimableError, match="i1: nobody in group 1 chose 3"):
        fit_cfa(answers, one_factor(4), groups=group, estimator="WLSMV")


def test_an_absent_column_is_named_with_its_neighbour():
    with pytest.raises(FactorModelError, match=r"'I1' \(did you mean 'i1'\?\)"):
        fit_cfa(one_factor_answers(FIVE, 60), FactorModel({"f": ["i0", "I1", "i2"]}))


def test_unknown_parameters_are_refused_by_name():
    model = one_factor(5, fixed={"f =~ i9": 1.0})
    with pytest.raises(FactorModelError, match="no parameter 'f =~ i9'"):
        fit_cfa(one_factor_answers(FIVE, 60), model)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"factors": {}}, "names no factor"),
        ({"factors": {"f": "abc"}}, "list of indicators"),
        ({"factors": {"f": ["a", "a"]}}, "twice"),
        ({"factors": {"f": ["g"], "g": ["f"]}}, "in a circle"),
        ({"factors": {"f": ["a", "b"]}, "residual_covariances": [("a", "z")]}, "different items"),
        ({"factors": {"f": ["a", "b"]}, "uncorrelated": [("f", "g")]}, "different factors"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(description, words):
    with pytest.raises(FactorModelError, match=words):
        FactorModel(**description)


def test_thresholds_need_ordered_items_and_equal_residuals_the_theta_parameterisation():
    answers = one_factor_answers(FIVE, 200, cuts=[0.0, 1.0])
    group = pd.Series(np.arange(200) % 2)
    with pytest.raises(FactorModelError, match="Thresholds belong to ordered items"):
        fit_cfa(answers, one_factor(5), groups=group, equal=("thresholds",))
    with pytest.raises(FactorModelError, match="parameterisation='theta'"):
        fit_cfa(answers, one_factor(5), groups=group, estimator="WLSMV", equal=("residuals",))


def test_models_of_different_answers_cannot_be_compared():
    answers = one_factor_answers(FIVE, 200)
    free = fit_cfa(answers, one_factor(5))
    other = fit_cfa(answers.iloc[:150], one_factor(5, fixed={"f =~ i4": 1.0}))
    with pytest.raises(FactorModelError, match="same answers"):
        chi_square_difference(free, other)
    with pytest.raises(FactorModelError, match="more restricted"):
        chi_square_difference(free, free)
