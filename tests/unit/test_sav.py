"""The SPSS file: labels, kinds of missing answers, names."""

import shutil
import subprocess

import pandas as pd
import pyreadstat
import pytest
from small_study import INSTRUMENT, small_questionnaire, wave_tables

from driehoek.cleaning.wide import long_table
from driehoek.files import sha256
from driehoek.plan.derived import Derived
from driehoek.problems import AnswersError
from driehoek.sav import MISSING_CODES, cut, spss_names, write_sav
from driehoek.scoring.scales import score_responses

PEOPLE = [
    {"a1c": 5, "a2c": 1, "a3c": 4, "a4c": 4, "b1c": 1, "b2c": 2, "t1cs": -3, "t2cs": 0, "age": 50},
    {"a1c": "skipped", "a2c": "dont_know", "a3c": "broke_off", "a4c": "invalid", "b1c": "unknown"}
    | {"b2c": "planned", "hours": 12.5},
    {"role": "seeker", "a1s": 2, "a2s": 2, "triad": "ü"},
]
DERIVED = {"agegroup": Derived.model_validate({"from": "age", "bands": [0, 45, 65]})}


@pytest.fixture
def small(tmp_path):
    questionnaire = small_questionnaire(tmp_path)
    tables = wave_tables(questionnaire, PEOPLE)
    scores = score_responses(tables.responses, tables.missing, questionnaire)
    responses = tables.responses.assign(agegroup=[1.0, float("nan"), float("nan")])
    primary = pd.Series([True, False, True])
    long = long_table(responses, scores, primary, [*questionnaire.stored, "agegroup"])
    return questionnaire, long, tables.missing


def written(path, small, language="en"):
    questionnaire, long, missing = small
    options = {"title": "Small study", "language": language, "derived": DERIVED}
    write_sav(path, long, missing, questionnaire, **options)
    return pyreadstat.read_sav(path, user_missing=True)


def test_answers_scores_and_kinds_of_missing_answers_come_back(tmp_path, small):
    table, meta = written(tmp_path / "a.sav", small)
    _, long, missing = small
    assert len(table) == 3
    assert table["a1c"].tolist() == [5, MISSING_CODES["skipped"], MISSING_CODES["not_shown"]]
    row = table.iloc[1]
    for question in ("a1c", "a2c", "a3c", "a4c", "b1c", "b2c"):
        assert row[question] == MISSING_CODES[missing[question].iloc[1]]
    assert table["t1cs"].iloc[0] == -3
    assert table["hours"].iloc[1] == 12.5
    assert table["warmth_near"].tolist()[0] == long["warmth.near"].tolist()[0] == 4.5
    assert table["warmth"].isna().tolist() == [False, True, False]
    assert table["triad"].tolist()[2] == "ü"
    assert meta.missing_ranges["a1c"] == [{"lo": -99, "hi": -90}]
    assert "warmth" not in meta.missing_ranges


def test_a_reader_that_honours_missing_values_sees_only_answers(tmp_path, small):
    written(tmp_path / "a.sav", small)
    table, _ = pyreadstat.read_sav(tmp_path / "a.sav")
    _, long, _ = small
    questions = ["a1c", "a2c", "a3c", "a4c", "b1c", "b2c", "t1cs", "hours", "age"]
    pd.testing.assert_frame_equal(table[questions], long[questions])


def test_labels_measures_and_formats_are_set(tmp_path, small):
    _, meta = written(tmp_path / "a.sav", small, language="nl")
    assert meta.column_names_to_labels["a2c"] == "Twee"
    assert meta.column_names_to_labels["warmth_near"] == "warmte, nabij [warmth.near]"
    assert meta.variable_value_labels["a1c"][5.0] == "helemaal"
    assert meta.variable_value_labels["a1c"][-91.0] == "niet getoond"
    assert meta.variable_value_labels["t1cs"][-3.0] == "nooit"
    assert meta.variable_value_labels["role"]["carer"] == "mantelzorger"
    assert meta.variable_value_labels["agegroup"] == {0.0: "0 – < 45", 1.0: "45 – 65"}
    measures = meta.variable_measure
    assert (measures["a1c"], measures["hours"], measures["warmth"]) == ("ordinal", "scale", "scale")
    formats = meta.original_variable_types
    assert (formats["a1c"], formats["hours"], formats["warmth"]) == ("F8.0", "F10.4", "F10.4")
    assert formats["is_primary"] == formats["agegroup"] == "F8.0"


def test_the_same_table_gives_the_same_bytes_at_any_time(tmp_path, small):
    written(tmp_path / "a.sav", small)
    written(tmp_path / "b.sav", small)
    assert sha256(tmp_path / "a.sav") == sha256(tmp_path / "b.sav")
    assert b"01 Jan 7000:00:00" in (tmp_path / "a.sav").read_bytes()[:176]


def test_long_labels_are_cut_by_bytes_and_show_it(tmp_path, small):
    _, long, missing = small
    text = INSTRUMENT.replace("en: one}", f"en: {'é' * 200}}}")
    text = text.replace("en: not at all}", f"en: {'é' * 100}}}")
    questionnaire = small_questionnaire(tmp_path, text)
    _, meta = written(tmp_path / "a.sav", (questionnaire, long, missing))
    label = meta.column_names_to_labels["a1c"]
    assert label.endswith("é…")
    assert len(label.encode()) <= 256
    value_label = meta.variable_value_labels["a1c"][1.0]
    assert value_label.endswith("é…")
    assert len(value_label.encode()) <= 120


def test_a_text_within_its_limit_is_left_alone():
    assert cut("é" * 60, 120) == "é" * 60
    assert cut("é" * 61, 120) == "é" * 58 + "…"


def test_names_are_such_as_spss_takes():
    long = "x" * 70
    columns = ["reciprocity.about_seeker", "reciprocity_about_seeker", "Age", "age", "with", "1st"]
    names = spss_names([*columns, long, long + "y"])
    assert list(names.values())[:6] == [
        "reciprocity_about_seeker",
        "reciprocity_about_seeker_2",
        "Age",
        "age_2",
        "with_2",
        "v1st",
    ]
    assert len(names[long]) == 64
    assert len(names[long + "y"]) <= 64
    assert len({name.lower() for name in names.values()}) == len(names)


def test_answers_where_missing_codes_lie_are_refused(tmp_path, small):
    questionnaire, long, missing = small
    clash = long.assign(hours=[-95.0, 1.0, 1.0])
    with pytest.raises(AnswersError, match="hours between -99 and -90"):
        written(tmp_path / "a.sav", (questionnaire, clash, missing))
    assert not (tmp_path / "a.sav").exists()


def test_pspp_reads_the_file_without_complaint(tmp_path, small):
    pspp = shutil.which("pspp")
    if pspp is None:
        pytest.skip("PSPP is not installed")
    written(tmp_path / "a.sav", small)
    (tmp_path / "look.sps").write_text(
        "GET FILE='a.sav'.\nDISPLAY DICTIONARY.\nFREQUENCIES a1c role.\nDESCRIPTIVES warmth a1c.\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [pspp, "-O", "format=txt", "look.sps"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert "warning:" not in said
    assert "error:" not in said
    squeezed = " ".join(said.split())
    assert "|Valid completely| 1|" in squeezed
    assert "|Missing skipped | 1|" in squeezed
    assert "| not shown | 1|" in squeezed
