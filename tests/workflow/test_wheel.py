"""The built wheel runs a study without a checkout."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import small_study

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel and install it into a folder that comes before the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return site


def python(site, *words, cwd):
    return subprocess.run(
        [sys.executable, *(str(word) for word in words)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_carries_the_workflow(installed):
    carried = installed / "driehoek" / "_workflow"
    assert (carried / "Snakefile").is_file()
    assert (carried / "instruments" / "triad.yaml").is_file()
    assert (carried / "profiles" / "default" / "config.yaml").is_file()
    assert not (carried / "config" / "raw").exists()


def test_a_new_study_is_laid_out_and_checked(installed, tmp_path):
    made = python(installed, "-m", "driehoek.cli", "new", "studie", "--key", "a.key", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = python(installed, "-m", "driehoek.cli", "check", "studie/study.yaml", cwd=tmp_path)
    assert checked.returncode == 1
    assert "raw/w1.csv" in checked.stdout


def test_a_pack_from_the_installed_wheel_holds_all_that_makes_the_same_wheel(installed, tmp_path):
    """No checkout is needed to make a pack; a reviewer installs from it what made it."""
    (tmp_path / "public").mkdir()
    words = "from pathlib import Path; from driehoek.pack.contents import lay_out; "
    words += "lay_out(Path('pack'), Path('public'), 'a study', '0')"
    made = python(installed, "-c", words, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    code = tmp_path / "pack" / "code"
    assert (code / "requirements.lock").read_bytes() == (ROOT / "requirements.lock").read_bytes()
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    again = python(installed, *install, "--target", "again", code, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert _contents(tmp_path / "again" / "driehoek") == _contents(installed / "driehoek")


def _contents(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_job_graph_is_built_from_the_installed_files(installed, tmp_path):
    study = small_study(tmp_path / "studie", triads=20)
    words = "from pathlib import Path; from driehoek.workflow_run import command; print('\\n'.join("
    words += f"command(Path({str(study)!r}), Path({str(study.parent)!r}), '1')))"
    listed = python(installed, "-c", words, cwd=tmp_path).stdout.splitlines()
    assert str(installed) in listed[listed.index("--snakefile") + 1]
    planned = python(installed, *listed[1:], "--dry-run", "--quiet", "rules", cwd=tmp_path)
    assert planned.returncode == 0, planned.stderr
