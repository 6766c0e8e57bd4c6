"""Full-information regressions against lavaan (models/make_full_information.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.full_information import fit_full_information

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "models"
R = json.loads((HERE / "full_information.json").read_text(encoding="utf-8"))
LEVELS = {"relation": ["partner", "child", "other"]}
NAMES = {"child": "relation[child]", "other": "relation[other]", "product": "trust:reciprocity",
         "ct": "trust", "cr": "reciprocity"}  # fmt: skip
FIRST, SECOND = ["hours", "relation"], ["trust", "reciprocity"]
RTOL = 5e-5  # where lavaan's optimiser stops; ours has taken Newton's steps to the top
# A move of a coefficient, some .06 standard errors, is a difference of two fits that stop there.
JACKKNIFE_RTOL = 2e-4


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "full_information.csv", dtype={"relation": object})


def hold(fit, expected, group, *, rtol=RTOL):
    table = fit.statistics[fit.statistics["group"] == group]
    rows = table.set_index(["statistic", "term"])
    assert fit.n == expected["n"]
    assert rows.loc[("r2", ""), "estimate"] == pytest.approx(expected["r2"], rel=RTOL)
    assert len(table) == len(expected["b"]) + 3  # r2, the test of the block and its df2
    for name, figures in expected["b"].items():
        ours = rows.loc[("b", NAMES.get(name, name))]
        b, se = figures  # lavaan's intervals are normal, ours those of Student's t
        assert ours["se"] == pytest.approx(se, rel=rtol), name
        assert ours["estimate"] == pytest.approx(b, abs=RTOL * se), name


@pytest.mark.parametrize(
    ("errors", "clusters", "name"),
    [
        ("model", None, "model"),
        ("sandwich", None, "robust"),
        ("sandwich", "triad", "cluster"),
        ("jackknife", None, "jackknife"),
        ("jackknife", "triad", "jackknife_cluster"),
    ],
)
def test_coefficients_errors_and_r2_agree_with_lavaan(data, errors, clusters, name):
    fit = fit_full_information(
        data, "burden", [FIRST, SECOND], categorical=LEVELS, errors=errors, clusters=clusters
    )
    rtol = JACKKNIFE_RTOL if errors == "jackknife" else RTOL
    hold(fit, R[name], "block_2", rtol=rtol)


def test_what_a_block_adds_is_tested_as_lavaan_does(data):
    fit = fit_full_information(
        data, "burden", [FIRST, SECOND], categorical=LEVELS, errors="sandwich"
    )
    test = fit.statistics.set_index(["statistic", "group"]).loc[("wald_change", "block_2")]
    assert test["df"] == R["wald_second_block"]["df"] == 2
    assert 2 * test["estimate"] == pytest.approx(R["wald_second_block"]["chi2"], rel=2 * RTOL)


def test_an_earlier_block_rests_on_the_same_rows_as_with_lavaans_saturated_correlates(data):
    fit = fit_full_information(
        data, "burden", [FIRST, SECOND], categorical=LEVELS, errors="sandwich"
    )
    hold(fit, R["first_block"], "block_1")


def test_a_product_is_a_variable_of_its_own_as_in_lavaan(data):
    fit = fit_full_information(data, "burden", [["hours", "trust*reciprocity"]], errors="sandwich")
    hold(fit, R["product"], "block_1")


def test_an_auxiliary_variable_helps_as_lavaans_saturated_correlates_do(data):
    fit = fit_full_information(
        data, "burden", [[*FIRST, *SECOND]], categorical=LEVELS, auxiliary=["before"],
        errors="sandwich",
    )  # fmt: skip
    assert fit.auxiliary == ("before",)
    hold(fit, R["auxiliary"], "block_1")
