"""Files of any dialect become the same table of text, with the rows a spreadsheet shows."""

import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from driehoek.ingest.decoding import decode
from driehoek.ingest.recognise import read_table, recognise
from driehoek.ingest.tables import read_delimited, recognise_delimiter
from driehoek.problems import AnswersError

TEXT = 'code;answer\r\nA;"één, ""twee""\r\ndrie"\r\nB;NA\r\n'
ROWS = [["A", 'één, "twee"\r\ndrie'], ["B", "NA"]]


def written(folder, raw):
    path = folder / "any.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("cp1252"),
        ("sep=;\r\n" + TEXT).encode("utf-8-sig"),
        TEXT.replace(";", "\t").encode("utf-16"),
        TEXT.replace(";", "|").encode(),
        (TEXT + "\r\n\r\n").encode(),
    ],
)
def test_every_dialect_reads_the_same(tmp_path, raw):
    table = read_delimited(written(tmp_path, raw))
    assert list(table.cells.columns) == ["code", "answer"]
    assert table.cells.to_numpy().tolist() == ROWS
    assert table.rows.tolist() == [2, 3]


def test_words_such_as_na_and_null_stay_text(tmp_path):
    table = read_delimited(written(tmp_path, "a,b\nNA,null\nnan,\n"))
    assert table.cells.to_numpy().tolist() == [["NA", "null"], ["nan", ""]]


def test_blank_lines_are_no_rows_and_keep_the_count(tmp_path):
    table = read_delimited(written(tmp_path, "a,b\n1,2\n\n3,4\n"))
    assert table.rows.tolist() == [2, 4]


def test_an_empty_row_with_delimiters_is_a_row(tmp_path):
    assert len(read_delimited(written(tmp_path, "a,b\n1,2\n,\n")).cells) == 2


def test_windows_1252_is_said_with_the_words_to_look_at():
    decoded = decode("café – €".encode("cp1252"), "x.csv")
    assert decoded.text == "café – €"
    assert "café" in decoded.remarks[0]


def test_a_delimiter_is_chosen_by_all_rows_and_not_by_the_heading():
    text = "a,b c,d e,f;g\n" + "1;2\n" * 5
    assert recognise_delimiter(text, "x.csv") == ";"


def test_two_delimiters_that_fit_equally_are_refused():
    with pytest.raises(AnswersError, match="equally well"):
        recognise_delimiter("a,b;c\n1,2;3\n", "x.csv")


def test_a_trailing_delimiter_makes_no_column(tmp_path):
    assert list(read_delimited(written(tmp_path, "a,b,\n1,2,\n")).cells.columns) == ["a", "b"]


def test_a_column_with_answers_and_no_heading_is_refused(tmp_path):
    with pytest.raises(AnswersError, match="column 3 has no heading"):
        read_delimited(written(tmp_path, "a,b,\n1,2,3\n"))


def test_many_ragged_rows_are_counted_and_the_first_named(tmp_path):
    with pytest.raises(AnswersError) as caught:
        read_delimited(written(tmp_path, "a,b\n" + "1,2\n" * 300 + "1\n" * 30))
    assert len(caught.value.problems) == 11
    assert caught.value.problems[0].row == 302
    assert "20 more rows" in caught.value.problems[-1].found


def test_a_long_file_keeps_its_order_over_chunks(tmp_path):
    rows = "".join(f"{i},x\n" for i in range(45_000))
    table = read_delimited(written(tmp_path, "a,b\n" + rows))
    assert table.cells["a"].astype(int).tolist() == list(range(45_000))


def test_excel_keeps_numbers_whole_and_dates_readable(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "n", "share", "when"])
    book.active.append(["A", 3, 7.5, pd.Timestamp("2025-03-01 10:05").to_pydatetime()])
    book.active.append([None, None, None, None])
    book.active.append(["B", 3.0, None, None])
    book.active.append([None, None, None, None])
    path = tmp_path / "any.xlsx"
    book.save(path)
    table = read_table(path)
    assert table.cells.to_numpy().tolist() == [
        ["A", "3", "7.5", "2025-03-01 10:05:00"],
        ["", "", "", ""],
        ["B", "3", "", ""],
    ]


