"""Every kind of analysis finds its population values on the simulated demo (short form).

As in test_recovery.py, ten studies estimate their own error, so that three errors become Student's
t with nine degrees of freedom. What is imputed has a study of its own (test_imputation_study.py).
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, stdtrit

from driehoek.analysis.models import KINDS
from driehoek.simulation.method_recovery import method_studies, method_study, read_method_targets
from driehoek.simulation.recovery import MOST_ERRORS, compare
from driehoek.study import read_study

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "recovery"
STUDIES, TRIADS = 10, 300
LIMIT = -stdtrit(STUDIES - 1, ndtr(-MOST_ERRORS))
# Effects that the simulation puts in, or that follow from those: part of the id, and the sign.
EFFECTS = {
    "clustered/block_1/carer.reciprocity": -1,
    "clustered/block_1/carer.trust": -1,
    "lives_together/block_1/carer.hours": 1,
    "much_care/block_1/carer.burden": 1,
    "hours_of_care/block_1/carer.burden": 1,
    "in_its_range/block_1/carer.trust": -1,
    "give_and_receive/-/-/ols_hc3/a1": -1,
    "by_way_of_trust/-/carer.trust.about_seeker/monte_carlo/indirect": -1,
    "both_ways/carer/actor": 1,
    "both_ways/seeker/actor": 1,
    "under_professionals/-/carer.reciprocity": -1,
    "under_professionals/-/wave[w3]": 1,
    "burden_over_waves/wave[w1] - wave[w3]": -1,
}


@pytest.fixture(scope="module")
def study():
    return method_study(read_study(ROOT / "config/study.yaml"), HERE / "methods.yaml")


@pytest.fixture(scope="module")
def targets():
    return read_method_targets(HERE / "methods.json")


@pytest.fixture(scope="module")
def table(study, targets):
    return compare(method_studies(study, studies=STUDIES, triads=TRIADS), targets)


def test_every_kind_of_model_is_held_to_its_population_values(study, targets):
    assert {plan.kind for plan in study.settings.plan.models.values()} == set(KINDS)
    named = {name.split("/")[4] for name in targets["id"]}
    assert set(study.settings.plan.models) <= named


def test_population_values_have_the_sign_of_the_effects_put_in(targets):
    for part, sign in EFFECTS.items():
        found = targets[targets["id"].str.contains(part, regex=False)]
        assert len(found), part
        assert (sign * found["estimate"] > 10 * found["se"]).all(), part


def test_ten_studies_find_the_population_values(table):
    assert (table["n_missing"] == 0).all(), table.loc[table["n_missing"] > 0, "id"].tolist()
    far = table.loc[table["z"].abs() > LIMIT, ["id", "target", "mean", "z"]]
    assert far.empty, far.to_string()


def test_intervals_of_ten_studies_mostly_hold_the_population_values(table):
    coverage = table.loc[table["id"].str.startswith("models/"), "coverage"]
    assert coverage.mean() >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / STUDIES)
