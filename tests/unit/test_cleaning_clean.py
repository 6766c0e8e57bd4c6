"""Which rows of a wave are kept, and why the others are not."""

import pandas as pd
import pytest
from small_study import KEY, small_study, wave_tables

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.ledger import check_balance, ledger_counts
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.identity import pseudonym
from driehoek.problems import AnswersError, StudyError

FULL = {"a1c": 5, "a2c": 1, "a3c": 4, "a4c": 4, "b1c": 1, "b2c": 3}


def reasons(clean):
    rows = clean.ledger[clean.ledger["fate"] != "corrected"]
    return dict(zip(rows["response"], rows["reason"], strict=True))


def test_a_row_gets_the_first_reason_that_applies(tmp_path):
    study = small_study(tmp_path)
    people = [
        {"is_test": True, "role": ""},
        {"role": "", "triad": ""},
        {"triad": ""},
        {"consent": "skipped"},
        FULL | {"consent": 0},
        FULL | {"person": "p9"},
        FULL | {"person": "p9"},
    ]
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    assert list(reasons(clean).values()) == [
        "test_or_preview",
        "no_role",
        "no_triad_code",
        "empty",
        "no_consent",
        "duplicate_response",
        "",
    ]


def test_someone_who_refuses_and_stops_counts_as_no_consent_not_as_empty(tmp_path):
    study = small_study(tmp_path)
    raw = wave_tables(study.questionnaire, [{"consent": 0}, {"consent": 1}, {"a1c": "dont_know"}])
    assert list(reasons(clean_wave(raw, study, "w1")).values()) == ["no_consent", "empty", ""]


def test_a_role_that_is_not_asked_for_consent_needs_none(tmp_path):
    study = small_study(tmp_path)
    raw = wave_tables(study.questionnaire, [{"role": "professional", "age": 40}])
    clean = clean_wave(raw, study, "w1")
    assert reasons(clean) == {"w1-1-00001": ""}
    assert clean.tables.responses["consent"].tolist() == [""]


def test_consent_in_words_under_the_name_of_its_question_is_understood(tmp_path):
    study = small_study(tmp_path)
    raw = wave_tables(study.questionnaire, [FULL, FULL, FULL])
    words = raw.responses.assign(consent=pd.array(["yes", "no", ""], dtype="str"))
    clean = clean_wave(WaveTables(words, raw.missing, raw.paradata), study, "w1")
    assert list(reasons(clean).values()) == ["", "no_consent", "no_consent"]
    assert clean.tables.responses["consent"].tolist() == ["yes"]


def test_rules_flag_or_exclude_as_the_study_says(tmp_path):
    quality = "quality: {completion: {at_least: 0.5}, speed: {seconds_per_item: 2, action: %s}}\n"
    people = [
        FULL | {"duration_seconds": 6},
        FULL | {"duration_seconds": 60},
        {"a1c": 3, "duration_seconds": 60},
    ]
    for action, expected in (("flag", ["", "", "below_completion"]), ("exclude", None)):
        study = small_study(tmp_path, quality % action)
        clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
        expected = expected or ["too_fast", "", "below_completion"]
        assert list(reasons(clean).values()) == expected
        flagged = clean.flags[clean.flags["flag"] == "too_fast"]
        assert flagged["response"].tolist() == (["w1-1-00001"] if action == "flag" else [])
        assert flagged["value"].tolist() == ([1.0] if action == "flag" else [])


def test_withdrawn_people_are_left_out_in_every_wave_however_their_code_is_typed(tmp_path):
    study = small_study(tmp_path, "withdrawn: withdrawn.csv\n")
    (tmp_path / "withdrawn.csv").write_text(
        "person;triad;role;wave;reason\nb 7;;;w2;asked by letter\n;T-3;seeker;;asked by phone\n",
        encoding="utf-8-sig",
    )
    key = bytes.fromhex(KEY)
    person, triad = pseudonym(key, "person", "B7"), pseudonym(key, "triad", "T3")
    people = [
        FULL | {"person": person},
        FULL | {"triad": triad},
        {"role": "seeker", "triad": triad, "a1s": 1, "consent": 0},
    ]
    for wave in ("w1", "w2"):
        clean = clean_wave(wave_tables(study.questionnaire, people, wave), study, wave)
        assert list(reasons(clean).values()) == ["withdrawn", "", "withdrawn"]
        assert not clean.ledger["detail"].str.contains("letter|phone").any()


