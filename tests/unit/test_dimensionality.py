import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.scores import factor_scores
from driehoek.psychometrics.cfa.validity import factor_quality, htmt
from driehoek.psychometrics.dimensionality import (
    minimum_average_partial,
    parallel_analysis,
    sampling_adequacy,
    sphericity_test,
)
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.exploratory import explore_factors
from driehoek.psychometrics.polychoric import polychoric
from driehoek.psychometrics.polyserial import mixed_correlations
from driehoek.psychometrics.rotation import rotate

NAMES = [f"i{k}" for k in range(8)]


def two_factor_answers(n, *, seed=0, cuts=None):
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((n, 2))
    latent = np.repeat(factors, 4, axis=1) * 0.7 + np.sqrt(0.51) * rng.standard_normal((n, 8))
    values = latent if cuts is None else np.searchsorted(cuts, latent).astype(float)
    return pd.DataFrame(values, columns=NAMES)


def exact_correlations(loadings, phi=None):
    phi = np.eye(loadings.shape[1]) if phi is None else phi
    matrix = loadings @ phi @ loadings.T
    np.fill_diagonal(matrix, 1)
    return pd.DataFrame(matrix, index=NAMES, columns=NAMES)


def simple_structure():
    loadings = np.zeros((8, 2))
    loadings[:4, 0], loadings[4:, 1] = [0.8, 0.7, 0.6, 0.75], [0.7, 0.65, 0.6, 0.5]
    return loadings


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_parallel_analysis_finds_two_factors(kind):
    cuts = None if kind == "pearson" else [-0.6, 0.5]
    answers = two_factor_answers(400, cuts=cuts)
    found = parallel_analysis(answers, rng=np.random.default_rng(1), kind=kind, n_samples=30)
    assert found.n_components == 2
    assert found.table["eigenvalue"].sum() == pytest.approx(8)
    assert found.table["random_mean"].sum() == pytest.approx(8)


def test_samples_shuffled_together_are_those_shuffled_one_by_one():
    answers = two_factor_answers(80, cuts=[-0.6, 0.5])
    found = parallel_analysis(
        answers, rng=np.random.default_rng(1), kind="polychoric", n_samples=12
    )
    draw, largest = np.random.default_rng(1), []
    for _ in range(12):
        shuffled = pd.DataFrame(draw.permuted(answers.to_numpy(), axis=0), columns=NAMES)
        largest.append(np.linalg.eigvalsh(polychoric(shuffled, smooth=False).correlations)[-1])
    assert found.table.loc[0, "random_mean"] == pytest.approx(np.mean(largest), abs=1e-9)


def test_unrelated_items_have_no_component_most_of_the_time():
    answers = pd.DataFrame(np.random.default_rng(3).standard_normal((300, 6)))
    found = parallel_analysis(answers, rng=np.random.default_rng(1), quantile=0.99)
    assert found.n_components == 0


def test_drawn_eigenvalues_are_those_of_normal_samples():
    rng = np.random.default_rng(4)
    answers = pd.DataFrame(rng.standard_normal((40, 5)))
    drawn = parallel_analysis(answers, rng=rng, n_samples=4000).table["random_mean"]
    samples = rng.standard_normal((4000, 40, 5))
    found = [np.linalg.eigvalsh(np.corrcoef(sample.T))[::-1] for sample in samples]
    assert drawn.to_numpy() == pytest.approx(np.mean(found, axis=0), abs=0.012)  # 4 MC errors


def test_the_same_seed_gives_the_same_analysis():
    answers = two_factor_answers(100)
    first, second = (
        parallel_analysis(answers, rng=np.random.default_rng(5), n_samples=20) for _ in range(2)
    )
    pd.testing.assert_frame_equal(first.table, second.table)


def test_missing_rows_are_counted():
    answers = two_factor_answers(100)
    answers.iloc[:7, 0] = np.nan
    found = parallel_analysis(answers, rng=np.random.default_rng(5), n_samples=20)
    assert (found.n_respondents, found.n_excluded) == (93, 7)


def test_minimum_average_partial_finds_two_components():
    found = minimum_average_partial(two_factor_answers(2000).corr())
    assert found.loc[found["is_minimum"], "n_components"].item() == 2


def test_equal_correlations_have_the_closed_form_of_sampling_adequacy():
    r, p = 0.5, 4
    matrix = pd.DataFrame(np.full((p, p), r) + (1 - r) * np.eye(p))
    partial = r / (1 + (p - 2) * r)
    expected = r**2 / (r**2 + partial**2)
    assert sampling_adequacy(matrix).overall == pytest.approx(expected)


