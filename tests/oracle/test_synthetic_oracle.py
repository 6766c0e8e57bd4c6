"""The utility of a synthetic variable: a logistic regression in R, and its own expectation."""

import json
from pathlib import Path

import numpy as np
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


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_a_right_synthesis_has_a_standardised_pmse_of_one_on_average(share):
    """What it is standardised by is its expectation where answers are drawn from the real shares.

    Snoke et al. (2018), equation 2, holds for large samples; 2,000 draws, four Monte-Carlo
    standard errors and 2% for the 600 to 1,400 rows.
    """
    rng = np.random.default_rng(6)
    n = 1400
    real = rng.choice(list("abcd"), size=n, p=[0.4, 0.3, 0.2, 0.1])
    drawn = round(n * share / (1 - share))
    found = np.array([
        standardised_pmse(real, rng.choice(real, size=drawn)) for _ in range(2000)
    ])  # fmt: skip
    margin = 4 * found.std(ddof=1) / np.sqrt(len(found)) + 0.02
    assert abs(found.mean() - 1) < margin
