"""The effects that were put into the demo are found again (short form of simulation-study).

The whole check takes 200 studies and asks for 3 errors; 10 studies estimate their own error, so the
same chance of a false alarm asks for Student's t with 9 degrees of freedom in its place.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, stdtrit

from driehoek.simulation.recovery import MOST_ERRORS, compare, read_targets, small_studies
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parents[2]
TARGETS = Path(__file__).parent / "recovery" / "targets.json"
STUDIES, TRIADS = 10, 300
LIMIT = -stdtrit(STUDIES - 1, ndtr(-MOST_ERRORS))
EFFECTS = {
    "carer.hours": 1,
    "carer.reciprocity.about_seeker": -1,
    "carer.trust.about_seeker": -1,
    "carer.reciprocity.about_seeker:carer.trust.about_seeker": -1,
    "wave[w2]": 1,
    "wave[w3]": 1,
}


@pytest.fixture(scope="module")
def demo() -> Study:
    return read_study(ROOT / "config" / "study.yaml")


@pytest.fixture(scope="module")
def targets(demo: Study) -> pd.DataFrame:
    return read_targets(TARGETS, demo)


@pytest.fixture(scope="module")
def table(demo: Study, targets: pd.DataFrame) -> pd.DataFrame:
    return compare(small_studies(demo, studies=STUDIES, triads=TRIADS), targets)


@pytest.mark.oracle
def test_population_values_have_the_sign_of_the_effects_put_in(targets: pd.DataFrame):
    coefficients = targets[targets["id"].str.startswith("models/")]
    terms = coefficients["id"].str.split("/").str[6]
    for term, sign in EFFECTS.items():
        found = coefficients[(terms == term).to_numpy()]
        assert len(found)
        assert (sign * found["estimate"] > 10 * found["se"]).all(), term


@pytest.mark.oracle
def test_ten_studies_find_the_population_values(table: pd.DataFrame):
    assert (table["n_missing"] == 0).all()
    far = table.loc[table["z"].abs() > LIMIT, ["id", "target", "mean", "z"]]
    assert far.empty, far.to_string()


@pytest.mark.oracle
def test_intervals_of_ten_studies_mostly_hold_the_population_values(table: pd.DataFrame):
    """Over all coefficients of the models together; single ones need the whole check."""
    coverage = table.loc[table["id"].str.startswith("models/"), "coverage"]
    assert coverage.mean() >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / STUDIES)
