import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.invariance import (
    CONTINUOUS_LEVELS,
    climb,
    invariance_ladder,
    ordinal_levels,
)
from driehoek.psychometrics.invariance_bias import dmacs, dmacs_within
from driehoek.psychometrics.invariance_means import latent_means, latent_means_within
from driehoek.psychometrics.invariance_partial import partial_invariance
from driehoek.psychometrics.invariance_partial_within import partial_within_invariance
from driehoek.psychometrics.invariance_rules import FitChange, cautions, holds
from driehoek.psychometrics.invariance_within import Occasions, within_ladder

LOADINGS = np.array([0.8, 0.7, 0.6, 0.7, 0.75])
ITEMS = [f"i{k}" for k in range(len(LOADINGS))]
MODEL = FactorModel({"f": ITEMS})


def two_groups(n, *, shift=0.0, mean=0.0, slope=0.0, cuts=None, seed=0):
    """Draw answers of two groups; item i2 is shifted, item i1 has another loading."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 2
    trait = rng.standard_normal(n) + mean * group
    loadings = np.tile(LOADINGS, (n, 1))
    loadings[:, 1] += slope * group
    latent = trait[:, None] * loadings + rng.standard_normal((n, 5)) * np.sqrt(1 - LOADINGS**2)
    latent[:, 2] += shift * group
    latent += np.linspace(-0.6, 0.6, 5)  # items of unequal difficulty
    values = latent if cuts is None else np.searchsorted(cuts, latent).astype(float)
    return pd.DataFrame(values, columns=ITEMS).assign(group=np.where(group, "b", "a"))


def change(cfi, *, rmsea=0.0, srmr=0.0, level="metric", n=1000, p=0.5):
    return FitChange(level, cfi, rmsea, srmr, p, n)


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("chen", change(-0.009, rmsea=0.02), True),
        ("chen", change(-0.010, rmsea=0.014, srmr=0.029), True),
        ("chen", change(-0.010, rmsea=0.015), False),
        ("chen", change(-0.010, srmr=0.030), False),
        ("chen", change(-0.010, srmr=0.010, level="scalar"), False),
        ("chen", change(-0.006, rmsea=0.010, n=300), False),
        ("cheung_rensvold", change(-0.010), True),
        ("cheung_rensvold", change(-0.0101), False),
        ("svetina", change(-0.004, rmsea=0.050), True),
        ("svetina", change(-0.0041), False),
        ("svetina", change(0.0, rmsea=0.011, level="scalar"), False),
        ("chi_square", change(-0.5, p=0.05), True),
        ("chi_square", change(0.0, p=0.049), False),
    ],
)
def test_rules_hold_up_to_their_published_cut_offs(rule, given, expected):
    assert holds(rule, given) is expected


def test_cautions_name_what_lies_outside_the_simulations():
    assert cautions("chen", [500, 500], None, 2) == ()
    assert "smallest group has 60" in cautions("chen", [500, 60], None, 2)[0]
    assert "two groups" in cautions("cheung_rensvold", [300] * 3, None, 3)[0]
    assert "ordered categories" in cautions("chen", [300, 300], 4, 2)[0]
    few, two = cautions("svetina", [750, 750], 2, 2)
    assert "10 and 20 large groups" in few
    assert "two categories" in two
    assert cautions("svetina", [750] * 10, 4, 10) == ()


def test_equal_groups_reach_the_top_of_the_ladder():
    ladder = invariance_ladder(two_groups(1000), MODEL, groups="group")
    assert ladder.highest_level == "strict"
    assert ladder.table["is_interpretable"].all()
    assert ladder.table["df"].tolist() == [10, 14, 18, 23]


def test_interpretation_stops_at_the_first_level_that_fails():
    ladder = invariance_ladder(two_groups(1000, shift=0.8), MODEL, groups="group")
    table = ladder.table.set_index("level")
    assert ladder.highest_level == "metric"
    assert not table.loc["scalar", "holds"]
    assert table.loc["scalar", "is_interpretable"]
    assert not table.loc["strict", "is_interpretable"]
    assert np.isfinite(table.loc["strict", "cfi"])


def test_the_rule_can_be_chosen():
    data = two_groups(3000, shift=0.15)
    lenient = invariance_ladder(data, MODEL, groups="group", rule="chen")
    strict = invariance_ladder(data, MODEL, groups="group", rule="chi_square")
    assert lenient.highest_level == "strict"
    assert strict.highest_level == "metric"


@pytest.mark.parametrize(
    ("cuts", "levels"),
    [
        ([0.0], ["configural", "scalar", "strict"]),
        ([-0.5, 0.5], ["configural", "metric", "scalar", "strict"]),
        ([-1.0, 0.0, 1.0], ["configural", "thresholds", "metric", "scalar", "strict"]),
    ],
)
def test_ordered_items_only_climb_steps_their_categories_can_test(cuts, levels):
    ladder = invariance_ladder(
        two_groups(5000, mean=0.4, cuts=cuts), MODEL, groups="group", estimator="WLSMV"
    )
    assert ladder.table["level"].tolist() == levels
    assert ladder.highest_level == "strict"
    assert ladder.table["df_difference"].dropna().gt(0).all()
    assert list(ordinal_levels(len(cuts))) == levels


def test_a_level_that_cannot_be_estimated_is_a_row_with_its_reason():
    def fails_at_metric(level):
        if level == "metric":
            raise NotEstimableError("no minimum was found")  # noqa: EM101
        return fit_cfa(two_groups(300), MODEL, groups="group", equal=CONTINUOUS_LEVELS[level])

    ladder = climb(
        ("configural", "metric", "scalar"), fails_at_metric, rule=None, n_categories=None
    )
    table = ladder.table.set_index("level")
    assert table.loc["metric", "reason"] == "no minimum was found"
    assert "level before" in table.loc["scalar", "reason"]
    assert ladder.highest_level == "configural"


def test_latent_means_recover_the_difference_and_need_scalar_invariance():
    ladder = invariance_ladder(two_groups(4000, mean=0.5), MODEL, groups="group")
    means = latent_means(ladder)
    assert means[["group", "factor"]].to_numpy().tolist() == [["b", "f"]]
    assert means["effect_size"].item() == pytest.approx(0.5, abs=0.08)
    assert means["p"].item() < 0.001
    broken = invariance_ladder(two_groups(1000, shift=0.8), MODEL, groups="group")
    with pytest.raises(NotEstimableError, match="highest level that holds is metric"):
        latent_means(broken)


def test_the_search_releases_the_intercept_that_differs_and_logs_it():
    found = partial_invariance(
        two_groups(1000, shift=0.8), MODEL, groups="group", level="scalar", estimator="ML"
    )
    assert found.released == ("i2 ~1",)
    assert found.does_hold
    assert found.steps["released"].tolist() == ["i2 ~1"]
    assert found.steps["holds"].tolist() == [True]


def test_the_search_also_finds_the_loading_of_a_marker():
    model = FactorModel({"f": ["i1", "i0", "i2", "i3", "i4"]})
    found = partial_invariance(
        two_groups(1500, slope=0.7), model, groups="group", level="metric", estimator="ML"
    )
    assert found.released == ("f =~ i1",)


def test_the_search_finds_an_ordered_item_that_differs():
    data = two_groups(1500, shift=0.9, cuts=[-1.0, 0.0, 1.0])
    found = partial_invariance(data, MODEL, groups="group", level="scalar", estimator="WLSMV")
    assert found.released[0] == "i2 ~1"


def test_items_of_two_categories_are_searched_against_the_configural_model():
    data = two_groups(4000, shift=0.9, mean=0.5, cuts=[0.0])
    ladder = invariance_ladder(data, MODEL, groups="group", estimator="WLSMV", rule="chi_square")
    assert ladder.highest_level == "configural"
    found = partial_invariance(
        data, MODEL, groups="group", level="scalar", estimator="WLSMV", rule="chi_square"
    )
    assert found.released == ("i2 ~1",)
    assert found.does_hold
    with pytest.raises(FactorModelError, match="no level 'metric' of their own"):
        partial_invariance(data, MODEL, groups="group", level="metric", estimator="WLSMV")


def test_what_was_released_for_loadings_stays_released_for_intercepts():
    data = two_groups(1500, slope=0.7, shift=0.8)
    found = partial_invariance(
        data,
        MODEL,
        groups="group",
        level="scalar",
        estimator="ML",
        released=("f =~ i1",),
    )
    assert found.released == ("f =~ i1", "i2 ~1")
    assert found.does_hold


def test_the_search_stops_at_its_limit():
    found = partial_invariance(
        two_groups(1000, shift=0.8),
        MODEL,
        groups="group",
        level="scalar",
        estimator="ML",
        max_share=0.1,
    )
    assert not found.does_hold
    assert found.released == ()


def test_dmacs_is_the_integrated_gap_between_the_groups_lines():
    fit = fit_cfa(two_groups(2000, shift=0.6, slope=0.3), MODEL, groups="group")
    found = dmacs(fit).set_index("item")
    first, second = fit.matrices()
    gap = second.intercepts[0] - first.intercepts[0]
    assert found.loc["i0", "dmacs"] == pytest.approx(0, abs=1e-12)
    assert found.loc["i0", "is_marker"]
    grid, weights = np.polynomial.hermite_e.hermegauss(40)
    sd_factor = np.sqrt(second.factor_covariance[0, 0])
    trait = sd_factor * grid + gap  # on the first group's scale: equal marker intercepts
    for item in (1, 2):
        here = first.intercepts[item] + first.loadings[item, 0] * trait
        there = second.intercepts[item] + second.loadings[item, 0] * (trait - gap)
        total = np.sqrt(weights @ (here - there) ** 2 / weights.sum())
        answers = [group.answers[:, item] for group in fit.problem.groups]
        pooled = np.sqrt(np.mean([a.var(ddof=1) for a in answers]))
        assert found.loc[f"i{item}", "dmacs"] == pytest.approx(total / pooled, rel=1e-6)


def test_dmacs_of_a_model_without_groups_is_refused():
    with pytest.raises(FactorModelError, match="dMACS needs"):
        dmacs(fit_cfa(two_groups(400), MODEL))


def test_dmacs_does_not_depend_on_how_factors_are_scaled():
    data = two_groups(500, shift=0.6, slope=0.3)
    marker = dmacs(fit_cfa(data, MODEL, groups="group"))
    free = FactorModel({"f": ITEMS}, scaling="variance")
    variance = dmacs(fit_cfa(data, free, groups="group"))
    for name in ("dmacs", "difference"):
        assert marker[name].to_numpy() == pytest.approx(variance[name].to_numpy(), abs=1e-4)


CUTS = [-1.0, 0.0, 1.0]


def test_dmacs_of_ordered_items_is_the_difference_of_expected_categories():
    fit = fit_cfa(
        two_groups(4000, shift=0.6, mean=0.4, cuts=CUTS), MODEL, groups="group", estimator="WLSMV"
    )
    found = dmacs(fit).set_index("item")
    # Truth: item i2 has loading .6 and residual variance .64; group b has a factor mean of .4.
    trait = np.random.default_rng(1).normal(0.4, 1, 200_000)
    expected = [
        ndtr((0.6 * trait[:, None] + shift - np.array(CUTS)) / 0.8).sum(axis=1)
        for shift in (0.0, 0.6)
    ]
    gap = expected[1] - expected[0]
    answers = two_groups(200_000, shift=0.6, mean=0.4, cuts=CUTS, seed=3).groupby("group")["i2"]
    pooled = np.sqrt(answers.var().mean())
    assert found.loc["i2", "difference"] == pytest.approx(gap.mean(), abs=0.08)
    assert found.loc["i2", "dmacs"] == pytest.approx(np.sqrt((gap**2).mean()) / pooled, abs=0.08)
    assert found["dmacs"].drop("i2").max() < 0.12
    assert found.loc["i0", "is_marker"]


def test_a_marker_that_hardly_loads_cannot_tie_groups_together():
    data = two_groups(2000)
    data["i0"] = np.random.default_rng(2).normal(size=len(data))
    free = FactorModel({"f": ITEMS}, scaling="variance", fixed={"f =~ i0": 0.0})
    with pytest.raises(NotEstimableError, match=r"first item of f \(i0\) hardly loads"):
        dmacs(fit_cfa(data, free, groups="group"))


def waves(n, *, missing=0.0, cuts=None, seed=0):
    rng = np.random.default_rng(seed)
    traits = rng.multivariate_normal([0, 0.3], [[1, 0.6], [0.6, 1]], n)
    own = 0.4 * rng.standard_normal((n, 5))
    columns = {}
    for wave in (0, 1):
        latent = traits[:, [wave]] * LOADINGS + own + 0.5 * rng.standard_normal((n, 5))
        values = latent if cuts is None else np.searchsorted(cuts, latent).astype(float)
        columns |= {f"{item}_w{wave + 1}": values[:, k] for k, item in enumerate(ITEMS)}
    answers = pd.DataFrame(columns)
    answers.loc[rng.random(n) < missing, [f"{item}_w2" for item in ITEMS]] = np.nan
    return answers


OCCASIONS = Occasions(
    {"f": ITEMS}, {wave: {item: f"{item}_{wave}" for item in ITEMS} for wave in ("w1", "w2")}
)


def test_waves_climb_with_dropouts_kept():
    ladder = within_ladder(waves(700, missing=0.2), OCCASIONS)
    assert ladder.highest_level == "strict"
    assert ladder.table["n"].eq(700).all()
    scalar = ladder.fits["scalar"].parameters().set_index("name")
    assert scalar.loc["f@w2 ~1", "estimate"] == pytest.approx(0.3 * 0.8, abs=0.1)
    assert scalar.loc["i1_w1 ~1", "estimate"] == scalar.loc["i1_w2 ~1", "estimate"]


def test_ordered_items_climb_across_waves():
    ladder = within_ladder(waves(700, cuts=[-1.0, 0.0, 1.0]), OCCASIONS, estimator="WLSMV")
    assert ladder.highest_level == "strict"
    assert ladder.table["df_difference"].tolist()[1:] == [5, 4, 4, 5]


def shifted(data, by=0.8):
    return data.assign(i2_w2=data["i2_w2"] + by)


def test_the_search_finds_the_item_that_differs_between_waves():
    found = partial_within_invariance(
        shifted(waves(700, missing=0.2)), OCCASIONS, level="scalar", rule="chi_square"
    )
    assert found.released == ("i2 ~1",)
    assert found.does_hold
    assert found.steps[["released", "group"]].to_numpy().tolist() == [["i2 ~1", "w2"]]
    strict = partial_within_invariance(
        shifted(waves(700, missing=0.2)), OCCASIONS, level="strict", released=found.released
    )
    assert strict.released == ("i2 ~1",)
    assert strict.does_hold


def test_the_search_finds_a_loading_and_does_not_spare_the_marker():
    data = waves(900)
    data["i0_w2"] = data["i0_w2"] + 0.8 * data[[f"{i}_w2" for i in ITEMS[1:]]].mean(axis=1)
    found = partial_within_invariance(data, OCCASIONS, level="metric", rule="chi_square")
    assert found.released[0] == "f =~ i0"


def test_the_search_stops_at_its_limit_within_persons_too():
    found = partial_within_invariance(shifted(waves(700)), OCCASIONS, level="scalar", max_share=0.1)
    assert (found.does_hold, found.released) == (False, ())


def test_the_search_finds_an_ordered_item_that_differs_between_waves():
    moved = shifted(waves(900), 0.9)
    cut = pd.DataFrame(np.searchsorted(CUTS, moved), columns=moved.columns).astype(float)
    found = partial_within_invariance(cut, OCCASIONS, level="scalar", estimator="WLSMV")
    assert found.released == ("i2 ~1",)
    assert found.does_hold


@pytest.mark.parametrize(("cuts", "estimator"), [(None, "FIML+MLR"), (CUTS, "WLSMV")])
def test_dmacs_between_waves_points_at_the_item_that_differs(cuts, estimator):
    data = waves(900)
    data = shifted(data, 0.6)
    if cuts is not None:
        data = pd.DataFrame(np.searchsorted(cuts, data), columns=data.columns).astype(float)
    ladder = within_ladder(data, OCCASIONS, estimator=estimator)
    found = dmacs_within(ladder.fits["configural"], OCCASIONS).set_index("item")
    assert set(found["group"]) == {"w2"}
    assert found["dmacs"].idxmax() == "i2"
    assert found.loc["i2", "difference"] > 0.4
    assert found["dmacs"].drop("i2").max() < 0.15


@pytest.mark.parametrize(("cuts", "estimator"), [(None, "FIML+MLR"), (CUTS, "WLSMV")])
def test_factor_means_of_waves_recover_their_difference(cuts, estimator):
    ladder = within_ladder(waves(1500, cuts=cuts), OCCASIONS, estimator=estimator)
    found = latent_means_within(ladder, OCCASIONS)
    assert found[["group", "factor"]].to_numpy().tolist() == [["w2", "f"]]
    assert found["effect_size"].item() == pytest.approx(0.3, abs=0.06)
    assert found["ci_low"].item() < found["difference"].item() < found["ci_high"].item()
    broken = within_ladder(shifted(waves(700)), OCCASIONS)
    with pytest.raises(NotEstimableError, match="Means of waves or roles"):
        latent_means_within(broken, OCCASIONS)


def test_occasions_with_other_items_are_refused():
    with pytest.raises(FactorModelError, match="w2 has no column for i4"):
        Occasions(
            {"f": ITEMS},
            {"w1": {i: i for i in ITEMS}, "w2": {i: f"{i}_2" for i in ITEMS[:-1]}},
        )
    with pytest.raises(FactorModelError, match="at least two"):
        Occasions({"f": ITEMS}, {"w1": {i: i for i in ITEMS}})
    with pytest.raises(FactorModelError, match="Columns named for two items"):
        Occasions({"f": ITEMS}, {w: {i: i for i in ITEMS} for w in ("w1", "w2")})
