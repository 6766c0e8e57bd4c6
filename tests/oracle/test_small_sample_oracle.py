"""Degrees of freedom of mixed models against R (tests/oracle/models/make_small_sample.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.mixed import fit_random_intercepts

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "small_sample.json").read_text(encoding="utf-8"))["cases"]
FILES = {
    "waves": "waves.csv",
    "few": "waves.csv",
    "singular": "waves_without_triads.csv",
}

RTOL = 1e-4  # R's optimiser stops at variances that differ in the fifth digit
SATTERTHWAITE_RTOL = 5e-4  # lmerTest takes its Hessian by numerical differences


def fitted(case, tests):
    waves = pd.read_csv(HERE / FILES[case])
    return fit_random_intercepts(
        waves[waves["triad"] <= R[case]["triads"]], "score", ["wave", "role", "trust"],
        triad="triad", person="person", tests=tests,
        categorical={"role": ["seeker", "carer", "professional"]},
    )  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_kenward_roger_agrees_with_pbkrtest(case):
    fit, expected = fitted(case, "kenward_roger"), R[case]
    for column in ("se", "df", "p"):
        ours = fit.coefficients[column].tolist()
        assert ours == pytest.approx(expected["kr"][column], rel=RTOL), column
    test, below = fit.factors.to_dict("records")
    assert [test["statistic"], below["statistic"]] == ["f_term", "f_term_df2"]
    ours = [test["estimate"], test["df"], below["estimate"], test["p"]]
    assert ours == pytest.approx(list(expected["role"].values()), rel=RTOL)


@pytest.mark.parametrize("case", FILES)
def test_satterthwaite_agrees_with_lmertest(case):
    fit, expected = fitted(case, "satterthwaite"), R[case]["satterthwaite"]
    assert fit.coefficients["se"].tolist() == pytest.approx(expected["se"], rel=RTOL)
    assert fit.coefficients["df"].tolist() == pytest.approx(expected["df"], rel=SATTERTHWAITE_RTOL)
    assert fit.factors.empty


@pytest.mark.parametrize("case", FILES)
def test_r2_agrees_with_its_definition_in_r(case):
    parts = fitted(case, "normal").components.set_index("statistic")["estimate"]
    for name in ("r2_marginal", "r2_conditional"):
        assert parts[name] == pytest.approx(R[case][name], rel=RTOL)
