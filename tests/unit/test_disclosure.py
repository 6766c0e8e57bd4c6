"""Small cells are withheld, and cannot be had by subtraction."""

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.rows import statistics_frame
from driehoek.disclosure import (
    hidden_counts,
    is_dominated,
    withhold_few_df,
    withhold_group_means,
    withhold_near_samples,
    withhold_small_counts,
    withhold_small_samples,
)
from driehoek.models.comparison import compare_groups


def counts(*values):
    rows = [
        {"term": "q", "group": str(i), "statistic": "count", "estimate": value}
        for i, value in enumerate(values)
    ]
    return statistics_frame(rows, "t")


def published(*values):
    table = withhold_small_counts(counts(*values), 10, ["term"])
    return [None if pd.isna(value) else value for value in table["estimate"]]


def test_a_count_below_the_threshold_takes_the_smallest_other_with_it():
    assert published(50, 3, 20, 0) == [50, None, None, 0]


def test_two_small_counts_hide_each_other_where_their_sum_is_large_enough():
    assert published(50, 3, 8) == [50, None, None]


def test_a_small_sum_of_small_counts_takes_the_smallest_other_with_it():
    assert published(50, 3, 4, 20) == [50, None, None, None]
    assert published(3, 4) == [None, None]


def models(n, coefficients):
    rows = [
        {"scale": "m", "group": "1", "term": str(i), "statistic": "b", "estimate": 0.1, "n": n}
        for i in range(coefficients)
    ]
    fit = {"scale": "m", "group": "1", "statistic": "r2", "estimate": 0.9, "n": n}
    other = {"scale": "k", "group": "1", "statistic": "r2", "estimate": 0.2, "n": n}
    return statistics_frame([*rows, fit, other], "models")


def test_a_model_with_few_residual_degrees_of_freedom_is_withheld_whole():
    table = withhold_few_df(models(15, 6), 10)
    assert table["estimate"].notna().tolist() == [False] * 7 + [True]
    assert table["reason"].iloc[0] == "withheld: fewer than 10 residual degrees of freedom"
    assert withhold_few_df(models(16, 6), 10)["estimate"].notna().all()


def test_a_mean_that_one_or_two_persons_dominate_is_told():
    many = np.ones(20)
    assert not is_dominated(many)
    assert is_dominated(np.array([*many, 300.0, 1.0]))
    assert is_dominated(np.array([*many, 150.0, 150.0]))
    assert is_dominated(np.array([500.0, 60.0, 30.0, 15.0]))
    assert not is_dominated(np.zeros(20))


def test_large_counts_and_zeros_are_published():
    assert published(10, 11, 0) == [10, 11, 0]


def test_every_withheld_count_has_a_reason():
    table = withhold_small_counts(counts(50, 3, 20), 10, ["term"])
    assert (table["reason"] != "").tolist() == [False, True, True]


def test_a_mean_of_too_few_persons_is_withheld_with_its_n():
    rows = [
        {"term": str(n), "statistic": "mean", "estimate": 3.2, "se": 0.1, "n": n}
        for n in (0, 9, 10)
    ]
    table = withhold_small_samples(statistics_frame(rows, "t"), 10)
    assert table["estimate"].isna().tolist() == [False, True, False]
    assert table["n"].isna().tolist() == [False, True, False]
    assert table["reason"].tolist() == ["", "withheld: fewer than 10 persons", ""]


def test_a_model_fitted_several_times_counts_its_coefficients_once():
    """Six coefficients at three shifts of what was filled in, 16 rows: 10 degrees are left."""
    shifted = [models(16, 6)[:6].assign(method=f"{shift:+g}") for shift in (-1, 0, 1)]
    table = withhold_few_df(pd.concat(shifted, ignore_index=True), 10)
    assert table["estimate"].notna().all()


def test_a_result_on_nearly_the_same_people_as_another_is_withheld():
    sizes = [195, 200, 190, 200, 199]
    rows = [{"term": str(i), "statistic": "b", "estimate": 1, "n": n} for i, n in enumerate(sizes)]
    families = pd.Series(["a", "a", "a", "a", "other"])
    table = withhold_near_samples(statistics_frame(rows, "t"), families, 10)
    assert table["estimate"].notna().tolist() == [False, True, True, True, True]
    assert table["n"].isna().tolist() == [True, False, False, False, False]
    assert table["reason"].iloc[0].startswith("withheld: beside the other result")


def test_counts_of_another_table_are_hidden_by_the_same_rule():
    """A total less 30 would give the sum of 3 and 4; so 30 is hidden as well."""
    assert [bool(each) for each in hidden_counts([50, 3, 4, 30], 10)] == [False, True, True, True]
    assert hidden_counts([50, 30, 0], 10) == ["", "", ""]


@pytest.mark.parametrize(("n_small", "is_shown"), [(3, False), (12, True)])
def test_group_means_do_not_give_away_a_group_left_out(n_small, is_shown):
    """The mean of all 43, less those of the two large groups, would be that of the other three."""
    n = [20, 20, n_small]
    people = pd.DataFrame({"by": np.repeat(["a", "b", "c"], n), "y": np.arange(float(sum(n)))})
    found = withhold_group_means(compare_groups(people, "y", "by", list("abc"), fewest=10), 10)
    means = found[found["statistic"].isin(["mean", "sd"])]
    assert means["estimate"].notna().any() == is_shown
    assert found.loc[found["statistic"] == "difference", "estimate"].notna().all()
