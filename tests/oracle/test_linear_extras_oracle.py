"""CR2, HC4, partial correlations, influence and slopes against R (make_linear_extras.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.linear import fit_blocks
from driehoek.models.simple_slopes import Probe

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "linear_extras.json").read_text(encoding="utf-8"))

RTOL = 1e-8  # least squares in float64; inverse roots and squared df lose some digits
RELATION = {"relation": ["partner", "child", "other"]}
BLOCKS = [["hours"], ["relation"], ["reciprocity*trust"]]


@pytest.fixture(scope="module")
def linear():
    return pd.read_csv(HERE / "linear.csv")


def last(fit, statistic):
    table = fit.coefficients[fit.coefficients["group"] == "block_3"]
    return table[table["statistic"] == statistic]


def one(table, statistic, column="estimate", **where):
    rows = table[table["statistic"] == statistic]
    for key, value in where.items():
        rows = rows[rows[key] == value]
    return rows[column].item()


@pytest.mark.parametrize(("case", "triads"), [("cr2", 1000), ("cr2_few", 12)])
def test_cr2_with_satterthwaite_and_hotelling_agrees_with_clubsandwich(linear, case, triads):
    data, expected = linear[linear["triad"] <= triads], R[case]
    blocks = [["hours", "reciprocity*trust"], ["relation"]]
    for number, (given, name) in enumerate([(BLOCKS, "three"), (blocks, "relation")]):
        fit = fit_blocks(data, "burden", given, categorical=RELATION, clusters="triad")
        assert fit.n == expected["n"]
        group = f"block_{len(given)}"
        test = fit.blocks[fit.blocks["group"] == group]
        ours = [
            one(test, "wald_change"),
            one(test, "wald_change", "df"),
            one(test, "wald_change_df2"),
            one(test, "wald_change", "p"),
        ]
        assert ours == pytest.approx(list(expected[name].values()), rel=RTOL)
        if number == 0:
            for column in ("se", "df", "p"):
                assert last(fit, "b")[column].tolist() == pytest.approx(expected[column], rel=RTOL)


def test_hc4_agrees_with_sandwich(linear):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION, robust="HC4")
    assert last(fit, "b")["se"].tolist() == pytest.approx(R["hc4"], rel=RTOL)


def test_partial_correlations_are_those_of_residuals(linear):
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION)
    assert last(fit, "partial_r")["estimate"].tolist() == pytest.approx(R["partial"], rel=RTOL)
    assert last(fit, "part_r")["estimate"].tolist() == pytest.approx(R["part"], rel=RTOL)


def test_f2_is_the_variance_gained_over_the_variance_left(linear):
    fit = fit_blocks(linear, "burden", [["hours", "relation"], ["reciprocity*trust"]],
                     categorical=RELATION)  # fmt: skip
    assert one(fit.blocks, "f2_change", group="block_2") == pytest.approx(R["f2_change"], rel=RTOL)


def test_influence_agrees_with_cooks_distance_and_hat_values(linear):
    table = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION).influence
    for name in ("cook", "leverage"):
        assert one(table, f"{name}_max") == pytest.approx(R[name]["max"], rel=RTOL)
        assert one(table, f"{name}_over") == R[name]["over"]


def test_slopes_and_johnson_neyman_bounds_are_the_closed_form(linear):
    probes = [Probe("reciprocity", "trust")]
    fit = fit_blocks(linear, "burden", BLOCKS, categorical=RELATION, probes=probes)
    slopes = fit.slopes[fit.slopes["statistic"] == "slope"]
    assert slopes["estimate"].tolist() == pytest.approx(R["slopes"]["slope"], rel=RTOL)
    assert slopes["se"].tolist() == pytest.approx(R["slopes"]["se"], rel=RTOL)
    used = linear.dropna()
    bounds = [each + used["trust"].mean() for each in R["slopes"]["bounds"]]
    inside = [each for each in bounds if used["trust"].min() < each < used["trust"].max()]
    found = fit.slopes[fit.slopes["statistic"].str.startswith("jn_bound")]["estimate"].tolist()
    assert found == pytest.approx(inside, rel=RTOL)
    share = (used["trust"] < bounds[0]).mean()  # the second bound lies outside the data
    assert one(fit.slopes, "jn_share") == pytest.approx(share, abs=1e-12)
