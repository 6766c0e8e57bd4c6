"""The utility of a synthetic variable agrees with a logistic regression in R."""

import json
from pathlib import Path

import pytest

from driehoek.synthetic.utility import standardised_pmse

RTOL = 1e-9  # R finds the shares by iteration, we by counting
STORED = json.loads(
    (Path(__file__).parent / "synthetic" / "utility.json").read_text(encoding="utf-8")
)

pytestmark = pytest.mark.oracle


def test_the_standardised_pmse_agrees_with_a_logistic_regression():
    found = standardised_pmse(STORED["real"], STORED["synthetic"])
    assert found == pytest.approx(STORED["s_pmse"], rel=RTOL)
