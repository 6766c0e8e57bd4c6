"""A twin beside one made by sequential trees in R: the same measures, about the same utility."""

import json
from pathlib import Path

import pandas as pd
import pytest
from inventory_example import ASKED, ITEMS, inventory_form, inventory_twin

from driehoek.synthetic.risk import disco, rep_u
from driehoek.synthetic.utility import paired_pmse, standardised_pmse

RTOL = 1e-12  # both count cells, and sum at most 49 terms in float64
HERE = Path(__file__).parent
FOLDER = HERE / "synthetic"
STORED = json.loads((FOLDER / "comparison.json").read_text(encoding="utf-8"))
PAGE = HERE.parents[1] / "docs" / "methods" / "synthetic.md"
ROWS = {
    "tables of one question, pMSE over its expectation (median)": ("one_median", 2),
    "tables of two questions (median)": ("two_median", 2),
    "tables of two questions (greatest)": ("two_max", 1),
    "pMSE by a tree on all answers": ("tree_pmse", 3),
    "the same, over its mean with shuffled labels": ("tree_ratio", 2),
    "correlations of items: slope on the real ones": ("r_slope", 2),
    "correlations of items: root mean square difference": ("r_rmse", 3),
    "repU: knows age, education and gender": ("rep_u", 3),
    "DiSCO: knows these": ("disco_background", 3),
    "DiSCO: knows two answers too": ("disco_answers", 3),
    "rows that one real person alone gave": ("rows_repeated", 0),
}
CHOICES = ["education", "gender", *ITEMS]

pytestmark = pytest.mark.oracle


def categories(answers):
    return answers[ASKED].astype(float).map("{:g}".format)


@pytest.fixture(scope="module")
def same():
    """Read the answers and the synthesis by trees that R measured."""
    return [categories(pd.read_csv(FOLDER / name)) for name in ("answers_300.csv", "trees_300.csv")]


def test_utility_of_questions_and_of_pairs_is_that_of_tables_in_r(same):
    real, synthetic = (each[CHOICES] for each in same)
    pairs = paired_pmse(real, synthetic)
    for name in CHOICES:
        one = standardised_pmse(real[name], synthetic[name])
        assert one == pytest.approx(STORED["same"]["one"][name], rel=RTOL), name
        for part in ("pairs_median", "pairs_max"):
            assert pairs.loc[name, part] == pytest.approx(STORED["same"][part][name], rel=RTOL), (
                name
            )


def test_disclosure_figures_are_those_of_tables_in_r(same):
    real, synthetic = same
    keys = ["age", "education", "gender"]
    assert rep_u(real, synthetic, keys) == pytest.approx(STORED["same"]["rep_u"], rel=RTOL)
    assert STORED["same"]["rep_u"] > 0
    for item in ITEMS:
        found = disco(real, synthetic, ["education", "gender"], item)
        assert found == pytest.approx(STORED["same"]["disco"][item], rel=RTOL), item


@pytest.mark.parametrize("n", [2800, 300])
def test_a_twin_keeps_tables_of_two_answers_about_as_well_as_trees(n, tmp_path):
    """Against the mean of the stored syntheses; 8% is three times what seeds differ by."""
    if n == 300:
        answers = pd.read_csv(FOLDER / "answers_300.csv")
    else:
        items = pd.read_csv(HERE / "cfa" / "bfi.csv").rename(columns=str.lower)[ITEMS]
        answers = pd.concat([pd.read_csv(FOLDER / "background.csv"), items], axis=1)
    made = inventory_twin(answers, inventory_form(tmp_path), seed=7)
    found = paired_pmse(categories(answers)[CHOICES], categories(made.rows)[CHOICES])
    median = found["pairs_median"].median()
    assert median == pytest.approx(STORED["methods"][f"twin_{n}"]["two_median"], rel=0.08)
    assert median < 1.08 * STORED["methods"][f"trees_{n}"]["two_median"]


@pytest.mark.parametrize("label", ROWS)
def test_the_table_of_the_page_holds_what_r_measured(label):
    measure, digits = ROWS[label]
    methods = [STORED["methods"][f"{name}_{n}"] for n in (2800, 300) for name in ("twin", "trees")]
    cells = " | ".join(f"{each[measure]:.{digits}f}" for each in methods)
    assert f"| {label} | {cells} |" in PAGE.read_text(encoding="utf-8")
