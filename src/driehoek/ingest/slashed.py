"""Times written with slashes, whose order of day and month the column has to show."""

import datetime
import logging
import re
from collections.abc import Iterable

log = logging.getLogger(__name__)

_SLASHED = re.compile(
    r"^(\d{1,4})/(\d{1,2})/(\d{1,4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?\s?m?\.?.*)?$",
    re.I,
)


def slashed_times(texts: Iterable[str]) -> dict[str, str]:
    """Give times with slashes as ISO 8601 text, by how they were written.

    Year first is plain. Else a number over 12 shows where the day stands, and all times of the
    column follow it; where none does, or both places hold one, they are left out and the log
    says how many.

    Parameters
    ----------
    texts : iterable of str
        All different texts of a column.
    """
    found = {text: match for text in texts if (match := _SLASHED.match(text.strip()))}
    open_order = [m for m in found.values() if len(m.group(1)) < 4]
    first, second = (any(int(m.group(place)) > 12 for m in open_order) for place in (1, 2))
    if open_order and first == second:
        log.warning(
            "%d times are written with slashes and may be day or month first: left out",
            len(open_order),
        )
    told = {}
    for text, match in found.items():
        a, b, c = (int(match.group(place)) for place in (1, 2, 3))
        if len(match.group(1)) == 4:
            told[text] = _iso(a, b, c, match)
        elif first != second:
            told[text] = _iso(c, b, a, match) if first else _iso(c, a, b, match)
    return told


def _iso(year: int, month: int, day: int, match: re.Match[str]) -> str:
    hour, minute, second = (int(match.group(place) or 0) for place in (4, 5, 6))
    half = (match.group(7) or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime.datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001 - exports tell no zone
    except ValueError:
        return ""
