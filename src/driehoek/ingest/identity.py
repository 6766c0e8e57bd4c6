"""Triad and person codes: normalised, then replaced by keyed pseudonyms."""

import hmac
import logging
import os
import re
import stat
import unicodedata
from pathlib import Path

import pandas as pd

from driehoek.problems import Problem, StudyError, name_of

log = logging.getLogger(__name__)

PUBLIC = "# public demo key"
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−_.]+")
_KEY = re.compile(r"^[0-9a-fA-F]{64}$")
_WHOLE = re.compile(r"^(\d+)\.0+$")


def normalise_code(code: str) -> str:
    """Give a code without regard to case, blanks, dashes, points and full-width forms.

    Look-alikes such as O and 0 stay apart: they are reported, never merged.
    """
    plain = unicodedata.normalize("NFKC", code).strip()
    if match := _WHOLE.match(plain):
        plain = match.group(1)
    return _SEPARATORS.sub("", plain).upper()


def read_key(path: Path) -> bytes:
    """Read the pseudonym key: 64 hexadecimal characters on a line, after lines with #.

    Raises
    ------
    StudyError
        If the file is absent or holds no key. No key is ever made here: a fresh one would
        silently cut the waves apart.
    """
    file = name_of(path)
    _refuse_repository(path, file)
    if not path.is_file():
        mend = "put the study's key file there; driehoek new makes one for a new study"
        raise StudyError(
            [Problem(file, "there is no key file", "the pseudonym key", mend, check="key")]
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise StudyError(
            [Problem(file, "a file that is no text", "the key", check="key")]
        ) from fault
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(keys) != 1 or not _KEY.match(keys[0]):
        mend = "restore the key file from its backup; do not make a new one for a study with data"
        raise StudyError(
            [
                Problem(
                    file, "no valid key", "one line of 64 hexadecimal characters", mend, check="key"
                )
            ]
        )
    _warn_of_readers(path, lines, file)
    return bytes.fromhex(keys[0])


def _refuse_repository(path: Path, file: str) -> None:
    """Stop where the key could be committed and published with the code."""
    real = path.resolve()
    top = next((each for each in real.parents if (each / ".git").exists()), None)
    if top is None or _is_public(real):
        return
    found = f"the pseudonym key lies in the git work tree {name_of(top)}"
    mend = "move it, for example to .driehoek in your own folder, and change pseudonyms.key"
    raise StudyError([Problem(file, found, "a place outside any repository", mend, check="key")])


def _is_public(path: Path) -> bool:
    """Tell whether a file is marked as the public key of the demo."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.readline().decode("utf-8", "replace").startswith(PUBLIC)


def _warn_of_readers(path: Path, lines: list[str], file: str) -> None:
    is_open = os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    if is_open and not lines[0].startswith(PUBLIC):
        log.warning("%s: other users of this computer may read the key; chmod 600 it", file)


def pseudonym(key: bytes, kind: str, code: str) -> str:
    """Give the pseudonym of a normalised code: kind's first letter and 16 hex characters.

    HMAC-SHA256 (RFC 2104) of ``kind:code``; an empty code stays empty.
    """
    if not code:
        return ""
    return kind[0] + hmac.digest(key, f"{kind}:{code}".encode(), "sha256")[:8].hex()


def pseudonyms(key: bytes, kind: str, codes: pd.Series) -> pd.Series:
    """Give the pseudonyms of a column of normalised codes."""
    positions, uniques = pd.factorize(codes)
    known = pd.array([pseudonym(key, kind, code) for code in uniques.tolist()], dtype="str")
    return pd.Series(known[positions], index=codes.index)


def normalised(codes: pd.Series) -> pd.Series:
    """Normalise a column of codes."""
    positions, uniques = pd.factorize(codes)
    known = pd.array([normalise_code(code) for code in uniques.tolist()], dtype="str")
    return pd.Series(known[positions], index=codes.index)
