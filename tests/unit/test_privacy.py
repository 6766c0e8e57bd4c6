"""What must not be left of people: withdrawn answers, keys in repositories, live formulas."""

import csv
import logging
import os

import pandas as pd
import pytest
from ingest_example import KEY, carers, csv_text, first_export, make_study

from driehoek.cleaning.erase import erase_withdrawn
from driehoek.files import inert, write_csv
from driehoek.ingest.export import ingest_export
from driehoek.ingest.identity import read_key
from driehoek.problems import StudyError
from driehoek.study import read_study


def with_withdrawals(folder, text):
    """Make a study of three carers with a file of withdrawals."""
    changes = ({"tru1c": "1"}, {"tru1c": "2", "hours": "-7"}, {"tru1c": "5"})
    make_study(folder, csv_text(carers(*changes)))
    (folder / "withdrawn.csv").write_text(text, encoding="utf-8")
    path = folder / "study.yaml"
    named = path.read_text(encoding="utf-8") + "withdrawn: withdrawn.csv\n"
    path.write_text(named, encoding="utf-8")
    return read_study(path)


def test_nothing_but_a_row_is_left_of_somebody_who_withdrew(tmp_path):
    study = with_withdrawals(tmp_path, "triad,reason\nT002,asked\n")
    before = ingest_export(study, "w1", first_export(study))
    after = erase_withdrawn(before, study)
    assert (before.responses["tru1c"] == 2).sum() == 1
    gone = after.responses.iloc[1]
    assert gone[["tru1c", "hours", "living", "grade"]].isna().all()
    assert (gone["consent"], bool(gone["complete"])) == ("", False)
    assert gone["triad"] == before.responses["triad"].iloc[1]
    assert (after.missing.iloc[1].drop("response") == "unknown").all()
    paradata = after.paradata.iloc[1]
    assert (paradata[["started", "submitted", "language", "check_reading"]] == "").all()
    assert pd.isna(paradata["duration_seconds"])
    assert len(before.quarantine) == 1
    assert after.quarantine.empty


def test_the_others_stay_as_they_are_to_the_byte(tmp_path):
    study = with_withdrawals(tmp_path, "triad,reason\nT002,asked\n")
    before = ingest_export(study, "w1", first_export(study))
    after = erase_withdrawn(before, study)
    for name in ("responses", "missing", "paradata"):
        ours, theirs = getattr(after, name), getattr(before, name)
        pd.testing.assert_frame_equal(ours.drop(index=1), theirs.drop(index=1))
        assert ours.dtypes.equals(theirs.dtypes)


def test_a_withdrawal_of_nobody_here_changes_nothing(tmp_path):
    study = with_withdrawals(tmp_path, "triad,reason\nT999,asked\n")
    before = ingest_export(study, "w1", first_export(study))
    assert erase_withdrawn(before, study) is before


def test_a_key_in_a_git_work_tree_is_refused(tmp_path):
    (tmp_path / "study" / ".git").mkdir(parents=True)
    path = tmp_path / "study" / "keys" / "real.key"
    path.parent.mkdir()
    path.write_text(KEY + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match="lies in the git work tree"):
        read_key(path)


def test_a_link_to_a_key_in_a_git_work_tree_is_refused(tmp_path):
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    real = tmp_path / "repository" / "real.key"
    real.write_text(KEY + "\n", encoding="utf-8")
    link = tmp_path / "link.key"
    try:
        link.symlink_to(real)
    except OSError as fault:
        pytest.skip(f"no symbolic links here: {fault}")
    with pytest.raises(StudyError, match="lies in the git work tree"):
        read_key(link)


def test_the_public_key_of_the_demo_may_lie_in_the_repository(pytestconfig):
    assert len(read_key(pytestconfig.rootpath / "config" / "demo.key")) == 32


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
@pytest.mark.parametrize(("mode", "warns"), [(0o600, False), (0o644, True), (0o640, True)])
def test_a_key_that_others_may_read_is_warned_of(tmp_path, caplog, mode, warns):
    path = tmp_path / "study.key"
    path.write_text(KEY + "\n", encoding="utf-8")
    path.chmod(mode)
    with caplog.at_level(logging.WARNING):
        read_key(path)
    assert ("may read the key" in caplog.text) == warns


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=HYPERLINK(\"https://example.org\")", "'=HYPERLINK(\"https://example.org\")"),
        ("+31 6 1", "'+31 6 1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("-2.5", "-2.5"),
        ("-2,5", "-2,5"),
        ("+3", "+3"),
        ("-1e-05", "-1e-05"),
        ("-", "-"),
        ("ja", "ja"),
        ("", ""),
    ],
)  # fmt: skip
def test_words_that_a_spreadsheet_would_run_are_made_inert(cell, expected):
    assert inert(cell) == expected


def test_every_table_is_written_with_inert_words_and_live_numbers(tmp_path):
    table = pd.DataFrame({"text": ["=1+1", "x", None], "kind": pd.Categorical(["@a", "b", "b"]),
                          "value": [-1.5, 2.0, float("nan")]})  # fmt: skip
    write_csv(tmp_path / "t.csv", table)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == ["'=1+1", "x", ""]
    assert [row["kind"] for row in rows] == ["'@a", "b", "b"]
    assert [row["value"] for row in rows] == ["-1.5", "2.0", ""]
