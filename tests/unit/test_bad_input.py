"""Faulty raw files end in one message that says where, what, and how to mend it."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from ingest_example import CARER, carers, csv_text, first_export, make_study, qualtrics_text

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError, Problem, StudyError

ROOT = Path(__file__).resolve().parent.parent.parent


def refused(folder, content, **options) -> tuple[Problem, ...]:
    study = make_study(folder, content, **options)
    with pytest.raises(AnswersError) as caught:
        ingest_export(study, "w1", first_export(study))
    for problem in caught.value.problems:
        assert problem.file.endswith(tuple(each.name for each in (folder / "raw").iterdir()))
    return caught.value.problems


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, [str(each) for each in problems]
    assert problems[0].expected
    assert problems[0].mend
    return problems[0]


def test_a_file_with_an_unknown_delimiter_is_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({}, {}), "^")))
    assert problem.row == 1
    assert "one column only" in problem.found
    assert "semicolon" in problem.expected


def test_rows_with_another_delimiter_than_the_heading_are_each_named(tmp_path):
    head, *rest = csv_text(carers({}, {}, {})).splitlines()
    mixed = "\n".join([head.replace(",", ";"), *rest])
    problems = refused(tmp_path, mixed)
    assert [problem.row for problem in problems] == [2, 3, 4]
    assert problems[0].expected == "11 cells, as the heading"


def test_an_empty_file_is_refused(tmp_path):
    assert "empty" in only(refused(tmp_path, "")).found


def test_a_file_with_headings_alone_is_refused(tmp_path):
    assert "without any row" in only(refused(tmp_path, csv_text(carers({})).split("\n")[0])).found


def test_an_absent_file_is_refused_with_the_nearest_name(tmp_path):
    study = make_study(tmp_path, "x", name="carers.csv")
    (tmp_path / "raw" / "carers.csv").rename(tmp_path / "raw" / "carer.csv")
    with pytest.raises(AnswersError, match=r"did you mean 'carer.csv'"):
        ingest_export(study, "w1", first_export(study))


def test_missing_columns_are_all_named_with_the_nearest_heading(tmp_path):
    raw = carers({}).rename(columns={"tru1c": "tru1x"}).drop(columns=["hours", "triadcode"])
    problems = refused(tmp_path, csv_text(raw))
    assert {problem.item for problem in problems} == {"tru1c", "hours", "triadcode"}
    assert all(problem.row == 1 for problem in problems)
    by_item = {problem.item: problem.mend for problem in problems}
    assert "did you mean 'tru1x'?" in by_item["tru1c"]
    assert "columns: in the study" in by_item["hours"]


def test_a_file_of_another_survey_says_that_no_column_fits(tmp_path):
    problem = only(refused(tmp_path, "name,colour\na,red\nb,blue\n"))
    assert "no column is a question" in problem.found


def test_an_unknown_code_is_refused_with_row_column_and_the_known_codes(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({}, {"tru1c": "7"}, {}))))
    assert (problem.row, problem.column, problem.item) == (3, "tru1c", "tru1c")
    assert "'7'" in problem.found
    assert problem.expected == "the codes 1, 2, 3, 4, 5, 9"


def test_an_unknown_code_that_comes_back_is_refused_however_rare(tmp_path):
    rows = [{}] * 300 + [{"tru1c": "7"}] * 5
    assert "5 of 305" in only(refused(tmp_path, csv_text(carers(*rows)))).found


def test_a_heading_that_stands_twice_is_refused_with_its_places(tmp_path):
    text = csv_text(carers({})).replace("hours", "living", 1)
    problem = only(refused(tmp_path, text))
    assert problem.column == "living"
    assert "columns 5, 6" in problem.found


def test_two_columns_for_one_question_are_refused(tmp_path):
    raw = carers({}).assign(HOURS="3")
    problem = only(refused(tmp_path, csv_text(raw)))
    assert problem.item == "hours"
    assert "'HOURS'" in problem.found


@pytest.mark.parametrize("said", ["w2", "W2", "2"])
def test_the_export_of_another_wave_is_refused(tmp_path, said):
    problem = only(refused(tmp_path, csv_text(carers({}, {}).assign(wavecode=said))))
    assert (problem.row, problem.column, problem.expected) == (2, "wavecode", "wave w1")
    assert "another wave's export" in problem.mend


@pytest.mark.parametrize("said", ["w1", "W1", "1", "1.0", ""])
def test_the_export_of_the_wave_itself_passes(tmp_path, said):
    study = make_study(tmp_path, csv_text(carers({}, {}).assign(wavecode=said)))
    assert len(ingest_export(study, "w1", first_export(study)).responses) == 2


def test_the_export_of_another_role_is_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({}, {}).assign(respondent="1"))))
    assert "'seeker'" in problem.found
    assert problem.expected == "carer"


def test_answers_that_match_no_code_and_no_label_are_refused(tmp_path):
    words = [{"tru1c": word} for word in ("agree", "disagree", "agree")]
    problem = only(refused(tmp_path, csv_text(carers(*words))))
    assert "'agree', 'disagree' (3 of 3 answers)" in problem.found
    assert "codes 1, 2" in problem.expected
    assert "labels klopt helemaal niet" in problem.expected


def test_identifying_data_in_a_column_never_reach_the_message(tmp_path):
    words = [{"tru1c": word} for word in ("jan@voorbeeld.nl", "06-12345678", "111222333")]
    text = str(only(refused(tmp_path, csv_text(carers(*words)))))
    assert "(e-mail address), (phone number), (citizen service number)" in text
    assert "voorbeeld.nl" not in text


def test_a_file_cut_off_inside_a_row_is_refused(tmp_path):
    text = csv_text(carers({}, {}, {}))
    problem = only(refused(tmp_path, text[: text.rindex(",", 0, -3)]))
    assert problem.row == 4
    assert "cut off" in problem.mend


def test_a_file_cut_off_inside_a_quoted_cell_is_refused(tmp_path):
    text = csv_text(carers({}, {}).assign(remark='said: "well", and left'))
    problem = only(refused(tmp_path, text[:-6]))
    assert problem.row == 3
    assert "breaks off inside a quoted cell" in problem.found


def test_utf_8_with_damaged_bytes_is_refused(tmp_path):
    raw = csv_text(carers({}, {}).assign(remark="café né")).encode()
    problem = only(refused(tmp_path, raw.replace("né".encode(), b"n\xe9")))
    assert problem.line == 2
    assert "UTF-8" in problem.expected


def test_bytes_of_no_known_encoding_are_refused(tmp_path):
    raw = csv_text(carers({}, {}).assign(remark="caf?")).encode()
    problem = only(refused(tmp_path, raw.replace(b"?", b"\x81\x8d")))
    assert "neither UTF-8 nor Windows-1252" in problem.found


def test_nul_characters_are_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({})) + "\x00"))
    assert "NUL" in problem.found


def test_a_label_read_as_a_code_is_impossible_where_the_file_holds_labels(tmp_path):
    """Grade has codes 1 to 4 and labels 0 to 3: the text 2 is a code and another's label."""
    worded = {"informed": "ja", "living": "nee", "tru1c": "klopt", "attend": "klopt"}
    worded |= {"tru2c": "klopt niet echt", "grade": "2"}
    study = make_study(tmp_path, csv_text(carers(worded, worded | {"grade": "3"})))
    values = ingest_export(study, "w1", first_export(study)).responses
    assert values["grade"].tolist() == [2, 3]
    assert values["tru2c"].tolist() == [2, 2]


