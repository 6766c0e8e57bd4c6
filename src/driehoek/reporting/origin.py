"""Where a number comes from: the rows of a statistics file behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from driehoek.analysis.rows import IDENTITY
from driehoek.reporting.results import Figure, Results

# Of several rows: the sum of their estimates, their number, or the number without an estimate.
Operation = Literal["sum", "rows", "absent"]
OPERATIONS: tuple[Operation, ...] = ("sum", "rows", "absent")
LINK = Markup('<a href="statistics/{}.csv" title="{}">{}</a>')


@dataclass(frozen=True, slots=True)
class Said:
    """A number as a sentence writes it, with the row behind it.

    Within a template it writes itself as a link to its row; two are equal where they read the same.

    Attributes
    ----------
    text : str
    id : str
        Of its row of statistics, or ``sum(...)``, ``rows(...)`` or ``absent(...)`` with the parts
        that the ids of several rows share, ``*`` for the others. Empty for none.
    """

    text: str
    id: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Give the number alone."""
        return self.text

    def __html__(self) -> str:
        """Give the number with the way to its row."""
        return str(LINK.format(file_of(self.id), self.id, self.text) if self.id else self.text)


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a statistics file, by what they share.

    Attributes
    ----------
    file : str
        Without its suffix.
    rows : str
        Columns with the value that all rows have, as far as other rows of the file have another.
    """

    file: str
    rows: str

    def __str__(self) -> str:
        """Name the file and, in brackets, the rows."""
        return f"{self.file}.csv" + (f" ({self.rows})" if self.rows else "")


def over(text: str, operation: Operation, figures: Sequence[Figure]) -> Said:
    """Give a number that follows from several rows of one file."""
    if not figures:
        return Said(text)
    shared = _shared(figures)
    parts = [(shared[key] or "-") if key in shared else "*" for key in IDENTITY]
    return Said(text, f"{operation}({'/'.join([figures[0].file, *parts])})")


def operation_of(name: str) -> str:
    """Give the operation of an id that stands for several rows; nothing for that of one row."""
    return next((each for each in OPERATIONS if name.startswith(f"{each}(")), "")


def file_of(name: str) -> str:
    """Name the statistics file behind an id, without its suffix."""
    operation = operation_of(name)
    return name.removeprefix(f"{operation}(").split("/", 1)[0]


def sources_of(results: Results, ids: Iterable[str]) -> tuple[Source, ...]:
    """Give the rows behind some ids, file by file, in order."""
    by_file: dict[str, list[Figure]] = {}
    for name in dict.fromkeys(ids):
        if name in results.by_id:
            by_file.setdefault(file_of(name), []).append(results.by_id[name])
    return tuple(Source(file, _rows(results, file, found)) for file, found in by_file.items())


def source_of(results: Results, name: str) -> Source:
    """Give the row behind an id, or the rows behind a sum or a number of rows."""
    if name in results.by_id:
        return sources_of(results, [name])[0]
    operation = operation_of(name)
    file, *parts = name.removeprefix(f"{operation}(").removesuffix(")").split("/")
    known = {key: part for key, part in zip(IDENTITY, parts, strict=True) if part not in {"*", "-"}}
    return Source(file, _words(results, file, known))


def _rows(results: Results, file: str, figures: Sequence[Figure]) -> str:
    return _words(results, file, _shared(figures))


def _words(results: Results, file: str, shared: dict[str, str]) -> str:
    common = results.common(file)
    parts = (f"{key} = {value}" for key, value in shared.items() if value and key not in common)
    return "; ".join(parts)


def _shared(figures: Sequence[Figure]) -> dict[str, str]:
    """Give the keys in which all figures have the same value."""
    values = {key: {getattr(figure, key) for figure in figures} for key in IDENTITY}
    return {key: next(iter(found)) for key, found in values.items() if len(found) == 1}
