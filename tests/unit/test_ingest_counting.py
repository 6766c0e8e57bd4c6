"""A survey that counts its options from another number is refused; slips are not taken for one."""

import pytest
from ingest_example import INSTRUMENT, carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError
from driehoek.study import read_study

N = 100
QUESTIONS = ["tru1c", "tru2c"]


def raw_table(cells, moved):
    """Make a hundred carers who used the middle of the scale, change cells, and move all."""
    table = carers(*[{"tru1c": str(2 + at % 3), "tru2c": str(2 + at % 3)} for at in range(N)])
    for column, row, code in cells:
        table.loc[row, column] = code
    return table.assign(
        **{each: [str(int(code) + moved) for code in table[each]] for each in QUESTIONS}
    )


def refusal(folder, table):
    study = make_study(folder, csv_text(table))
    with pytest.raises(AnswersError) as caught:
        ingest_export(study, "w1", first_export(study))
    return caught.value.problems


@pytest.mark.parametrize(
    ("move", "end", "found"),
    [
        (-1, "1", "2 questions (tru1c, tru2c) hold 0 in 2 cells and 5 in none"),
        (1, "5", "2 questions (tru1c, tru2c) hold 6 in 2 cells and 1 in none"),
    ],
)
def test_options_counted_from_another_number_are_refused(tmp_path, move, end, found):
    table = raw_table([("tru1c", 7, end), ("tru2c", 9, end)], move)
    (problem,) = refusal(tmp_path, table)
    assert problem.found == f"{found}, as if the survey counted the options from {1 + move}"
    assert (problem.row, problem.column, problem.item) == (9, "tru1c", "tru1c")


def test_one_question_with_three_cells_is_enough(tmp_path):
    (problem,) = refusal(tmp_path, raw_table([("tru1c", row, "1") for row in (2, 5, 8)], -1))
    assert "1 question (tru1c) holds 0 in 3 cells" in problem.found


def test_the_column_is_said_once_where_the_cells_alone_would_stop_it(tmp_path):
    problems = refusal(tmp_path, raw_table([("tru1c", row, "1") for row in range(20)], -1))
    assert [problem.item for problem in problems] == ["tru1c"]


@pytest.mark.parametrize(
    "cells",
    [
        [("tru1c", 3, "0"), ("tru1c", 4, "0")],
        [("tru1c", 3, "0"), ("tru2c", 4, "0"), ("tru2c", 5, "5"), ("tru1c", 5, "5")],
        [("tru1c", 3, "0"), ("tru2c", 4, "0"), ("tru1c", 6, "7"), ("tru2c", 7, "7")],
        [("tru1c", 3, "0"), ("tru2c", 4, "6")],
    ],
)
def test_slips_are_quarantined(tmp_path, cells):
    table = raw_table(cells, 0)
    study = make_study(tmp_path, csv_text(table))
    found = ingest_export(study, "w1", first_export(study))
    beyond = {(column, row + 2) for column, row, code in cells if code != "5"}
    held = found.quarantine[["question", "raw_row"]].itertuples(index=False, name=None)
    assert set(held) == beyond


def test_options_with_the_codes_of_the_survey_are_read_to_their_values(tmp_path):
    cells = [("tru1c", 7, "1"), ("tru2c", 9, "1")]
    study = make_study(tmp_path, csv_text(raw_table(cells, -1).assign(attend="3")))
    (tmp_path / "instrument.yaml").write_text(counted_from_0(INSTRUMENT), encoding="utf-8")
    study = read_study(tmp_path / "study.yaml")
    found = ingest_export(study, "w1", first_export(study)).responses
    meant = raw_table(cells, 0)
    for question in QUESTIONS:
        assert found[question].tolist() == [float(code) for code in meant[question]]


def counted_from_0(instrument):
    for value in range(1, 6):
        stated = f'code: "{value}", value: {value},'
        instrument = instrument.replace(stated, f'code: "{value - 1}", value: {value},', 1)
    return instrument.replace('expected: "4"', 'expected: "3"')