def test_formulas_that_no_program_computed_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "n"])
    book.active.append(["A", "=6-2"])
    path = tmp_path / "any.xlsx"
    book.save(path)
    with pytest.raises(AnswersError, match="formulas without their results in 1 cells, such as B2"):
        read_table(path)


def test_formulas_with_results_are_read_as_their_results(tmp_path):
    path = tmp_path / "any.xlsx"
    with_cells(path, '<c r="B2"><f>6-2</f><v>4</v></c>', '<c r="B3" t="str"><f>""</f><v></v></c>')
    assert read_table(path).cells["n"].tolist() == ["4", ""]


def with_cells(path, *cells):
    """Write a workbook with rows of a code and a cell as it stands in the file."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["code", "n"])
    for row, _ in enumerate(cells):
        book.active.append([f"A{row}", -row])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            for row, cell in enumerate(cells):
                stated = f'<c r="B{row + 2}" t="n"><v>{-row}</v></c>'.encode()
                text = text.replace(stated, cell.encode())
            new.writestr(part, text)


def test_merged_cells_are_refused_as_only_the_first_holds_the_answer(tmp_path):
    book = openpyxl.Workbook()
    for row in (["code", "n"], ["A", 1], [None, 2]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    path = tmp_path / "any.xlsx"
    book.save(path)
    with pytest.raises(AnswersError, match=r"merged cells \(A2:A3\)"):
        read_table(path)


def test_a_workbook_without_the_sheet_names_those_it_has(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Antwoorden"
    path = tmp_path / "any.xlsx"
    book.save(path)
    with pytest.raises(AnswersError, match="Antwoorden"):
        read_table(path, "Antworden")


def test_a_file_that_only_calls_itself_a_workbook_is_refused(tmp_path):
    path = tmp_path / "any.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(AnswersError, match="damaged workbook"):
        read_table(path)


def test_a_workbook_with_damaged_bytes_is_refused(tmp_path):
    path = tmp_path / "any.xlsx"
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as packed:
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    begin = sheet.header_offset + 30 + len(sheet.filename)
    raw = bytearray(path.read_bytes())
    raw[begin : begin + 40] = b"\xff" * 40
    path.write_bytes(bytes(raw))
    with pytest.raises(AnswersError, match="damaged workbook"):
        read_table(path)


def test_spss_keeps_user_missing_values_and_labels(tmp_path):
    frame = pd.DataFrame({"a": [1.0, 9.0, -99.0, None], "b": ["x", "", "y", "z"]})
    path = tmp_path / "any.sav"
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels={"a": {1.0: "ja", 9.0: "weet niet"}},
        missing_ranges={"a": [{"lo": -99.0, "hi": -90.0}, 9.0]},
    )
    table = read_table(path)
    assert table.cells["a"].tolist() == ["1", "9", "-99", ""]
    assert table.labels["a"] == {"1": "ja", "9": "weet niet"}
    assert table.user_missing["a"] == {"9", "-99"}


def test_a_damaged_spss_file_is_refused(tmp_path):
    path = tmp_path / "any.sav"
    path.write_bytes(b"$FL2" + b"\x00" * 50)
    with pytest.raises(AnswersError, match="cannot be read"):
        read_table(path)


def test_an_spss_file_that_crashes_its_reader_costs_a_message_only(shared):
    with pytest.raises(AnswersError, match="ends the program that reads it"):
        read_table(shared / "samples" / "limesurvey" / "crash_pyreadstat_minimal.sav")


SAMPLES = {
    "limesurvey/rc_code_short_default.csv": ("limesurvey", 8),
    "limesurvey/gui_code_short_semicolon.csv": ("limesurvey", 8),
    "limesurvey/gui_codetext_short.csv": ("limesurvey", 8),
    "limesurvey/gui_code_short.xlsx": ("limesurvey", 8),
    "limesurvey/tokens_code_short.csv": ("limesurvey", 1),
    "limesurvey/anonymized_code_short.csv": ("limesurvey", 1),
    "limesurvey/gui_spss.sav": ("spss", 8),
    "qualtrics/qualtRics_sample.csv": ("qualtrics", 1),
    "qualtrics/qualtRics_sample_legacy.csv": ("qualtrics", 1),
    "qualtrics/QualtricsTools_Single_Answer_Matrix_Questions__Insights_.csv": ("qualtrics", 5),
    "spss/demo.sav": ("spss", 3),
    "spss/demo_zsav.zsav": ("spss", 3),
    "limesurvey/gui_default.csv": ("limesurvey", 8),
    "limesurvey/gui_default.xlsx": ("limesurvey", 8),
    "limesurvey/rc_full_long_comma_nl.csv": ("limesurvey", 8),
    "limesurvey/rc_code_short.json": ("limesurvey", 8),
    "limesurvey/vv_export.csv": ("limesurvey", 8),
    "handexports/nl_excel_cp1252.csv": ("googleforms", 3),
    "handexports/nl_excel_sepline.csv": ("googleforms", 3),
    "handexports/nl_excel_utf8bom.csv": ("googleforms", 3),
    "handexports/nl_excel_unicode_text.txt": ("googleforms", 3),
    "handexports/msforms_nl_generated.xlsx": ("msforms", 2),
    "handexports/googleforms_nl_generated.csv": ("googleforms", 1),
    "redcap/REDCapR_simple_data.csv": ("redcap", 5),
    "redcap/REDCapR_checkboxes-1_data.csv": ("redcap", 4),
    "redcap/REDCapR_decimal-comma_data.csv": ("redcap", 4),
    "redcap/REDCapR_survey_data.csv": ("redcap", 2),
    "kobo/kobo_xml_values_headers.csv": ("kobo", 2),
    "kobo/kobo_xml_hierarchy.csv": ("kobo", 2),
    "kobo/kobo_xml_hierarchy.xlsx": ("kobo", 2),
    "kobo/kobo_xml_summary_nogroups.csv": ("kobo", 2),
    "odk/odk_central_splitSelectMultiples.csv": ("odk", 2),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_sample_is_recognised_with_every_row(shared, name):
    platform, n = SAMPLES[name]
    layout = recognise(read_table(shared / "samples" / name))
    assert (layout.platform, len(layout.cells), len(layout.rows)) == (platform, n, n)
    assert layout.reason


REFUSED = {
    "limesurvey/rc_codetext_short_convertYN.csv": "run code and text together",
    "qualtrics/QualtricsTools_Sample_Survey__Insights_.csv": "stands 2 times",
    "redcap/REDCapR_longitudinal_data.csv": "rows of the events",
    "kobo/kobo_labels_nl.csv": "question texts as headings",
    "surveyjs/posted_response.json": "JSON",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_sample_that_cannot_be_read_is_refused_with_the_reason(shared, name):
    with pytest.raises(AnswersError, match=REFUSED[name]):
        recognise(read_table(shared / "samples" / name))


def test_the_four_dutch_excel_dialects_hold_the_same_answers(shared):
    folder = shared / "samples" / "handexports"
    tables = [read_table(path).cells for path in sorted(folder.glob("nl_excel_*"))]
    assert len(tables) == 4
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("any.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "before 2007"),
        ("any.dta", b"\x73\x02\x01\x00", "before version 13"),
        ("any.dta", b"<stata_dta><header>", "Stata file that cannot be read"),
        ("any.parquet", b"PAR1....", "a Parquet file"),
    ],
)
def test_a_file_of_an_old_or_other_kind_is_refused_by_its_name(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=said):
        read_table(path)
