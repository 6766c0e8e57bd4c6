"""Forms of a variable: change, means over waves and over the triad."""

import numpy as np
import pandas as pd
import pytest
import reporting_example

from driehoek.analysis.forms import model_variables, with_forms
from driehoek.analysis.models import models
from driehoek.study import read_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    example = reporting_example.make_example(tmp_path_factory.mktemp("forms"), n_triads=40)
    return read_study(example.path), pd.read_parquet(example.long)


@pytest.fixture(scope="module")
def small():
    long = pd.DataFrame(
        [
            ["t1", "a", "w1", True, 2.0], ["t1", "b", "w1", False, 4.0],
            ["t1", "a", "w2", True, 5.0], ["t1", "b", "w2", False, np.nan],
            ["t2", "c", "w2", True, 1.0],
        ],
        columns=["triad", "person", "wave", "is_primary", "burden.about_carer"],
    ).assign(role="carer")  # fmt: skip
    triads = long[long["is_primary"]].rename(
        columns={"burden.about_carer": "carer.burden.about_carer"}
    )
    return long, triads[["triad", "wave", "carer.burden.about_carer"]].reset_index(drop=True)


def formed(made, small, form):
    known = model_variables(made[0].settings, made[0].questionnaire)
    used = [known[f"carer.burden.{form}"]]
    long, triads, found = with_forms(*small, used, known, ["w1", "w2"])
    return long[found[0].column].tolist(), triads[found[0].name].tolist()


NAN = float("nan")


@pytest.mark.parametrize(
    ("form", "persons", "triads"),
    [
        ("change", [0, 0, 3, NAN, NAN], [0, 3, NAN]),
        ("before", [NAN, NAN, 2, 4, NAN], [NAN, 2, NAN]),
        ("person_mean", [3.5, 4, 3.5, 4, 1], [3.5, 3.5, 1]),
        ("within_person", [-1.5, 0, 1.5, NAN, 0], [-1.5, 1.5, 0]),
        ("triad_mean", [3, 3, 5, NAN, 1], [3, 5, 1]),
        ("within_triad", [-1, 1, 0, NAN, 0], [-1, 0, 0]),
    ],
)
def test_a_form_is_worked_out_by_hand(made, small, form, persons, triads):
    ours = formed(made, small, form)
    assert ours[0] == pytest.approx(persons, nan_ok=True)
    assert ours[1] == pytest.approx(triads, nan_ok=True)


def test_the_mean_of_a_triad_is_that_of_its_roles(made):
    study, long = made
    known = model_variables(study.settings, study.questionnaire)
    triads = reporting_example._triads(study, long)
    _, found, _ = with_forms(long, triads, [known["triad.trust"]], known, study.wave_names)
    both = triads[["seeker.trust.about_carer", "carer.trust.about_seeker"]].mean(
        axis=1, skipna=False
    )
    assert found["triad.trust"].dropna().tolist() == pytest.approx(both.dropna().tolist())


def test_a_model_takes_forms_as_terms_and_names_them_in_full(made):
    study, long = made
    text = study.path.read_text(encoding="utf-8")
    plan = """
  models:
    parts:
      kind: mixed
      outcome: carer.burden
      persons: all
      blocks: [[wave, carer.trust.person_mean, carer.trust.within_person]]
    shared:
      kind: linear
      outcome: carer.burden.change
      wave: w2
      blocks: [[triad.trust, carer.hours, seeker.trust.before]]
"""
    head, tail = text.split("  models:\n")[0], "report:" + text.split("report:")[1]
    path = study.path.with_name("forms.yaml")
    path.write_text(head + plan.lstrip("\n") + tail, encoding="utf-8")
    other = read_study(path)
    table = models(long, reporting_example._triads(other, long), other)
    b = table[table["statistic"] == "b"].dropna(subset=["estimate"])
    assert {
        "carer.trust.about_seeker.person_mean", "carer.trust.about_seeker.within_person",
        "seeker.trust.about_carer.before", "triad.trust",
    } <= set(b["term"])  # fmt: skip
