"""Comparisons: what is left out, refused and said."""

import numpy as np
import pandas as pd
import pytest

from driehoek.models.comparison import associate, compare_groups
from driehoek.models.paired_comparison import compare_pairs


def pick(table, statistic):
    rows = table[table["statistic"] == statistic]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.fixture
def people():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"by": np.repeat(["a", "b", "c"], [20, 20, 3]), "y": rng.normal(size=43)})
    return frame.assign(y=frame["y"].mask(frame.index == 1))


def test_a_small_group_is_left_out_with_a_reason_and_does_not_count(people):
    table = compare_groups(people, "y", "by", ["a", "b", "c"], fewest=10)
    reasons = table.set_index("group")["reason"]
    assert reasons["by[c]"] == "left out: fewer than 10 persons"
    assert "f_welch" not in set(table["statistic"])
    assert pick(table, "difference")["n"] == 39


def test_one_group_alone_is_a_reason_and_no_number(people):
    table = compare_groups(people, "y", "by", ["a"])
    assert pick(table, "difference")["reason"] == (
        "1 group(s) have at least 2 persons; two are needed"
    )


def test_groups_without_variance_are_a_reason_and_no_number(people):
    flat = people.assign(y=people["by"].map({"a": 1.0, "b": 2.0, "c": 3.0}))
    table = compare_groups(flat, "y", "by", ["a", "b"])
    assert "nobody differs" in pick(table, "difference")["reason"]


def test_groups_that_do_not_overlap_have_no_interval_of_the_rank_correlation():
    frame = pd.DataFrame({"by": list("aaabbb"), "y": [1.0, 2, 3, 7, 8, 9]})
    r = pick(compare_groups(frame, "y", "by", ["a", "b"]), "rank_biserial")
    assert r["estimate"] == -1
    assert "do not overlap" in r["reason"]


def test_a_thin_table_says_that_its_chi_square_is_rough():
    frame = pd.DataFrame({"x": list("aabbbb"), "y": list("uvuvvv")})
    chi2 = pick(associate(frame, "y", "x"), "chi2")
    assert "below 5 the test is rough" in chi2["reason"]
    assert 0 < chi2["p"] < 1


def test_the_same_difference_everywhere_has_no_interval():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [2.0, 3, 4, 5]})
    found = pick(compare_pairs(frame, ["a", "b"]), "difference")
    assert found["estimate"] == -1
    assert "same difference" in found["reason"]


def test_exact_intervals_of_d_cover_as_often_as_they_should():
    """Standardised differences of .5 with 20 a group, 3 Monte-Carlo standard errors about .95."""
    rng, covered = np.random.default_rng(4), 0
    for _ in range(200):
        y = rng.normal(size=40) + np.repeat([0.5, 0.0], 20)
        frame = pd.DataFrame({"by": np.repeat(["a", "b"], 20), "y": y})
        g = pick(compare_groups(frame, "y", "by", ["a", "b"]), "g")
        covered += g["ci_low"] < 0.5 * (1 - 3 / 151) < g["ci_high"]
    assert abs(covered / 200 - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 200)