def test_faults_in_the_withdrawals_come_all_at_once(tmp_path):
    study = small_study(tmp_path, "withdrawn: withdrawn.csv\n")
    (tmp_path / "withdrawn.csv").write_text(
        "person,triad,role\n,,\n,,seeker\n,T1,aunt\n", encoding="utf-8"
    )
    raw = wave_tables(study.questionnaire, [FULL])
    with pytest.raises(StudyError, match=r"row 3.*without person") as raised:
        clean_wave(raw, study, "w1")
    assert len(raised.value.problems) == 2
    assert "unknown role 'aunt'" in str(raised.value)


def test_people_in_two_roles_and_second_seekers_are_flagged_and_kept(tmp_path):
    study = small_study(tmp_path)
    people = [
        {"role": "seeker", "a1s": 1, "person": "p1"},
        {"role": "seeker", "a1s": 2, "person": "p2"},
        FULL | {"person": "p2", "triad": "t2"},
        FULL | {"person": "p3", "triad": "t2"},
    ]
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    found = set(zip(clean.flags["flag"], clean.flags["response"], strict=True))
    assert found == {
        ("second_seeker", "w1-1-00001"),
        ("second_seeker", "w1-1-00002"),
        ("role_conflict", "w1-1-00002"),
        ("role_conflict", "w1-1-00003"),
        ("several_triads", "w1-1-00002"),
        ("several_triads", "w1-1-00003"),
    }
    assert len(clean.tables.responses) == 4


def test_public_counts_add_up_to_the_raw_rows_and_hold_no_ids(tmp_path):
    study = small_study(tmp_path)
    people = [FULL, FULL | {"consent": 0}, {}, {"role": "seeker", "a1s": 2}]
    waves = [
        clean_wave(wave_tables(study.questionnaire, people, wave), study, wave)
        for wave in ("w1", "w2")
    ]
    counts = ledger_counts([wave.ledger for wave in waves])
    assert list(counts) == ["wave", "export", "role", "fate", "reason", "n"]
    fates = counts[counts["fate"] != "corrected"]
    assert fates.groupby("wave")["n"].sum().to_dict() == {"w1": 4, "w2": 4}
    derived = counts[counts["reason"] == "derivation"]
    assert derived["n"].tolist() == [1, 1]


def test_a_ledger_that_does_not_add_up_stops_the_run(tmp_path):
    study = small_study(tmp_path)
    clean = clean_wave(wave_tables(study.questionnaire, [FULL, FULL]), study, "w1")
    with pytest.raises(AnswersError, match=r"2 kept and 0 excluded.* raw files 3"):
        check_balance(clean.ledger, 3, 2, "w1")
    with pytest.raises(AnswersError, match="clean table holds 1"):
        check_balance(clean.ledger, 2, 1, "w1")


def test_exports_with_the_same_response_ids_are_refused(tmp_path):
    tables = wave_tables(small_study(tmp_path).questionnaire, [FULL])
    with pytest.raises(AnswersError, match="stand here twice"):
        stacked([tables, tables], "w1")


def test_exports_whose_tables_hold_other_rows_are_refused(tmp_path):
    tables = wave_tables(small_study(tmp_path).questionnaire, [FULL, FULL])
    shuffled = WaveTables(tables.responses, tables.missing[::-1], tables.paradata)
    with pytest.raises(AnswersError, match="missing table"):
        stacked([shuffled], "w1")


def test_derived_bands_hold_their_lower_limit_and_the_last_both(tmp_path):
    study = small_study(tmp_path)
    people = [FULL | {"age": age} for age in (0, 44.9, 45, 65, 120)] + [FULL]
    clean = clean_wave(wave_tables(study.questionnaire, people), study, "w1")
    assert clean.tables.responses["agegroup"].tolist()[:5] == [0, 0, 1, 2, 2]
    assert clean.tables.responses["agegroup"].isna().tolist() == [False] * 5 + [True]
