"""Corrections of single answers."""

import pytest
from small_study import small_study, wave_tables

from driehoek.cleaning.clean import clean_wave
from driehoek.problems import StudyError

HEADER = "wave,response,question,old,new,reason\n"
PEOPLE = [{"a1c": 5, "age": 40, "hours": 12}, {"a1c": 4, "consent": 0}]


def cleaned(folder, lines, header=HEADER):
    study = small_study(folder, "corrections: corrections.csv\n")
    (folder / "corrections.csv").write_text(header + lines, encoding="utf-8")
    return clean_wave(wave_tables(study.questionnaire, PEOPLE), study, "w1")


def test_a_correction_changes_one_answer_and_stands_in_the_ledger(tmp_path):
    clean = cleaned(tmp_path, 'w1,w1-1-00001,hours,12,"1,5",typing fault on the form\n')
    assert clean.tables.responses["hours"].tolist() == [1.5]
    entry = clean.ledger[clean.ledger["reason"] == "correction"].iloc[0]
    assert (entry["response"], entry["question"]) == ("w1-1-00001", "hours")
    assert entry["detail"] == "12 -> 1,5: typing fault on the form"


def test_an_answer_becomes_missing_of_a_kind_and_a_missing_one_is_filled(tmp_path):
    lines = "w1,w1-1-00001,a1c,5,invalid,crossed out\nw1,w1-1-00001,a2c,,3,read from the paper\n"
    clean = cleaned(tmp_path, lines)
    assert clean.tables.responses["a1c"].isna().all()
    assert clean.tables.missing[["a1c", "a2c"]].iloc[0].tolist() == ["invalid", ""]
    assert clean.tables.responses["a2c"].tolist() == [3]


def test_corrected_consent_decides_whether_a_row_is_kept(tmp_path):
    clean = cleaned(tmp_path, "w1,w1-1-00002,consent,0,1,signed on paper\n")
    assert clean.tables.responses["response"].tolist() == ["w1-1-00001", "w1-1-00002"]
    assert clean.tables.responses["consent"].tolist() == ["yes", "yes"]


def test_questions_behind_a_corrected_gate_follow_and_stand_in_the_ledger(tmp_path):
    study = small_study(tmp_path, "corrections: corrections.csv\n")
    people = [
        {"hours": 120, "rooms": 4},
        {"hours": 12, "rooms": "not_shown"},
        {"hours": 120, "rooms": 4},
        {"hours": 12, "rooms": "not_shown", "age": 50},
    ]
    (tmp_path / "corrections.csv").write_text(
        HEADER
        + "w1,w1-1-00001,hours,120,12,typing fault\n"
        + "w1,w1-1-00002,hours,12,120,typing fault\n"
        + "w1,w1-1-00003,hours,120,invalid,not readable\n"
        + "w1,w1-1-00004,age,50,60,not a gate\n",
        encoding="utf-8",
    )
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    kinds = ["not_shown", "skipped", "", "not_shown"]
    assert clean.tables.missing["rooms"].tolist() == kinds
    assert clean.tables.responses["rooms"].isna().tolist() == [True, True, False, True]
    followed = clean.ledger[clean.ledger["question"] == "rooms"].set_index("response")["detail"]
    assert followed.str.partition(":")[0].to_dict() == {
        "w1-1-00001": "answered -> not_shown",
        "w1-1-00002": "not_shown -> skipped",
    }


def test_the_raw_tables_are_left_as_they_were(tmp_path):
    study = small_study(tmp_path, "corrections: corrections.csv\n")
    (tmp_path / "corrections.csv").write_text(
        HEADER + "w1,w1-1-00001,a1c,5,1,fault\n", encoding="utf-8"
    )
    raw = wave_tables(study.questionnaire, PEOPLE)
    clean_wave(raw, study, "w1")
    assert raw.responses["a1c"].tolist() == [5, 4]


def test_corrections_of_another_wave_do_nothing_here(tmp_path):
    clean = cleaned(tmp_path, "w2,w2-1-00001,a1c,5,1,fault\n")
    assert clean.tables.responses["a1c"].tolist() == [5]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("w1,w1-1-00001,a1c,4,1,x", "row 2, column 'old': a1c of w1-1-00001 is 5"),
        ("w1,w1-1-00001,a2c,dont_know,1,x", "a2c of w1-1-00001 is skipped"),
        ("w1,w1-1-00009,a1c,5,1,x", "unknown response 'w1-1-00009'"),
        ("w1,w1-1-00001,a1x,5,1,x", "unknown question 'a1x'"),
        ("w1,w1-1-00001,a1c,5,6,x", "'6' is no answer of a1c"),
        ("w1,w1-1-00001,a1c,5,nan,x", "'nan' is no answer of a1c"),
        ("w1,w1-1-00001,age,40,121,x", "'121' is no answer of age"),
        ("w1,w1-1-00001,a1c,5,,x", "'' is no answer of a1c"),
        ("w1,w1-1-00001,a1c,5,1,", "no reason"),
        ("w9,w1-1-00001,a1c,5,1,x", "unknown wave 'w9'"),
        ("w1,w1-1-00001,a1c,5,1", "5 cells"),
    ],
)
def test_a_faulty_correction_is_refused_with_its_row(tmp_path, line, message):
    with pytest.raises(StudyError) as raised:
        cleaned(tmp_path, line + "\n")
    assert message in str(raised.value)
    assert raised.value.problems[0].row == 2


def test_every_faulty_correction_is_named_at_once(tmp_path):
    lines = "w1,w1-1-00001,a1c,4,1,x\nw1,w1-1-00077,a1c,5,1,x\nw1,w1-1-00002,a1c,1,2,x\n"
    with pytest.raises(StudyError) as raised:
        cleaned(tmp_path, lines)
    assert [problem.row for problem in raised.value.problems] == [2, 3, 4]


def test_a_file_with_other_columns_is_refused(tmp_path):
    with pytest.raises(StudyError, match="column 'old' is missing"):
        cleaned(tmp_path, "", "wave,response,question,was,new,reason\n")


def test_a_file_that_is_absent_is_named(tmp_path):
    study = small_study(tmp_path, "corrections: nowhere.csv\n")
    with pytest.raises(StudyError, match=r"nowhere\.csv: the file does not exist"):
        clean_wave(wave_tables(study.questionnaire, PEOPLE), study, "w1")


def test_a_file_that_is_no_utf8_is_named(tmp_path):
    study = small_study(tmp_path, "corrections: latin.csv\n")
    (tmp_path / "latin.csv").write_bytes((HEADER + "w1,x,a1c,5,1,caf\xe9\n").encode("latin-1"))
    with pytest.raises(StudyError, match="no UTF-8 text"):
        clean_wave(wave_tables(study.questionnaire, PEOPLE), study, "w1")
