"""Crossed random effects against R lme4 (tests/oracle/models/make_crossed.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.mixed import fit_random_intercepts

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "crossed.json").read_text(encoding="utf-8"))["cases"]

RTOL = 1e-4  # R's optimiser stops at variances that differ in the fifth digit
VARIANCE_RTOL, VARIANCE_ATOL = 1e-3, 1e-4
SATTERTHWAITE_RTOL = 5e-4  # lmerTest takes its Hessian by numerical differences


def fitted(case, tests="kenward_roger", **options):
    rows = pd.read_csv(HERE / f"crossed_{case}.csv")
    rows["step"] = rows["wave"].astype(str)
    options = {"crossed": "professional", **options}
    return fit_random_intercepts(
        rows, "score", ["step", "trust", "training"], triad="triad", person="person",
        tests=tests, categorical={"step": ["0", "1", "2"]}, **options,
    )  # fmt: skip


@pytest.mark.parametrize("case", R)
def test_estimates_agree_with_lme4(case):
    fit = fitted(case)
    assert fit.coefficients["estimate"].tolist() == pytest.approx(R[case]["b"], rel=RTOL)
    found = fit.components.set_index("statistic")["estimate"]
    assert found["log_likelihood"] == pytest.approx(R[case]["log_likelihood"], abs=1e-5)
    for name, expected in R[case]["variances"].items():
        assert found[name] == pytest.approx(expected, rel=VARIANCE_RTOL, abs=VARIANCE_ATOL), name
    assert fit.is_singular == (case == "singular")


@pytest.mark.parametrize("case", R)
def test_kenward_roger_agrees_with_pbkrtest(case):
    fit, expected = fitted(case), R[case]
    for column in ("se", "df", "p"):
        ours = fit.coefficients[column].tolist()
        assert ours == pytest.approx(expected["kr"][column], rel=RTOL), column
    test, below = fit.factors.to_dict("records")
    ours = [test["estimate"], test["df"], below["estimate"], test["p"]]
    assert ours == pytest.approx(list(expected["step"].values()), rel=RTOL)


@pytest.mark.parametrize("case", R)
def test_satterthwaite_agrees_with_lmertest(case):
    fit, expected = fitted(case, "satterthwaite"), R[case]["satterthwaite"]
    assert fit.coefficients["se"].tolist() == pytest.approx(expected["se"], rel=RTOL)
    assert fit.coefficients["df"].tolist() == pytest.approx(expected["df"], rel=SATTERTHWAITE_RTOL)


@pytest.mark.parametrize("case", R)
@pytest.mark.parametrize(("key", "crossed"), [("ml", "professional"), ("ml_nested", None)])
def test_maximum_likelihood_agrees_with_lme4(case, key, crossed):
    fit, expected = fitted(case, "normal", likelihood="ml", crossed=crossed), R[case][key]
    assert fit.coefficients["estimate"].tolist() == pytest.approx(expected["b"], rel=RTOL)
    assert fit.coefficients["se"].tolist() == pytest.approx(expected["se"], rel=RTOL)
    found = fit.components.set_index("statistic")["estimate"]
    assert found["log_likelihood"] == pytest.approx(expected["log_likelihood"], abs=1e-5)
    residual = expected["variance_residual"]
    assert found["variance_residual"] == pytest.approx(residual, rel=VARIANCE_RTOL)
    assert set(fit.coefficients["method"]) == {"ml_z"}


def test_degrees_of_freedom_are_refused_under_maximum_likelihood():
    with pytest.raises(ValueError, match="rest on REML"):
        fitted("few", likelihood="ml")
