"""One export becomes canonical tables, the same whatever platform wrote it."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from ingest_example import carers, csv_text, first_export, make_study, qualtrics_text

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.responses import (
    KEYS,
    KIND_CATEGORIES,
    read_missing,
    read_responses,
    write_missing,
    write_responses,
)
from driehoek.study import read_study

LABELS = {
    "informed": {"1": "ja", "2": "Nee"},
    "living": {"1": "ja", "2": "nee "},
    "tru1c": {"4": "Klopt", "9": "weet  ik niet"},
    "attend": {"4": "klopt"},
    "tru2c": {"2": "not really true"},
    "grade": {"3": "2"},
}


def ingest(folder, content, **options) -> Ingested:
    study = make_study(folder, content, **options)
    return ingest_export(study, "w1", first_export(study))


def mixed_roles() -> pd.DataFrame:
    """Two carers and a seeker, each with the other role's questions empty."""
    raw = carers({}, {"tru1c": "9", "hours": "0", "tru2c": ""}, {}).assign(bur1s=["", "", "5"])
    raw["respondent"] = ["2", "2", "1"]
    raw.loc[2, ["living", "hours", "travel", "tru1c", "attend", "tru2c"]] = ""
    return raw


def test_keys_come_first_and_then_every_stored_question(tmp_path):
    study = make_study(tmp_path, csv_text(carers({}, {})))
    found = ingest_export(study, "w1", first_export(study))
    assert tuple(found.responses.columns) == (*KEYS, *study.questionnaire.stored)
    assert tuple(found.missing.columns) == ("response", *study.questionnaire.stored)
    assert (found.responses[list(study.questionnaire.stored)].dtypes == np.float64).all()
    first = found.responses.iloc[0]
    assert first["response"] == "w1-1-00001"
    assert (first["raw_row"], first["role"], first["consent"]) == (2, "carer", "yes")
    assert first["complete"]


def test_codes_become_analysis_values(tmp_path):
    first = ingest(tmp_path, csv_text(carers({}))).responses.iloc[0]
    expected = {"informed": 1, "living": 2, "hours": 12, "travel": 0.5, "tru1c": 4, "grade": 2}
    assert {name: first[name] for name in expected} == expected


def test_labels_in_either_language_give_the_same_as_codes(tmp_path):
    raw = carers({}, {"tru1c": "9"}, {"informed": "2"})
    worded = raw.assign(**{name: raw[name].map(LABELS[name]) for name in LABELS})
    by_code = ingest(tmp_path / "a", csv_text(raw))
    by_label = ingest(tmp_path / "b", csv_text(worded))
    pd.testing.assert_frame_equal(by_code.responses, by_label.responses)
    pd.testing.assert_frame_equal(by_code.missing, by_label.missing)


def test_every_platform_gives_the_same_tables(tmp_path):
    raw = mixed_roles()
    expected = ingest(tmp_path / "plain", csv_text(raw), role="[seeker, carer]")
    lime = raw.rename(columns={"submitted": "submitdate", "started": "startdate"})
    lime = lime.rename(columns={"tru1c": "bond[tru1c]", "tru2c": "bond[tru2c]"})
    lime = lime.assign(lastpage="3", startlanguage="nl", ipaddr="192.0.2.1")
    spss = raw.rename(columns={"tru1c": "bond_tru1c"}).copy()
    for name in ("living", "tru2c", "hours", "grade"):
        spss[name] = pd.to_numeric(spss[name])
    pyreadstat.write_sav(spss, tmp_path / "x.sav")
    qualtrics = raw.rename(columns={"submitted": "EndDate", "started": "StartDate"})
    qualtrics = qualtrics.assign(Finished="True", Status="IP Address", UserLanguage="NL")
    raw.to_excel(tmp_path / "x.xlsx", index=False)
    given = {
        "lime.csv": csv_text(lime, ";").encode("utf-8-sig"),
        "qualtrics.csv": qualtrics_text(qualtrics),
        "x.sav": (tmp_path / "x.sav").read_bytes(),
        "x.xlsx": (tmp_path / "x.xlsx").read_bytes(),
    }
    for name, content in given.items():
        found = ingest(tmp_path / f"of {name}", content, name=name, role="[seeker, carer]")
        same = found.responses.drop(columns=["raw_row", "export"])
        pd.testing.assert_frame_equal(
            same, expected.responses.drop(columns=["raw_row", "export"]), obj=name
        )
        pd.testing.assert_frame_equal(found.missing, expected.missing, obj=name)
        times = ["started", "submitted", "duration_seconds", "n_shown", "n_answered"]
        pd.testing.assert_frame_equal(found.paradata[times], expected.paradata[times], obj=name)