def test_uncorrelated_items_are_spherical():
    found = sphericity_test(pd.DataFrame(np.eye(5)), 100)
    assert (found.chisq, found.p, found.df) == (0, 1, 10)


@pytest.mark.parametrize("extraction", ["minres", "ml"])
@pytest.mark.parametrize("rotation", ["varimax", "promax", "oblimin", "geomin"])
def test_exact_simple_structure_is_recovered(extraction, rotation):
    found = explore_factors(
        exact_correlations(simple_structure()), 2, n=200, extraction=extraction, rotation=rotation
    )
    assert found.loadings.to_numpy() == pytest.approx(simple_structure(), abs=2e-3)
    assert found.rmsr == pytest.approx(0, abs=1e-5)
    assert found.warnings == ()


def test_oblique_rotation_recovers_correlated_factors():
    phi = np.array([[1, 0.4], [0.4, 1]])
    found = explore_factors(exact_correlations(simple_structure(), phi), 2, n=200)
    assert found.loadings.to_numpy() == pytest.approx(simple_structure(), abs=1e-3)
    assert found.factor_correlations.to_numpy() == pytest.approx(phi, abs=1e-3)


@pytest.mark.parametrize("method", ["varimax", "promax", "oblimin", "geomin"])
def test_rotation_keeps_what_the_factors_explain(method):
    loadings = np.random.default_rng(6).uniform(-0.6, 0.6, (8, 3))
    found = rotate(loadings, method)
    fitted = found.loadings @ found.correlations @ found.loadings.T
    assert fitted == pytest.approx(loadings @ loadings.T, abs=1e-9)
    assert np.diag(found.correlations) == pytest.approx(1)


def test_a_heywood_case_of_exploration_is_named():
    loadings = np.full((8, 1), 0.5)
    loadings[0] = 1.0
    found = explore_factors(exact_correlations(loadings), 1, n=100)
    assert "i0 wholly (a Heywood case)" in found.warnings[0]


def test_too_many_factors_and_singular_matrices_are_refused():
    matrix = exact_correlations(simple_structure())
    with pytest.raises(TooFewDataError, match="cannot identify 6 factors"):
        explore_factors(matrix, 6, n=100)
    double = pd.DataFrame(np.ones((3, 3)))
    with pytest.raises(TooFewDataError, match="singular"):
        sampling_adequacy(double)
    with pytest.raises(TooFewDataError, match="positive definite"):
        sphericity_test(double, 50)
    with pytest.raises(TooFewDataError, match="singular"):
        explore_factors(exact_correlations(np.ones((8, 1))), 1, n=100, extraction="ml")
    with pytest.raises(TooFewDataError, match="more rows than items"):
        parallel_analysis(two_factor_answers(8), rng=np.random.default_rng(0))


MODEL = FactorModel({"a": NAMES[:4], "b": NAMES[4:]})


def test_factor_scores_keep_the_rows_of_the_data():
    answers = two_factor_answers(200).rename(index=lambda k: f"r{k}")
    answers.iloc[3] = np.nan
    answers.iloc[5, :6] = np.nan
    fit = fit_cfa(answers, MODEL, estimator="FIML")
    scores = factor_scores(fit, answers)
    assert scores.index.equals(answers.index)
    assert scores.loc["r3"].isna().all()
    assert scores.drop(index="r3").notna().all(axis=None)
    assert factor_scores(fit, answers, method="bartlett").loc["r5"].isna().all()


def test_scores_of_groups_use_each_groups_own_model():
    answers = two_factor_answers(400).assign(group=np.arange(400) % 2)
    fit = fit_cfa(answers, MODEL, groups="group", equal=("loadings", "intercepts"))
    scores = factor_scores(fit, answers, groups="group")
    means = fit.matrices()[1].factor_means
    assert scores[answers["group"] == 1].mean().to_numpy() == pytest.approx(means, abs=0.1)
    unknown = factor_scores(fit, answers.assign(group=7), groups="group")
    assert unknown.isna().all(axis=None)


