"""Mediation against lavaan, boot, an integral and pingouin (tests/oracle/mediation)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from driehoek.models.mediation import fit_mediation

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "mediation"
R = json.loads((HERE / "mediation.json").read_text(encoding="utf-8"))

RTOL = 1e-9  # least squares in float64
LAVAAN_RTOL = 1e-6  # its optimiser stops there
# Ends of intervals are random: the tolerances are three Monte-Carlo standard errors of an end of
# 10,000 bootstrap samples against boot's 6,000, and of 20,000 normal draws against an integral.
BOOT = 3 * 2.7 * R["boot_se"] * (1 / 10_000 + 1 / 6_000) ** 0.5
NORMAL = 3 * 2.7 * R["boot_se"] / 20_000**0.5


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "mediation.csv")


def fit(data, mediators=("trust",), **options):
    options = {"n_boot": 1000, "covariates": ["hours"], **options}
    rng = np.random.default_rng(3)
    return fit_mediation(data, "burden", "given", mediators, rng=rng, **options)


def effect(found, statistic, term="", group="", method="percentile"):
    table = found.effects
    rows = table[
        (table["statistic"] == statistic) & (table["term"] == term) & (table["group"] == group)
        & (table["method"] == method)
    ]  # fmt: skip
    assert len(rows) == 1
    return rows.iloc[0]


def test_effects_of_one_and_of_two_mediators_agree_with_lavaan(data):
    one, two = fit(data), fit(data, ("trust", "talk"))
    expected = {"ab": effect(one, "indirect", "trust"), "total": effect(one, "total", "given")}
    for name, row in expected.items():
        assert row["estimate"] == pytest.approx(R["one"][name], rel=LAVAAN_RTOL)
    expected = {
        "i1": effect(two, "indirect", "trust"), "i2": effect(two, "indirect", "talk"),
        "both": effect(two, "indirect_total"),
    }  # fmt: skip
    for name, row in expected.items():
        assert row["estimate"] == pytest.approx(R["two"][name], rel=LAVAAN_RTOL)


def test_conditional_effects_and_the_index_agree_with_lavaan(data):
    found = fit(data, covariates=(), moderator="hours", moderated=["a"])
    for name in ("low", "high"):
        row = effect(found, "indirect", "trust", f"hours[{name}]")
        assert row["estimate"] == pytest.approx(R["moderated"][name], rel=LAVAAN_RTOL)
    index = effect(found, "index", "trust")["estimate"]
    assert index == pytest.approx(R["moderated"]["index"], rel=LAVAAN_RTOL)


def test_paths_have_the_clustered_errors_of_sandwich(data):
    paths = fit(data, clusters="triad").paths.set_index(["group", "term"])["se"]
    assert paths["trust", "given"] == pytest.approx(R["se_a"], rel=RTOL)
    assert paths["burden", "trust"] == pytest.approx(R["se_b"], rel=RTOL)


def test_intervals_of_resampled_triads_agree_with_boot(data):
    found = fit(data, clusters="triad", n_boot=10_000)
    for method in ("percentile", "bca"):
        row = effect(found, "indirect", "trust", method=method)
        assert [row["ci_low"], row["ci_high"]] == pytest.approx(R[method], abs=BOOT), method
    row = effect(found, "indirect", "trust", method="monte_carlo")
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(R["product"], abs=NORMAL)


def test_the_confounding_that_would_undo_it_is_the_correlation_of_residuals(data):
    table = fit(data).sensitivity.set_index("statistic")["estimate"]
    assert table["rho_zero"] == pytest.approx(R["rho"], rel=RTOL)
    assert table["r2_zero"] == pytest.approx(R["rho"] ** 2, rel=RTOL)


def test_the_simple_case_agrees_with_pingouin(data):
    theirs = pg.mediation_analysis(
        data, x="given", m="trust", y="burden", covar=["hours"], n_boot=10, seed=1
    ).set_index("path")["coef"]
    found = fit(data)
    for path, row in {"Indirect": "indirect", "Direct": "direct", "Total": "total"}.items():
        term = "trust" if row == "indirect" else "given"
        assert effect(found, row, term)["estimate"] == pytest.approx(theirs[path], rel=1e-8)
