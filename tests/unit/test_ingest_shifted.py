"""Rows whose cells stand beside their columns are refused; typing faults are not taken for them."""

import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError

BROKEN = 3


def raw_table():
    """Thirty carers, so that one row is no column's fault."""
    return carers(*[{"hours": "40"}] * 30)


def with_row(table, cells):
    changed = table.copy()
    changed.loc[BROKEN] = cells
    return changed


def refusal(folder, table):
    study = make_study(folder, csv_text(table))
    with pytest.raises(AnswersError) as caught:
        ingest_export(study, "w1", first_export(study))
    return caught.value.problems


def test_a_row_with_a_cell_too_many_is_refused_and_the_row_named(tmp_path):
    table = raw_table()
    place = table.columns.get_loc("living")
    cells = table.loc[BROKEN].tolist()
    pushed = [*cells[:place], "", *cells[place:]][: len(cells)]
    (problem,) = refusal(tmp_path, with_row(table, pushed))
    assert problem.check == "shifted row"
    assert problem.row == BROKEN + 2
    assert problem.column == "travel"
    assert "1 place too far to the right" in problem.found


def test_a_row_with_a_cell_too_few_is_refused(tmp_path):
    table = raw_table()
    place = table.columns.get_loc("informed")
    cells = table.loc[BROKEN].tolist()
    (problem,) = refusal(tmp_path, with_row(table, [*cells[:place], *cells[place + 1 :], ""]))
    assert problem.row == BROKEN + 2
    assert "1 place too far to the left" in problem.found


@pytest.mark.parametrize(
    "faults",
    [
        {"tru1c": "7", "attend": "8"},
        {"attend": "7", "tru2c": "8", "grade": "9"},
        {"informed": "x", "living": "x", "grade": "x"},
        {"travel": "99", "tru1c": "4", "grade": "7"},
    ],
)
def test_typing_faults_in_one_row_are_no_shift_but_quarantined(tmp_path, faults):
    table = raw_table()
    for column, text in faults.items():
        table.loc[BROKEN, column] = text
    study = make_study(tmp_path, csv_text(table))
    found = ingest_export(study, "w1", first_export(study))
    assert set(found.quarantine["raw_row"]) == {BROKEN + 2}
    assert len(found.responses) == len(table)
