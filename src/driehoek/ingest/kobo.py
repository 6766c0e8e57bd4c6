"""CSV and Excel of KoBoToolbox and ODK Central, with XML names as headings."""

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.tables import RawTable

KOBO_SIGNS = frozenset(["_uuid", "_submission_time"])
ODK_SIGNS = frozenset(["submissiondate", "key"])
META: dict[str, Meaning] = {
    "start": "started",
    "end": "submitted",
    "_submission_time": "submitted",
    "submissiondate": "submitted",
    "reviewstate": "status",
}
IDENTIFIERS = frozenset(
    [
        *("_id", "_uuid", "_submitted_by", "_notes", "_tags", "_geolocation", "username"),
        *("deviceid", "phonenumber", "simserial", "subscriberid", "instanceid", "instancename"),
        *("key", "submitterid", "submittername", "meta-instanceid", "meta-instancename"),
        *("formhub/uuid", "__version__", "_version_"),
    ]
)


def is_kobo(table: RawTable) -> bool:
    """Tell whether KoBoToolbox wrote the table."""
    return {str(h).casefold() for h in table.cells.columns} >= KOBO_SIGNS


def is_odk(table: RawTable) -> bool:
    """Tell whether ODK Central wrote the table."""
    headings = {str(h).casefold() for h in table.cells.columns}
    return headings >= ODK_SIGNS and bool(headings & {"meta-instanceid", "submitterid"})


def has_label_headings(table: RawTable) -> bool:
    """Tell whether most questions stand under their words instead of their names."""
    asked = [str(h) for h in table.cells.columns if not str(h).startswith("_")]
    worded = [heading for heading in asked if " " in heading.strip() or heading.endswith("?")]
    return len(worded) * 2 > len(asked)


def kobo_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of KoBoToolbox mean; groups stand before a slash."""
    return _layout(table, "kobo", reason, "/")


def odk_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns of ODK Central mean; groups stand before a dash."""
    return _layout(table, "odk", reason, "-")


def _layout(table: RawTable, platform: str, reason: str, separator: str) -> Layout:
    headings = [str(each) for each in table.cells.columns]
    meanings: dict[Meaning, str] = {}
    for name, meaning in META.items():
        found = next((h for h in headings if _code(h, headings, separator).casefold() == name), "")
        if found:
            meanings.setdefault(meaning, found)
    return Layout(
        platform=platform,  # type: ignore[arg-type]
        reason=reason,
        cells=table.cells,
        rows=table.rows,
        codes={heading: _code(heading, headings, separator) for heading in headings},
        meanings=meanings,
        identifiers=frozenset(h for h in headings if h.casefold() in IDENTIFIERS),
    )


def _code(heading: str, headings: list[str], separator: str) -> str:
    """Give a heading without its groups; a column of one option keeps its question's name."""
    parent = heading.rpartition("/")[0]
    if parent and parent in headings:
        return heading
    return heading.rpartition(separator)[2]
