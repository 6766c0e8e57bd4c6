"""Correlations of scores with their intervals."""

import math

import numpy as np
import pandas as pd
import pytest

from driehoek.models.correlation import correlations
from driehoek.models.errors import TermError


@pytest.fixture
def scores():
    rng = np.random.default_rng(8)
    common = rng.normal(size=60)
    frame = pd.DataFrame({name: common + rng.normal(size=60) for name in "abc"})
    frame.loc[:9, "b"] = np.nan
    frame.loc[5:19, "c"] = np.nan
    return frame


def test_every_pair_stands_once_with_its_own_n(scores):
    table = correlations(scores, ["a", "b", "c"])
    pairs = table[["scale", "term", "n", "n_excluded"]].to_numpy().tolist()
    assert pairs == [["a", "b", 50, 10], ["a", "c", 45, 15], ["b", "c", 40, 20]]


def test_the_interval_is_fishers_at_full_precision(scores):
    row = correlations(scores, ["a", "b"], confidence=0.9).iloc[0]
    pair = scores[["a", "b"]].dropna().to_numpy()
    r = np.corrcoef(pair.T)[0, 1]
    half = 1.6448536269514722 / math.sqrt(50 - 3)  # 95th percentile of the normal
    assert row["estimate"] == pytest.approx(r, rel=1e-12)
    # pingouin is told to keep 15 decimals.
    assert row["ci_low"] == pytest.approx(math.tanh(math.atanh(r) - half), abs=1e-14)
    assert row["ci_high"] == pytest.approx(math.tanh(math.atanh(r) + half), abs=1e-14)


def test_the_rank_correlation_does_not_feel_a_monotone_change(scores):
    bent = scores.assign(a=np.exp(scores["a"]))
    plain = correlations(scores, ["a", "b"], method="spearman")
    assert correlations(bent, ["a", "b"], method="spearman").equals(plain)
    assert plain["method"].item() == "spearman"


@pytest.mark.parametrize(
    ("changes", "reason", "estimate"),
    [
        ({"b": [1.0, 2, 3] + [None] * 57}, "only 3 rows have both scores", None),
        ({"b": [None] * 60}, "only 0 rows have both scores", None),
        ({"b": 3.0}, "b is the same in all 60 rows", None),
        ({"a": 1, "b": 2}, "a and b is the same", None),
        ({"b": lambda frame: 7 - 2 * frame["a"]}, "follows exactly", -1.0),
    ],
)
def test_what_cannot_be_estimated_has_a_reason(scores, changes, reason, estimate):
    frame = scores.assign(**changes)
    frame["b"] = frame["b"].astype(float)
    row = correlations(frame, ["a", "b"]).iloc[0]
    assert reason in row["reason"]
    assert math.isnan(row["ci_low"])
    assert math.isnan(row["p"])
    if estimate is None:
        assert math.isnan(row["estimate"])
    else:
        assert row["estimate"] == pytest.approx(estimate)


def test_all_faults_of_the_names_are_listed_at_once(scores):
    with pytest.raises(TermError) as caught:
        correlations(scores.assign(text="x"), ["a", "a", "text", "absent"])
    assert [problem.expression for problem in caught.value.problems] == ["a", "text", "absent"]


def test_one_score_has_no_correlation(scores):
    with pytest.raises(TermError, match="at least two"):
        correlations(scores, ["a"])


def test_nullable_numbers_are_numbers(scores):
    table = correlations(scores.convert_dtypes(), ["a", "b"])
    assert table.equals(correlations(scores, ["a", "b"]))
