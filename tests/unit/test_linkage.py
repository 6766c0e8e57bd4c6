"""Who stands for a role, and the long and triad tables."""

import math

import pandas as pd
import pytest
from small_study import linked, small_study, wave_tables

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.linkage import duplicates, is_primary
from driehoek.cleaning.wave import WaveTables

FULL = {"a1c": 5, "a2c": 1, "a3c": 4, "a4c": 4, "b1c": 1, "b2c": 3}
RULES = {"carer": "most_hours"}


def carers(*hours, persons=("pa", "pb", "pc")):
    return pd.DataFrame(
        {
            "response": [f"r{i}" for i in range(len(hours))],
            "triad": "t1",
            "wave": "w1",
            "role": "carer",
            "person": persons[: len(hours)],
            "hours": hours,
        }
    )


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((5.0, 20.0, 10.0), [False, True, False]),
        ((20.0, 20.0, 10.0), [True, False, False]),
        ((math.nan, 0.0, math.nan), [False, True, False]),
        ((math.nan, math.nan, math.nan), [True, False, False]),
    ],
)
def test_most_hours_decides_and_ties_go_to_the_first_row(hours, expected):
    assert is_primary(carers(*hours), RULES).tolist() == expected


def test_other_pseudonyms_choose_the_same_people():
    one = is_primary(carers(8.0, 8.0, 8.0), RULES)
    other = is_primary(carers(8.0, 8.0, 8.0, persons=("pz", "py", "px")), RULES)
    assert one.tolist() == other.tolist() == [True, False, False]


def test_first_and_roles_without_a_rule_take_the_first_row():
    assert is_primary(carers(1.0, 9.0), {"carer": "first"}).tolist() == [True, False]
    assert is_primary(carers(1.0, 9.0), {}).tolist() == [True, False]


def test_the_long_table_has_a_row_for_each_kept_response_of_each_wave(tmp_path):
    first = [FULL | {"person": "p1"}, FULL | {"person": "p2", "consent": 0}]
    second = [FULL | {"person": "p1", "t1cs": 3, "t2cs": 3}]
    long = linked(small_study(tmp_path), first, second).long
    assert long["response"].tolist() == ["w1-1-00001", "w2-1-00001"]
    assert long["person"].tolist() == ["p1", "p1"]
    assert long["warmth"].tolist() == [3.25, 3.25]
    assert long["warmth.near"].tolist() == [4.5, 4.5]
    assert long["tally.about_seeker"].isna().tolist() == [True, False]
    assert long["consent"].tolist() == [1.0, 1.0]


def test_the_triad_table_lays_the_primary_people_side_by_side(tmp_path):
    people = [
        FULL | {"person": "p1", "hours": 5, "age": 30},
        FULL | {"person": "p2", "hours": 30, "age": 70, "b1c": 5},
        {"role": "seeker", "person": "p3", "a1s": 2, "a2s": 2, "age": 90},
        FULL | {"person": "p4", "triad": "t2", "hours": 1},
    ]
    triads = linked(small_study(tmp_path), people, [{"a1c": 1}]).triads.set_index(["triad", "wave"])
    t1 = triads.loc[("t1", "w1")]
    assert (t1["n_seeker"], t1["n_carer"], t1["n_professional"]) == (1, 2, 0)
    assert (t1["carer.hours"], t1["carer.agegroup"], t1["carer.warmth.far"]) == (30, 2, 4)
    assert (t1["seeker.warmth"], t1["seeker.age"]) == (3, 90)
    assert math.isnan(triads.loc[("t2", "w1"), "seeker.warmth"])
    assert triads.index.tolist() == [("t1", "w1"), ("t2", "w1"), ("t1", "w2")]


def test_a_role_has_only_columns_it_can_have(tmp_path):
    triads = linked(small_study(tmp_path), [FULL], [FULL | {"t1cp": 3, "t2cp": 0}]).triads
    assert "seeker.hours" not in triads
    assert "professional.warmth" not in triads
    assert "carer.tally.about_professional" in triads


def test_ties_over_waves_that_do_not_fit_are_listed_and_nothing_is_dropped(tmp_path):
    first = [FULL | {"person": "p1"}, FULL | {"person": ""}]
    second = [{"role": "seeker", "person": "p1", "a1s": 1}]
    result = linked(small_study(tmp_path), first, second)
    found = sorted(zip(result.findings["finding"], result.findings["response"], strict=True))
    assert found == [
        ("no_person_code", "w1-1-00002"),
        ("role_conflict", "w1-1-00001"),
        ("role_conflict", "w2-1-00001"),
    ]
    assert len(result.long) == 3


def test_a_withdrawal_that_names_nobody_in_any_wave_is_listed_without_its_code(tmp_path):
    study = small_study(tmp_path, "withdrawn: withdrawn.csv\n")
    (tmp_path / "withdrawn.csv").write_text("person\nQ99\n", encoding="utf-8")
    findings = linked(study, [FULL], [FULL]).findings
    assert findings["finding"].tolist() == ["withdrawal_without_response"]
    assert findings["detail"].tolist() == ["withdrawn.csv, row 2"]
    assert not findings.astype(str).apply(lambda column: column.str.contains("Q99")).any(axis=None)


def test_duplicates_stand_in_the_linkage_report_with_the_response_that_counts(tmp_path):
    study = small_study(tmp_path)
    first = [FULL | {"person": "p1"}, FULL | {"person": "p1", "b1c": 2}]
    tables = wave_tables(study.questionnaire, [*first, FULL | {"person": "p1", "b1c": 4}])
    exports = ["1-file", "1-file", "2-other"]
    raw = WaveTables(tables.responses.assign(export=exports), tables.missing, tables.paradata)
    clean = clean_wave(raw, study, "w1")
    found = duplicates(clean.tables.responses, [clean.ledger])
    assert found["response"].tolist() == ["w1-1-00001", "w1-1-00002"]
    assert set(found["detail"]) == {"counts instead: w1-1-00003"}
    assert set(found["finding"]) == {"duplicate_across_exports"}
    assert set(found["person"]) == {"p1"}
    alone = clean_wave(wave_tables(study.questionnaire, first), study, "w1")
    same = duplicates(alone.tables.responses, [alone.ledger])
    assert same["finding"].tolist() == ["duplicate_in_export"]
    assert linked(study, first, [FULL]).findings["finding"].tolist() == ["duplicate_in_export"]


def test_the_report_says_where_the_invitation_alone_makes_one_person(tmp_path):
    study = small_study(tmp_path)
    told = FULL | {"invitation": "i1"}
    people = [told | {"person": "p1"}, told | {"person": "", "b1c": 2}]
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    found = duplicates(clean.tables.responses, [clean.ledger])
    assert found["finding"].tolist() == ["duplicate_in_export"]
    assert found["detail"].tolist() == ["counts instead: w1-1-00002 (one invitation)"]
