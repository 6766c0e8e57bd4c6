"""Indices of careless answering against R (tests/oracle/careless/careless.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.cleaning import careless
from driehoek.cleaning.person_fit import guttman_errors

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent
R = json.loads((HERE / "careless" / "careless.json").read_text(encoding="utf-8"))
ITEMS = [f"{factor}{number}" for factor in "ACENO" for number in range(1, 6)]
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
ROUNDING = 1e-10  # the same sums in another order


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(HERE / "cfa" / "bfi.csv")[ITEMS].iloc[:300].to_numpy(float)


def agrees(found, expected):
    expected = np.array(expected, dtype=float)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=ROUNDING, atol=ROUNDING)


def test_runs_of_equal_answers_agree_with_run_length_encoding(answers):
    longest, mean = careless.run_lengths(answers, ["agree"] * 25)
    agrees(longest, R["longest"])
    agrees(mean, R["mean_run"])


def test_variability_agrees_with_the_standard_deviation_of_each_row(answers):
    agrees(careless.variability(answers), R["irv"])


def test_mahalanobis_distances_of_complete_responses_agree_with_psych(answers):
    complete = answers[~np.isnan(answers).any(axis=1)]
    distance, tail = careless.mahalanobis(complete)
    agrees(distance, R["mahalanobis"])
    agrees(tail, R["tail"])


def test_even_odd_consistency_agrees_with_the_published_index(answers):
    keyed = answers.copy()
    columns = [ITEMS.index(item) for item in REVERSED]
    keyed[:, columns] = 7 - keyed[:, columns]
    factors = [range(start, start + 5) for start in range(0, 25, 5)]
    agrees(careless.even_odd(keyed, factors), R["even_odd"])


def test_synonyms_and_antonyms_agree_and_are_the_same_pairs(answers):
    for name, limit in (("synonyms", 0.45), ("antonyms", -0.30)):
        pairs = careless.synonym_pairs(answers, limit)
        assert len(pairs) == R[f"n_{name}"]
        agrees(careless.synonyms(answers, pairs), R[name])


def test_guttman_errors_and_their_most_agree_with_counting_every_pair_and_pattern(answers):
    three = answers[:, [ITEMS.index(item) for item in ("N1", "N2", "N3")]]
    three = three[~np.isnan(three).any(axis=1)] - 1
    errors, most = guttman_errors(three, np.array([6, 6, 6]))
    agrees(errors, R["guttman"]["errors"])
    agrees(most, R["guttman"]["most"])
