"""Comparisons of groups, roles and choices against R (tests/oracle/comparison)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.comparison import associate, compare_groups
from driehoek.models.paired_comparison import compare_pairs

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "comparison"
R = json.loads((HERE / "comparisons.json").read_text(encoding="utf-8"))

RTOL = 1e-8  # closed forms in float64
ROOT_RTOL = 1e-6  # roots of noncentral distributions: two algorithms, each to about 1e-9
STUDENT = ["estimate", "se", "df", "ci_low", "ci_high", "p"]
WITH_ENDS = ["estimate", "ci_low", "ci_high"]


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "comparisons.csv")


def row(table, statistic, group=""):
    found = table[(table["statistic"] == statistic) & (table["group"] == group)]
    assert len(found) == 1, (statistic, group)
    return found.iloc[0]


def values(found, columns):
    return [found[column] for column in columns]


def test_two_groups_agree_with_welch_hedges_and_mann_whitney_in_r(data):
    table = compare_groups(data[data["relation"] != "c"], "burden", "relation", ["a", "b"])
    pair = "relation[a] - relation[b]"
    assert values(row(table, "difference", pair), STUDENT) == pytest.approx(R["welch"], rel=RTOL)
    assert values(row(table, "g", pair), WITH_ENDS) == pytest.approx(R["g"], rel=ROOT_RTOL)
    assert values(row(table, "u", pair), ["estimate", "p"]) == pytest.approx(R["u"], rel=RTOL)
    r = row(table, "rank_biserial", pair)
    assert values(r, WITH_ENDS) == pytest.approx(R["rank_biserial"], rel=RTOL)


def test_three_groups_agree_with_welch_kruskal_and_games_howell_in_r(data):
    table = compare_groups(data, "burden", "relation", ["a", "b", "c"])
    f, below = row(table, "f_welch"), row(table, "f_welch_df2")
    ours = [f["estimate"], f["df"], below["estimate"], f["p"]]
    assert ours == pytest.approx(R["f_welch"], rel=RTOL)
    assert values(row(table, "omega2"), WITH_ENDS) == pytest.approx(R["omega2"], rel=ROOT_RTOL)
    assert values(row(table, "h"), ["estimate", "df", "p"]) == pytest.approx(R["h"], rel=RTOL)
    assert row(table, "epsilon2")["estimate"] == pytest.approx(R["epsilon2"], rel=RTOL)
    pairs = table[table["statistic"] == "difference"]
    for ours, expected in zip(pairs.to_dict("records"), R["games_howell"], strict=True):
        # The studentised range is an integral: R's has some six digits.
        assert [ours[name] for name in STUDENT] == pytest.approx(expected, rel=1e-5)


def test_two_choices_agree_with_chi_square_and_fisher_in_r(data):
    table = associate(data, "lives", "relation")
    assert values(row(table, "chi2"), ["estimate", "df", "p"]) == pytest.approx(R["chi2"], rel=RTOL)
    v = values(row(table, "cramers_v"), WITH_ENDS)
    assert v == pytest.approx(R["cramers_v"], rel=ROOT_RTOL, abs=1e-6)
    assert row(table, "expected_min")["estimate"] == pytest.approx(R["expected_min"], rel=RTOL)
    two = associate(data[data["relation"] != "c"], "lives", "relation")
    ours = values(row(two, "fisher"), ["estimate", "p"])
    assert ours == pytest.approx(R["fisher"], rel=1e-7)


def test_roles_side_by_side_agree_with_paired_tests_in_r(data):
    table = compare_pairs(data, ["seeker", "carer", "professional"])
    pair = "seeker - carer"
    assert values(row(table, "difference", pair), STUDENT) == pytest.approx(R["paired"], rel=RTOL)
    assert values(row(table, "d_z", pair), WITH_ENDS) == pytest.approx(R["d_z"], rel=ROOT_RTOL)
    assert values(row(table, "w", pair), ["estimate", "p"]) == pytest.approx(R["w"], rel=RTOL)
    ours = values(row(table, "friedman"), ["estimate", "df", "p"])
    assert ours == pytest.approx(R["friedman"], rel=RTOL)
    assert row(table, "kendall_w")["estimate"] == pytest.approx(R["kendall_w"], rel=RTOL)
    holm = table[table["statistic"] == "p_holm"]["estimate"].tolist()
    assert holm == pytest.approx(R["holm"], rel=RTOL)