def test_missing_kinds_follow_role_routing_and_plan(tmp_path):
    kinds = ingest(tmp_path, csv_text(mixed_roles()), role="[seeker, carer]").missing
    assert kinds["bur1s"].tolist() == ["not_shown", "not_shown", ""]
    assert kinds["tru1c"].tolist() == ["", "dont_know", "not_shown"]
    assert kinds["tru2c"].tolist() == ["", "planned", "not_shown"]


def test_a_closed_gate_hides_an_open_gate_leaves_unknown(tmp_path):
    raw = carers(
        {"living": "1", "travel": ""}, {"living": "", "travel": ""}, {"living": "", "travel": "2"}
    )
    found = ingest(tmp_path, csv_text(raw))
    assert found.missing["travel"].tolist() == ["not_shown", "unknown", ""]
    assert found.missing["living"].tolist() == ["", "skipped", "skipped"]
    assert found.responses["travel"][2] == 2


def test_an_answer_that_routing_hides_goes_to_quarantine(tmp_path):
    found = ingest(tmp_path, csv_text(carers({}, {"living": "1", "travel": "3"})))
    assert found.missing["travel"].tolist() == ["", "invalid"]
    assert np.isnan(found.responses["travel"][1])
    held = found.quarantine.iloc[0]
    assert (held["response"], held["question"], held["text"]) == ("w1-1-00002", "travel", "3")


def test_gaps_after_the_last_answer_of_an_unfinished_response_are_break_off(tmp_path):
    stopped = {"submitted": "", "tru1c": "", "attend": "4", "tru2c": "", "grade": ""}
    kinds = ingest(tmp_path, csv_text(carers({"tru1c": "", "grade": ""}, stopped))).missing
    assert kinds.loc[0, ["tru1c", "tru2c", "grade"]].tolist() == ["skipped", "", "skipped"]
    assert kinds.loc[1, ["tru1c", "tru2c", "grade"]].tolist() == [
        "skipped",
        "broke_off",
        "broke_off",
    ]


def test_one_stray_answer_is_invalid_and_lies_in_quarantine(tmp_path):
    rows = [{}] * 40 + [{"tru1c": "vijf"}, {"hours": "200"}, {"hours": "veel"}]
    found = ingest(tmp_path, csv_text(carers(*rows)))
    assert found.missing["tru1c"][40] == "invalid"
    assert found.missing["hours"][41] == found.missing["hours"][42] == "invalid"
    assert found.quarantine["text"].tolist() == ["vijf", "200", "veel"]
    assert found.quarantine["raw_row"].tolist() == [42, 43, 44]


def test_decimals_are_read_by_the_sign_the_column_uses(tmp_path):
    raw = carers({"travel": "1,5"}, {"travel": "10"}, {"travel": "0,25"})
    assert ingest(tmp_path, csv_text(raw, ";")).responses["travel"].tolist() == [1.5, 10, 0.25]


def test_consent_refused_and_not_given_stay_apart(tmp_path):
    raw = carers({}, {"informed": "2"}, {"informed": ""})
    assert ingest(tmp_path, csv_text(raw)).responses["consent"].tolist() == ["yes", "no", ""]


