"""Slopes of persons in mixed models against R (tests/oracle/models/make_growth.R)."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.mixed import fit_random_intercepts

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "growth.json").read_text(encoding="utf-8"))["cases"]
FILES = {"growth": "growth.csv", "few": "growth_few.csv", "flat": "growth_flat.csv"}

RTOL = 1e-5  # two optimisers stop at different points of a flat top
VARIANCE_RTOL = 1e-3  # the likelihood is flatter still in the variances
SMALL_SAMPLE_RTOL = 1e-4  # R's optimiser stops at variances that differ in the fifth digit
SATTERTHWAITE_RTOL = 5e-4  # lmerTest takes its Hessian by numerical differences
# On the boundary lmerTest takes a Hessian in the factor, where we take what lies there as known.
BOUNDARY_RTOL = 0.05


def fitted(case, **asked):
    return fit_random_intercepts(
        pd.read_csv(HERE / FILES[case]), "score", ["time", "trust"],
        triad="triad", person="person", slope="time", **asked,
    )  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_estimates_agree_with_lme4(case):
    fit, expected = fitted(case, tests="normal"), R[case]
    assert fit.n == expected["n"]
    assert fit.is_converged
    for column, name in (("estimate", "b"), ("se", "se")):
        assert fit.coefficients[column].tolist() == pytest.approx(expected[name], rel=RTOL)
    found = fit.components.set_index("statistic")["estimate"]
    for name in ("variance_triad", "variance_person", "variance_slope", "variance_residual"):
        assert found[name] == pytest.approx(expected[name], rel=VARIANCE_RTOL), name
    spread = math.sqrt(found["variance_person"] * found["variance_slope"])
    covariance = found["correlation_slope"] * spread
    assert covariance == pytest.approx(expected["covariance"], rel=VARIANCE_RTOL)
    assert found["log_likelihood"] == pytest.approx(expected["log_likelihood"], abs=RTOL)
    assert found["lr_slope"] == pytest.approx(expected["lr_slope"], abs=2 * RTOL)


@pytest.mark.parametrize("case", FILES)
def test_maximum_likelihood_agrees_with_lme4(case):
    fit, expected = fitted(case, tests="normal", likelihood="ml"), R[case]["ml"]
    assert fit.coefficients["estimate"].tolist() == pytest.approx(expected["b"], rel=RTOL)
    found = fit.components.set_index("statistic")["estimate"]
    assert found["log_likelihood"] == pytest.approx(expected["log_likelihood"], abs=RTOL)


@pytest.mark.parametrize("case", FILES)
def test_kenward_roger_agrees_with_pbkrtest(case):
    fit, expected = fitted(case), R[case]["kr"]
    for column in ("se", "df", "p"):
        ours = fit.coefficients[column].tolist()
        assert ours == pytest.approx(expected[column], rel=SMALL_SAMPLE_RTOL), column


@pytest.mark.parametrize("case", FILES)
def test_satterthwaite_agrees_with_lmertest(case):
    fit, expected = fitted(case, tests="satterthwaite"), R[case]["satterthwaite_df"]
    tolerance = BOUNDARY_RTOL if case == "flat" else SATTERTHWAITE_RTOL
    assert fit.coefficients["df"].tolist() == pytest.approx(expected, rel=tolerance)


def test_only_the_flat_case_is_singular_and_it_says_so():
    fits = {case: fitted(case) for case in FILES}
    assert [case for case, fit in fits.items() if fit.is_singular] == ["flat"]
    assert any("changes of persons" in note for note in fits["flat"].notes)
    assert fits["flat"].components.set_index("statistic").loc["lr_slope", "p"] > 0.05
