"""One fault in an instrument or a study, before its line is known."""

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
    """Find a word that is not among the known ones; ``what`` names its kind."""
    known = list(known)
    if word not in known:
        yield Fault(
            location, f"unknown {what} {word!r}", f"a known {what}", did_you_mean(word, known)
        )
