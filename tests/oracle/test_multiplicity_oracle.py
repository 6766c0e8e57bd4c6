"""Adjusted p values and tests of equivalence against R (tests/oracle/families)."""

import json
import math
from pathlib import Path

import pytest

from driehoek.models.multiplicity import adjusted, equivalence

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "families"
R = json.loads((HERE / "families.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["holm", "bh"])
def test_adjusted_p_values_agree_with_p_adjust(kind):
    ours = adjusted([*R["ps"][:3], math.nan, *R["ps"][3:]], kind).tolist()
    assert math.isnan(ours.pop(3))  # what was not estimable does not count
    assert ours == pytest.approx(R[kind], rel=1e-12)


@pytest.mark.parametrize(("case", "df"), [("df37", 37), ("normal", math.inf)])
def test_two_one_sided_tests_agree_with_the_closed_form_in_r(case, df):
    found, expected = equivalence(0.04, 0.05, df, (-0.15, 0.15), 0.05), R[case]
    assert [found.p_low, found.p_high] == pytest.approx(
        [expected["p_low"], expected["p_high"]], rel=1e-10
    )
    assert [found.ci_low, found.ci_high] == pytest.approx(expected["ci"], rel=1e-12)
    assert found.p == found.p_high
