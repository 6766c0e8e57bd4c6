"""Answers in words are dropped, or kept apart with what identifies put out."""

import runpy
from pathlib import Path

import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.problems import StudyError
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
REMARKS = [
    "Bel mij op 06-12345678 of mail jan@example.org.",
    "",
    "Wij wonen op Dorpsstraat 12, 3512 JE; BSN 111222333, rekening NL91ABNA0417164300.",
    "=1+1",
]


def study_with(folder, kept, remarks=REMARKS):
    study = make_study(folder, csv_text(carers(*({"remark": each} for each in remarks))))
    text = study.path.read_text(encoding="utf-8")
    study.path.write_text(f"{text}free_text: [{kept}]\n", encoding="utf-8")
    return read_study(study.path)


def ingested(folder, kept):
    study = study_with(folder, kept)
    return ingest_export(study, "w1", first_export(study))


def test_words_are_dropped_unless_the_study_keeps_them(tmp_path):
    found = ingested(tmp_path, "")
    assert found.free_text.empty
    assert found.columns.set_index("column")["use"]["remark"] == "free text dropped"
    assert "remark" not in found.responses


def test_words_that_are_kept_stand_apart_without_what_identifies(tmp_path):
    found = ingested(tmp_path, "remark")
    assert found.columns.set_index("column")["use"]["remark"] == "free text kept"
    assert "remark" not in found.responses
    assert found.free_text["response"].tolist() == ["w1-1-00001", "w1-1-00003", "w1-1-00004"]
    assert found.free_text["text"].tolist() == [
        "Bel mij op (phone number) of mail (e-mail address).",
        "Wij wonen op Dorpsstraat (postcode and house number); BSN (citizen service number), "
        "rekening (IBAN).",
        "=1+1",
    ]


def test_only_a_text_question_can_be_kept(tmp_path):
    with pytest.raises(StudyError, match="'hours' is no text question"):
        study_with(tmp_path, "hours")


@pytest.mark.parametrize("kept", ["remark", ""])
def test_the_file_lies_beside_the_raw_data_with_its_warning(tmp_path, kept):
    study = study_with(tmp_path, kept)
    main = runpy.run_path(str(ROOT / "scripts" / "ingest_export.py"))["main"]
    names = ("responses.parquet", "missing.parquet", "paradata.parquet", "columns.csv")
    main(study.path, "w1", first_export(study), *(tmp_path / "out" / name for name in names))
    folder = tmp_path / "raw" / "driehoek-free-text"
    assert folder.exists() == bool(kept)
    if kept:
        words = (folder / "w1-1-carers.csv").read_text(encoding="utf-8")
        assert "(phone number)" in words
        assert "12345678" not in words
        assert "'=1+1" in words
        assert "never publish" in (folder / "READ-THIS-FIRST.txt").read_text(encoding="utf-8")


def test_words_of_people_who_withdrew_are_not_kept(tmp_path):
    study = study_with(tmp_path, "remark")
    text = study.path.read_text(encoding="utf-8") + "withdrawn: withdrawn.csv\n"
    study.path.write_text(text, encoding="utf-8")
    (tmp_path / "withdrawn.csv").write_text("triad,wave,reason\nT001,w1,\n", encoding="utf-8")
    study = read_study(study.path)
    main = runpy.run_path(str(ROOT / "scripts" / "ingest_export.py"))["main"]
    names = ("responses.parquet", "missing.parquet", "paradata.parquet", "columns.csv")
    main(study.path, "w1", first_export(study), *(tmp_path / "out" / name for name in names))
    words = tmp_path / "raw" / "driehoek-free-text" / "w1-1-carers.csv"
    assert "w1-1-00001" not in words.read_text(encoding="utf-8")
    assert "w1-1-00003" in words.read_text(encoding="utf-8")
