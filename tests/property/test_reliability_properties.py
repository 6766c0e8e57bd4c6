"""What holds for alpha, item-rest and omega whatever people answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.reliability import (
    cronbach_alpha,
    item_rest,
    item_statistics,
    omega_total,
)

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)
COMPLETE = arrays(float, SHAPES, elements=st.integers(1, 5).map(float))
WITH_GAPS = arrays(
    float, SHAPES, elements=st.one_of(st.just(float("nan")), st.integers(1, 5).map(float))
)


@st.composite
def related_answers(draw):
    """Answers of 20 to 60 people to 3 to 6 items that share one factor, with some noise."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, k = draw(st.integers(20, 60)), draw(st.integers(3, 6))
    answers = rng.normal(size=(n, 1)) * rng.uniform(0.5, 1.5, k) + rng.normal(size=(n, k))
    return np.clip(np.round(answers + 3), 1, 5)


def _alpha(values, **options):
    try:
        return cronbach_alpha(values, **options)
    except TooFewDataError:
        assume(False)


def _omega(values, **options):
    try:
        return omega_total(values, rng=np.random.default_rng(7), **options)
    except TooFewDataError:
        assume(False)


@given(COMPLETE)
def test_alpha_lies_in_its_interval_and_not_above_one(values):
    alpha = _alpha(values)
    assert alpha.ci_low <= alpha.estimate <= alpha.ci_high <= 1


@given(COMPLETE, st.floats(0.125, 8), st.integers(-50, 50), st.randoms(use_true_random=False))
def test_alpha_ignores_unit_origin_and_order(values, unit, origin, shuffle):
    alpha = _alpha(values)
    order = list(range(values.shape[1]))
    shuffle.shuffle(order)
    other = cronbach_alpha(unit * values[::-1][:, order] + origin)
    assert other.estimate == pytest.approx(alpha.estimate, rel=1e-7, abs=1e-7)


@given(COMPLETE)
def test_without_gaps_pairwise_is_complete(values):
    alpha, pairwise = _alpha(values), _alpha(values, use="pairwise")
    assert (pairwise.estimate, pairwise.ci_low) == (alpha.estimate, alpha.ci_low)


@given(WITH_GAPS, st.sampled_from(["complete", "pairwise"]))
def test_any_answers_give_a_table_or_a_reason(values, use):
    try:
        table = item_statistics(values, use=use)
    except TooFewDataError:
        return
    assert (table["item_rest"].isna() == (table["reason"] != "")).all()
    known = table["item_rest"].dropna()
    assert known.between(-1, 1).all()
    sure = table.dropna(subset=["ci_low"])
    assert (sure["ci_low"] <= sure["item_rest"] + 1e-12).all()
    assert (sure["item_rest"] <= sure["ci_high"] + 1e-12).all()


@given(WITH_GAPS, st.sampled_from(["complete", "fiml"]))
@settings(max_examples=40)
def test_any_answers_give_an_omega_or_a_reason(values, missing):
    try:
        omega = omega_total(values, rng=np.random.default_rng(1), missing=missing, n_boot=20)
    except TooFewDataError:
        return
    assert 0 <= omega.estimate <= 1
    assert omega.n_respondents + omega.n_excluded == len(values)
    assert min(omega.error_variances) > 0
    assert np.isnan(omega.ci_low) == bool(omega.reason)


@given(related_answers(), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_omega_ignores_unit_and_order(values, shuffle):
    omega = _omega(values, n_boot=0)
    order = list(range(values.shape[1]))
    shuffle.shuffle(order)
    other = _omega(100 * values[::-1][:, order] - 7, n_boot=0)
    assert other.estimate == pytest.approx(omega.estimate, abs=1e-6)
    assert sorted(other.loadings) == pytest.approx(sorted(100 * np.array(omega.loadings)), abs=1e-3)


@given(related_answers())
@settings(max_examples=40)
def test_full_information_equals_complete_rows_where_nothing_is_missing(values):
    complete = _omega(values, n_boot=0)
    full = _omega(values, n_boot=0, missing="fiml")
    assert full.estimate == pytest.approx(complete.estimate, abs=1e-9)


@given(related_answers())
@settings(max_examples=40)
def test_an_item_turned_round_turns_its_item_rest_and_no_loading_size(values):
    frame = pd.DataFrame(values)
    assume((frame.max() > frame.min()).all())
    turned = frame.assign(**{"0": 6 - frame[0]}).drop(columns=0)[["0", *list(frame.columns[1:])]]
    before, after = item_rest(frame), item_rest(turned)
    assert after.loc[0, "item_rest"] == pytest.approx(-before.loc[0, "item_rest"], abs=1e-9)
    straight, reversed_ = _omega(frame, n_boot=0), _omega(turned, n_boot=0)
    assert np.abs(reversed_.loadings) == pytest.approx(np.abs(straight.loadings), abs=1e-5)
