"""One description of a table, whatever it is rendered to."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from driehoek.reporting import numbers
from driehoek.reporting.origin import Source
from driehoek.reporting.results import Figure

Style = Literal[
    "text", "decimal", "bounded", "count", "p", "percent", "share", "interval", "bounded_interval",
    "bounded_with_interval", "with_interval", "mean_sd", "df_pair",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: numbers at full precision and how they are written.

    Attributes
    ----------
    style : str
        How it is written; ``share`` is a count with its percentage of the second number,
        ``interval`` a lower and an upper end, ``(bounded_)with_interval`` an estimate and both.
    values : tuple of float
        One to three numbers; NaN where absent.
    text : str
        For ``text``.
    id : str
        Id of the statistic it shows.
    reason : str
        Why it is absent, or what must be known about it.
    decimals : int
    link : str
        Address within the report, for words that lead somewhere.
    """

    style: Style = "text"
    values: tuple[float, ...] = ()
    text: str = ""
    id: str = ""
    reason: str = ""
    decimals: int = 2
    link: str = ""

    @property
    def file(self) -> str:
        """Name of the statistics file behind it; empty for text."""
        return self.id.split("/", 1)[0]

    @property
    def is_absent(self) -> bool:
        """Whether the number that leads the cell is not there."""
        return bool(self.values) and math.isnan(self.values[0])

    def written(self, language: str) -> str:
        """Give the cell as a reader sees it."""
        if self.style == "text":
            return self.text
        if self.is_absent:
            return numbers.ABSENT
        return _WRITERS[self.style](self.values, language, self.decimals)


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its header, the header it shares with its neighbours, and whether it wraps.

    Attributes
    ----------
    label, spanner : str
    is_words : bool
        Whether it holds sentences instead of numbers.
    """

    label: str
    spanner: str = ""
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, its cells (none for a heading), its indent, the name links lead to."""

    label: str
    cells: tuple[Cell, ...] = ()
    level: int = 0
    anchor: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it only names the rows below it."""
        return not self.cells


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    name : str
        Name of its files.
    title : str
    stub : str
        Header of the row labels.
    columns : tuple of Column
    rows : tuple of Row
        Each with as many cells as there are columns, or none.
    notes : tuple of str
        Sentences: n, method, handling of missing data.
    language : str
    sources : tuple of Source
        The files and rows behind its numbers.
    """

    name: str
    title: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    language: str
    sources: tuple[Source, ...] = ()

    @property
    def has_spanners(self) -> bool:
        """Whether any columns share a header."""
        return any(column.spanner for column in self.columns)

    @property
    def marks(self) -> dict[str, str]:
        """Give the letter of each reason that stands behind an absent cell."""
        cells = (cell for row in self.rows for cell in row.cells)
        reasons = dict.fromkeys(cell.reason for cell in cells if cell.reason)
        return {reason: _letters(place) for place, reason in enumerate(reasons)}

    @property
    def ids(self) -> list[str]:
        """Ids of the statistics that it shows."""
        return [cell.id for row in self.rows for cell in row.cells if cell.id]

    def without_empty_columns(self) -> "Table":
        """Leave out the columns that hold no number and no reason in any row."""
        used = [
            place
            for place in range(len(self.columns))
            if any(c.reason or not c.is_absent for r in self.rows for c in r.cells[place:][:1])
        ]
        rows = tuple(
            replace(row, cells=tuple(row.cells[place] for place in used)) if row.cells else row
            for row in self.rows
        )
        return replace(self, columns=tuple(self.columns[place] for place in used), rows=rows)

    def spans(self) -> list[tuple[str, int]]:
        """Give the shared headers, each with the number of neighbouring columns below it."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and column.spanner and found[-1][0] == column.spanner:
                found[-1] = (column.spanner, found[-1][1] + 1)
            else:
                found.append((column.spanner, 1))
        return found


def estimate(figure: Figure, style: Style = "decimal", decimals: int = 2) -> Cell:
    """Show the estimate of a figure."""
    return Cell(style, (figure.estimate,), "", figure.id, figure.reason, decimals)


def share(figure: Figure) -> Cell:
    """Show a count of persons with its percentage of n."""
    return Cell("share", (figure.estimate, figure.n), "", figure.id, figure.reason)


def ends(figure: Figure, *, is_bounded: bool = False, decimals: int = 2) -> Cell:
    """Show the interval of a figure."""
    style: Style = "bounded_interval" if is_bounded else "interval"
    reason = figure.reason if math.isnan(figure.ci_low) else ""
    return Cell(style, (figure.ci_low, figure.ci_high), "", figure.id, reason, decimals)


def number(value: float, figure: Figure, style: Style, decimals: int = 2) -> Cell:
    """Show another number of a figure, such as its p or n."""
    return Cell(style, (value,), "", figure.id, "", decimals)


def text(words: str) -> Cell:
    """Show words."""
    return Cell(text=words)


def _letters(place: int) -> str:
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("a") + low)


def _with_interval(values: Iterable[float], language: str, decimals: int) -> str:
    value, low, high = values
    text = numbers.decimal(value, language, decimals)
    if math.isnan(low):
        return text
    return f"{text}\u00a0{numbers.interval(low, high, language, decimals=decimals)}"


def _bounded_with_interval(values: Iterable[float], language: str, decimals: int) -> str:
    value, low, high = values
    text = numbers.bounded(value, language, decimals)
    if math.isnan(low):
        return text
    return f"{text}\u00a0{numbers.interval(low, high, language, is_bounded=True)}"


def _share(values: tuple[float, ...], language: str, decimals: int) -> str:
    part, whole = values
    text = numbers.count(part, language)
    return f"{text}\u00a0({numbers.percent(part / whole, language, max(decimals - 2, 0))})"


def _df_pair(values: tuple[float, ...], language: str, _decimals: int) -> str:
    between = numbers.marks(language).between
    return between.join(numbers.decimal(v, language, 0 if v == int(v) else 1) for v in values)


_WRITERS: dict[str, Callable[[tuple[float, ...], str, int], str]] = {
    "df_pair": _df_pair,
    "decimal": lambda v, language, d: numbers.decimal(v[0], language, d),
    "bounded": lambda v, language, d: numbers.bounded(v[0], language, d),
    "count": lambda v, language, _: numbers.count(v[0], language),
    "p": lambda v, language, _: numbers.p_value(v[0], language),
    "percent": lambda v, language, _: numbers.percent(v[0], language),
    "share": _share,
    "interval": lambda v, language, d: numbers.interval(v[0], v[1], language, decimals=d),
    "bounded_interval": lambda v, language, d: numbers.interval(
        v[0], v[1], language, is_bounded=True, decimals=d
    ),
    "bounded_with_interval": _bounded_with_interval,
    "with_interval": _with_interval,
    "mean_sd": lambda v, language, d: (
        f"{numbers.decimal(v[0], language, d)}\u00a0({numbers.decimal(v[1], language, d)})"
    ),
}
