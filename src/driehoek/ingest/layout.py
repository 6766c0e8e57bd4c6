"""What a platform's export means: which columns hold answers and which say something else."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from driehoek.ingest.slashed import slashed_times
from driehoek.platforms import Platform

Meaning = Literal["started", "submitted", "duration", "language", "complete", "status", "channel"]

TRUE_WORDS = frozenset(["1", "true", "yes", "ja", "y", "j", "waar", "completed", "voltooid"])
_ISO = r"^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?).*)?$"
_DAY_FIRST = re.compile(r"^(\d{1,2})-(\d{1,2})-(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$")
_ANONYMOUS = "1980-01-01T00:00:00"  # LimeSurvey's stand-in where times are not kept


@dataclass(frozen=True, slots=True)
class Layout:
    """An export as its platform means it.

    Attributes
    ----------
    platform : str
    reason : str
        Why this platform, in words.
    cells : pandas.DataFrame
        Text by heading, rows of headings taken out.
    rows : numpy.ndarray of int
        Row number of each response as a spreadsheet counts.
    codes : mapping
        Code by heading: the heading without the question's text.
    meanings : mapping
        Heading by what it says about the response.
    identifiers : frozenset of str
        Headings that the platform uses for identifying data.
    invitation : str
        Heading of the platform's code of who was invited; empty where it has none.
    pages : mapping
        By the heading of a page's seconds, the codes of its questions.
    splits : bool
        True where a heading may be a question and a row of it, as ``grid[row]``.
    worded : bool
        True where a heading may be the words of a question.
    blanks : frozenset of str
        Texts, in small letters, that stand for an empty cell.
    labels, user_missing : mapping
        Of an SPSS file, by heading.
    """

    platform: Platform
    reason: str
    cells: pd.DataFrame
    rows: np.ndarray
    codes: Mapping[str, str]
    meanings: Mapping[Meaning, str]
    identifiers: frozenset[str]
    invitation: str = ""
    pages: Mapping[str, frozenset[str]] = field(default_factory=dict)
    splits: bool = False
    worded: bool = False
    blanks: frozenset[str] = frozenset()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    user_missing: Mapping[str, frozenset[str]] = field(default_factory=dict)


def is_true(texts: pd.Series) -> np.ndarray:
    """Tell which texts mean yes."""
    return texts.str.casefold().isin(TRUE_WORDS).to_numpy(dtype=bool)


def iso_times(texts: pd.Series) -> pd.Series:
    """Give times as ISO 8601 text; empty where there is none, or it is ambiguous.

    Day-month-year is read where it is written with dashes, as Dutch programs do. With slashes
    it may be either order: the column decides, by a number over 12; where it cannot, every time
    stays unknown and the log says so.
    """
    positions, uniques = pd.factorize(texts)
    known = pd.Series(uniques, dtype="str")
    parts = known.str.extract(_ISO).fillna("")
    iso = (parts[0] + "T" + parts[1].where(parts[1] != "", "00:00:00")).where(parts[0] != "", "")
    slashed = slashed_times(known[iso == ""].tolist())
    rest = [_day_first(each) or slashed.get(each, "") for each in known[iso == ""]]
    iso[iso == ""] = rest
    iso = iso.where(iso != _ANONYMOUS, "")
    return pd.Series(iso.to_numpy()[positions], dtype="str")


def _day_first(text: str) -> str:
    match = _DAY_FIRST.match(text)
    if match is None:
        return ""
    day, month, year = (int(match.group(i)) for i in (1, 2, 3))
    hour, minute, second = (int(match.group(i) or 0) for i in (4, 5, 6))
    try:
        return datetime.datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001 - exports tell no zone
    except ValueError:
        return ""


def seconds(texts: pd.Series, started: pd.Series, submitted: pd.Series) -> np.ndarray:
    """Give durations in seconds: as the platform says, else from start to end; NaN unknown."""
    told = pd.to_numeric(texts.str.replace(",", "."), errors="coerce").to_numpy(dtype=float)
    begin, end = (
        pd.to_datetime(each, errors="coerce", format="ISO8601") for each in (started, submitted)
    )
    between = (end - begin).dt.total_seconds().to_numpy(dtype=float)
    found = np.where(np.isnan(told), between, told)
    return np.where(found >= 0, found, np.nan)
