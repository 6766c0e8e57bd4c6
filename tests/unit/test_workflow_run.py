"""The command that runs a study says where it runs."""

from pathlib import Path

import pytest

from driehoek.cli import main
from driehoek.workflow_run import command

STUDY = Path("study.yaml")


def test_without_a_profile_the_cores_of_this_machine_are_used():
    words = command(STUDY, Path("out"), "2")
    assert words[words.index("--cores") + 1] == "2"
    assert "--workflow-profile" not in words


def test_a_profile_of_driehoek_is_found_by_its_name_and_decides_where_jobs_run():
    words = command(STUDY, Path("out"), "2", profile="slurm")
    chosen = Path(words[words.index("--workflow-profile") + 1])
    assert "executor: slurm" in (chosen / "config.yaml").read_text(encoding="utf-8")
    assert "--cores" not in words


def test_a_profile_of_ones_own_is_a_folder(tmp_path):
    words = command(STUDY, Path("out"), "2", profile=str(tmp_path))
    assert words[words.index("--workflow-profile") + 1] == str(tmp_path.resolve())


def test_cores_and_a_profile_together_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["run", "study.yaml", "--cores", "2", "--profile", "slurm"])
    assert stopped.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
