"""LimeSurvey's exports with codes as headings (CSV and Excel)."""

import re

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.tables import RawTable

META: dict[str, Meaning] = {
    "startdate": "started",
    "submitdate": "submitted",
    "interviewtime": "duration",
    "startlanguage": "language",
}
SIGNS = frozenset(["submitdate", "lastpage", "startlanguage"])
TEXT_HEADINGS = frozenset(
    [
        "respons-id",
        "datum verzonden",
        "begin taal",
        "response id",
        "date submitted",
        "start language",
    ]
)
IDENTIFIERS = frozenset(["ipaddr", "refurl", "token", "firstname", "lastname", "email"])
# "Code & text" headings: the code, with its row in brackets, a full stop and the text.
_CODE_AND_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[[^\]]*\])*)\. ")


def heading_code(heading: str) -> str:
    """Give the code of a heading, also where the question's text follows it."""
    match = _CODE_AND_TEXT.match(heading)
    return match.group(1) if match else heading


def is_limesurvey(table: RawTable) -> bool:
    """Tell whether the headings are LimeSurvey's codes."""
    return {heading_code(h).casefold() for h in table.cells.columns} >= SIGNS


def has_text_headings(table: RawTable) -> bool:
    """Tell whether the headings are LimeSurvey's texts instead of codes."""
    return len({h.casefold() for h in table.cells.columns} & TEXT_HEADINGS) >= 2


def limesurvey_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns mean; an empty submitdate means an unfinished response."""
    codes = {heading: heading_code(heading) for heading in table.cells.columns}
    return Layout(
        platform="limesurvey",
        reason=reason,
        cells=table.cells,
        rows=table.rows,
        codes=codes,
        meanings={META[c.casefold()]: h for h, c in codes.items() if c.casefold() in META},
        identifiers=frozenset(h for h, c in codes.items() if _is_identifier(c.casefold())),
        splits=True,
        blanks=frozenset(["n/a"]),  # full answers: not asked, or not ticked
    )


def _is_identifier(code: str) -> bool:
    return code in IDENTIFIERS or code.startswith("attribute_")