def test_a_label_read_as_a_code_is_impossible_where_the_file_holds_codes(tmp_path):
    study = make_study(tmp_path, csv_text(carers({"grade": "2"}, {"grade": "3"})))
    assert ingest_export(study, "w1", first_export(study)).responses["grade"].tolist() == [1, 2]


def test_codes_and_labels_in_one_column_are_refused(tmp_path):
    mixed = [{"tru1c": "4"}, {"tru1c": "4"}, {"tru1c": "klopt helemaal"}]
    problem = only(refused(tmp_path, csv_text(carers(*mixed))))
    assert "codes and labels in one column" in problem.found
    assert problem.row == 4


def test_decimal_commas_and_points_in_one_column_are_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({"travel": "1,5"}, {"travel": "2.5"}), ";")))
    assert "decimal commas (1,5) and decimal points (2.5)" in problem.found
    assert problem.row == 3


def test_a_number_column_with_other_answers_is_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({"hours": "veel"}, {"hours": "weinig"}))))
    assert "'veel', 'weinig'" in problem.found


def test_numbers_of_another_unit_are_refused(tmp_path):
    years = [{"hours": str(1950 + i)} for i in range(9)]
    problem = only(refused(tmp_path, csv_text(carers(*years))))
    assert problem.expected == "0 to 168"


