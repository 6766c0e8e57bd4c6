"""Microsoft Forms and Google Forms: headings are the words of the questions."""

from driehoek.ingest.layout import Layout, Meaning, Platform
from driehoek.ingest.tables import RawTable

MICROSOFT: dict[str, Meaning] = {
    "begintijd": "started",
    "start time": "started",
    "tijd van voltooien": "submitted",
    "completion time": "submitted",
}
GOOGLE: dict[str, Meaning] = {"tijdstempel": "submitted", "timestamp": "submitted"}
IDENTIFIERS = frozenset(
    [
        *("id", "e-mail", "email", "e-mailadres", "email address", "naam", "name"),
        *("tijd van laatste wijziging", "last modified time", "gebruikersnaam", "username"),
    ]
)


def is_microsoft_forms(table: RawTable) -> bool:
    """Tell whether Microsoft Forms wrote the table: its times, in Dutch or English."""
    return {MICROSOFT.get(_name(h), "") for h in table.cells.columns} >= {"started", "submitted"}


def is_google_forms(table: RawTable) -> bool:
    """Tell whether Google Forms wrote the table: its time stamp stands first."""
    return _name(table.cells.columns[0]) in GOOGLE


def microsoft_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of Microsoft Forms mean."""
    return _layout(table, "msforms", reason, MICROSOFT)


def google_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of Google Forms mean; it tells no time at which somebody began."""
    return _layout(table, "googleforms", reason, GOOGLE)


def _layout(table: RawTable, platform: Platform, reason: str, meta: dict[str, Meaning]) -> Layout:
    headings = [str(each) for each in table.cells.columns]
    return Layout(
        platform=platform,
        reason=reason,
        cells=table.cells,
        rows=table.rows,
        codes={heading: heading for heading in headings},
        meanings={meta[_name(h)]: h for h in reversed(headings) if _name(h) in meta},
        identifiers=frozenset(h for h in headings if _name(h) in IDENTIFIERS),
        worded=True,
    )


def _name(heading: object) -> str:
    return str(heading).strip().casefold()
