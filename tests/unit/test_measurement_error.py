"""Error of measurement, reliable change and the reliability of composites: closed forms."""

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.measurement_error import (
    reliable_change,
    smallest_detectable_change,
    standard_error_of_measurement,
    stratified_reliability,
)
from driehoek.psychometrics.reliability import bonett_interval, cronbach_alpha, feldt_interval


def test_the_smallest_detectable_change_of_the_csi_is_the_published_one():
    """Post et al. (2007): SEM 1.0, smallest detectable difference 2.8."""
    assert smallest_detectable_change(1.0) == pytest.approx(2.8, abs=0.05)
    assert smallest_detectable_change(1.0, n=25) == pytest.approx(2.8 / 5, abs=0.01)


def test_the_error_of_a_score_follows_from_its_reliability():
    assert standard_error_of_measurement(10, 0.84) == pytest.approx(4)
    assert standard_error_of_measurement(10, -0.2) == 10


def test_change_counts_from_the_error_of_a_difference():
    found = reliable_change([10, 10, 10, np.nan], [15, 12, 4, 3], sem=2.0)
    assert found["index"].iloc[0] == pytest.approx(5 / (2 * np.sqrt(2)))
    assert found["direction"].tolist() == [0, 0, -1, pd.NA]
    with pytest.raises(TooFewDataError, match="above 0"):
        reliable_change([1], [2], sem=0.0)


def test_the_stratified_reliability_of_single_stratum_parts_is_that_of_their_sum():
    rng = np.random.default_rng(2)
    trait = rng.normal(size=(5000, 1))
    first, second = (trait + rng.normal(size=(5000, 4)) for _ in range(2))
    scores = np.column_stack([first.sum(axis=1), second.sum(axis=1)])
    parts = [cronbach_alpha(each).estimate for each in (first, second)]
    found = stratified_reliability(np.cov(scores.T), parts)
    assert found == pytest.approx(8 / 9, abs=0.01)  # Spearman-Brown: 8 parallel items, r = 1/2
    assert found == pytest.approx(
        stratified_reliability(np.cov(scores.T), parts, weights=[0.5, 0.5]), rel=1e-12
    )


def test_bonetts_interval_is_its_published_form_and_close_to_feldts():
    low, high = bonett_interval(0.8, 100, 5)
    centre, half = np.log(0.2) - np.log(100 / 99), 1.959963984540054 * np.sqrt(10 / (4 * 98))
    assert [low, high] == pytest.approx([1 - np.exp(centre + half), 1 - np.exp(centre - half)])
    assert [low, high] == pytest.approx(feldt_interval(0.8, 100, 5), abs=0.01)
