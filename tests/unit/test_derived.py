"""Derived variables: each rule by hand, and what is refused."""

import math

import pytest
from small_study import cleaned, linked, small_study

from driehoek.plan.derived import Derived
from driehoek.problems import StudyError
from driehoek.study import read_study

FULL = {"a1c": 5, "a2c": 1, "a3c": 4, "a4c": 4, "b1c": 1, "b2c": 3}
RULES = """derive:
  agegroup: {from: age, bands: [0, 45, 65, 120]}
  accord: {from: consent, recode: {agreed: "1", refused: ["2"]}}
  heavy: {from: hours, at_least: 20}
  young: {from: age, below: 30, label: {nl: jong, en: young}}
  together: {sum: [hours, rooms]}
  average: {mean: [hours, age]}
  gap: {difference: [age, hours]}
"""


def study_with(folder, rules):
    """Write the small study with these derived variables in place of its own."""
    path = small_study(folder).path
    text = path.read_text(encoding="utf-8")
    start = text.index("derive:")
    path.write_text(text[:start] + rules, encoding="utf-8")
    return read_study(path)


def test_every_rule_gives_what_it_says_and_nothing_where_an_answer_is_missing(tmp_path):
    study = study_with(tmp_path, RULES)
    people = [
        FULL | {"hours": 20, "age": 30, "rooms": 2},
        FULL | {"hours": 19.5, "age": 29, "rooms": "skipped"},
        FULL | {"hours": "skipped", "age": "dont_know"},
    ]
    (wave,) = cleaned(study, people)
    found = wave.tables.responses
    expected = {
        "accord": [0, 0, 0],
        "heavy": [1, 0, math.nan],
        "young": [0, 1, math.nan],
        "together": [22, math.nan, math.nan],
        "average": [25, 24.25, math.nan],
        "gap": [10, 9.5, math.nan],
        "agegroup": [0, 0, math.nan],
    }
    for name, values in expected.items():
        assert found[name].tolist() == pytest.approx(values, nan_ok=True), name
    entries = wave.ledger[wave.ledger["reason"] == "derivation"].set_index("question")["detail"]
    assert entries["accord"].startswith("from consent, agreed = 1; refused = 2; 3 of 3")
    assert entries["heavy"].startswith("from hours, at least 20; 2 of 2")
    assert entries["together"].startswith("sum of hours, rooms; 1 of 1")


def test_choices_have_levels_and_numbers_have_none(tmp_path):
    study = study_with(tmp_path, RULES)
    levels = {name: rule.levels for name, rule in study.settings.derive.items()}
    assert levels["accord"] == ("agreed", "refused")
    assert levels["heavy"] == ("no", "yes")
    assert levels["together"] == levels["gap"] == ()


def test_a_derived_choice_is_in_the_linked_tables(tmp_path):
    study = study_with(tmp_path, RULES)
    found = linked(study, [FULL | {"hours": 30, "age": 50}], [FULL])
    assert found.triads["carer.heavy"].tolist()[0] == 1
    assert found.long["gap"].tolist()[0] == 20


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{from: age}", "one of bands, recode"),
        ("{from: age, bands: [0, 5], below: 3}", "and 2 are here"),
        ("{sum: [age, hours], from: age}", "the others have none"),
        ("{bands: [0, 5]}", "need from: a question"),
        ("{from: age, bands: [5, 0]}", "bands must rise"),
        ("{from: consent, recode: {a: ['1'], b: ['1']}}", "an option code twice"),
        ("{from: consent, recode: {a: ['1'], b: ['7']}}", "unknown option code '7'"),
        ("{from: age, recode: {a: ['1'], b: ['2']}}", "unknown choice question 'age'"),
        ("{sum: [age, agge]}", "unknown number question 'agge'"),
        ("{from: consent, below: 1}", "unknown number question 'consent'"),
        ("{from: age, below: __import__('os')}", "valid number"),
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(tmp_path, rule, said):
    with pytest.raises(StudyError, match=r"line \d+") as raised:
        study_with(tmp_path, f"derive:\n  mine: {rule}\n")
    assert said in str(raised.value)


def test_questions_that_no_one_person_answers_are_not_combined(tmp_path):
    more = "  pay: {kind: number, roles: [professional], min: 0, max: 9, text: {nl: p, en: p}}\n"
    path = small_study(tmp_path).path
    instrument = tmp_path / "small.yaml"
    text = instrument.read_text(encoding="utf-8")
    instrument.write_text(text.replace("  rooms:", f"{more}  rooms:", 1), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    start = text.index("derive:")
    path.write_text(f"{text[:start]}derive: {{mine: {{sum: [pay, hours]}}}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no role answers all of pay, hours"):
        read_study(path)


def test_a_rule_has_one_name_of_its_kind():
    rule = Derived.model_validate({"mean": ["a", "b"]})
    assert (rule.rule, rule.sources) == ("mean", ["a", "b"])
