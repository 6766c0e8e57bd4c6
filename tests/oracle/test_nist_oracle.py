"""Linear models against the Statistical Reference Datasets of NIST (tests/oracle/nist)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.models.linear import fit_blocks

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "nist"
DIGITS = 1e-9
# Wampler's noise is up to 10,000 times the signal, so that the smallest coefficients keep fewer
# digits in double precision; the standard errors keep theirs. R's lm loses the same ones.
NOISY = {"wampler4": 3e-8, "wampler5": 3e-6}
ONE = [1.0] * 6
SPREAD = np.array(
    [2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752,
     0.112324854679312]
)  # fmt: skip

CERTIFIED = {
    "norris": (
        [-0.262323073774029, 1.00211681802045],
        [0.232818234301152, 0.429796848199937e-03],
        0.884796396144373, 0.999993745883712,
    ),
    "pontius": (
        [0.673565789473684e-03, 0.732059160401003e-06, -0.316081871345029e-14],
        [0.107938612033077e-03, 0.157817399981659e-09, 0.486652849992036e-16],
        0.205177424076185e-03, 0.999999900178537,
    ),
    "wampler3": (ONE, SPREAD, 2360.14502379268, 0.999995559025820),
    "wampler4": (ONE, SPREAD * 1e2, 236014.502379268, 0.957478440825662),
    "wampler5": (ONE, SPREAD * 1e4, 23601450.2379268, 0.224668921574940e-02),
}  # fmt: skip


def fitted(name):
    """Fit the polynomial of a set; the powers of x are columns of the data."""
    table = pd.read_csv(HERE / f"{name.rstrip('12345')}.csv")
    y = table[f"y{name[-1]}" if name.startswith("wampler") else "y"]
    degree = {"norris": 1, "pontius": 2, "filip": 10}.get(name, 5)
    powers = {f"x{i}": table["x"].astype(float) ** i for i in range(1, degree + 1)}
    fit = fit_blocks(pd.DataFrame({"y": y, **powers}), "y", [list(powers)], robust="classical")
    return fit, fit.coefficients[fit.coefficients["statistic"] == "b"]


@pytest.mark.parametrize("name", CERTIFIED)
def test_certified_values_of_nist(name):
    b, se, sd, r2 = CERTIFIED[name]
    fit, rows = fitted(name)
    assert rows["estimate"].tolist() == pytest.approx(b, rel=NOISY.get(name, DIGITS))
    assert rows["se"].tolist() == pytest.approx(list(se), rel=DIGITS)
    blocks = fit.blocks.set_index("statistic")["estimate"]
    assert blocks["residual_sd"] == pytest.approx(sd, rel=DIGITS)
    assert blocks["r2"] == pytest.approx(r2, rel=DIGITS)


@pytest.mark.parametrize(("name", "base"), [("wampler1", 1.0), ("wampler2", 0.1)])
def test_a_polynomial_without_noise_has_its_coefficients_and_a_reason_for_the_rest(name, base):
    fit, rows = fitted(name)
    assert rows["estimate"].tolist() == pytest.approx([base**i for i in range(6)], rel=DIGITS)
    assert rows["se"].isna().all()
    assert rows["reason"].str.startswith("the predictors reproduce the outcome exactly").all()
    r2 = fit.blocks.set_index("statistic")["estimate"]["r2"]
    assert r2 == pytest.approx(1.0, abs=DIGITS)


def test_a_polynomial_of_degree_ten_is_refused_by_name_and_not_guessed():
    """Filip: the tenth power is its predecessors' but for 1e-7 of it; R's lm leaves it out too."""
    _, rows = fitted("filip")
    left_out = rows[rows["reason"] != ""]
    assert left_out["term"].tolist() == ["x10"]
    assert left_out["estimate"].isna().all()
    assert "is fully determined by" in left_out["reason"].item()
