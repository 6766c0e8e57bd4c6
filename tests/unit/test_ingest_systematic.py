"""A code that a platform wrote twice is an option that the instrument lacks; others are slips."""

import pytest
from ingest_example import carers, csv_text, first_export, make_study, qualtrics_text

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError

N = 150


def raw_table(cells):
    """Make carers who used the whole scale, and change cells."""
    table = carers(*[{"tru1c": str(1 + at % 5), "tru2c": str(1 + at % 5)} for at in range(N)])
    for column, row, code in cells:
        table.loc[row, column] = code
    return table


def read(folder, text):
    study = make_study(folder, text)
    return ingest_export(study, "w1", first_export(study))


RARE = [("tru1c", 7, "6"), ("tru2c", 9, "6")]


def test_a_code_that_a_platform_wrote_in_two_questions_is_refused(tmp_path):
    with pytest.raises(AnswersError) as caught:
        read(tmp_path, qualtrics_text(raw_table(RARE)))
    assert [problem.item for problem in caught.value.problems] == ["tru1c", "tru2c"]
    assert (
        caught.value.problems[0].found
        == "no code and no label of this question: '6' (1 of 150 answers); 2 cells in the "
        "questions with these options"
    )


@pytest.mark.parametrize("cells", [RARE[:1], [("tru1c", 7, "6"), ("tru2c", 9, "7")]])
def test_a_code_that_a_platform_wrote_once_is_set_aside(tmp_path, cells):
    found = read(tmp_path, qualtrics_text(raw_table(cells)))
    assert found.quarantine["question"].tolist() == [column for column, _, _ in cells]


def test_the_same_code_in_a_file_that_people_may_type_is_a_slip(tmp_path):
    table = raw_table(RARE).drop(columns=["submitted", "started"])
    found = read(tmp_path, csv_text(table))
    assert found.quarantine["question"].tolist() == ["tru1c", "tru2c"]


def test_the_option_other_of_limesurvey_has_a_remedy_of_its_own(tmp_path):
    table = raw_table([("tru1c", 7, "-oth-"), ("tru1c", 9, "-oth-")])
    table = table.rename(columns={"submitted": "submitdate", "started": "startdate"})
    table.insert(0, "lastpage", "3")
    table.insert(0, "startlanguage", "nl")
    table.insert(0, "id", [str(at) for at in range(1, N + 1)])
    with pytest.raises(AnswersError, match="write that code for -oth- in a copy of this file"):
        read(tmp_path, csv_text(table))


def test_codes_that_a_spreadsheet_rounded_are_refused(tmp_path):
    table = raw_table([("triadcode", 3, "1,23457E+11"), ("triadcode", 5, "1.2E+11")])
    with pytest.raises(AnswersError) as caught:
        read(tmp_path, csv_text(table))
    (problem,) = caught.value.problems
    assert problem.found == "2 codes are rounded numbers, such as 1,23457E+11"
    assert (problem.row, problem.item) == (5, "triadcode")


def test_codes_with_an_e_among_digits_are_codes(tmp_path):
    found = read(tmp_path, csv_text(raw_table([("triadcode", 3, "12E3"), ("triadcode", 4, "E12")])))
    assert found.responses["triad"].nunique() == N
