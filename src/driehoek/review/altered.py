"""Published files held to the manifest beside them: which differ, and which of their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from driehoek.analysis.rows import read_statistics
from driehoek.files import sha256
from driehoek.manifest import DETAILS
from driehoek.review.record import Record


@dataclass(frozen=True, slots=True)
class Altered:
    """A published file, or a number in it, that is not as the manifest says."""

    file: str
    found: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.file}: {self.found}"


def altered_files(record: Record) -> list[Altered]:
    """Hold the files beside a manifest to their fingerprints; absent ones are no fault.

    A pack or an archive may hold a part of the outputs. Where a statistics table differs, the
    numbers that differ are named.
    """
    return [each for name in record.outputs for each in _altered(record, name)]


def _altered(record: Record, name: str) -> Iterator[Altered]:
    below = name.split("/public/", 1)[-1]
    path = record.path.parent / below
    if not path.is_file() or sha256(path) == record.outputs[name]:
        return
    yield Altered(below, "not the file that the manifest was sealed with")
    if below.startswith("statistics/") and path.suffix == ".csv":
        yield from _numbers(record, below, path)


def _numbers(record: Record, below: str, path: Path) -> Iterator[Altered]:
    for row in read_statistics(path).to_dict("records"):
        name = str(row["id"])
        sealed = dict(record.details.get(name, {}))
        if name in record.numbers:
            sealed["estimate"] = record.numbers[name]
        for part in ("estimate", *DETAILS):
            here = row[part] if pd.notna(row[part]) else None
            if here != sealed.get(part):
                told = f"{name}, {part}: {here} here, {sealed.get(part)} in the manifest"
                yield Altered(below, told)
