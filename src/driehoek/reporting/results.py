"""The statistics of a study, looked up by what they are about."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from driehoek.analysis.rows import IDENTITY, read_statistics

KEYS = ("wave", "role", "about", "scale", "group", "term", "statistic")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of statistics at full precision; NaN and "" where there is nothing.

    Attributes
    ----------
    id : str
        Its id in the study; starts with the name of its file. Empty if there is no such row.
    wave, role, about, scale, group, term, statistic : str
        What it is about.
    estimate, se, df, ci_low, ci_high, p : float
    n, n_excluded : float
        Persons or rows behind it, and left out.
    method, reason : str
        How it was estimated; why it is not there.
    """

    id: str = ""
    wave: str = ""
    role: str = ""
    about: str = ""
    scale: str = ""
    group: str = ""
    term: str = ""
    statistic: str = ""
    estimate: float = math.nan
    se: float = math.nan
    df: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p: float = math.nan
    n: float = math.nan
    n_excluded: float = math.nan
    method: str = ""
    reason: str = ""

    @property
    def is_present(self) -> bool:
        """Whether there is an estimate."""
        return not math.isnan(self.estimate)

    @property
    def file(self) -> str:
        """Name of the statistics file that holds it, without its suffix."""
        return self.id.split("/", 1)[0]

    @property
    def excludes_zero(self) -> bool:
        """Whether its interval lies on one side of zero."""
        return self.ci_low > 0 or self.ci_high < 0


NONE = Figure()


class Results:
    """All statistics of a study.

    Attributes
    ----------
    figures : list of Figure
        In the order of the files.
    """

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = list(figures)
        self._place = {
            (figure.file, *(getattr(figure, key) for key in KEYS)): figure
            for figure in self.figures
        }
        self._common: dict[str, frozenset[str]] = {}
        self._having: dict[tuple[str, str, str], list[Figure]] = {}
        for figure in self.figures:
            for key in ("file", *KEYS):
                name = (figure.file, key, getattr(figure, key))
                self._having.setdefault(name, []).append(figure)

    def one(self, file: str, statistic: str, **about: str) -> Figure:
        """Give the row of a file with exactly these keys (others empty), or an empty one."""
        keys = (statistic if key == "statistic" else about.get(key, "") for key in KEYS)
        return self._place.get((file, *keys), NONE)

    def rows(self, file: str, **about: str) -> list[Figure]:
        """Give the rows of a file that have these keys, whatever their other keys."""
        wanted = {"file": file, **about}
        lists = (self._having.get((file, key, value), []) for key, value in wanted.items())
        return [
            figure
            for figure in min(lists, key=len)
            if all(getattr(figure, key) == value for key, value in wanted.items())
        ]

    @cached_property
    def by_id(self) -> dict[str, Figure]:
        """The rows by their ids."""
        return {figure.id: figure for figure in self.figures}

    def common(self, file: str) -> frozenset[str]:
        """Name the parts of an id in which all rows of a file have the same value."""
        if file not in self._common:
            rows = self.rows(file)
            alike = (k for k in IDENTITY if len({getattr(row, k) for row in rows}) == 1)
            self._common[file] = frozenset(alike)
        return self._common[file]

    @cached_property
    def files(self) -> list[str]:
        """Names of the files that hold statistics, in order."""
        return list(dict.fromkeys(figure.file for figure in self.figures))


def read_results(paths: Iterable[Path]) -> Results:
    """Read statistics files."""
    return Results(figure for path in paths for figure in _figures(read_statistics(path)))


def _figures(table: pd.DataFrame) -> list[Figure]:
    return [
        Figure(**{str(name): value for name, value in row.items()})
        for row in table.to_dict("records")
    ]
