"""Rows of sums, means or a second heading are refused; a person who answers oddly is not."""

import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError

N = 120
MEANS = {"informed": "1", "living": "1.50", "hours": "12.3", "tru1c": "3.42", "tru2c": "2.71"}
WORDS = {
    "informed": "Mee?",
    "living": "Samen?",
    "tru1c": "Ik ...",
    "tru2c": "Wij ...",
    "grade": "?",
}


def with_row(cells):
    table = raw_table()
    table.loc[N] = [cells.get(column, "") for column in table.columns]
    return table


def raw_table():
    return carers(*[{}] * N)


def read(folder, table):
    study = make_study(folder, csv_text(table))
    return ingest_export(study, "w1", first_export(study))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (MEANS | {"attend": "3.90", "grade": "2.20"}, "5 of 7 answers fit no option"),
        (WORDS, "5 of 5 answers fit no option"),
    ],
)
def test_a_row_that_is_no_response_is_refused_and_named(tmp_path, cells, said):
    with pytest.raises(AnswersError) as caught:
        read(tmp_path, with_row(cells))
    (problem,) = caught.value.problems
    assert (problem.row, problem.check) == (N + 2, "unfit row")
    assert problem.found.startswith(said)


def test_a_person_with_a_few_unfit_answers_is_kept(tmp_path):
    cells = {
        "informed": "1",
        "living": "7",
        "hours": "10",
        "tru1c": "8",
        "tru2c": "2",
        "grade": "7",
    }
    found = read(tmp_path, with_row(cells))
    assert len(found.responses) == N + 1
    assert len(found.quarantine) == 3