def test_attention_checks_pass_fail_or_say_nothing(tmp_path):
    raw = carers({}, {"attend": "5"}, {"attend": ""})
    checks = ingest(tmp_path, csv_text(raw)).paradata["check_reading"]
    assert checks.tolist() == ["pass", "fail", ""]


def test_paradata_count_items_shown_and_answered(tmp_path):
    raw = carers({}, {"tru1c": "", "tru2c": "9"}, {"hours": "0", "tru2c": ""})
    paradata = ingest(tmp_path, csv_text(raw)).paradata
    assert paradata["n_shown"].tolist() == [2, 2, 1]
    assert paradata["n_answered"].tolist() == [2, 1, 1]
    assert paradata["duration_seconds"].tolist() == [300, 300, 300]


def test_previews_and_tests_of_qualtrics_are_marked(tmp_path):
    raw = carers({}, {}, {}).rename(columns={"submitted": "EndDate", "started": "StartDate"})
    raw = raw.assign(
        Status=["IP Address", "Survey Preview", "0"],
        DistributionChannel=["anonymous", "preview", "preview"],
        Finished=["True", "1", "False"],
    )
    found = ingest(tmp_path, qualtrics_text(raw))
    assert found.paradata["is_test"].tolist() == [False, True, True]
    assert found.responses["complete"].tolist() == [True, True, False]
    assert found.responses["raw_row"].tolist() == [4, 5, 6]


def test_seen_but_unanswered_of_qualtrics_is_a_skipped_answer(tmp_path):
    raw = carers({}, {"tru1c": "-99", "hours": "-99", "tru2c": ""}).assign(Finished="1")
    kinds = ingest(tmp_path, qualtrics_text(raw)).missing
    assert kinds.loc[1, ["tru1c", "hours", "tru2c"]].tolist() == ["skipped", "skipped", "unknown"]


def test_user_missing_values_that_the_instrument_does_not_know_are_unknown(tmp_path):
    raw = carers({}, {}, {}).assign(tru1c=[4.0, 9.0, 99.0], hours=[12.0, 10.0, 999.0])
    missing = {"tru1c": [9.0, 99.0], "hours": [999.0]}
    pyreadstat.write_sav(raw, tmp_path / "x.sav", missing_ranges=missing)
    found = ingest(tmp_path, (tmp_path / "x.sav").read_bytes(), name="x.sav")
    assert found.missing["tru1c"].tolist() == ["", "dont_know", "unknown"]
    assert found.missing["hours"].tolist() == ["", "", "unknown"]
    assert found.quarantine.empty


def test_identifiers_free_text_and_unknown_columns_are_dropped_and_listed(tmp_path):
    raw = carers({}, {}).assign(
        naam="Jan", mail2="jan@voorbeeld.nl", remark="geheim", colour="red", ipaddr="192.0.2.7"
    )
    raw = raw.rename(columns={"colour": "jan@voorbeeld.nl"})
    found = ingest(tmp_path, csv_text(raw))
    use = found.columns.set_index("column")["use"]
    assert use["naam"] == use["mail2"] == use["ipaddr"] == "identifier dropped"
    assert use["remark"] == "free text dropped"
    assert use["(e-mail address)"] == "unknown dropped"
    assert use["triadcode"] == "key"
    assert use["submitted"] == "paradata"
    tables = (found.responses, found.missing, found.paradata, found.columns, found.quarantine)
    text = "".join(table.to_csv() for table in tables)
    assert not {"Jan", "jan@voorbeeld.nl", "geheim", "192.0.2.7"} & set(text.split(","))
    assert "voorbeeld.nl" not in text


