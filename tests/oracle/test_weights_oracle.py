"""Raking and weighted estimates against R's survey (tests/oracle/weights/make_weights.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.models.raking import rake
from driehoek.models.weighted import weighted_fit

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "weights"
R = json.loads((HERE / "weights.json").read_text(encoding="utf-8"))
PEOPLE = pd.read_csv(HERE / "people.csv", dtype={"gender": str, "age": str})
MARGINS = {"gender": {"1": 0.5, "2": 0.5}, "age": {"1": 0.4, "2": 0.35, "3": 0.25}}
RTOL = 1e-9  # both iterate until nothing moves by 1e-12


def test_raking_agrees_with_survey():
    assert rake(PEOPLE, MARGINS).weights == pytest.approx(R["weights"], rel=RTOL)


def test_trimming_agrees_with_survey():
    found = rake(PEOPLE, MARGINS, trim=1.5)
    assert found.weights == pytest.approx(R["trimmed"], rel=RTOL)
    assert found.n_trimmed > 0


@pytest.mark.parametrize(("suffix", "clusters"), [("", None), ("_clustered", PEOPLE["triad"])])
def test_weighted_means_and_models_agree_with_survey(suffix, clusters):
    weights, y = np.array(R["weights"]), PEOPLE["burden"].to_numpy()
    ones = np.ones((len(y), 1))
    mean, expected = weighted_fit(y, ones, weights, clusters), R[f"mean{suffix}"]
    ours = (mean.b[0], mean.se[0], mean.df)
    assert ours == pytest.approx((expected["mean"], expected["se"], expected["df"]), rel=RTOL)
    x = np.column_stack([ones, PEOPLE["hours"], PEOPLE["gender"] == "2"]).astype(float)
    fit, expected = weighted_fit(y, x, weights, clusters), R[f"model{suffix}"]
    assert fit.b == pytest.approx(expected["b"], rel=RTOL)
    assert fit.se == pytest.approx(expected["se"], rel=RTOL)
    assert fit.df == expected["df"]
