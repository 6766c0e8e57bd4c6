"""Microsoft Forms and Google Forms: headings are the words of the questions."""

from driehoek.ingest.layout import Layout
from driehoek.ingest.plain import plain_layout
from driehoek.ingest.tables import RawTable

BEGINS = frozenset(["begintijd", "start time"])
ENDS = frozenset(["tijd van voltooien", "completion time"])
STAMPS = frozenset(["tijdstempel", "timestamp"])


def is_microsoft_forms(table: RawTable) -> bool:
    """Tell whether Microsoft Forms wrote the table: its times, in Dutch or English."""
    headings = {str(heading).casefold() for heading in table.cells.columns}
    return bool(headings & BEGINS) and bool(headings & ENDS)


def is_google_forms(table: RawTable) -> bool:
    """Tell whether Google Forms wrote the table: its time stamp stands first."""
    return str(table.cells.columns[0]).casefold() in STAMPS


def microsoft_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of Microsoft Forms mean."""
    return plain_layout(table, "msforms", reason)


def google_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of Google Forms mean; it tells no time at which somebody began."""
    return plain_layout(table, "googleforms", reason)
