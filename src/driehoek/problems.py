"""Faults in a user's files, gathered and reported all at once."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a user's file, in words a researcher can act on.

    Attributes
    ----------
    file : str
        The file as the user named it.
    found, expected, mend : str
        What stands there, what should stand there, and what to do about it.
    line, row : int, optional
        Line of a text file, or row of a table as a spreadsheet counts it (header = 1).
    column, item : str
        Column of a table; question, item, key or scale. Empty where none applies.
    check : str
        Short name of the check that found it, for the roster of checks.
    """

    file: str
    found: str
    expected: str = ""
    mend: str = ""
    line: int | None = None
    row: int | None = None
    column: str = ""
    item: str = ""
    check: str = ""

    def __str__(self) -> str:
        """Give the fault as one paragraph."""
        text = f"{self._place()}: {self.found}."
        if self.expected:
            text += f" Expected: {self.expected}."
        if self.mend:
            text += f" To mend: {self.mend}."
        return text

    def _place(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column!r}")
        if self.item:
            parts.append(self.item)
        return ", ".join(parts)

    def as_record(self) -> dict[str, str | int | None]:
        """Give the fault as a flat record for CSV or JSON."""
        return asdict(self)


class ProblemsError(ValueError):
    """Faults that stop the run; ``problems`` holds every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(report(self.problems))


class StudyError(ProblemsError):
    """The study file, or a file it names, is faulty."""


class InstrumentError(ProblemsError):
    """The instrument file is faulty."""


class AnswersError(ProblemsError):
    """A file with answers is faulty."""


def report(problems: Sequence[Problem], *, shown: int = SHOWN) -> str:
    """List the problems, the first `shown` in full, and say how many there are."""
    count = len(problems)
    head = "1 problem" if count == 1 else f"{count} problems"
    lines = [f"{head}:"] + [f"  - {problem}" for problem in problems[:shown]]
    if count > shown:
        lines.append(
            f"  ... and {count - shown} more: mend these, or list all with driehoek check --json"
        )
    return "\n".join(lines)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known words, as a phrase ready for ``mend``."""
    known = sorted(set(known))
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(repr(name) for name in near) + "?"
    if len(known) <= 12:
        return "use one of " + ", ".join(known)
    return f"use one of the {len(known)} known names, such as " + ", ".join(known[:5])


def name_of(path: Path) -> str:
    """Give a path as messages show it: forward slashes on every system."""
    return path.as_posix()
