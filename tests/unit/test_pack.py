"""What stands in a pack for a reviewer's first step."""

import shutil
import subprocess

import pytest

from driehoek.pack.contents import MAKEFILE

OLD = """#!/bin/sh
exec python3 -c 'import sys; sys.version_info = (3, 10); exec(sys.argv[2])' "$@"
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_python_that_is_too_old_is_refused_in_words(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "requirements.lock").write_text("", encoding="utf-8")
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (tmp_path / "old").write_text(OLD, encoding="utf-8")
    (tmp_path / "old").chmod(0o755)
    words = ["make", "--no-print-directory", "results", "PYTHON=./old"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == "Python 3.11 or later is needed: make results PYTHON=python3.12\n"
    assert not (tmp_path / ".venv").exists()
