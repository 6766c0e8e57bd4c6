"""One fault of an instrument file, before it has a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from driehoek.problems import did_you_mean
from driehoek.yamlfile import Location


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands at a place of the file, what should stand there, how to mend it."""

    location: Location
    found: str
    expected: str
    mend: str


def unknown(location: Location, word: str, known: Iterable[str], what: str) -> Iterator[Fault]:
    """Find a word that is not among the known ones."""
    known = list(known)
    if word not in known:
        mend = did_you_mean(word, known)
        yield Fault(location, f"unknown {what} {word!r}", f"a known {what}", mend)
