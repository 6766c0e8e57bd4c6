"""One fault in a study, before its line is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from driehoek.problems import did_you_mean
from driehoek.yamlfile import Location


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a study, and where."""

    location: Location
    found: str
    expected: str
    mend: str


def unknown(location: Location, word: str, known: Iterable[str], what: str) -> Iterator[Fault]:
    """Say that a word is not among those known, if so."""
    known = list(known)
    if word not in known:
        mend = did_you_mean(word, known)
        yield Fault(location, f"unknown {what} {word!r}", f"a {what} of the instrument", mend)
