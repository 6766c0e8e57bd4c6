"""Files are written whole or not at all."""

import subprocess
import sys

import pytest

from driehoek.files import sha256, write_text


def test_an_interrupted_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "table.csv"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "half \udc80")
    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


def test_what_a_killed_process_left_is_gone_after_the_next_write(tmp_path):
    path = tmp_path / "table.csv"
    killed = f"""
import os
from pathlib import Path
from driehoek.files import replacing
with replacing(Path({str(path)!r})) as draft:
    draft.write_text("half")
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    assert [each.name for each in tmp_path.iterdir()] == [".draft-table.csv"]
    write_text(path, "whole")
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"table.csv": "whole"}


def test_lines_end_the_same_on_every_system(tmp_path):
    write_text(tmp_path / "a", "x\ny\n")
    assert (tmp_path / "a").read_bytes() == b"x\ny\n"


def test_the_fingerprint_is_that_of_the_standard(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4 example
    )
