"""Logistic, ordinal, count and fractional models against R (tests/oracle/generalised)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.generalised import fit_generalised
from driehoek.models.generalised_outcome import Outcome

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "generalised"
R = json.loads((HERE / "generalised.json").read_text(encoding="utf-8"))

RTOL = 1e-7  # iterations end at a step of about 1e-8
OPTIM_RTOL = 2e-4  # optim by BFGS and numerical Hessians leave some four digits
CATEGORICAL = {"relation": ["partner", "child", "other"]}
OUTCOMES = {
    "logistic": Outcome("stops", "logistic"),
    "poisson": Outcome("visits", "poisson"),
    "fractional": Outcome("share", "fractional"),
    "negative_binomial": Outcome("visits", "negative_binomial"),
    "ordinal": Outcome("grade", "ordinal"),
}


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "generalised.csv")


def fitted(data, family, errors="model", blocks=(("hours", "trust", "relation"),)):
    return fit_generalised(
        data, OUTCOMES[family], blocks, categorical=CATEGORICAL, errors=errors,
        clusters="triad" if errors == "cluster" else None,
    )  # fmt: skip


def rows(fit, statistic):
    return fit.coefficients[fit.coefficients["statistic"] == statistic]


def one(table, statistic):
    return table.loc[table["statistic"] == statistic, "estimate"].item()


@pytest.mark.parametrize("family", ["logistic", "poisson", "fractional"])
def test_coefficients_and_errors_agree_with_glm_and_sandwich(data, family):
    expected = R[family]
    for errors in ("model", "robust", "cluster"):
        if (family, errors) == ("fractional", "model"):
            continue
        b = rows(fitted(data, family, errors), "b")
        assert b["estimate"].tolist() == pytest.approx(expected["b"], rel=RTOL)
        assert b["se"].tolist() == pytest.approx(expected[errors], rel=RTOL), errors


@pytest.mark.parametrize("family", ["logistic", "poisson"])
def test_likelihood_and_its_gain_agree_with_glm(data, family):
    fits, expected = fitted(data, family).fits, R[family]
    assert one(fits, "log_likelihood") == pytest.approx(expected["log_likelihood"], rel=RTOL)
    gained = 2 * (expected["log_likelihood"] - expected["null"])
    assert one(fits, "lr_change") == pytest.approx(gained, rel=RTOL)
    mcfadden = 1 - expected["log_likelihood"] / expected["null"]
    assert one(fits, "r2_mcfadden") == pytest.approx(mcfadden, rel=RTOL)


def test_negative_binomial_agrees_with_glm_nb(data):
    expected = R["negative_binomial"]
    for errors in ("model", "cluster"):
        fit = fitted(data, "negative_binomial", errors)
        b, spread = rows(fit, "b"), fit.fits[fit.fits["statistic"] == "dispersion"]
        ours = [*b["estimate"], *spread["estimate"]]
        assert ours == pytest.approx(expected["b"], rel=OPTIM_RTOL)
        assert [*b["se"], *spread["se"]] == pytest.approx(expected[errors], rel=OPTIM_RTOL)
    # The likelihood is flat at its top, so that it agrees better than the coefficients.
    assert one(fit.fits, "log_likelihood") == pytest.approx(expected["log_likelihood"], rel=1e-8)


def test_proportional_odds_agrees_with_clm(data):
    expected = R["ordinal"]
    fit = fitted(data, "ordinal")
    table = pd.concat([rows(fit, "b"), rows(fit, "threshold")])
    assert table["estimate"].tolist() == pytest.approx(expected["b"], rel=1e-6)
    assert table["se"].tolist() == pytest.approx(expected["se"], rel=1e-6)
    assert one(fit.fits, "log_likelihood") == pytest.approx(expected["log_likelihood"], rel=RTOL)
    clustered = fitted(data, "ordinal", "cluster")
    table = pd.concat([rows(clustered, "b"), rows(clustered, "threshold")])
    assert table["se"].tolist() == pytest.approx(expected["cluster"], rel=OPTIM_RTOL)


def test_brants_test_is_that_of_binary_fits_at_each_cut(data):
    tests = fitted(data, "ordinal").tests
    assert tests["estimate"].tolist() == pytest.approx(R["brant"], rel=RTOL)
    assert tests["df"].tolist() == [8, 2, 2, 2, 2]
