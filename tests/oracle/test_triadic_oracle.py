"""Actor-partner models against R nlme, clubSandwich and lavaan (triadic/make_triadic.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.models.actor_partner import fit_actor_partner
from driehoek.models.structures import unstructured
from driehoek.models.triadic import fit_triadic

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "triadic"
R = json.loads((HERE / "triadic.json").read_text(encoding="utf-8"))
ROLES = ["seeker", "carer", "professional"]
WAVES = ["1", "2", "3"]

RTOL = 2e-5  # two optimisers stop at different points of a flat top
LME_RTOL = 1e-3  # nlme stops earlier with four covariance matrices in one model
EXACT = 1e-9


def fitted(file, roles, *, n_waves=3, **options):
    wide = pd.read_csv(HERE / file)
    wide = wide[wide["wave"] <= n_waves]
    wide["wave"] = wide["wave"].astype(int).astype(str)
    return fit_actor_partner(
        wide, {r: f"y_{r}" for r in roles}, {r: f"x_{r}" for r in roles}, triad="triad",
        rng=np.random.default_rng(1), n_boot=0, **options,
    )  # fmt: skip


def column(table, name):
    """Give a column of the coefficients by R's name of the term."""
    found = {}
    for row in table.to_dict("records"):
        role = row["group"]
        others = [each for each in ROLES if each != role]
        words = {"intercept": f"role{role}", "actor": f"role{role}:x"}
        words |= {f"partner_{each}": f"role{role}:p{i}" for i, each in enumerate(others, 1)}
        words |= {f"wave[{wave}]": f"role{role}:occasion{wave}" for wave in WAVES}
        found[words[row["term"]]] = row[name]
    return found


def test_three_members_agree_with_generalised_least_squares():
    fit, expected = fitted("one_wave.csv", ROLES), R["three"]
    assert fit.n == expected["n"]
    assert column(fit.coefficients, "estimate") == pytest.approx(expected["b"], rel=1e-4)
    likelihood = fit.components.set_index("statistic")["estimate"]["log_likelihood"]
    assert likelihood == pytest.approx(expected["log_likelihood"], abs=1e-6)
    tests = fit.tests.set_index("statistic")
    for name in ("distinguishable", "independent"):
        row = tests.loc[f"lr_{name}"]
        assert row["df"] == expected[name]["df"]
        assert row["estimate"] == pytest.approx(expected[name]["chi2"], rel=RTOL)


def test_model_based_errors_agree_with_generalised_least_squares():
    """The published ones carry Kenward and Roger's correction on top."""
    fit, expected = fitted("one_wave.csv", ROLES), R["three"]["se"]
    adjusted = column(fit.coefficients, "se")
    assert all(adjusted[name] >= 0.999 * expected[name] for name in expected)
    assert adjusted == pytest.approx(expected, rel=0.02)


def test_a_dyad_agrees_with_lavaan():
    wide = pd.read_csv(HERE / "one_wave.csv").dropna(subset=["y_seeker", "y_carer"])
    expected = R["dyad"]
    assert len(wide) == expected["n"]
    fit = fit_actor_partner(
        wide, {r: f"y_{r}" for r in ROLES[:2]}, {r: f"x_{r}" for r in ROLES[:2]}, triad="triad",
        rng=np.random.default_rng(1), n_boot=0,
    )  # fmt: skip
    b = fit.coefficients.set_index(["group", "term"])["estimate"]
    ours = {
        "seeker_actor": b["seeker", "actor"],
        "seeker_partner": b["seeker", "partner_carer"],
        "carer_actor": b["carer", "actor"],
        "carer_partner": b["carer", "partner_seeker"],
    }
    assert ours == pytest.approx(expected["b"], abs=2e-5)


def test_three_waves_agree_with_lme():
    fit, expected = fitted("three_waves.csv", ROLES, wave="wave", waves=WAVES), R["waves"]
    assert column(fit.coefficients, "estimate") == pytest.approx(expected["b"], rel=LME_RTOL)
    assert column(fit.coefficients, "se") == pytest.approx(expected["se"], rel=0.02)
    likelihood = fit.components.set_index("statistic")["estimate"]["log_likelihood"]
    assert likelihood == pytest.approx(expected["log_likelihood"], abs=1e-4)
    assert likelihood >= expected["log_likelihood"] - 1e-6


def same_robust(fit, expected):
    assert fit.is_clustered
    for name in ("se", "df"):
        assert column(fit.coefficients, name) == pytest.approx(expected[name], rel=RTOL)
    # A p far in the tail magnifies what the optimisers differ in.
    assert column(fit.coefficients, "p") == pytest.approx(expected["p"], rel=1e-3)
    tests = fit.tests.set_index("statistic")
    for name, key in {"f_actor_equal": "equal", "f_distinguishable": "alike"}.items():
        test, below = tests.loc[name], tests.loc[f"{name}_df2"]
        ours = [test["estimate"], test["df"], below["estimate"], test["p"]]
        theirs = [expected[key][each] for each in ("f", "df", "df2", "p")]
        assert ours == pytest.approx(theirs, rel=RTOL)


def test_triads_that_share_a_professional_agree_with_clubsandwich():
    fit = fitted("one_wave.csv", ROLES, clusters="professional")
    same_robust(fit, R["three"]["robust"])
    assert column(fit.coefficients, "estimate") == pytest.approx(R["three"]["b"], rel=1e-4)


def test_a_dyad_over_two_waves_that_shares_a_professional_agrees_with_clubsandwich():
    fit = fitted(
        "three_waves.csv", ROLES[:2], n_waves=2, clusters="professional", wave="wave",
        waves=WAVES[:2], covariance="unstructured",
    )  # fmt: skip
    expected = R["free"]
    assert column(fit.coefficients, "estimate") == pytest.approx(expected["b"], rel=1e-4)
    same_robust(fit, expected["robust"])


def test_complete_triads_give_the_t_test_on_contrasts_of_members():
    """Closed form: the covariance is the sample's, and a contrast of means has n - 1 df."""
    rng = np.random.default_rng(1)
    n = 40
    root = np.linalg.cholesky([[1, 0.4, 0.3], [0.4, 2, 0.5], [0.3, 0.5, 1.5]])
    y = rng.normal(size=(n, 3)) @ root.T
    triads, places = np.repeat(np.arange(n), 3), np.tile(np.arange(3), n)
    fit = fit_triadic(y.ravel(), np.tile(np.eye(3), (n, 1)), triads, places, unstructured(3))
    assert fit.places == pytest.approx(np.cov(y.T), rel=1e-5)
    assert fit.b == pytest.approx(y.mean(axis=0), rel=EXACT)
    from driehoek.models.kenward_roger import contrast_df

    for contrast in ([1.0, 0, 0], [1.0, -1, 0], [1.0, 1, -2]):
        assert contrast_df(fit.sample, np.array(contrast)) == pytest.approx(n - 1, rel=1e-6)
