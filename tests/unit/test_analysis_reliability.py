"""Reliability rests on the answers as they are scored."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.reliability import reliability
from driehoek.analysis.triad_sample import triad_sample
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
ITEMS = [f"e{n}" for n in range(1, 10)]


@pytest.fixture
def study(tmp_path):
    """Lay out a study that administers the EDIZ, whose key turns five options into 0 and 1."""
    asked = "\n".join(f"  {i}: {{response: five, ask: {{{i}c: {{role: carer}}}}}}" for i in ITEMS)
    options = ", ".join(f'{{code: "{n}", value: {n}, label: {{en: "{n}"}}}}' for n in range(1, 6))
    (tmp_path / "instrument.yaml").write_text(
        f"""
id: ediz_study
version: 1.0.0
status: draft
licence: key only
title: {{en: EDIZ}}
languages: [en]
roles: {{carer: {{letter: c, label: {{en: carer}}}}}}
responses: {{five: {{options: [{options}]}}}}
items:
{asked}
scales:
  pressure: {{label: {{en: pressure}}, key: ediz, items: [{", ".join(ITEMS)}]}}
""",
        encoding="utf-8",
    )
    (tmp_path / "scales").mkdir()
    key = (ROOT / "instruments" / "scales" / "ediz.yaml").read_bytes()
    (tmp_path / "scales" / "ediz.yaml").write_bytes(key)
    (tmp_path / "study.yaml").write_text(
        """
study: ediz
title: {en: EDIZ}
instrument: instrument.yaml
seed: 1
waves: [{wave: w1, exports: [{file: a.csv, role: carer}]}]
linkage: {triad: code}
pseudonyms: {key: a.key}
plan: {reliability: {bootstrap: 0}}
report: {languages: [en]}
""",
        encoding="utf-8",
    )
    return read_study(tmp_path / "study.yaml")


def test_alpha_of_a_published_scale_rests_on_its_own_recoding(study):
    rng = np.random.default_rng(3)
    pressure = rng.normal(size=(200, 1))
    codes = np.clip(np.round(3 + pressure + rng.normal(size=(200, 9))), 1, 5)
    long = pd.DataFrame(codes, columns=[f"{item}c" for item in ITEMS])
    long = long.assign(role="carer", triad=[str(i) for i in range(200)], person="", wave="w1")
    long["person"] = long["triad"]
    table = reliability(long, study, "w1")
    alpha = table[table["statistic"] == "alpha"]["estimate"].item()
    assert alpha == pytest.approx(cronbach_alpha((codes >= 3).astype(float)).estimate, rel=1e-12)
    assert alpha != pytest.approx(cronbach_alpha(codes).estimate, abs=0.01)


def nested_answers(n=150):
    rng = np.random.default_rng(8)
    pressure = rng.normal(size=(n, 1))
    codes = np.clip(np.round(3 + pressure + rng.normal(size=(n, 9))), 1, 5)
    long = pd.DataFrame(codes, columns=[f"{item}c" for item in ITEMS])
    person = [str(i) for i in range(n)]
    return long.assign(role="carer", triad=person, person=person, wave="w1")


def one(table, statistic, **wanted):
    rows = table[table["statistic"] == statistic]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def test_a_published_scale_has_mokkens_h_and_categorical_omega_of_its_recoded_answers(study):
    table = reliability(nested_answers(), study, "w1")
    assert 0.2 < one(table, "scalability_h")["estimate"] < 1
    assert len(table[table["statistic"] == "scalability_h_item"]) == 9
    assert one(table, "omega_categorical")["ci_low"] > 0.5
    assert "omega_if_dropped" in set(table["statistic"])


def test_alpha_resamples_triads_where_a_triad_holds_two_rows(study):
    long = nested_answers()
    long["triad"] = [str(i // 2) for i in range(len(long))]
    plan = study.settings.plan
    reliability_plan = plan.reliability.model_copy(update={"bootstrap": 200})
    changed = plan.model_copy(update={"reliability": reliability_plan})
    object.__setattr__(study, "settings", study.settings.model_copy(update={"plan": changed}))
    alpha = one(reliability(long, study, "w1"), "alpha")
    assert alpha["method"] == "complete rows, triads resampled"
    assert alpha["ci_low"] < alpha["estimate"] < alpha["ci_high"]
    categorical = one(reliability(long, study, "w1"), "omega_categorical")
    assert categorical["method"].endswith("clustered by triad")
    assert categorical["ci_low"] < categorical["estimate"] < categorical["ci_high"]


def with_most_triads(study, most):
    plan = study.settings.plan.model_copy(update={"most_triads": most})
    object.__setattr__(study, "settings", study.settings.model_copy(update={"plan": plan}))


def test_of_very_many_triads_a_stated_sample_is_used(study):
    long = nested_answers()
    whole = reliability(long, study, "w1")
    with_most_triads(study, 100)
    drawn, notes = triad_sample(long, study)
    assert len(drawn) == 100
    assert notes == ["rests on 100 triads drawn at random from 150"]
    table = reliability(long, study, "w1")
    assert one(table, "note")["reason"] == notes[0]
    assert one(table, "alpha")["n"] == 100
    expected = cronbach_alpha((drawn[[f"{item}c" for item in ITEMS]] >= 3).astype(float))
    assert one(table, "alpha")["estimate"] == expected.estimate
    assert one(whole, "alpha")["n"] == 150
    assert "note" not in set(whole["statistic"])


def test_a_sample_holds_whole_triads_and_does_not_depend_on_pseudonyms(study):
    long = nested_answers(300)
    long["triad"] = [str(i % 150) for i in range(300)]
    with_most_triads(study, 100)
    drawn, _ = triad_sample(long, study)
    assert drawn["triad"].value_counts().eq(2).all()
    renamed = long.assign(triad=[f"x{1000 - int(name)}" for name in long["triad"]])
    again, _ = triad_sample(renamed, study)
    assert list(again.index) == list(drawn.index)
