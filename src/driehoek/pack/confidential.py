"""A last look before a pack leaves: nothing in it may be of a person."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from driehoek.files import sha256
from driehoek.problems import Problem, StudyError
from driehoek.study import Study

_PSEUDONYM = re.compile(rb"\b[tp][0-9a-f]{16}\b")
_ARCHIVES = (".zip", ".docx", ".xlsx")


def refuse_confidential(folder: Path, study: Study, private: Path) -> None:
    """Stop a pack that holds a pseudonym, a private file or a raw file of the study.

    Of a simulated study only the first two: its key is public, and nobody gave or withdrew its
    answers. The demo's key and list of withdrawals come with the code.

    Raises
    ------
    StudyError
        With every file that may not leave.
    """
    known = _pseudonyms(private)
    closed = [path for path in private.rglob("*") if path.is_file()]
    closed += [] if study.settings.simulation else _given(study)
    digests = {sha256(path) for path in closed if path.is_file() and path.stat().st_size}
    problems = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file = path.relative_to(folder).as_posix()
        if sha256(path) in digests:
            problems.append(Problem(file, "a confidential file of the study", "no such file"))
        elif any(known & {*_PSEUDONYM.findall(part)} for part in _parts(path)):
            problems.append(Problem(file, "a pseudonym of a person or triad", "aggregates only"))
    if problems:
        raise StudyError(problems)


def _given(study: Study) -> list[Path]:
    """List what was given to the study: exports, key, corrections, withdrawals."""
    settings = study.settings
    names = [each.file for wave in settings.waves for each in wave.exports]
    named = [settings.pseudonyms.key, settings.corrections, settings.withdrawn]
    return [study.locate(name) for name in [*names, *named] if name]


def _pseudonyms(private: Path) -> set[bytes]:
    tables = [
        pd.read_parquet(path, columns=["triad", "person"])
        for path in sorted(private.glob("waves/*/responses.parquet"))
    ]
    texts = {str(code) for table in tables for name in table for code in table[name]}
    return {text.encode() for text in texts - {""}}


def _parts(path: Path) -> Iterator[bytes]:
    if path.suffix in _ARCHIVES and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
        return
    yield path.read_bytes()
