"""Tables without a platform of their own: CSV, Excel and SPSS files with columns by code."""

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.limesurvey import IDENTIFIERS as LIMESURVEY_IDENTIFIERS
from driehoek.ingest.qualtrics import IDENTIFIERS as QUALTRICS_IDENTIFIERS
from driehoek.ingest.tables import RawTable
from driehoek.platforms import Platform

META: dict[str, Meaning] = {
    "started": "started",
    "startdate": "started",
    "begintijd": "started",
    "start time": "started",
    "submitted": "submitted",
    "submitdate": "submitted",
    "enddate": "submitted",
    "tijd van voltooien": "submitted",
    "completion time": "submitted",
    "tijdstempel": "submitted",
    "timestamp": "submitted",
    "duration_seconds": "duration",
    "duration": "duration",
    "interviewtime": "duration",
    "language": "language",
    "startlanguage": "language",
    "userlanguage": "language",
    "complete": "complete",
    "finished": "complete",
}
IDENTIFIERS = frozenset(
    [
        "e-mail",
        "email",
        "e-mailadres",
        "emailadres",
        "mail",
        "naam",
        "name",
        "gebruikersnaam",
        "username",
        "email address",
        "voornaam",
        "achternaam",
        "telefoon",
        "telefoonnummer",
        "phone",
        "adres",
        "address",
        "postcode",
        "geboortedatum",
        "bsn",
        "iban",
        "ip",
        "ip-adres",
    ]
)


def plain_layout(table: RawTable, platform: Platform, reason: str) -> Layout:
    """Say what the columns mean, by the names that platforms give them."""
    meanings: dict[Meaning, str] = {}
    for heading in table.cells.columns:
        meaning = META.get(str(heading).casefold())
        if meaning:
            meanings.setdefault(meaning, heading)
    known = IDENTIFIERS | LIMESURVEY_IDENTIFIERS | QUALTRICS_IDENTIFIERS
    return Layout(
        platform=platform,
        reason=reason,
        cells=table.cells,
        rows=table.rows,
        codes={heading: heading for heading in table.cells.columns},
        meanings=meanings,
        identifiers=frozenset(h for h in table.cells.columns if h.casefold() in known),
        splits=table.source in {"spss", "stata"},
        worded=table.source in {"text", "excel"},
        labels=table.labels,
        user_missing=table.user_missing,
    )
