"""The console command: its help, its exit status, and what it says."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from driehoek.cli import main
from driehoek.new_study import new_study, study_name
from driehoek.problems import StudyError
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
COMMANDS = [
    *("run", "check", "new", "simulate", "score", "export", "preview", "diff", "add-wave", "cite"),
    *("verify", "changes", "seal", "pack", "risk", "power", "codes"),
]


def run(capsys, *words):
    try:
        status = main([str(word) for word in words])
    except SystemExit as stop:
        status = stop.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(capsys, command):
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    assert f"Example:  driehoek {command}" in out


def test_wrong_use_is_status_2(capsys):
    assert run(capsys, "chek", "study.yaml")[0] == 2
    assert run(capsys, "simulate", "study.yaml", "--n", "0", "--seed", "1", "--out", "x")[0] == 2


def test_a_faulty_study_is_status_1_with_its_faults(capsys, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text("study: x\nsed: 1\n", encoding="utf-8")
    status, _, err = run(capsys, "run", path)
    assert status == 1
    assert "did you mean 'seed'" in err


def test_check_gives_its_roster_as_json(capsys, tmp_path):
    new_study(tmp_path / "mijn studie", tmp_path / "key")
    path = tmp_path / "mijn studie" / "study.yaml"
    status, out, _ = run(capsys, "check", path, "--json")
    found = json.loads(out)
    assert status == 1
    assert found["ok"] is False
    results = {check["result"] for check in found["checks"]}
    assert results == {"passed", "failed"}
    failed = [check for check in found["checks"] if check["result"] == "failed"]
    assert "w1.csv" in failed[0]["detail"]


def test_a_new_study_is_a_valid_one_with_a_key_of_its_own(tmp_path):
    folder = tmp_path / "Mantelzorg & meer"
    made = new_study(folder, tmp_path / "keys" / "a.key")
    assert read_study(folder / "study.yaml").settings.study == "mantelzorg_meer"
    key = made[-1]
    assert len(key.read_text(encoding="ascii").strip()) == 64
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_key_or_a_full_folder_is_never_overwritten(tmp_path):
    folder, key = tmp_path / "studie", tmp_path / "a.key"
    folder.mkdir()
    (folder / "data.csv").write_text("x", encoding="utf-8")
    key.write_text("secret", encoding="ascii")
    with pytest.raises(StudyError) as caught:
        new_study(folder, key)
    assert len(caught.value.problems) == 2
    assert key.read_text(encoding="ascii") == "secret"


@pytest.mark.parametrize(
    ("folder", "name"),
    [("Studie 2027", "studie_2027"), ("2027", "study_2027"), ("é", "study"), ("a-b", "a_b")],
)
def test_a_folder_names_its_study(tmp_path, folder, name):
    assert study_name(tmp_path / folder) == name


def test_an_instrument_is_exported_and_what_is_left_is_said(capsys, tmp_path):
    triad = ROOT / "instruments" / "triad.yaml"
    out = tmp_path / "triad.txt"
    status, said, _ = run(capsys, "export", triad, "--to", "limesurvey", "--out", out)
    assert status == 0
    assert out.is_file()
    assert "left to do" in said
    assert run(capsys, "export", triad, "--to", "limesurve", "--out", out)[0] == 1


def test_two_versions_of_an_instrument_are_compared(capsys, tmp_path):
    triad = ROOT / "instruments" / "triad.yaml"
    changed = tmp_path / "new.yaml"
    text = triad.read_text(encoding="utf-8")
    changed.write_text(
        text.replace("I can be myself", "I feel free to be myself"), encoding="utf-8"
    )
    status, said, _ = run(capsys, "diff", triad, changed)
    assert status == 0
    assert "reworded" in said
    assert "same" in run(capsys, "diff", triad, triad)[1]


def test_the_citation_names_the_version(capsys):
    status, out, _ = run(capsys, "cite", "--format", "bibtex")
    assert status == 0
    assert out.startswith("@software{driehoek,")
    assert "0.1.0" in out


def test_the_command_loads_no_heavy_library_before_it_is_needed():
    listing = "import sys, driehoek.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pandas", "numpy", "scipy", "snakemake"} & set(loaded)
