"""Forms without codes: headings that are the words of a question; times with slashes."""

import logging

import pandas as pd
import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.ingest.layout import iso_times
from driehoek.problems import AnswersError
from driehoek.study import read_study

WORDS = {
    "informed": "Doet u mee?",
    "living": "Woont u samen?",
    "hours": "Uren",
    "travel": "Reistijd",
    "tru1c": "Ik vertrouw uw naaste.",
    "attend": "Kies klopt.",
    "tru2c": "Ik twijfel aan uw naaste.",
    "grade": "Cijfer",
}


def forms(*changes, **names):
    """Give answers of carers as a form without codes writes them."""
    return carers(*changes).rename(columns=WORDS | names)


def read(folder, table, **options):
    study = make_study(folder, csv_text(table), **options)
    return ingest_export(study, "w1", first_export(study))


def test_headings_in_words_give_the_same_tables_as_codes(tmp_path):
    by_code = read(tmp_path / "codes", carers({}, {"tru1c": "5"}))
    by_word = read(tmp_path / "words", forms({}, {"tru1c": "5"}))
    pd.testing.assert_frame_equal(by_word.responses, by_code.responses)
    pd.testing.assert_frame_equal(by_word.missing, by_code.missing)
    ways = by_word.columns.set_index("column")["matched_by"]
    assert ways["Ik vertrouw uw naaste."] == "wording"


def test_a_row_of_google_forms_stands_in_brackets(tmp_path):
    heading = "In hoeverre klopt dit? [Ik  vertrouw uw naaste.]"
    found = read(tmp_path, forms({"tru1c": "2"}, tru1c=heading))
    assert found.responses["tru1c"].tolist() == [2]


def test_a_table_that_begins_with_a_time_stamp_still_says_who_finished(tmp_path):
    table = carers({}, {}).drop(columns=["started", "submitted"])
    table.insert(0, "Timestamp", ["2025-03-01 10:05:00"] * 2)
    found = read(tmp_path, table.assign(finished=["1", "0"], duration="61"))
    assert found.responses["complete"].tolist() == [True, False]
    assert found.paradata["duration_seconds"].tolist() == [61, 61]


def test_the_wording_of_another_language_counts_too(tmp_path):
    found = read(tmp_path, forms({"tru1c": "2"}, tru1c="I TRUST your relative."))
    assert found.responses["tru1c"].tolist() == [2]


def test_a_code_goes_before_a_wording(tmp_path):
    table = carers({"tru1c": "2"})
    table["Ik vertrouw uw naaste."] = "5"
    assert read(tmp_path, table).responses["tru1c"].tolist() == [2]


def test_a_wording_of_two_questions_is_refused_and_both_are_named(tmp_path):
    table = forms({})
    study = make_study(tmp_path, csv_text(table))
    path = tmp_path / "instrument.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Ik twijfel aan", "Ik vertrouw"), encoding="utf-8")
    with pytest.raises(AnswersError, match="is the wording of tru1c, tru2c"):
        ingest_export(read_study(study.path), "w1", first_export(study))


def test_wordings_count_on_no_platform_that_has_codes(tmp_path):
    table = forms({}).assign(submitdate="", lastpage="1", startlanguage="nl")
    with pytest.raises(AnswersError, match="no column is a question"):
        read(tmp_path, table)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2026/11/22 7:33:19 p.m. CET"], ["2026-11-22T19:33:19"]),
        (["2026/11/22 12:05:00 a.m."], ["2026-11-22T00:05:00"]),
        (["22/11/2026 19:33", "03/04/2026"], ["2026-11-22T19:33:00", "2026-04-03T00:00:00"]),
        (["11/22/2026 7:33 PM", "03/04/2026"], ["2026-11-22T19:33:00", "2026-03-04T00:00:00"]),
        (["31/02/2026", "22/11/2026"], ["", "2026-11-22T00:00:00"]),
    ],
)
def test_times_with_slashes_are_read_where_the_column_shows_their_order(texts, expected):
    assert iso_times(pd.Series(texts, dtype="str")).tolist() == expected


@pytest.mark.parametrize("texts", [["03/04/2026"], ["22/11/2026", "11/22/2026"]])
def test_times_whose_order_cannot_be_known_are_left_out_and_told(texts, caplog):
    with caplog.at_level(logging.WARNING):
        assert set(iso_times(pd.Series(texts, dtype="str"))) == {""}
    assert "may be day or month first" in caplog.text
