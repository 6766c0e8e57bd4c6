"""Pooling arithmetic against R's mice on the same completed sets (imputation/make_pooling.R)."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.models.least_squares import least_squares
from driehoek.models.multiplicity import equivalence
from driehoek.models.pooling import pool, pool_likelihoods, pool_r2, pool_statistics, pool_wald

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "imputation"
R = json.loads((HERE / "pooling.json").read_text(encoding="utf-8"))
SETS = pd.read_csv(HERE / "nhanes_completed.csv")
RTOL = 1e-8  # the same arithmetic; what differs is the rounding of least squares


@pytest.fixture(scope="module")
def fits():
    found = []
    for _, rows in SETS.groupby("set"):
        x = np.column_stack([np.ones(len(rows)), rows[["age", "bmi", "hyp"]]])
        found.append(
            least_squares(rows["chl"].to_numpy(float), x, robust="classical", clusters=None)
        )
    return found


@pytest.mark.parametrize(("key", "df"), [("pooled", 21.0), ("infinite", math.inf)])
def test_estimates_are_pooled_as_mice_pools_them(fits, key, df):
    for place, expected in enumerate(R[key]):
        found = pool(
            [fit.b[place] for fit in fits],
            [math.sqrt(fit.covariance[place, place]) for fit in fits],
            df,
        )
        ours = (found.estimate, found.se**2, found.df, found.riv, found.fmi)
        theirs = [expected[name] for name in ("estimate", "t", "df", "riv", "fmi")]
        assert ours == pytest.approx(theirs, rel=RTOL)


def test_equivalence_of_a_pooled_estimate_agrees_with_mice_and_the_t_distribution(fits):
    slope = pool([fit.b[2] for fit in fits], [math.sqrt(fit.covariance[2, 2]) for fit in fits], 21)
    expected = R["equivalence"]
    bounds = tuple(expected["bounds"])
    found = equivalence(slope.estimate, slope.se, slope.df, bounds, 0.05)
    ours = (found.p_low, found.p_high, found.ci_low, found.ci_high)
    theirs = (expected["p_low"], expected["p_high"], *expected["ci"])
    assert ours == pytest.approx(theirs, rel=RTOL)


@pytest.mark.parametrize(("key", "share"), [("r2", "r2"), ("r2_adjusted", "r2_adjusted")])
def test_r2_is_pooled_as_mice_pools_it(fits, key, share):
    # mice rounds the normal quantile to 1.96: the level of 1.96 is taken here.
    level = math.erf(1.96 / math.sqrt(2))
    found = pool_r2([getattr(fit, share) for fit in fits], 25, level)
    assert found == pytest.approx(R[key][:3], rel=RTOL)


def test_several_coefficients_are_tested_by_their_whole_covariance(fits):
    found = pool_wald([fit.b[2:] for fit in fits], [fit.covariance[2:, 2:] for fit in fits])
    ours = (found.f, found.riv, found.df2, found.p)
    assert ours == pytest.approx([R["wald"][k] for k in ("f", "riv", "df2", "p")], rel=RTOL)


def test_likelihoods_are_pooled_as_mice_pools_them():
    expected = R["likelihood"]
    found = pool_likelihoods(expected["own"], expected["at_pooled"], 2)
    ours = (found.f, found.riv, found.df2, found.p)
    assert ours == pytest.approx([expected[k] for k in ("f", "riv", "df2", "p")], rel=RTOL)


def test_tests_without_covariances_are_pooled_by_the_published_equations():
    # By hand (Li et al., 1991): sqrt of 4 and 9 has variance 0.5, r = 1.5 * 0.5 = 0.75.
    found = pool_statistics([4.0, 9.0], 1)
    assert found.riv == pytest.approx(0.75)
    assert found.f == pytest.approx((6.5 - 3 * 0.75) / 1.75)
    assert found.df2 == pytest.approx((1 + 1 / 0.75) ** 2)


def test_sets_that_agree_give_back_the_one_analysis():
    found = pool([1.5, 1.5, 1.5], [0.2, 0.2, 0.2], 20.0)
    assert (found.estimate, found.se, found.riv) == pytest.approx((1.5, 0.2, 0.0))
    assert found.df < 20


def test_one_set_is_refused_in_words():
    with pytest.raises(ValueError, match="two or more"):
        pool([1.0], [0.1])
