"""One code typed differently in two files of a study is pointed out, and never merged."""

import csv

import pandas as pd
from ingest_example import carers, csv_text, make_study

from driehoek.checks import check_study
from driehoek.ingest.between_files import near_between_files
from driehoek.instrument.check_digit import check_digit
from driehoek.study import read_study


def typed(*codes, kind="triad"):
    return pd.DataFrame({"kind": kind, "code": codes}, dtype="str")


def pairs(found):
    return [(row.code, row.other, row.why) for row in found.itertuples()]


def test_a_code_typed_differently_in_another_file_is_reported_with_both_files():
    files = {"w1/carers": typed("T001", "T002", "Q7"), "w1/seekers": typed("TO01", "T002")}
    found = near_between_files(files, set())
    assert pairs(found) == [("T001", "TO01", "look-alike characters")]
    assert found[["files", "other_files"]].iloc[0].tolist() == ["w1/carers", "w1/seekers"]


def test_two_codes_of_one_file_are_left_to_its_own_report():
    files = {"w1/a": typed("T001", "TO01"), "w2/a": typed("T001")}
    assert near_between_files(files, set()).empty


def test_codes_of_triads_and_of_persons_are_kept_apart():
    files = {"a": typed("T001"), "b": typed("TO01", kind="person")}
    assert near_between_files(files, set()).empty
    assert near_between_files({}, set()).empty


def test_a_wrong_check_digit_is_held_to_the_sound_codes_of_other_files():
    one, two = (code + check_digit(code) for code in ("T001", "T002"))
    slip = one[:2] + "9" + one[3:]
    found = near_between_files({"a": typed(one, two), "b": typed(slip, two)}, {"triad"})
    assert pairs(found) == [(slip, one, "wrong check digit")]
    assert near_between_files({"a": typed(one, two), "b": typed(slip, two)}, set()).empty


def test_check_writes_the_report_beside_the_raw_data_and_takes_an_old_one_away(tmp_path):
    study = make_study(tmp_path, csv_text(carers({"triadcode": "T001"}, {"triadcode": "T0x"})))
    later = tmp_path / "raw" / "later.csv"
    later.write_text(csv_text(carers({"triadcode": "TO01"})), encoding="utf-8")
    roster = check_study(study.path)
    warned = roster[roster["check"] == "codes between files"]
    assert warned["result"].tolist() == ["warning"]
    report = tmp_path / "raw" / "driehoek-identity" / "between-files.csv"
    assert report.name in warned["detail"].iloc[0]
    assert "TO01" not in roster.to_csv()
    with report.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["code"], row["other"], row["files"]) == ("T001", "TO01", "w1/1-carers")
    later.write_text(csv_text(carers({"triadcode": "T001"})), encoding="utf-8")
    roster = check_study(read_study(study.path).path)
    assert "codes between files" not in set(roster["check"])
    assert not report.exists()
