"""Qualtrics' CSV and TSV: two rows of headings before 2016, three since."""

import re

import numpy as np
import pandas as pd

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.tables import RawTable

META: dict[str, Meaning] = {
    "startdate": "started",
    "enddate": "submitted",
    "duration": "duration",
    "duration (in seconds)": "duration",
    "userlanguage": "language",
    "finished": "complete",
    "status": "status",
    "distributionchannel": "channel",
}
INVITATIONS = frozenset(["externaldatareference", "externalreference"])
IDENTIFIERS = INVITATIONS | frozenset(
    [
        "ipaddress",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "responseid",
        "_recordid",
        "emailaddress",
        "name",
        "locationlatitude",
        "locationlongitude",
    ]
)
LEGACY = tuple(f"V{i}" for i in range(1, 11))
SEEN_UNANSWERED = "-99"
# Qualtrics numbers and names; ODK Central: what its reviewer turned down.
TEST_STATUS = frozenset(["1", "2", "survey preview", "survey test", "rejected"])
TEST_CHANNELS = frozenset(["preview", "test"])
_IMPORT_ID = re.compile(r"""["']ImportId["']\s*:\s*["']([^"']*)["']""")


def import_ids(table: RawTable) -> list[str] | None:
    """Give the import ids of the third row; None where that row holds none."""
    if len(table.cells) < 2:
        return None
    found = [_IMPORT_ID.search(cell) for cell in table.cells.iloc[1]]
    named = [match.group(1) if match else "" for match in found]
    return named if sum(map(bool, named)) * 2 > len(named) else None


def heading_rows(table: RawTable) -> int:
    """Count the rows of headings below the first: 1 before 2016, 2 since, 0 if not Qualtrics."""
    if import_ids(table) is not None:
        return 2
    return 1 if set(LEGACY) <= set(table.cells.columns) else 0


def qualtrics_layout(table: RawTable, reason: str) -> Layout:
    """Say what the columns mean; rows of texts and import ids are taken out."""
    headings = [str(each) for each in table.cells.columns]
    skip = heading_rows(table)
    # Before 2016 the second row names what Qualtrics itself writes.
    below = import_ids(table) if skip == 2 else table.cells.iloc[0].tolist()
    ids = dict(zip(headings, below or headings, strict=True))
    meanings: dict[Meaning, str] = {}
    for heading in headings:
        meaning = META.get(ids[heading].casefold()) or META.get(heading.casefold())
        if meaning:
            meanings.setdefault(meaning, heading)
    own = {heading: {heading.casefold(), ids[heading].casefold()} for heading in headings}
    return Layout(
        platform="qualtrics",
        reason=reason,
        cells=table.cells.iloc[skip:].reset_index(drop=True),
        rows=table.rows[skip:],
        codes={h: h for h in headings},
        meanings=meanings,
        identifiers=frozenset(h for h in headings if own[h] & IDENTIFIERS),
        invitation=next((h for h in headings if own[h] & INVITATIONS), ""),
        splits=True,
        blanks=frozenset([SEEN_UNANSWERED]),
    )


def is_test(status: pd.Series, channel: pd.Series) -> np.ndarray:
    """Tell previews and tests from answers of respondents."""
    by_status = status.str.casefold().isin(TEST_STATUS)
    by_channel = channel.str.casefold().isin(TEST_CHANNELS)
    return np.asarray(by_status | by_channel, dtype=bool)
