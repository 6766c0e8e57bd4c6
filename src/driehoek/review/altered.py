"""Published files held to the manifest beside them: which differ, and which of their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from driehoek.analysis.rows import read_statistics
from driehoek.files import sha256
from driehoek.manifest import DETAILS
from driehoek.review.compare import parts_of
from driehoek.review.record import Record

Told = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Altered:
    """A published file, or a number in it, that is not as the manifest says."""

    file: str
    found: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.file}: {self.found}"


def altered_files(record: Record) -> list[Altered]:
    """Hold the files beside a manifest to it, in both directions.

    A manifest that lies alone tells nothing. Where published files lie beside it, those that
    differ are named, those that are absent, and those that the manifest does not know; of the
    statistics every number too, whether the file or the manifest was changed.
    """
    sealed, present = _sealed(record), files_beside(record)
    if not present:
        return []
    return [
        *(Altered(name, "in the manifest and not here") for name in sealed if name not in present),
        *(each for name, path in present.items() for each in _altered(record, sealed, name, path)),
        *(Altered(name, "here and not in the manifest") for name in _others(record.path, sealed)),
    ]


def files_beside(record: Record) -> dict[str, Path]:
    """Give the files beside a manifest that it was sealed with, by name."""
    folder = record.path.parent
    return {name: folder / name for name in _sealed(record) if (folder / name).is_file()}


def _sealed(record: Record) -> dict[str, str]:
    return {name.split("/public/", 1)[-1]: digest for name, digest in record.outputs.items()}


def _others(manifest: Path, sealed: dict[str, str]) -> list[str]:
    """List the files beside a manifest that it does not know; hidden ones are the system's."""
    folder = manifest.parent
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    known = {*sealed, manifest.name}
    return sorted(name for name in names if name not in known and "/." not in f"/{name}")


def _altered(record: Record, sealed: dict[str, str], name: str, path: Path) -> Iterator[Altered]:
    is_whole = sha256(path) == sealed[name]
    if not is_whole:
        yield Altered(name, "not the file that the manifest was sealed with")
    if not (name.startswith("statistics/") and path.suffix == ".csv"):
        return
    try:
        here = _told_in(path)
    except (ValueError, KeyError) as fault:
        yield Altered(name, f"no statistics that can be read ({fault})")
        return
    for words in _numbers(here, _told_by(record, path.stem)):
        if is_whole:
            yield Altered(record.path.name, f"{words}; {name} is as it was sealed")
        else:
            yield Altered(name, words)


def _numbers(here: Told, there: Told) -> Iterator[str]:
    for name in dict.fromkeys([*here, *there]):
        if name not in there:
            yield f"{name}: here and not in the manifest"
        elif name not in here:
            yield f"{name}: in the manifest and not here"
        else:
            for part in dict.fromkeys([*here[name], *there[name]]):
                a, b = (each[name].get(part, "no number") for each in (here, there))
                if a != b:
                    yield f"{name}, {part}: {a} here, {b} in the manifest"


def _told_in(path: Path) -> Told:
    """Give the numbers of a statistics file by id; rows without any are left out."""
    parts = ["estimate", *DETAILS]
    table = read_statistics(path)
    rows = zip(table["id"], table[parts].to_numpy(), strict=True)
    told = {
        str(name): {p: float(v) for p, v in zip(parts, values, strict=True) if pd.notna(v)}
        for name, values in rows
    }
    return {name: known for name, known in told.items() if known}


def _told_by(record: Record, file: str) -> Told:
    names = dict.fromkeys([*record.numbers, *record.details])
    return {name: parts_of(record, name) for name in names if name.split("/")[0] == file}
