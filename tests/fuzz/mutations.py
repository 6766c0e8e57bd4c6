"""Bytes of raw files changed at random: read with every row, or refused with a message."""

import functools
import hashlib
import logging
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from dialects import BINARY, DIALECTS
from ingest_example import CARER, first_export, make_study

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.problems import ProblemsError
from driehoek.study import Study

logging.getLogger("driehoek").addHandler(logging.NullHandler())  # warnings are no news here

FOLDER = tempfile.TemporaryDirectory(prefix="driehoek-fuzz-")
SECONDS = 120
ROWS = 12
READ, REFUSED = "read", "refused"
# A file that ends between two rows is a whole file with fewer rows; no reader can tell.
CUT = "cut between two rows"


def answers() -> pd.DataFrame:
    """Give twelve carers with every kind of answer, among them what is hard to write."""
    rows = [
        {
            "triadcode": f"T{i:03d}",
            "tru1c": str(1 + i % 5),
            "tru2c": "9" if i % 4 == 0 else str(1 + i % 3),
            "hours": str(7 * i + 1),
            "travel": ("", "0.5")[i % 2],
            "living": str(1 + i % 2),
            "remark": ("", 'a "b"; c, d', "één\nregel")[i % 3],
            "started": f"2025-03-{1 + i:02d} 10:00:00",
            "submitted": f"2025-03-{1 + i:02d} 10:05:00",
        }
        for i in range(ROWS)
    ]
    return pd.DataFrame([CARER | row for row in rows], dtype="str")


@functools.cache
def base(kind: str) -> tuple[bytes, Study, Ingested]:
    """Give the unchanged file of a kind, its study, and what is read from it."""
    dialect = (DIALECTS | BINARY)[kind]
    raw = dialect.write(answers())
    folder = Path(FOLDER.name) / hashlib.sha256(kind.encode()).hexdigest()[:12]
    study = make_study(folder, raw, name=dialect.name)
    (folder / "small.key").chmod(0o600)
    return raw, study, ingest_export(study, "w1", first_export(study))


def mutated(raw: bytes, number: int) -> bytes:
    """Change a file in one place: a byte or a stretch, as the number of the mutation says."""
    draw = hashlib.sha256(f"mutation {number}".encode()).digest()
    at = int.from_bytes(draw[:4], "big") % len(raw)
    other = int.from_bytes(draw[4:8], "big") % len(raw)
    byte, stretch = draw[9:10], raw[at : at + 1 + draw[10] % 40]
    telling = b"\"',;\t\r\n\x00=.0\xe9\xff{}[]<>:"[draw[11] % 22 :][:1]
    changes = (
        raw[:at] + byte + raw[at + 1 :],
        raw[:at] + telling + raw[at + 1 :],
        raw[:at] + telling + raw[at:],
        raw[:at] + raw[at + 1 :],
        raw[:at] + stretch + raw[at:],
        raw[:at] + raw[at + len(stretch) :],
        raw[:other] + stretch + raw[other:],
        raw[:at],
        raw[:at] + bytes(len(stretch)) + raw[at + len(stretch) :],
        raw[:at] + bytes([raw[at] ^ 1 << draw[12] % 8]) + raw[at + 1 :],
    )
    return changes[draw[8] % len(changes)]


def verdict(kind: str, number: int) -> str:
    """Read a changed file; give READ, REFUSED, or the fault in words."""
    raw, study, whole = base(kind)
    export, changed = first_export(study), mutated(raw, number)
    study.locate(study.exports("w1")[export].file).write_bytes(changed)
    warned = _Warned()
    try:
        with _limit(SECONDS), warned:
            found = ingest_export(study, "w1", export)
    except ProblemsError as refused:
        return REFUSED if all(each.found for each in refused.problems) else "no reason given"
    except Exception as crash:  # noqa: BLE001 - any other end is the fault that is sought
        return f"{type(crash).__name__}: {crash}"
    n = len(found.responses)
    if n < len(whole.responses) and raw.startswith(changed):
        return CUT if changed.endswith(b"\n") else READ if warned.of_the_end else f"{n} rows"
    return _untold(found, whole, is_binary=kind in BINARY) or READ


def _untold(found: Ingested, whole: Ingested, *, is_binary: bool) -> str:
    """Say what changed beyond the places that were touched, and that no report tells."""
    n, expected = len(found.responses), len(whole.responses)
    if abs(n - expected) > 1:
        return f"{n} rows of {expected}"
    told = found.columns[["question", "use"]].equals(whole.columns[["question", "use"]])
    if is_binary or n != expected or not told:
        return ""
    names = [c for c in whole.responses if c not in {"raw_row", "export"}]
    differ = _differing(found.responses[names], whole.responses[names])
    differ |= _differing(found.missing, whole.missing)
    times = ["started", "submitted"]
    differ |= _differing(found.paradata[times], whole.paradata[times])
    return f"{differ.sum()} rows changed without a word" if differ.sum() > 2 else ""


def _differing(one: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    first, second = one.astype("object"), other.astype("object")
    same = (first == second) | (first.isna() & second.isna())
    return ~same.all(axis=1)


class _Warned(logging.Handler):
    """Listen whether the log says that the end of the file may be missing."""

    of_the_end = False

    def emit(self, record: logging.LogRecord) -> None:
        self.of_the_end |= "cut off" in record.getMessage()

    def __enter__(self) -> None:
        logging.getLogger("driehoek").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("driehoek").removeHandler(self)


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        msg = f"not read within {seconds} seconds"
        raise TimeoutError(msg)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
