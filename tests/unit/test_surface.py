"""Response surfaces: shapes by hand, hard cases, coverage."""

import math

import numpy as np
import pandas as pd
import pytest

from driehoek.models.response_surface import fit_surface
from driehoek.psychometrics.errors import TooFewDataError


def people(n=200, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, n).astype(float)
    y = np.clip(x + rng.integers(-2, 3, n), 1, 5)
    return pd.DataFrame({"x": x, "y": y, "e": rng.normal(size=n)})


def rows(frame, **options):
    return fit_surface(frame, "z", ["x", "y"], (1, 5), **options).statistics.set_index("statistic")


def test_a_surface_of_disagreement_has_its_ridge_along_agreement():
    frame = people()
    frame["z"] = 10 - (frame["x"] - frame["y"]) ** 2 + 0.01 * frame["e"]
    found = rows(frame)
    features = found.loc[["a1", "a2", "a3", "a4", "a5"], "estimate"].tolist()
    assert features == pytest.approx([0, 0, 0, -4, 0], abs=0.02)


def test_the_surface_is_given_at_the_values_of_the_scale():
    frame = people()
    frame["z"] = 2 * frame["x"] - frame["y"]
    found = fit_surface(frame, "z", ["x", "y"], (1, 5)).statistics
    corner = found[(found["statistic"] == "surface") & (found["group"] == "09")]
    assert corner["estimate"].tolist() == pytest.approx(list(10 - np.linspace(1, 5, 9)))
    at = found[found["statistic"] == "surface_at"]["estimate"].tolist()
    assert at == pytest.approx(list(np.linspace(1, 5, 9)))


def test_a_flat_surface_has_no_axes_and_says_so():
    frame = people()
    frame["z"] = frame["x"] + frame["y"]
    found = rows(frame)
    assert math.isnan(found.loc["p11", "estimate"])
    assert "principal axes" in found.loc["p11", "reason"]


def test_predictors_that_are_alike_in_every_row_have_no_surface():
    frame = people().assign(z=lambda f: f["e"])
    with pytest.raises(TooFewDataError, match="there is no surface"):
        rows(frame.assign(y=frame["x"]))


def test_a_constant_outcome_and_too_few_rows_are_reasons():
    with pytest.raises(TooFewDataError, match="nothing to explain"):
        rows(people().assign(z=3.0))
    with pytest.raises(TooFewDataError, match="cannot carry"):
        rows(people(6).assign(z=lambda f: f["e"]))


def test_a_line_through_a_bipolar_score_is_no_u():
    frame = people().assign(balance=lambda f: f["x"] - 3, z=lambda f: f["x"] + 0.1 * f["e"])
    found = fit_surface(frame, "z", ["balance"], (-2, 2)).statistics.set_index("statistic")
    assert "same sign at both ends" in found.loc["u_shape", "reason"]


def test_intervals_of_the_curvature_cover_as_often_as_they_should():
    """a4 of 60 triads with unequal spread, 3 Monte-Carlo standard errors about .95."""
    covered, n = 0, 200
    for seed in range(n):
        frame = people(60, seed)
        gap = frame["x"] - frame["y"]
        frame["z"] = -0.3 * gap**2 + frame["e"] * (1 + 0.3 * gap.abs())
        row = rows(frame).loc["a4"]
        covered += row["ci_low"] < -1.2 < row["ci_high"]
    assert abs(covered / n - 0.95) < 3 * math.sqrt(0.95 * 0.05 / n)
