"""Reliability of ordered answers, agreement, Mokken's H and two levels against R.

Results: tests/oracle/psychometrics/psychometrics.R.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from driehoek.analysis.structure_models import planned_model
from driehoek.plan.measurement import StructurePlan
from driehoek.psychometrics.agreement import intraclass_correlation, limits_of_agreement
from driehoek.psychometrics.bootstrap import bca_interval
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.hierarchical_omega import hierarchical_omega, schmid_leiman
from driehoek.psychometrics.kappa import weighted_kappa
from driehoek.psychometrics.mokken import scalability
from driehoek.psychometrics.multilevel_reliability import two_level_reliability
from driehoek.psychometrics.ordinal_reliability import ordinal_reliability

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
STORED = json.loads((HERE / "psychometrics" / "results.json").read_text(encoding="utf-8"))
CLOSED_FORM = 1e-10  # R wrote 12 digits
OPTIMUM = 1e-4  # two optimisers of one least-squares function
ITEMS = [f"x{k}" for k in range(1, 10)]


def neuroticism():
    items = pd.read_csv(HERE / "reliability" / "data" / "bfi_neuroticism.csv")
    return items.drop(columns="answered_all").dropna()


def holzinger():
    return pd.read_csv(HERE / "cfa" / "holzinger.csv")


@pytest.mark.parametrize("name", ["bfi", "holzinger"])
def test_guttmans_lambdas_agree_with_psych_and_with_their_definition(name):
    items = neuroticism() if name == "bfi" else holzinger()[ITEMS]
    for kind, matrix in (("standardised", items.corr()), ("raw", items.cov())):
        for each, expected in STORED[kind][name].items():
            found = float(coefficient(each, matrix.to_numpy()))
            assert found == pytest.approx(expected, rel=CLOSED_FORM), (kind, each)


@pytest.mark.parametrize("name", ["bfi", "dichotomous"])
def test_categorical_omega_and_ordinal_alpha_agree_with_semtools(name):
    items = neuroticism() if name == "bfi" else (neuroticism().head(200) >= 4).astype(float)
    expected = STORED["ordinal"][name]
    found = ordinal_reliability(items)
    assert found.n_respondents == expected["n"]
    assert found.omega == pytest.approx(expected["omega"], rel=OPTIMUM)
    assert found.omega_observed == pytest.approx(expected["omega_observed"], rel=OPTIMUM)
    assert found.ordinal_alpha == pytest.approx(expected["alpha"], rel=1e-5)
    assert found.ci_low < found.omega < found.ci_high


def second_order_fit():
    factors = {f: ITEMS[3 * j : 3 * j + 3] for j, f in enumerate(("visual", "textual", "speed"))}
    model = FactorModel({**factors, "g": list(factors)})
    return fit_cfa(holzinger(), model, estimator="MLR")


def test_omega_hierarchical_of_a_second_order_model_agrees_with_semtools_and_lavaan():
    expected = STORED["hierarchical"]["second"]
    found = hierarchical_omega(second_order_fit(), "g")
    assert found.hierarchical == pytest.approx(expected["l2"][0], rel=OPTIMUM)
    assert [found.hierarchical, found.total] == pytest.approx(expected["values"], rel=OPTIMUM)
    assert [found.hierarchical_se, found.total_se] == pytest.approx(expected["se"], rel=1e-3)


def test_omega_hierarchical_of_a_bifactor_model_agrees_with_lavaan():
    groups = {f: ITEMS[3 * j : 3 * j + 3] for j, f in enumerate(("visual", "textual", "speed"))}
    model = FactorModel({"general": ITEMS, **groups}, scaling="variance", orthogonal=True)
    found = hierarchical_omega(fit_cfa(holzinger(), model), "general")
    expected = STORED["hierarchical"]["bifactor"]["values"]
    assert [found.hierarchical, found.total] == pytest.approx(expected, rel=OPTIMUM)


def test_a_factor_of_reversed_items_agrees_with_lavaan():
    turned = ["A1", "C4", "C5", "E1", "E2"]
    named = {letter: [f"{letter}{k}" for k in range(1, 6)] for letter in "ACE"}
    items = pd.read_csv(HERE / "cfa" / "bfi.csv")[[i for each in named.values() for i in each]]
    items[turned] = 7 - items[turned]
    model = planned_model(named, turned, StructurePlan(method_factor=True))
    fit = fit_cfa(items, model).fit
    expected, found = STORED["method_factor"], fit.standard
    assert found.df == expected["df"]
    assert found.chisq == pytest.approx(expected["chisq"], rel=1e-3)
    measures = [found.cfi, found.rmsea, fit.srmr]
    assert measures == pytest.approx([expected[k] for k in ("cfi", "rmsea", "srmr")], abs=1e-3)


def test_omega_hierarchical_of_schmid_and_leiman_is_the_figure_psych_prints():
    """Psych 2.2.9 `omega(HolzingerSwineford1939[, 7:15], 3)`: .4492424 and .8508351."""
    found = schmid_leiman(holzinger()[ITEMS].corr(), 3, n=301)
    assert found.hierarchical == pytest.approx(0.4492424, abs=2e-4)
    assert found.total == pytest.approx(0.8508351, abs=2e-4)


@pytest.mark.parametrize("name", ["ordinal", "dichotomous"])
def test_mokkens_h_agrees_with_guttman_errors_and_their_numerical_delta_method(name):
    if name == "ordinal":
        items = neuroticism().head(120).iloc[:, :4]
    else:
        items = (neuroticism().head(200) >= 4).astype(float)
    expected = STORED["mokken"][name]
    found = scalability(items)
    h = [found.h, *found.items["h"], *found.pairs["h"]]
    se = [found.se, *found.items["se"], *found.pairs["se"]]
    assert found.n_respondents == expected["n"]
    assert h == pytest.approx(expected["values"], rel=CLOSED_FORM)
    assert se == pytest.approx(expected["se"], rel=1e-5)


def test_intraclass_correlations_agree_with_psych():
    found = intraclass_correlation(holzinger()[["x1", "x3", "x7"]])
    agreement = [found.agreement, found.agreement_low, found.agreement_high]
    consistency = [found.consistency, found.consistency_low, found.consistency_high]
    assert agreement == pytest.approx(STORED["icc"]["agreement"], abs=1e-7)
    assert consistency == pytest.approx(STORED["icc"]["consistency"], abs=1e-7)


@pytest.mark.parametrize("weights", ["quadratic", "linear", "none"])
def test_weighted_kappa_agrees_with_psych_and_its_error_with_the_delta_method(weights):
    expected = STORED["kappa"]["quadratic" if weights == "none" else weights]
    kind = ("plain", "var_plain") if weights == "none" else ("kappa", "var")
    answers = neuroticism().head(300)
    found = weighted_kappa(answers["N1"], answers["N2"], options=range(1, 7), weights=weights)
    assert found.estimate == pytest.approx(expected[kind[0]], rel=CLOSED_FORM)
    assert found.se**2 == pytest.approx(expected[kind[1]], rel=1e-6)


def test_differences_after_bland_and_altman_agree_with_r():
    expected = STORED["bland_altman"]
    pair = holzinger()[["x1", "x3"]]
    found = limits_of_agreement(pair["x1"], pair["x3"])
    assert [found.difference, found.sd] == pytest.approx(
        [expected["mean"], expected["sd"]], rel=CLOSED_FORM
    )
    interval = [found.difference_low, found.difference_high]
    assert interval == pytest.approx(expected["ci"], rel=1e-9)
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    assert [found.slope, found.slope_p] == pytest.approx(
        [expected["slope"], expected["slope_p"]], rel=1e-9
    )
    assert found.upper - found.lower == pytest.approx(2 * 1.959963984540054 * found.sd)


def test_the_covariances_of_two_levels_agree_with_lavaan():
    expected = STORED["two_levels"]
    data = pd.DataFrame(expected["data"])
    found = two_level_reliability(data.drop(columns="cluster"), data["cluster"])
    assert found.n_clusters == data["cluster"].nunique()
    for ours, theirs in (
        (found.within_covariance, expected["within"]),
        (found.between_covariance, expected["between"]),
    ):
        assert ours == pytest.approx(np.array(theirs), abs=2e-4)
    between = np.array(expected["between"])
    assert found.between == pytest.approx(float(coefficient("alpha", between)), abs=2e-4)


INTERVALS = json.loads((HERE / "psychometrics" / "intervals.json").read_text(encoding="utf-8"))


def test_errors_of_alpha_on_two_levels_agree_with_lavaan():
    data = pd.DataFrame(STORED["two_levels"]["data"])
    found = two_level_reliability(data.drop(columns="cluster"), data["cluster"])
    for level, expected in INTERVALS["two_levels"].items():  # lavaan: observed information
        assert getattr(found, f"{level}_se") == pytest.approx(expected, rel=2e-3)


def test_the_error_of_ordinal_alpha_agrees_with_the_delta_method_on_lavaans_covariances():
    found, expected = ordinal_reliability(neuroticism()), INTERVALS["ordinal_alpha"]
    assert found.ordinal_alpha == pytest.approx(expected["estimate"], rel=1e-5)
    assert found.ordinal_alpha_se == pytest.approx(expected["se"], rel=1e-4)
    assert found.ordinal_alpha_low < found.ordinal_alpha < found.ordinal_alpha_high


def test_the_bca_interval_is_that_of_scipy_for_the_same_draws():
    sample = np.random.default_rng(5).exponential(size=40)
    theirs = stats.bootstrap(
        (sample,), np.mean, n_resamples=999, method="BCa", rng=np.random.default_rng(1)
    )
    left_out = (sample.sum() - sample) / 39
    ours = bca_interval(theirs.bootstrap_distribution, sample.mean(), left_out, np.ones(40), 0.95)
    assert ours == pytest.approx(tuple(theirs.confidence_interval), rel=1e-10)


@pytest.mark.r
@pytest.mark.parametrize("name", ["psychometrics", "intervals"])
def test_a_fresh_run_of_r_gives_the_stored_figures(name, tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no Rscript on this machine")
    needed = (
        'for (p in c("psych", "lavaan", "semTools", "jsonlite")) stopifnot(requireNamespace(p))'
    )
    if subprocess.run([rscript, "-e", needed], capture_output=True, check=False).returncode:
        pytest.skip("R lacks psych, lavaan, semTools or jsonlite")
    fresh = tmp_path / "results.json"
    command = [rscript, HERE / "psychometrics" / f"{name}.R", fresh]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    found = json.loads(fresh.read_text(encoding="utf-8"))
    stored = {"psychometrics": STORED, "intervals": INTERVALS}[name]
    if found["versions"] != stored["versions"]:
        pytest.skip(f"R here is {found['versions']}, the stored results {stored['versions']}")
    assert _flat(found) == pytest.approx(_flat(stored), rel=1e-6, abs=1e-9)


def _flat(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) if key != "versions" for leaf in _flat(tree[key])]
    if isinstance(tree, list):
        return [leaf for branch in tree for leaf in _flat(branch)]
    return [tree]
