"""Logistic, ordinal, count and fractional models: what they find, refuse and say."""

import math

import numpy as np
import pandas as pd
import pytest

from driehoek.models.errors import TermError
from driehoek.models.generalised import fit_generalised
from driehoek.models.generalised_outcome import Outcome
from driehoek.psychometrics.errors import TooFewDataError


@pytest.fixture
def carers():
    rng = np.random.default_rng(5)
    n = 120
    frame = pd.DataFrame({"triad": np.arange(n) // 2, "x": rng.normal(size=n)})
    frame["stops"] = (rng.uniform(size=n) < 1 / (1 + np.exp(-frame["x"]))).astype(int)
    frame["grade"] = np.digitize(frame["x"] + rng.logistic(size=n), [-1, 0.5])
    frame["visits"] = rng.poisson(np.exp(0.5 + 0.4 * frame["x"]))
    return frame


def pick(table, statistic, term=""):
    rows = table[(table["statistic"] == statistic) & (table["term"] == term)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_an_odds_ratio_of_a_table_of_two_by_two_is_worked_out_by_hand():
    frame = pd.DataFrame({"x": [0] * 10 + [1] * 10, "y": [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4})
    fit = fit_generalised(frame, Outcome("y", "logistic"), [["x"]], errors="model")
    ratio = pick(fit.coefficients, "odds_ratio", "x")
    assert ratio["estimate"] == pytest.approx((6 / 4) / (2 / 8))
    b = pick(fit.coefficients, "b", "x")
    assert b["se"] == pytest.approx(math.sqrt(1 / 2 + 1 / 8 + 1 / 6 + 1 / 4))


@pytest.mark.parametrize("family", ["logistic", "ordinal", "poisson", "fractional"])
def test_separation_is_named_in_words_with_the_term_behind_it(family):
    x = np.arange(30) // 10
    outcomes = {
        "logistic": x > 1, "ordinal": x, "poisson": np.where(x > 1, 3 + x % 2, 0),
        "fractional": np.where(x > 1, 1, 0),
    }  # fmt: skip
    other = np.tile([0.0, 1, 0, 0, 1, 1], 5)
    frame = pd.DataFrame({"x": (x > 1).astype(int), "other": other, "y": outcomes[family] * 1})
    if family == "ordinal":
        frame["x"] = x
    with pytest.raises(TooFewDataError, match=r"^x tell some outcomes apart perfectly"):
        fit_generalised(frame, Outcome("y", family), [["other", "x"]])


def test_a_level_that_only_one_answer_has_is_quasi_separation():
    frame = pd.DataFrame({"r": list("aaaaaabbbbbbcc"), "y": [0, 1, 0, 1, 0, 1] * 2 + [1, 1]})
    with pytest.raises(TooFewDataError, match=r"r\[c\] tell"):
        fit_generalised(frame, Outcome("y", "logistic"), [["r"]], categorical={"r": list("abc")})


def test_the_answer_that_counts_decides_the_sign(carers):
    words = carers.assign(y=carers["stops"].map({0: "1", 1: "2"}))
    for event, sign in {"1": -1, "2": 1}.items():
        outcome = Outcome("y", "logistic", ("1", "2"), event=event)
        fit = fit_generalised(words, outcome, [["x"]])
        assert np.sign(pick(fit.coefficients, "b", "x")["estimate"]) == sign
        assert fit.notes[0].startswith(f"y counts where it is {event}")


def test_values_that_are_no_counts_are_refused_with_the_way_out(carers):
    halves = carers.assign(visits=carers["visits"] + 0.5)
    with pytest.raises(TooFewDataError, match="use family: poisson"):
        fit_generalised(halves, Outcome("visits", "negative_binomial"), [["x"]])
    assert fit_generalised(halves, Outcome("visits", "poisson"), [["x"]]).n == 120
    with pytest.raises(TooFewDataError, match="below zero"):
        fit_generalised(halves.assign(visits=-1.0 * carers.index), Outcome("visits", "poisson"),
                        [["x"]])  # fmt: skip


def test_counts_without_dispersion_say_so(carers):
    even = carers.assign(visits=np.tile([2, 3], 60))
    with pytest.raises(TooFewDataError, match="no more than a Poisson"):
        fit_generalised(even, Outcome("visits", "negative_binomial"), [["x"]])


def test_two_categories_have_no_test_of_proportional_odds(carers):
    two = carers.assign(grade=carers["grade"] > 0)
    fit = fit_generalised(two, Outcome("grade", "ordinal"), [["x"]])
    assert "nothing to compare" in pick(fit.tests, "brant")["reason"]
    logistic = fit_generalised(two.assign(grade=two["grade"] * 1), Outcome("grade", "logistic"),
                               [["x"]])  # fmt: skip
    ours, theirs = (pick(each.coefficients, "b", "x")["estimate"] for each in (fit, logistic))
    assert ours == pytest.approx(theirs)


def test_a_score_outside_its_range_is_refused(carers):
    with pytest.raises(TooFewDataError, match="outside its range from 0 to 1"):
        fit_generalised(carers, Outcome("visits", "fractional"), [["x"]])


def test_one_answer_only_is_a_reason(carers):
    with pytest.raises(TooFewDataError, match="nothing to explain"):
        fit_generalised(carers.assign(stops=1), Outcome("stops", "logistic"), [["x"]])


def test_constant_and_collinear_terms_are_rows_with_a_reason(carers):
    twice = carers.assign(z=2 * carers["x"] + 1, flat=3.0)
    fit = fit_generalised(twice, Outcome("stops", "logistic"), [["x"], ["z", "flat"]])
    rows = fit.coefficients[fit.coefficients["estimate"].isna()].set_index("term")["reason"]
    assert "fully determined by x" in rows["z"]
    assert "the same in every row used" in rows["flat"]
    with pytest.raises(TermError):
        fit_generalised(carers, Outcome("x", "logistic"), [["x"]])


def test_intervals_cover_with_pairs_of_carers_as_often_as_they_should():
    """Clustered intervals of 100 triads, 3 Monte-Carlo standard errors about .95."""
    rng, covered, n = np.random.default_rng(8), 0, 150
    for _ in range(n):
        x, u = np.repeat(rng.normal(size=100), 2), np.repeat(rng.normal(size=100), 2)
        y = rng.poisson(np.exp(0.3 * x + 0.5 * u))
        frame = pd.DataFrame({"x": x, "y": y, "triad": np.arange(200) // 2})
        fit = fit_generalised(frame, Outcome("y", "poisson"), [["x"]], errors="cluster",
                              clusters="triad")  # fmt: skip
        b = pick(fit.coefficients, "b", "x")
        covered += b["ci_low"] < 0.3 < b["ci_high"]
    assert abs(covered / n - 0.95) < 3 * math.sqrt(0.95 * 0.05 / n)
