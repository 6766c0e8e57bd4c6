"""Files written whole or not at all, and fingerprints of files."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

BLOCK = 1 << 20
FORMULA_SIGNS = frozenset("=+-@\t\r")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?|-")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary neighbour of `path` that takes its place when the block succeeds.

    Its name follows from that of `path`: what a killed process has left is written over by the
    next one, and stays nowhere.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".draft-{path.name}")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with line feeds."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes."""
    with replacing(path) as draft:
        draft.write_bytes(content)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV at full precision, without its index; words are `inert`."""
    words = table.select_dtypes(include=["object", "str", "category"]).columns
    harmless = {name: table[name].map(inert_cell) for name in words}
    with replacing(path) as draft:
        table.assign(**harmless).to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")


def inert(words: str) -> str:
    """Keep a spreadsheet from taking words for a formula; a number stays a number."""
    if words[:1] not in FORMULA_SIGNS or _NUMBER.fullmatch(words):
        return words
    return f"'{words}"


def inert_cell(cell: object) -> object:
    """Give a cell of any kind; text as `inert` gives it."""
    return inert(cell) if isinstance(cell, str) else cell


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, without its index."""
    with replacing(path) as draft:
        table.to_parquet(draft, index=False)


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
