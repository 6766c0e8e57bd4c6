"""Who took part in which wave, and who drops out."""

import numpy as np
import pytest
from small_study import linked, small_study

from driehoek.analysis.attrition import attrition
from driehoek.analysis.participation import participation
from driehoek.study import read_study


def carer(person, triad, **answers):
    given = {"a1c": 3, "a2c": 3, "a3c": 3, "a4c": 3, "b1c": 3, "b2c": 2}
    return given | {"person": person, "triad": triad} | answers


def three_waves(tmp_path):
    """Write the small study with a third wave."""
    small_study(tmp_path)
    path = tmp_path / "study.yaml"
    text = path.read_text(encoding="utf-8")
    more = "  - {wave: w3, exports: [{file: raw/w3.csv, role: [carer]}]}\nlinkage"
    path.write_text(text.replace("linkage", more, 1), encoding="utf-8")
    return read_study(path)


def counts(table, **about):
    for key, value in about.items():
        table = table[table[key] == value]
    return dict(zip(table["statistic"], table["estimate"], strict=True))


def test_who_stays_leaves_skips_a_wave_returns_and_joins_is_counted(tmp_path):
    study = three_waves(tmp_path)
    first = [carer("p1", "t1"), carer("p2", "t2"), carer("p3", "t3")]
    second = [carer("p1", "t1"), carer("p4", "t4")]
    third = [carer("p1", "t1"), carer("p2", "t2"), carer("", "t5")]
    table = participation(linked(study, first, second, third).long, study)
    assert counts(table, wave="w2", role="carer") == {
        "persons": 2, "stayed": 1, "left": 2, "returned": 0, "joined": 1,
    }  # fmt: skip
    assert counts(table, wave="w3", role="carer") == {
        "persons": 2, "stayed": 2, "left": 1, "returned": 1, "joined": 0, "no_person_code": 1,
    }  # fmt: skip
    patterns = table[table["statistic"] == "pattern"].set_index("group")["estimate"]
    assert patterns.to_dict() == {"w1": 1, "w1 w2 w3": 1, "w1 w3": 1, "w2": 1}


def test_a_triad_is_whole_where_every_role_answered(tmp_path):
    study = small_study(tmp_path)
    rest = [{"role": "seeker", "a1s": 1, "a2s": 1}, {"role": "professional", "age": 40}]
    people = [carer("p1", "t1"), *({**each, "triad": "t1"} for each in rest), carer("p2", "t2")]
    table = participation(linked(study, people, [carer("p1", "t1")]).long, study)
    assert counts(table, wave="w1", role="") == {"triads": 2, "whole_triads": 1}
    assert counts(table, wave="w2", role="") == {"triads": 1, "whole_triads": 0}


@pytest.fixture
def linked_long(tmp_path):
    study = small_study(tmp_path)
    rng = np.random.default_rng(4)
    first = [
        carer(f"p{i}", f"t{i}", age=float(age), hours=float(40 - i), a1c=float(rng.integers(1, 6)))
        for i, age in enumerate(rng.integers(30, 80, 40))
    ]
    return study, linked(study, first, first[:25]).long


def test_leavers_are_compared_with_stayers_on_what_they_were_at_first(linked_long):
    study, long = linked_long
    found = attrition(long, study)
    assert set(found["term"]) - {""} == {
        "carer.hours", "carer.age", "carer.agegroup", "carer.warmth",
    }  # fmt: skip
    table = found.set_index(["term", "group", "statistic"])
    start = long[long["wave"] == "w1"]
    stayed, left = start.iloc[:25]["hours"], start.iloc[25:]["hours"]
    assert table.loc[("carer.hours", "stayed", "mean"), "estimate"] == pytest.approx(stayed.mean())
    assert table.loc[("carer.hours", "left", "mean"), "n"] == 15
    pooled = np.sqrt((24 * stayed.var() + 14 * left.var()) / 38)
    g = (left.mean() - stayed.mean()) / pooled
    assert table.loc[("carer.hours", "", "g"), "estimate"] == pytest.approx(g, rel=0.03)
    assert table.loc[("", "carer.hours", "largest_g"), "estimate"] < -1


def test_few_leavers_show_nothing_of_the_stayers_either(tmp_path):
    study = small_study(tmp_path)
    first = [carer(f"p{i}", f"t{i}", hours=float(i)) for i in range(40)]
    table = attrition(linked(study, first, first[:35]).long, study)
    hours = table[table["term"] == "carer.hours"]
    assert hours["statistic"].tolist() == ["g"]
    assert hours["estimate"].isna().all()
    assert hours["reason"].tolist() == ["fewer than 10 persons stayed or left"]
