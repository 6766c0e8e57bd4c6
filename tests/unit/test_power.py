"""Power of a planned study by simulation."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from driehoek.cli import main
from driehoek.plan.power import PowerPlan
from driehoek.problems import StudyError
from driehoek.simulation.power import power, truth_of
from driehoek.study import read_study

DEMO = Path(__file__).resolve().parents[2] / "config" / "study.yaml"
TERM = "carer.reciprocity.about_seeker"


def planned(model="burden_over_waves", **settings):
    """Give the demo with one of its models alone."""
    study = read_study(DEMO)
    plan = study.settings.plan
    alone = plan.model_copy(update={"models": {model: plan.models[model]}, "correlations": {}})
    changed = {"plan": alone, "power": PowerPlan(**settings)}
    return replace(study, settings=study.settings.model_copy(update=changed))


@pytest.fixture(scope="module")
def strong():
    return power(planned(effects={"reciprocity": -0.9}), [30], studies=2)


def test_an_effect_that_is_large_is_found(strong):
    row = strong.set_index("term").loc[TERM]
    assert row["power"] == 1.0
    assert row["power_se"] == 0.0
    assert row["mean"] < -0.4
    assert row["width"] > 0
    assert row["failed"] == 0


def test_the_same_study_gives_the_same_table(strong):
    again = power(planned(effects={"reciprocity": -0.9}), [30], studies=2)
    pd.testing.assert_frame_equal(strong, again)


def test_what_the_study_changes_is_changed_in_the_truth():
    truth = truth_of(PowerPlan(dropout=0.3, incomplete=0.0, effects={"trust": 0.0}))
    assert (truth.sampling.dropout, truth.sampling.incomplete) == (0.3, 0.0)
    assert truth.structure.trust == 0.0
    assert truth.structure.reciprocity == -0.35


def test_a_model_that_no_study_could_estimate_has_no_power():
    (row,) = power(planned("burden"), [5], studies=2).to_dict("records")
    assert (row["model"], row["power"], row["failed"]) == ("burden", 0.0, 2)


def test_a_plan_without_models_says_what_to_add():
    study = planned()
    empty = study.settings.plan.model_copy(update={"models": {}})
    bare = replace(study, settings=study.settings.model_copy(update={"plan": empty}))
    with pytest.raises(StudyError, match="no models"):
        power(bare, [10], studies=2)


def test_an_unknown_effect_is_refused_with_its_line(tmp_path, capsys):
    text = DEMO.read_text(encoding="utf-8").replace(
        "../instruments", str(DEMO.parent.parent / "instruments")
    )
    (tmp_path / "study.yaml").write_text(text + "\npower: {effects: {age: 1}}\n", encoding="utf-8")
    assert main(["power", str(tmp_path / "study.yaml")]) == 1
    said = capsys.readouterr().err
    assert "power.effects.age" in said
    assert "line" in said
