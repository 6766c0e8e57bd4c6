"""Weights by raking: what they do, what they change, and what they refuse."""

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.models import models
from driehoek.analysis.weighting import weighted_results
from driehoek.files import write_csv
from driehoek.models.raking import rake
from driehoek.problems import StudyError
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.weights import model_tables, weights_tables
from driehoek.study import read_study
from tests.imputed_example import linked_tables, people_with_gaps
from tests.small_study import INSTRUMENT, STUDY, small_questionnaire, small_study

HALVES = {"g": {"a": 0.5, "b": 0.5}}
GENDER = """
  gender: {kind: choice, roles: [carer], response: yesno, text: {nl: vrouw, en: woman},
    label: {nl: vrouw, en: woman}}
  age: {"""
PLAN = """
plan:
  weights: {people: {role: carer, margins: {gender: {"1": 0.5, "2": 0.5}}}}
  models:
    warm:
      {kind: linear, wave: w1, outcome: carer.warmth, blocks: [[carer.hours]], weights: people}
disclosure: {min_cell: 1}
"""


def sample(n_a=80, n_b=20):
    return pd.DataFrame({"g": ["a"] * n_a + ["b"] * n_b})


def weighted_study(folder, plan=PLAN):
    small_study(folder)
    small_questionnaire(folder, INSTRUMENT.replace("\n  age: {", GENDER, 1))
    (folder / "study.yaml").write_text(STUDY + plan, encoding="utf-8")
    return read_study(folder / "study.yaml")


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    study = weighted_study(folder)
    waves = people_with_gaps(60)
    for people in waves.values():
        for i, person in enumerate(people):
            if person["role"] == "carer":
                person["gender"] = 1.0 if i % 3 else 0.0
    linked = linked_tables(study, waves)
    described, weighted = weighted_results(linked.long, linked.triads, study)
    plain = models(linked.long, linked.triads, study)
    for name, table in {"weights": described, "models_weighted": weighted, "models": plain}.items():
        write_csv(folder / f"{name}.csv", table)
    names = ("weights", "models_weighted", "models")
    return study, linked, described, weighted, read_results(folder / f"{n}.csv" for n in names)


def test_weights_make_the_shares_those_of_the_population():
    found = rake(sample(), HALVES)
    assert found.weights[:80] == pytest.approx(50 / 80)
    assert found.weights[80:] == pytest.approx(50 / 20)
    # By hand: 100 * (80 * .625^2 + 20 * 2.5^2) / 100^2.
    assert found.design_effect == pytest.approx(1.5625)


def test_a_weight_above_the_limit_is_cut_and_the_sum_stays():
    found = rake(sample(), HALVES, trim=2.0)
    assert found.weights.max() == pytest.approx(2.0)
    assert found.weights.sum() == pytest.approx(100)
    assert found.n_trimmed == 20


def test_who_lacks_a_margin_has_no_weight():
    people = sample()
    people.loc[0, "g"] = None
    found = rake(people, HALVES)
    assert np.isnan(found.weights[0])
    assert found.n == 99


@pytest.mark.parametrize(
    ("people", "margins", "reason"),
    [
        (sample(n_b=0), HALVES, "nobody in the sample has g = b"),
        (sample(), {"g": {"a": 1.0}}, "no share in the population for b"),
        (pd.DataFrame({"g": [None, None]}), HALVES, "nobody has an answer"),
        (
            pd.DataFrame({"g": ["a", "b"], "h": ["x", "y"]}),
            {"g": {"a": 0.5, "b": 0.5}, "h": {"x": 0.9, "y": 0.1}},
            "cannot be met together",
        ),
    ],
)
def test_what_cannot_be_raked_says_why(people, margins, reason):
    with pytest.raises(TooFewDataError, match=reason):
        rake(people, margins)


def test_weighted_shares_are_those_of_the_population(example):
    _, _, described, _, _ = example
    weighted = described[described["statistic"] == "share_weighted"]["estimate"]
    assert weighted.to_numpy() == pytest.approx(0.5)
    sampled = described[described["statistic"] == "share"]["estimate"]
    assert not np.allclose(sampled, 0.5)


def test_a_weighted_model_rests_on_the_rows_that_have_a_weight(example):
    _, linked, _, weighted, _ = example
    rows = linked.triads[linked.triads["wave"] == "w1"]
    complete = rows[["carer.warmth", "carer.hours", "carer.gender"]].notna().all(axis=1)
    assert (weighted["n"] == complete.sum()).all()
    assert [*weighted["term"]] == ["intercept", "carer.hours"]
    assert weighted["se"].gt(0).all()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_tables_show_results_without_and_with_weights(example, language):
    study, *_, results = example
    material = gather(study, results, language)
    names = [table.name for table in weights_tables(material)]
    assert names == ["weights_people", "weights_people_shares", "weights_people_means"]
    assert not any("people" in table.title for table in weights_tables(material))
    (table,) = model_tables(material, "warm")
    assert all(len(row.cells) == 8 for row in table.rows)
    assert "" not in [cell.written(language) for row in table.rows for cell in row.cells]


def test_the_share_of_a_small_group_is_withheld_with_one_more(tmp_path):
    study = weighted_study(tmp_path, PLAN.replace("min_cell: 1", "min_cell: 10"))
    waves = people_with_gaps(40)
    for people in waves.values():
        for i, person in enumerate(each for each in people if each["role"] == "carer"):
            person["gender"] = 0.0 if i < 4 else 1.0
    linked = linked_tables(study, waves)
    described, _ = weighted_results(linked.long, linked.triads, study)
    shares = described[described["statistic"].isin(["share", "share_weighted"])]
    assert shares["estimate"].isna().all()
    assert (shares["n"] >= 10).all()


def test_faults_in_weights_are_reported_together(tmp_path):
    plan = PLAN.replace(
        '{gender: {"1": 0.5, "2": 0.5}}', '{gender: {"1": 0.5, "7": 0.5}, sex: {"1": 1}}'
    )
    with pytest.raises(StudyError) as fault:
        weighted_study(tmp_path, plan.replace("weights: people}", "weights: peple}"))
    text = str(fault.value)
    assert all(word in text for word in ("'7'", "'sex'", "'peple'"))


def test_shares_that_do_not_add_up_are_refused(tmp_path):
    with pytest.raises(StudyError, match=r"add up to 0\.9"):
        weighted_study(tmp_path, PLAN.replace('"2": 0.5', '"2": 0.4'))
