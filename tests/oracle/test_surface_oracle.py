"""Response surfaces against lavaan's defined parameters and sandwich (tests/oracle/surface)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.response_surface import fit_surface

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "surface"
R = json.loads((HERE / "surface.json").read_text(encoding="utf-8"))
PUBLIC = json.loads((HERE / "public.json").read_text(encoding="utf-8"))

RTOL = 1e-8  # least squares in float64, derivatives exact
LAVAAN_RTOL = 1e-5  # lavaan's optimiser and its numerical derivatives


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "surface.csv")


def surface(data, **options):
    fit = fit_surface(
        data, "burden", ["giving", "receiving"], (1, 5), covariates=["hours"], **options
    )
    return fit.statistics.set_index("statistic")


def test_features_and_principal_axes_agree_with_lavaan(data):
    found = surface(data, robust="classical")
    for name, (estimate, se) in R["lavaan"].items():
        ours = found.loc[name, ["estimate", "se"]].tolist()
        assert ours == pytest.approx([estimate, se], rel=LAVAAN_RTOL), name


def test_robust_errors_and_tests_agree_with_sandwich(data):
    found = surface(data)
    for name, se in R["hc3"].items():
        assert found.loc[name, "se"] == pytest.approx(se, rel=RTOL), name
    for name in ("wald_polynomial", "wald_curved", "wald_difference"):
        assert found.loc[name, "estimate"] == pytest.approx(R[name], rel=RTOL), name


def test_public_scores_agree_with_the_defaults_of_the_package_rsa_in_lavaan():
    # lavaan's sandwich of a regression is HC0.
    scores = pd.read_csv(HERE / "sat_act.csv").assign(
        verbal=lambda s: s["SATV"] / 100, quantitative=lambda s: s["SATQ"] / 100
    )
    fit = fit_surface(scores, "ACT", ["verbal", "quantitative"], (2, 8), robust="HC0")
    found = fit.statistics.set_index("statistic")
    assert found.loc["a1", "n"] == PUBLIC["n"]
    assert found.loc["r2", "estimate"] == pytest.approx(PUBLIC["r2"], rel=LAVAAN_RTOL)
    for name, (estimate, se) in PUBLIC["lavaan"].items():
        ours = found.loc[name, ["estimate", "se"]].tolist()
        assert ours == pytest.approx([estimate, se], rel=LAVAAN_RTOL), name


def test_discrepant_cases_and_the_difference_score_agree_with_r(data):
    found = surface(data)
    shares = found.loc[["share_first_higher", "share_agree", "share_second_higher"], "estimate"]
    assert shares.tolist() == pytest.approx(R["shares"], abs=1e-12)
    ours = [*found.loc["difference_b", ["estimate", "se"]], found.loc["difference_r2", "estimate"]]
    assert ours == pytest.approx(R["difference"], rel=RTOL)


def test_the_curve_of_a_bipolar_score_agrees_with_r(data):
    found = fit_surface(data, "strain", ["balance"], (-3, 3)).statistics.set_index("statistic")
    for name in ("turning_point", "slope_low", "slope_high"):
        ours = found.loc[name, ["estimate", "se"]].tolist()
        assert ours == pytest.approx(R["curve"][name], rel=RTOL), name
    assert found.loc["u_shape", "p"] == pytest.approx(R["curve"]["u_shape"], rel=RTOL)