def test_every_fault_of_a_file_is_listed_at_once(tmp_path):
    raw = carers({"tru1c": "7", "hours": "veel"}, {"wavecode": "w2"}).drop(columns="grade")
    problems = refused(tmp_path, csv_text(raw.assign(respondent="1")))
    assert {problem.item or problem.column for problem in problems} == {
        "grade",
        "tru1c",
        "hours",
        "wavecode",
        "respondent",
    }


def test_nothing_is_written_where_a_file_is_faulty(tmp_path):
    study = make_study(tmp_path, csv_text(carers({"tru1c": "7"})))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AnswersError):
        script().main(study.path, "w1", first_export(study), *outputs(tmp_path))
    assert sorted(tmp_path.rglob("*")) == before


def test_the_script_writes_four_tables_and_keeps_raw_text_beside_the_raw_file(tmp_path):
    rows = [{}] * 40 + [{"tru1c": "vijf"}, {"triadcode": "t-001"}]
    study = make_study(tmp_path, csv_text(carers(*rows)))
    export = first_export(study)
    script().main(study.path, "w1", export, *outputs(tmp_path))
    assert all(path.is_file() for path in outputs(tmp_path))
    quarantine = pd.read_csv(tmp_path / "raw" / "driehoek-quarantine" / f"w1-{export}.csv")
    identity = pd.read_csv(tmp_path / "raw" / "driehoek-identity" / f"w1-{export}.csv")
    assert quarantine["text"].tolist() == ["vijf"]
    assert identity["why"].tolist() == ["written differently, taken as one code"]


def test_a_missing_key_stops_the_run_and_makes_no_new_one(tmp_path):
    study = make_study(tmp_path, csv_text(carers({})))
    (tmp_path / "small.key").unlink()
    with pytest.raises(StudyError, match="there is no key file"):
        ingest_export(study, "w1", first_export(study))
    assert not (tmp_path / "small.key").exists()


def test_a_damaged_key_stops_the_run(tmp_path):
    study = make_study(tmp_path, csv_text(carers({})))
    (tmp_path / "small.key").write_text("# demo\nabc\n", encoding="utf-8")
    with pytest.raises(StudyError, match="64 hexadecimal characters"):
        ingest_export(study, "w1", first_export(study))


def test_a_platform_that_the_file_contradicts_is_refused(tmp_path):
    problem = only(refused(tmp_path, csv_text(carers({})), extra=", platform: qualtrics"))
    assert "no qualtrics export" in problem.found


def test_a_file_with_signs_of_two_platforms_is_refused_with_both(tmp_path):
    raw = pd.DataFrame([CARER | {"submitdate": "", "lastpage": "1", "startlanguage": "nl"}])
    problem = only(refused(tmp_path, qualtrics_text(raw)))
    assert "limesurvey and qualtrics" in problem.found


def test_labels_of_an_spss_file_that_contradict_the_instrument_are_refused(tmp_path):
    import pyreadstat

    raw = carers({}, {}).assign(tru1c=[1.0, 5.0])
    path = tmp_path / "turned.sav"
    labels = {"tru1c": {1.0: "klopt helemaal", 5.0: "klopt helemaal niet"}}
    pyreadstat.write_sav(raw, path, variable_value_labels=labels)
    problems = refused(tmp_path, path.read_bytes(), name="turned.sav")
    assert len(problems) == 2
    assert "reverse order" in problems[0].mend


def script():
    path = ROOT / "scripts" / "ingest_export.py"
    spec = importlib.util.spec_from_file_location("ingest_export", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outputs(folder: Path) -> list[Path]:
    names = ["responses.parquet", "missing.parquet", "paradata.parquet", "columns.csv"]
    return [folder / "out" / name for name in names]
