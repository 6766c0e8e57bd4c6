"""Codes become pseudonyms that hold over waves and platforms, and give nothing away."""

import hashlib
import hmac

import pandas as pd
import pytest
from ingest_example import KEY, carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.ingest.identity import normalise_code, pseudonym, pseudonyms, read_key
from driehoek.ingest.near import near_matches
from driehoek.problems import StudyError


@pytest.mark.parametrize(
    "written", ["t-012", "T012", " T 012 ", "t‑012", "T_012", "t.012", "Ｔ０１２", "t\u00a0012"]
)
def test_spellings_of_one_code_are_one_code(written):
    assert normalise_code(written) == "T012"


def test_look_alikes_and_leading_zeros_stay_different_codes():
    assert len({normalise_code(code) for code in ("TO12", "T012", "12", "012")}) == 4


def test_a_number_of_spss_or_excel_is_the_code_without_decimals():
    assert normalise_code("12.0") == "12"


def test_a_pseudonym_is_the_keyed_hash_of_kind_and_code():
    key = bytes.fromhex(KEY)
    expected = hmac.new(key, b"triad:T012", hashlib.sha256).hexdigest()[:16]
    assert pseudonym(key, "triad", "T012") == "t" + expected
    assert pseudonym(key, "person", "T012")[0] == "p"
    assert pseudonym(key, "person", "T012")[1:] != expected


def test_an_absent_code_has_no_pseudonym():
    found = pseudonyms(bytes.fromhex(KEY), "triad", pd.Series(["A", "", "A"]))
    assert found[1] == ""
    assert found[0] == found[2] != ""


def test_another_key_gives_other_pseudonyms():
    assert pseudonym(b"a", "triad", "T1") != pseudonym(b"b", "triad", "T1")


def test_a_key_file_may_begin_with_remarks(tmp_path):
    path = tmp_path / "demo.key"
    path.write_text(f"# public demo key\n{KEY.upper()}\n", encoding="utf-8")
    assert read_key(path) == bytes.fromhex(KEY)


@pytest.mark.parametrize("text", ["", "# only a remark\n", KEY[:-1], KEY + "\n" + KEY, "z" * 64])
def test_a_file_without_exactly_one_key_is_refused(tmp_path, text):
    path = tmp_path / "bad.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="no valid key"):
        read_key(path)


def test_triad_and_role_make_the_person_where_there_is_no_person_code(tmp_path):
    raw = carers({}, {}, {"triadcode": ""}).assign(respondent=["2", "1", "2"])
    raw.loc[1, "triadcode"] = "t-001"
    raw = raw.assign(bur1s=["", "3", ""])
    raw.loc[1, ["living", "hours", "travel", "tru1c", "attend", "tru2c"]] = ""
    study = make_study(tmp_path, csv_text(raw), role="[seeker, carer]")
    found = ingest_export(study, "w1", first_export(study)).responses
    assert found["triad"].nunique() == 2
    assert found["triad"][0] == found["triad"][1]
    assert found["person"][0] != found["person"][1]
    assert found["person"][2] == found["triad"][2] == ""


def test_no_raw_code_is_left_in_any_table(tmp_path):
    study = make_study(tmp_path, csv_text(carers({"triadcode": "Jansen-1950"}, {})))
    found = ingest_export(study, "w1", first_export(study))
    for table in (found.responses, found.missing, found.paradata, found.columns):
        assert "jansen" not in table.to_csv().casefold()


def test_near_matches_are_reported_and_not_merged():
    raw = pd.Series(["TO12", "T012", "t-012", "0044", "44", "AB77", "BA77", "X1", "X1Y", ""])
    codes = raw.map(normalise_code)
    found = near_matches("triad", raw, codes)
    told = {(why, *sorted((a, b))) for _, a, b, why, *_ in found.itertuples(index=False)}
    assert told == {
        ("look-alike characters", "T012", "TO12"),
        ("written differently, taken as one code", "T012", "t-012"),
        ("leading zeros", "0044", "44"),
        ("characters swapped", "AB77", "BA77"),
        ("one character more", "X1", "X1Y"),
    }
    assert found.loc[found["why"] == "look-alike characters", "responses"].tolist() == [2]


def test_running_numbers_are_not_reported_as_slips():
    codes = pd.Series([f"T{i:03d}" for i in range(1, 200)])
    assert near_matches("triad", codes, codes).empty