def test_factor_scores_of_ordered_items_recover_the_factor():
    rng = np.random.default_rng(3)
    trait = rng.standard_normal(1500)
    latent = 0.8 * trait[:, None] + 0.6 * rng.standard_normal((1500, 8))
    answers = pd.DataFrame(np.searchsorted([-0.7, 0.2, 1.0], latent).astype(float), columns=NAMES)
    model = FactorModel({"f": NAMES})
    scores = factor_scores(fit_cfa(answers, model, estimator="WLSMV"), answers)["f"]
    assert np.corrcoef(scores, trait)[0, 1] > 0.9
    by_sum = scores.groupby(answers.sum(axis=1)).mean()
    assert (by_sum.diff().dropna() > 0).all()
    holes = answers.mask(rng.random(answers.shape) < 0.3)
    holes.iloc[0] = np.nan
    fit = fit_cfa(holes, model, estimator="WLSMV", pairwise=True)
    partly = factor_scores(fit, holes)["f"]
    assert np.isnan(partly.iloc[0])
    assert partly.drop(0).corr(scores.drop(0)) > 0.9


def test_the_mode_of_a_posterior_is_where_its_slope_is_zero():
    rng = np.random.default_rng(5)
    answers = two_factor_answers(200, cuts=[-0.6, 0.5])
    model = FactorModel({"a": NAMES[:4], "b": NAMES[4:]})
    fit = fit_cfa(answers, model, estimator="WLSMV")
    found = factor_scores(fit, answers).iloc[:5].to_numpy()
    parts = fit.matrices()[0]
    table = fit.parameters()
    limits = [table.query("op == '|' and lhs == @name")["estimate"].to_numpy() for name in NAMES]
    codes = answers.to_numpy(int)
    precision = np.linalg.inv(parts.factor_covariance)

    def log_posterior(row, at):
        edges = [np.concatenate([[-np.inf], each, [np.inf]]) for each in limits]
        sd, mean = np.sqrt(np.diag(parts.residual_covariance)), parts.loadings @ at
        chances = [
            ndtr((edges[j][codes[row, j] + 1] - mean[j]) / sd[j])
            - ndtr((edges[j][codes[row, j]] - mean[j]) / sd[j])
            for j in range(len(NAMES))
        ]
        return np.log(chances).sum() - 0.5 * at @ precision @ at

    for row, best in enumerate(found):
        around = best + 0.05 * rng.standard_normal((20, 2))
        assert all(log_posterior(row, best) >= log_posterior(row, at) for at in around)


def test_what_ordered_items_cannot_have_is_refused():
    answers = two_factor_answers(200, cuts=[-0.6, 0.5])
    fit = fit_cfa(answers, MODEL, estimator="WLSMV")
    with pytest.raises(FactorModelError, match="Bartlett"):
        factor_scores(fit, answers, method="bartlett")
    with pytest.raises(FactorModelError, match=r"i0 \(2 different answers, 3 expected\)"):
        factor_scores(fit, answers.assign(i0=answers["i0"].clip(0, 1)))


def test_items_of_two_factors_have_no_composite_reliability():
    model = FactorModel({"a": NAMES[:5], "b": NAMES[4:]})
    with pytest.raises(FactorModelError, match="items of their own"):
        factor_quality(fit_cfa(two_factor_answers(300), model))


def test_htmt_of_one_item_is_refused_and_reversed_items_do_not_matter():
    answers = two_factor_answers(300)
    factors = {"a": NAMES[:4], "b": NAMES[4:]}
    plain = htmt(answers.corr(), factors)
    turned = htmt(answers.assign(i0=-answers["i0"]).corr(), factors)
    assert turned.to_numpy() == pytest.approx(plain.to_numpy())
    with pytest.raises(NotEstimableError, match="b has one"):
        htmt(answers.corr(), {"a": NAMES[:4], "b": ["i7"]})


def test_polyserial_correlation_approaches_the_latent_one():
    rng = np.random.default_rng(7)
    latent = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 100_000)
    data = pd.DataFrame({"x": latent[:, 0], "y": np.searchsorted([-0.5, 1.0], latent[:, 1])})
    found = mixed_correlations(data, ordered=["y"])
    assert found.correlations.loc["x", "y"] == pytest.approx(0.6, abs=0.01)


def test_mixed_correlations_refuse_what_does_not_vary():
    data = pd.DataFrame({"x": [1.0, 1, 1, 1], "y": [0, 1, 0, 1]})
    with pytest.raises(TooFewDataError, match="x: every respondent"):
        mixed_correlations(data, ordered=["y"])
    with pytest.raises(TooFewDataError, match="complete rows"):
        mixed_correlations(data.iloc[:2], ordered=["y"])
