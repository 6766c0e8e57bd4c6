"""Little's test against its equations in R (tests/oracle/imputation/make_imputation.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from driehoek.models.missingness import little_test

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "imputation"
R = json.loads((HERE / "imputation.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "key"), [("ordered", "little"), ("nhanes", "little_nhanes")])
def test_little_agrees_with_its_equations_in_r(file, key):
    found, expected = little_test(pd.read_csv(HERE / f"{file}.csv")), R[key]
    assert (found.df, found.n_patterns) == (expected["df"], expected["patterns"])
    # Both run EM until nothing moves by 1e-10; nhanes converges slowly.
    assert found.chi2 == pytest.approx(expected["chi2"], rel=1e-7)
    assert found.p == pytest.approx(expected["p"], rel=1e-7)
    assert found.means == pytest.approx(expected["mean"], rel=1e-8, abs=1e-9)
