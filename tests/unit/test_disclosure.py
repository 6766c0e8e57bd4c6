"""Small cells are withheld, and cannot be had by subtraction."""

import pandas as pd

from driehoek.analysis.rows import statistics_frame
from driehoek.disclosure import withhold_small_counts, withhold_small_samples


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


def test_two_small_counts_hide_each_other():
    assert published(50, 3, 4) == [50, None, None]


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
