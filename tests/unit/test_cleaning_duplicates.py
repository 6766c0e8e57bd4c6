"""Which of several responses of one person counts."""

import pytest
from small_study import small_questionnaire, wave_tables

from driehoek.cleaning.duplicates import superseded

EARLY, LATE = "2025-03-01T10:00:00", "2025-03-02T09:00:00"


def kept(folder, people, rule):
    questionnaire = small_questionnaire(folder)
    tables = wave_tables(questionnaire, [{"person": "p1"} | person for person in people])
    instead = superseded(tables, list(questionnaire.stored), rule)
    return [i for i, other in enumerate(instead, 1) if other == ""]


@pytest.mark.parametrize(
    ("people", "rule", "expected"),
    [
        ([{"a1c": 1, "submitted": LATE}, {"a1c": 2, "submitted": EARLY}], "newest_complete", [1]),
        ([{"a1c": 1, "submitted": LATE}, {"a1c": 2, "submitted": EARLY}], "first", [2]),
        ([{"a1c": 1, "submitted": LATE}, {"a1c": 2, "submitted": EARLY}], "keep", [1, 2]),
        ([{"a1c": 1, "started": LATE, "complete": False}, {"a1c": 2}], "newest_complete", [2]),
        ([{"a1c": 1}, {"a1c": 2}], "newest_complete", [2]),
        ([{"a1c": 1}, {"a1c": 2}], "first", [1]),
        ([{"a1c": 1}, {"a1c": 1}, {"a1c": 2}], "keep", [1, 3]),
    ],
)
def test_the_rule_decides_which_response_counts(tmp_path, people, rule, expected):
    assert kept(tmp_path, people, rule) == expected


def test_times_in_different_zones_are_compared_as_moments(tmp_path):
    people = [
        {"a1c": 1, "submitted": "2025-03-01T10:00:00+01:00"},
        {"a1c": 2, "submitted": "2025-03-01T09:30:00+00:00"},
    ]
    assert kept(tmp_path, people, "newest_complete") == [2]


def test_a_professional_answers_once_for_each_triad(tmp_path):
    people = [{"role": "professional", "age": 40, "triad": triad} for triad in ("t1", "t2")]
    assert kept(tmp_path, people, "newest_complete") == [1, 2]


def test_people_without_a_code_are_copies_only_with_the_same_known_times(tmp_path):
    nobody = {"person": "", "a1c": 1}
    assert kept(tmp_path, [nobody, nobody], "newest_complete") == [1, 2]
    timed = nobody | {"started": EARLY, "submitted": LATE}
    assert kept(tmp_path, [timed, timed, timed | {"a1c": 2}], "newest_complete") == [1, 3]


def test_an_answer_and_another_kind_of_missing_answer_are_no_copies(tmp_path):
    people = [{"a1c": 1, "a2c": "skipped"}, {"a1c": 1, "a2c": "dont_know"}]
    assert kept(tmp_path, people, "keep") == [1, 2]


def test_one_invitation_without_a_person_code_is_one_person(tmp_path):
    told = {"invitation": "i1", "a1c": 1}
    assert kept(tmp_path, [told, told | {"person": "", "a1c": 2}], "newest_complete") == [2]
    unknown = told | {"person": ""}
    assert kept(tmp_path, [unknown, unknown | {"a1c": 2}], "newest_complete") == [2]
    assert kept(tmp_path, [unknown, unknown | {"a1c": 2}], "first") == [1]


@pytest.mark.parametrize(
    "change", [{"person": "p2"}, {"triad": "t2"}, {"role": "seeker", "a1s": 1}, {"invitation": ""}]
)
def test_an_invitation_merges_no_two_people_roles_or_triads(tmp_path, change):
    told = {"invitation": "i1", "a1c": 1, "person": ""}
    assert kept(tmp_path, [{"invitation": "i1", "a1c": 2}, told | change], "keep") == [1, 2]
    both = kept(tmp_path, [{"invitation": "i1", "a1c": 2}, told | change], "newest_complete")
    assert both == [1, 2]


def test_a_row_without_code_is_given_to_neither_of_two_people_of_one_invitation(tmp_path):
    one, other = {"invitation": "i1", "a1c": 1}, {"invitation": "i1", "a1c": 2, "person": "p2"}
    found = kept(tmp_path, [one, other, {"invitation": "i1", "a1c": 3, "person": ""}], "first")
    assert found == [1, 2, 3]
