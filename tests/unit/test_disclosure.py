"""Small cells are withheld, and cannot be had by subtraction."""

import numpy as np
import pandas as pd

from driehoek.analysis.rows import statistics_frame
from driehoek.disclosure import (
    is_dominated,
    withhold_few_df,
    withhold_small_counts,
    withhold_small_samples,
)


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