def test_the_columns_of_the_study_come_first(tmp_path):
    raw = carers({}).rename(columns={"hours": "Uren zorg", "submitted": "Klaar"})
    extra = ', columns: {"Uren zorg": hours, Klaar: submitted}'
    found = ingest(tmp_path, csv_text(raw), extra=extra)
    assert found.responses["hours"].tolist() == [12]
    assert found.paradata["submitted"].tolist() == ["2025-03-01T10:05:00"]
    listed = found.columns.set_index("question")["matched_by"]
    assert listed["hours"] == "the study's columns"


def test_display_order_and_other_texts_are_no_answers(tmp_path):
    raw = carers({}).assign(Finished="1", bond_DO_tru1c="2", tru1c_DO_1="1", living_TEXT="x")
    found = ingest(tmp_path, qualtrics_text(raw))
    assert found.responses["tru1c"].tolist() == [4]
    assert (found.columns["question"] == "tru1c").sum() == 1


def test_code_and_text_headings_of_limesurvey_are_read_by_their_code(tmp_path):
    raw = carers({}).rename(columns={"submitted": "submitdate"})
    raw = raw.assign(lastpage="3", startlanguage="nl")
    raw.columns = [f"{name}. Vraag {name}?" for name in raw.columns]
    raw = raw.rename(columns={"tru1c. Vraag tru1c?": "bond[tru1c]. Stellingen. [Ik vertrouw.]"})
    assert ingest(tmp_path, csv_text(raw)).responses["tru1c"].tolist() == [4]


def test_an_anonymous_limesurvey_response_is_finished_without_a_time(tmp_path):
    raw = carers({"submitted": "1980-01-01 00:00:00"}, {"submitted": ""})
    raw = raw.rename(columns={"submitted": "submitdate"}).drop(columns="started")
    found = ingest(tmp_path, csv_text(raw.assign(lastpage="3", startlanguage="nl")))
    assert found.responses["complete"].tolist() == [True, False]
    assert found.paradata["submitted"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-03-01 10:05:00", "2025-03-01T10:05:00"),
        ("1-12-2026 9:05:00", "2026-12-01T09:05:00"),
        ("22-11-2026 19:33", "2026-11-22T19:33:00"),
        ("03/04/2026 10:00", ""),
        ("31-02-2026", ""),
    ],
)
def test_times_are_read_only_where_they_are_unambiguous(tmp_path, written, read):
    found = ingest(tmp_path, csv_text(carers({"submitted": written})))
    assert found.paradata["submitted"].tolist() == [read]


def test_a_respondent_without_a_role_keeps_answers_and_leaves_the_rest_unknown(tmp_path):
    raw = mixed_roles()
    raw.loc[0, "respondent"] = ""
    found = ingest(tmp_path, csv_text(raw), role="[seeker, carer]")
    assert found.responses["role"].tolist() == ["", "carer", "seeker"]
    assert found.responses["tru1c"][0] == 4
    assert found.missing["bur1s"][0] == "unknown"


def test_the_tables_survive_writing_and_reading(tmp_path):
    found = ingest(tmp_path, csv_text(carers({}, {"tru1c": ""})))
    write_responses(tmp_path / "r.parquet", found.responses)
    write_missing(tmp_path / "m.parquet", found.missing)
    pd.testing.assert_frame_equal(read_responses(tmp_path / "r.parquet"), found.responses)
    missing = read_missing(tmp_path / "m.parquet")
    assert missing["tru1c"].tolist() == ["", "skipped"]
    assert tuple(missing["tru1c"].cat.categories) == KIND_CATEGORIES


def test_a_question_called_duration_is_an_answer_and_no_time(tmp_path):
    """It used to be read as seconds, so that everybody was too fast."""
    study = make_study(tmp_path, csv_text(carers({}).rename(columns={"hours": "duration"})))
    path = tmp_path / "instrument.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("hours", "duration"), encoding="utf-8")
    study = read_study(study.path)
    found = ingest_export(study, "w1", first_export(study))
    assert found.responses["duration"].tolist() == [12]
    assert found.paradata["duration_seconds"].tolist() != [12]
