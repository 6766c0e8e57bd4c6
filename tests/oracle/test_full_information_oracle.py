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


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "full_information.csv", dtype={"relation": object})


def hold(fit, expected, group):
    table = fit.statistics[fit.statistics["group"] == group]
    rows = table.set_index(["statistic", "term"])
    assert fit.n == expected["n"]
    assert rows.loc[("r2", ""), "estimate"] == pytest.approx(expected["r2"], rel=RTOL)
    assert len(table) == len(expected["b"]) + 1
    for name, figures in expected["b"].items():
        ours = rows.loc[("b", NAMES.get(name, name))]
        b, se = figures  # lavaan's intervals are normal, ours those of Student's t
        assert ours["se"] == pytest.approx(se, rel=RTOL), name
        assert ours["estimate"] == pytest.approx(b, abs=RTOL * se), name


@pytest.mark.parametrize("errors", ["model", "robust", "cluster"])
def test_coefficients_errors_and_r2_agree_with_lavaan(data, errors):
    clusters = "triad" if errors == "cluster" else None
    fit = fit_full_information(
        data, "burden", [FIRST, SECOND], categorical=LEVELS, errors=errors, clusters=clusters
    )
    hold(fit, R[errors], "block_2")


def test_an_earlier_block_rests_on_the_same_rows_as_with_lavaans_saturated_correlates(data):
    fit = fit_full_information(data, "burden", [FIRST, SECOND], categorical=LEVELS)
    hold(fit, R["first_block"], "block_1")


def test_a_product_is_a_variable_of_its_own_as_in_lavaan(data):
    fit = fit_full_information(data, "burden", [["hours", "trust*reciprocity"]])
    hold(fit, R["product"], "block_1")


def test_an_auxiliary_variable_helps_as_lavaans_saturated_correlates_do(data):
    fit = fit_full_information(
        data, "burden", [[*FIRST, *SECOND]], categorical=LEVELS, auxiliary=["before"]
    )
    assert fit.auxiliary == ("before",)
    hold(fit, R["auxiliary"], "block_1")
