"""Linear, mixed and correlation figures against R and NIST (tests/oracle/models/make_models.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

from driehoek.models.correlation import correlations
from driehoek.models.linear import fit_blocks
from driehoek.models.mixed import fit_random_intercepts

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "models.json").read_text(encoding="utf-8"))

RTOL = 1e-9  # least squares in float64; R's p values carry about 11 digits
NIST_RTOL = 1e-10  # certified to 15 digits; the condition number of Longley costs some five
MIXED_RTOL = 1e-5  # two optimisers stop at different points of a flat top
VARIANCE_RTOL = 1e-3  # the likelihood is flatter still in the variances (research/stack.md 11)

RELATION = {"relation": ["partner", "child", "other"]}
BLOCKS = [
    ["hours", "relation"],
    ["reciprocity", "trust"],
    ["reciprocity:trust"],
]
NAMES = {
    "(Intercept)": "intercept",
    "relationchild": "relation[child]",
    "relationother": "relation[other]",
    "cr": "reciprocity",
    "ct": "trust",
    "cr:ct": "reciprocity:trust",
    "ch": "hours",
    "I(ch^2)": "hours^2",
    "ch:relationchild": "hours:relation[child]",
    "ch:relationother": "hours:relation[other]",
}


@pytest.fixture(scope="module")
def linear():
    return pd.read_csv(HERE / "linear.csv")


@pytest.fixture(scope="module")
def efc(shared):
    path = shared / "data" / "eurofamcare" / "efc.csv"
    if not path.is_file():
        pytest.skip("no EUROFAMCARE data in ../shared/data/eurofamcare")
    return pd.read_csv(path)


def value(table, statistic, column="estimate", *, term="", group):
    wanted = (table["statistic"] == statistic) & (table["term"] == term) & (table["group"] == group)
    return table.loc[wanted, column].item()


def compare(fit, expected, group, *, rtol=RTOL):
    for row in expected:
        term = NAMES.get(row["term"], row["term"])
        ours = {
            "b": value(fit.coefficients, "b", term=term, group=group),
            "se": value(fit.coefficients, "b", "se", term=term, group=group),
            "t": value(fit.coefficients, "t", term=term, group=group),
            "p": value(fit.coefficients, "b", "p", term=term, group=group),
            "low": value(fit.coefficients, "b", "ci_low", term=term, group=group),
            "high": value(fit.coefficients, "b", "ci_high", term=term, group=group),
        }
        assert ours == pytest.approx({key: row[key] for key in ours}, rel=rtol), term


@pytest.mark.parametrize(("key", "group"), [("hc3", "block_3"), ("hc3_first", "block_1")])
def test_hc3_inference_agrees_with_sandwich_and_lmtest(linear, key, group):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION)
    assert fit.n == R["linear"]["n"]
    compare(fit, R["linear"][key], group)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_every_heteroscedastic_standard_error_agrees_with_sandwich(linear, kind):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION, robust=kind)
    rows = fit.coefficients.query("group == 'block_3' and statistic == 'b'")
    assert rows["se"].tolist() == pytest.approx(R["linear"]["se"][kind], rel=RTOL)


def test_classical_inference_agrees_with_lm(linear):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION, robust="classical")
    compare(fit, R["linear"]["classical"], "block_3")


def test_clustered_inference_agrees_with_vcovcl_hc1_with_cadjust(linear):
    fit = fit_blocks(
        linear, "burden", BLOCKS, categorical=RELATION, clusters="triad", cluster_kind="CR1S"
    )
    assert fit.n_clusters == R["linear"]["n_clusters"]
    compare(fit, R["linear"]["cr1s"], "block_3")


def test_standardised_coefficients_and_vif_agree_with_lm(linear):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION)
    for term, beta in R["linear"]["beta"].items():
        ours = value(fit.coefficients, "beta", term=NAMES.get(term, term), group="block_3")
        assert ours == pytest.approx(beta, rel=RTOL)
    for term, gvif in R["linear"]["gvif"].items():
        name = "gvif" if term == "relation" else "vif"
        ours = value(fit.coefficients, name, term=NAMES.get(term, term), group="block_3")
        assert ours == pytest.approx(gvif, rel=RTOL)
    per_df = value(fit.coefficients, "gvif_per_df", term="relation", group="block_3")
    assert per_df == pytest.approx(R["linear"]["gvif"]["relation"] ** 0.25, rel=RTOL)


@pytest.mark.parametrize(("key", "group"), [("change_two", "block_2"), ("change_three", "block_3")])
def test_change_in_r2_agrees_with_pairwise_anova_and_robust_waldtest(linear, key, group):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION)
    expected = R["linear"][key]
    ours = {
        "r2": value(fit.blocks, "r2", group=group),
        "r2_change": value(fit.blocks, "r2_change", group=group),
        "f_change": value(fit.blocks, "f_change", group=group),
        "f_change_df": value(fit.blocks, "f_change", "df", group=group),
        "f_change_df2": value(fit.blocks, "f_change_df2", group=group),
        "f_change_p": value(fit.blocks, "f_change", "p", group=group),
        "wald_change": value(fit.blocks, "wald_change", group=group),
        "wald_change_p": value(fit.blocks, "wald_change", "p", group=group),
    }
    assert ours == pytest.approx(expected, rel=RTOL)


def test_adjusted_r2_and_residual_sd_agree_with_lm(linear):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION)
    adjusted = value(fit.blocks, "r2_adjusted", group="block_3")
    assert adjusted == pytest.approx(R["linear"]["adjusted"], rel=RTOL)
    sd = value(fit.blocks, "residual_sd", group="block_3")
    assert sd == pytest.approx(R["linear"]["residual_sd"], rel=RTOL)


def test_squares_and_interactions_with_a_factor_agree_with_lm(linear):
    fit = fit_blocks(
        linear.dropna(), "burden", [["hours", "hours^2", "relation", "hours:relation"]],
        categorical=RELATION,
    )  # fmt: skip
    compare(fit, R["square"], "block_1")


def test_longley_agrees_with_the_certified_values_of_nist():
    """NIST StRD, Longley (1967): certified estimates and standard deviations."""
    certified = {
        "intercept": (-3482258.63459582, 890420.383607373),
        "deflator": (15.0618722713733, 84.9149257747669),
        "gnp": (-0.358191792925910e-01, 0.334910077722432e-01),
        "unemployed": (-2.02022980381683, 0.488399681651699),
        "armed": (-1.03322686717359, 0.214274163161675),
        "population": (-0.511041056535807e-01, 0.226073200069370),
        "year": (1829.15146461355, 455.478499142212),
    }
    terms = [name for name in certified if name != "intercept"]
    data = pd.read_csv(HERE / "longley.csv")
    fit = fit_blocks(data, "employed", [terms], robust="classical")
    for term, (b, sd) in certified.items():
        ours = value(fit.coefficients, "b", term=term, group="block_1")
        assert ours == pytest.approx(b, rel=NIST_RTOL)
        se = value(fit.coefficients, "b", "se", term=term, group="block_1")
        assert se == pytest.approx(sd, rel=NIST_RTOL)
    sd = value(fit.blocks, "residual_sd", group="block_1")
    assert sd == pytest.approx(304.854073561965, rel=NIST_RTOL)
    r2 = value(fit.blocks, "r2", group="block_1")
    assert r2 == pytest.approx(0.995479004577296, rel=NIST_RTOL)


@pytest.mark.parametrize(
    ("key", "file"), [("mixed", "waves.csv"), ("mixed_singular", "waves_without_triads.csv")]
)
def test_random_intercepts_agree_with_lme4(key, file):
    expected = R[key]
    fit = fit_random_intercepts(
        pd.read_csv(HERE / file), "score", ["wave", "role", "trust"], triad="triad",
        person="person", categorical={"role": ["seeker", "carer", "professional"]},
        tests="normal",
    )  # fmt: skip
    assert (fit.n, fit.n_triads, fit.n_persons) == (
        expected["n"],
        expected["n_triads"],
        expected["n_persons"],
    )
    b = fit.coefficients["estimate"].tolist()
    assert b == pytest.approx(list(expected["b"].values()), rel=MIXED_RTOL)
    se = fit.coefficients["se"].tolist()
    assert se == pytest.approx(list(expected["se"].values()), rel=MIXED_RTOL)
    parts = fit.components.set_index("statistic")["estimate"]
    assert parts["log_likelihood"] == pytest.approx(expected["log_likelihood"], abs=1e-5)
    for part in ("triad", "person", "residual"):
        ours = parts[f"variance_{part}"]
        assert ours == pytest.approx(expected[part], rel=VARIANCE_RTOL, abs=1e-4)
    assert fit.is_singular == (expected["triad"] < 1e-4)
    assert fit.is_converged


def test_random_intercepts_agree_with_statsmodels_away_from_the_boundary():
    """Array interface of MixedLM: groups are triads, a variance component holds the persons."""
    waves = pd.read_csv(HERE / "waves.csv").sort_values(["triad", "person"], kind="stable")
    exog = np.column_stack([np.ones(len(waves)), waves["wave"], waves["trust"]])
    dummies = [pd.get_dummies(p, dtype=float).to_numpy() for _, p in waves.groupby("triad").person]
    names = [[str(j) for j in range(dummy.shape[1])] for dummy in dummies]
    model = MixedLM(
        waves["score"].to_numpy(), exog, groups=waves["triad"].to_numpy(),
        exog_re=np.ones((len(waves), 1)), exog_vc=VCSpec(["person"], [names], [dummies]),
    )  # fmt: skip
    reference = model.fit(reml=True, gtol=1e-8)
    fit = fit_random_intercepts(waves, "score", ["wave", "trust"], triad="triad", person="person")
    b = fit.coefficients["estimate"].to_numpy()
    assert b == pytest.approx(reference.fe_params, rel=MIXED_RTOL)
    parts = fit.components.set_index("statistic")["estimate"]
    assert parts["log_likelihood"] == pytest.approx(reference.llf, abs=1e-5)
    expected = [reference.cov_re[0, 0], reference.vcomp[0], reference.scale]
    ours = [parts[f"variance_{part}"] for part in ("triad", "person", "residual")]
    assert ours == pytest.approx(expected, rel=VARIANCE_RTOL)


def test_correlations_agree_with_cor_test(linear):
    expected = R["correlation"]
    row = correlations(linear, ["burden", "trust"], confidence=0.90).iloc[0]
    assert row["n"] == expected["n"]
    assert row["n_excluded"] == len(linear) - expected["n"]
    ours = [row["estimate"], row["ci_low"], row["ci_high"], row["p"]]
    assert ours == pytest.approx([expected[k] for k in ("r", "low", "high", "p")], rel=RTOL)
    rank = correlations(linear, ["hours", "burden"], method="spearman").iloc[0]
    assert rank["estimate"] == pytest.approx(expected["rho"], rel=RTOL)


def test_eurofamcare_negative_impact_on_hours_and_dependency_has_the_known_figures(efc):
    fit = fit_blocks(efc, "neg_c_7", [["c12hour", "e42dep"]], robust="classical")
    b = fit.coefficients.query("statistic == 'b'")["estimate"].tolist()
    # sjmisc::efc in R, given to seven digits (research notes on instruments, section 4).
    assert b == pytest.approx([7.554749, 0.008113834, 1.347971], rel=1e-6)
    assert value(fit.blocks, "r2", group="block_1") == pytest.approx(0.1508794, rel=1e-6)
    assert (fit.n, fit.n_excluded) == (891, 17)
    compare(fit, R["efc"]["negative_impact"]["classical"], "block_1")
    robust = fit_blocks(efc, "neg_c_7", [["c12hour", "e42dep"]])
    compare(robust, R["efc"]["negative_impact"]["hc3"], "block_1")


def test_eurofamcare_six_item_sum_agrees_with_r(efc):
    expected = R["efc"]["six_items"]
    items = [f"c8{number}cop{number - 1}" for number in range(3, 9)]
    scores = efc.assign(impact=efc[items].sum(axis="columns", skipna=False))
    fit = fit_blocks(scores, "impact", [["c12hour", "e42dep", "c161sex", "c160age"]])
    assert fit.n == expected["n"]
    compare(fit, expected["hc3"], "block_1")
    assert value(fit.blocks, "r2", group="block_1") == pytest.approx(expected["r2"], rel=RTOL)
    adjusted = value(fit.blocks, "r2_adjusted", group="block_1")
    assert adjusted == pytest.approx(expected["adjusted"], rel=RTOL)
    for term, beta in expected["beta"].items():
        ours = value(fit.coefficients, "beta", term=term, group="block_1")
        assert ours == pytest.approx(beta, rel=RTOL)
        vif = value(fit.coefficients, "vif", term=term, group="block_1")
        assert vif == pytest.approx(expected["vif"][term], rel=RTOL)
