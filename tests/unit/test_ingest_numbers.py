"""Numbers as text: what the sign in 1.234 means is told by the column or not at all."""

import numpy as np
import pandas as pd
import pytest

from driehoek.ingest.choices import Place
from driehoek.ingest.numbers import parse_numbers


def read(cells):
    place = Place("w1.csv", "hours", np.arange(2, 2 + len(cells)), "hours")
    values, _, problems = parse_numbers(pd.Series(cells, dtype="str"), frozenset(), place)
    return values.tolist(), problems


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.200", "2,5"], [1200, 2.5]),
        (["1,200", "2.5"], [1200, 2.5]),
        (["1.200", "2.5"], [1.2, 2.5]),
        (["1,200", "2,5"], [1.2, 2.5]),
        (["0.125", "1.250"], [0.125, 1.25]),
        (["1.234,5", "7"], [1234.5, 7]),
    ],
)
def test_another_cell_of_the_column_tells_what_the_sign_means(cells, expected):
    assert read(cells) == (expected, [])


@pytest.mark.parametrize("cell", ["1.200", "1,200", "-12.000"])
def test_one_number_that_may_be_two_is_set_aside(cell):
    values, problems = read([cell, *["8"] * 40])
    assert np.isnan(values[0])
    assert values[1:] == [8.0] * 40
    assert problems == []


def test_many_of_them_stop_the_run_with_the_remedy():
    _, problems = read(["1.200", "2.400", "8"])
    message = str(problems[0])
    assert "may part thousands or decimals" in message
    assert "'1.200', '2.400' (2 of 3 answers)" in message
    assert "without a sign for thousands" in message
