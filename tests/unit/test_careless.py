"""Indices of careless answering on cases small enough to do by hand."""

import math

import numpy as np
import pytest

from driehoek.cleaning import careless
from driehoek.cleaning.person_fit import guttman_errors

NAN = math.nan


@pytest.mark.parametrize(
    ("answers", "sets", "longest", "mean"),
    [
        ([1, 1, 1, 2], "aaaa", 3, 2),
        ([1, 2, 2, 2], "aaaa", 3, 2),
        ([1, 1, 1, 1], "aabb", 2, 2),
        ([1, NAN, 1, 1], "aaaa", 3, 3),
        ([1, NAN, 1, 1], "abab", 2, 1.5),
        ([NAN, NAN, NAN, NAN], "aaaa", 0, NAN),
        ([1, 2, 1, 2], "aaaa", 1, 1),
    ],
)
def test_a_run_ends_at_another_answer_or_another_set_of_options(answers, sets, longest, mean):
    found = careless.run_lengths(np.array([answers]), list(sets))
    np.testing.assert_array_equal(np.concatenate(found), [longest, mean])


def test_variability_is_none_for_straight_lines_and_not_there_for_one_answer():
    answers = np.array([[3, 3, NAN, 3], [1, 5, 1, 5], [2, NAN, NAN, NAN]], dtype=float)
    np.testing.assert_allclose(
        careless.variability(answers), [0, math.sqrt(16 / 3), NAN], rtol=1e-14
    )


def test_distances_of_complete_rows_add_up_to_items_times_degrees_of_freedom():
    answers = np.random.default_rng(1).normal(size=(40, 3))
    distance, tail = careless.mahalanobis(answers)
    assert distance.sum() == pytest.approx(3 * 39)
    assert ((tail > 0) & (tail < 1)).all()


def test_a_gap_leaves_the_distance_of_the_items_that_are_there():
    answers = np.random.default_rng(1).normal(size=(40, 3))
    answers[0, 2] = NAN
    distance, _ = careless.mahalanobis(answers)
    pair = answers[:, :2]
    deviation = pair[0] - pair.mean(axis=0)
    expected = deviation @ np.linalg.inv(np.cov(pair.T)) @ deviation
    assert distance[0] == pytest.approx(expected)


@pytest.mark.parametrize("fault", ["few", "flat", "copy"])
def test_distances_are_not_there_where_covariances_cannot_be_inverted(fault):
    answers = np.random.default_rng(1).normal(size=(3 if fault == "few" else 40, 3))
    if fault == "flat":
        answers[:, 1] = 4
    if fault == "copy":
        answers[:, 1] = answers[:, 0]
    assert all(np.isnan(found).all() for found in careless.mahalanobis(answers))


def test_even_odd_corrects_to_full_length_and_needs_three_scales():
    halves = np.array([[1, 2, 2, 4, 3, 3]], dtype=float)
    r = np.corrcoef([1, 2, 3], [2, 4, 3])[0, 1]
    pairs = [[0, 1], [2, 3], [4, 5]]
    np.testing.assert_allclose(careless.even_odd(halves, pairs), [2 * r / (1 + r)])
    assert np.isnan(careless.even_odd(halves, pairs[:2])).all()
    assert np.isnan(careless.even_odd(np.full((1, 6), 3.0), pairs)).all()


def test_opposite_halves_are_the_least_consistent_there_is():
    halves = np.array([[1, 3, 2, 2, 3, 1]], dtype=float)
    assert careless.even_odd(halves, [[0, 1], [2, 3], [4, 5]]).tolist() == [-1.0]


def test_pairs_of_items_are_found_on_both_sides_of_zero():
    x = np.arange(10, dtype=float)
    noise = np.tile([0.0, 1.0], 5)
    answers = np.column_stack([x, x + noise, -x, noise])
    assert careless.synonym_pairs(answers, 0.6) == [(0, 1)]
    assert careless.synonym_pairs(answers, -0.6) == [(0, 2), (1, 2)]
    assert np.isnan(careless.synonyms(answers, [(0, 1)])).all()


def test_guttman_errors_of_two_items_by_hand():
    levels = np.array([[2, 2], [2, 1], [2, 0], [0, 2], [1, 0], [NAN, 1]])
    errors, most = guttman_errors(levels, np.array([3, 3]))
    # Steps taken: first item 4 and 3 of 5, second item 3 and 2; order a1, a2, b1, b2.
    np.testing.assert_array_equal(errors, [0, 0, 0, 4, 0, NAN])
    np.testing.assert_array_equal(most, [0, 2, 4, 4, 2, NAN])


@pytest.mark.parametrize("k", [8, 20])
def test_random_answers_have_more_guttman_errors_than_those_with_a_tendency(k):
    rng = np.random.default_rng(1)
    place, tendency = rng.normal(0, 0.5, k), rng.normal(size=(300, 1))
    honest = np.clip(np.round(2 + tendency + place + rng.normal(0, 0.8, (300, k))), 0, 4)
    levels = np.vstack([honest, rng.integers(0, 5, (20, k))])
    errors, most = guttman_errors(levels, np.full(k, 5))
    share = errors / np.where(most > 0, most, NAN)
    assert np.nanmean(share[:300]) < 0.2
    assert 0.33 < np.nanmean(share[300:]) < 0.48
