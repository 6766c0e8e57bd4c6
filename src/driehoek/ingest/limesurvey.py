"""LimeSurvey's exports: CSV, Excel, JSON and VV, with codes, codes and texts, or texts."""

import re

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.page_times import page_times
from driehoek.ingest.tables import RawTable

META: dict[str, Meaning] = {
    "startdate": "started",
    "submitdate": "submitted",
    "interviewtime": "duration",
    "startlanguage": "language",
}
SIGNS = frozenset(["submitdate", "lastpage", "startlanguage"])
# What LimeSurvey calls its own columns where headings are texts.
TEXTS = {
    "respons-id": "id",
    "response id": "id",
    "datum verzonden": "submitdate",
    "date submitted": "submitdate",
    "laatste pagina": "lastpage",
    "last page": "lastpage",
    "begin taal": "startlanguage",
    "start language": "startlanguage",
    "plaats": "seed",
    "seed": "seed",
    "startdatum": "startdate",
    "date started": "startdate",
    "datum laatste actie": "datestamp",
    "date last action": "datestamp",
    "ip-adres": "ipaddr",
    "ip address": "ipaddr",
    "verwijzende url": "refurl",
    "referrer url": "refurl",
    "totaaltijd": "interviewtime",
    "total time": "interviewtime",
    "toegangscode": "token",
    "access code": "token",
    "token": "token",
}
INVITATION = "token"
IDENTIFIERS = frozenset(["ipaddr", "refurl", INVITATION, "firstname", "lastname", "email"])
# "Code & text" headings: the code, with its row in brackets, a full stop and the text.
_CODE_AND_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[[^\]]*\])*)\. ")
BLANKS = frozenset(["n/a"])  # full answers: not asked, or not ticked


def heading_code(heading: str) -> str:
    """Give the code of a heading, also where the question's text follows it."""
    match = _CODE_AND_TEXT.match(heading)
    return match.group(1) if match else heading


def is_limesurvey(table: RawTable) -> bool:
    """Tell whether the headings are LimeSurvey's, as codes or as texts."""
    return {heading_code(h).casefold() for h in table.cells.columns} >= SIGNS or is_worded(table)


def is_worded(table: RawTable) -> bool:
    """Tell whether the headings are LimeSurvey's texts instead of codes."""
    return {TEXTS.get(str(h).casefold(), "") for h in table.cells.columns} >= SIGNS


def has_joined_headings(table: RawTable) -> bool:
    """Tell whether code and text run together, without anything between them."""
    known = {code + text for text, code in TEXTS.items()}
    return len({str(h).casefold() for h in table.cells.columns} & known) >= 2


def limesurvey_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns mean; an empty submitdate means an unfinished response."""
    worded = is_worded(table)
    codes = {
        heading: TEXTS.get(heading.casefold(), heading) if worded else heading_code(heading)
        for heading in table.cells.columns
    }
    return Layout(
        platform="limesurvey",
        reason=reason,
        cells=table.cells,
        rows=table.rows,
        codes=codes,
        meanings={META[c.casefold()]: h for h, c in codes.items() if c.casefold() in META},
        identifiers=frozenset(h for h, c in codes.items() if _is_identifier(c.casefold())),
        invitation=next((h for h, c in codes.items() if c.casefold() == INVITATION), ""),
        pages=page_times(table.cells.columns),
        splits=not worded,
        worded=worded,
        blanks=BLANKS,
    )


def _is_identifier(code: str) -> bool:
    return code in IDENTIFIERS or code.startswith("attribute_")
