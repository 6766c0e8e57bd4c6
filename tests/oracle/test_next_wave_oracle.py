"""Effect sizes between waves agree with R."""

import json
from pathlib import Path

import numpy as np
import pytest

from driehoek.next_wave.distances import cohens_d, cohens_w, two_shares_z

RTOL = 1e-12  # both sum the same few numbers in float64
STORED = json.loads(
    (Path(__file__).parent / "next_wave" / "distances.json").read_text(encoding="utf-8")
)

pytestmark = pytest.mark.oracle


def sample(name):
    return np.array(STORED[name], dtype=float)


def test_cohens_w_agrees_with_chisq_test():
    assert cohens_w(sample("a"), sample("b")) == pytest.approx(STORED["w"], rel=RTOL)


def test_cohens_d_agrees_with_t_test():
    assert cohens_d(sample("x"), sample("y")) == pytest.approx(STORED["d"], rel=RTOL)


def test_the_difference_between_shares_agrees_with_prop_test():
    assert two_shares_z(4, 50, 17, 60) ** 2 == pytest.approx(STORED["z_squared"], rel=RTOL)
