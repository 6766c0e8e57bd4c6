"""Codes become pseudonyms that hold over waves and platforms, and give nothing away."""

import hashlib
import hmac

import numpy as np
import pandas as pd
import pytest
from dialects import lime
from ingest_example import KEY, carers, csv_text, first_export, make_study, qualtrics_text

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables
from driehoek.ingest.export import ingest_export
from driehoek.ingest.identity import normalise_code, pseudonym, pseudonyms, read_key
from driehoek.ingest.near import near_matches, under_one_invitation
from driehoek.problems import StudyError
from driehoek.study import read_study


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


def test_codes_that_differ_under_one_invitation_are_reported():
    codes = pd.Series(["T1", "T2", "T1", "T3", "", "T4", "T5"])
    invitation = pd.Series(["i1", "i1", "i1", "i2", "i2", "", ""])
    found = under_one_invitation("triad", codes, invitation, np.full(7, "carer"))
    assert found.to_numpy().tolist() == [["triad", "T1", "T2", "one invitation", 2, 1]]
    professionals = np.full(7, "professional")
    assert under_one_invitation("triad", codes, invitation, professionals).empty
    assert len(under_one_invitation("person", codes, invitation, professionals)) == 1
    assert under_one_invitation("person", codes, invitation, np.array([*"abcdefg"])).empty


INVITED = {
    "limesurvey": ("token", lambda raw: csv_text(lime(raw))),
    "qualtrics": ("ExternalReference", lambda raw: qualtrics_text(raw.assign(Finished="1"))),
    "redcap": (
        "redcap_survey_identifier",
        lambda raw: csv_text(raw.assign(record_id=raw.index.astype(str), carer_complete="2")),
    ),
}


@pytest.mark.parametrize("platform", INVITED)
def test_the_invitation_of_a_platform_becomes_a_pseudonym_and_makes_one_person(tmp_path, platform):
    column, written = INVITED[platform]
    raw = carers({}, {"triadcode": "T001"}, {}).assign(
        **{column: ["31uy8eZSf4KjOXL", "31uy8eZSf4KjOXL", ""]}
    )
    raw["personcode"] = ["C1", "", "C3"]
    study = make_study(tmp_path, written(raw))
    path = study.path
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{triad: triadcode}", "{triad: triadcode, person: personcode}"))
    study = read_study(path)
    found = ingest_export(study, "w1", first_export(study))
    invitation = found.paradata["invitation"]
    expected = pseudonym(bytes.fromhex(KEY), "invitation", "31uy8eZSf4KjOXL")
    assert invitation.tolist() == [expected, expected, ""]
    assert found.columns.set_index("column").loc[column, "use"] == "key"
    assert "31uy" not in "".join(
        table.to_csv() for table in (found.responses, found.paradata, found.columns)
    )
    tables = WaveTables(found.responses, found.missing, found.paradata)
    ledger = clean_wave(tables, study, "w1").ledger
    assert ledger["reason"].tolist().count("duplicate_response") == 1
    assert "(one invitation)" in ledger.loc[ledger["reason"] != "", "detail"].iloc[0]


def test_a_token_may_be_the_person_code_of_a_study(tmp_path):
    raw = lime(carers({}, {}, {})).assign(token=["aB3", "aB3", "cD4"])
    study = make_study(tmp_path, csv_text(raw))
    text = study.path.read_text(encoding="utf-8")
    study.path.write_text(text.replace("{triad: triadcode}", "{triad: triadcode, person: token}"))
    study = read_study(study.path)
    person = ingest_export(study, "w1", first_export(study)).responses["person"]
    assert person[0] == person[1] != person[2] != ""
