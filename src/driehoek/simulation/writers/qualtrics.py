"""Response exports as Qualtrics writes them: CSV with three header rows and labels.

The names, addresses and places are invented: example.org and 192.0.2.x are reserved for
documentation (RFC 2606, RFC 5737).
"""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.simulation.sheet import Sheet

METADATA = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "LocationLatitude": ("Location Latitude", "locationLatitude"),
    "LocationLongitude": ("Location Longitude", "locationLongitude"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel"),
    "UserLanguage": ("User Language", "userLanguage"),
}
TIMED = {"startDate", "endDate", "recordedDate"}


def write_qualtrics(path: Path, sheet: Sheet) -> None:
    """Write a Qualtrics export with labels in the language of the sheet."""
    columns = _metadata(sheet)
    for header, question in sheet.questions.items():
        cells = sheet.text(question, "labels")
        columns[header] = pd.Series(cells, dtype=object).fillna("").tolist()
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([list(columns), _texts(sheet), _import_ids(sheet)])
        writer.writerows(zip(*columns.values(), strict=True))


def _texts(sheet: Sheet) -> list[str]:
    asked = [sheet.question_text(question) for question in sheet.questions.values()]
    return [text for text, _ in METADATA.values()] + asked


def _import_ids(sheet: Sheet) -> list[str]:
    records = [
        {"ImportId": name} | ({"timeZone": "Europe/Amsterdam"} if name in TIMED else {})
        for _, name in METADATA.values()
    ]
    for number, question in enumerate(sheet.questions.values(), 1):
        is_typed = question.kind in {"number", "text", "code"}
        records.append({"ImportId": f"QID{number}_TEXT" if is_typed else f"QID{number}"})
    return [json.dumps(record, separators=(",", ":")) for record in records]


def _metadata(sheet: Sheet) -> dict[str, list[str]]:
    rows, n = sheet.rows, len(sheet.rows)
    preview = (rows["kind"] == "preview").to_numpy()
    started = rows["started"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist()
    ended = sheet.ended().dt.strftime("%Y-%m-%d %H:%M:%S").tolist()
    submitted = rows["submitted"].to_numpy()
    share = np.clip(100 * sheet.last_pages() // (max(sheet.pages.values(), default=0) + 1), 0, 99)
    empty = [""] * n
    invited = [f"deelnemer{i + 1}@example.org" for i in range(n)]
    cells = (
        started,
        ended,
        np.where(preview, "Survey Preview", "IP Address").tolist(),
        [f"192.0.2.{i % 254 + 1}" for i in range(n)],
        [str(each) for each in np.where(submitted, 100, share)],
        [str(round(each)) for each in rows["seconds"]],
        [str(bool(each)) for each in submitted],
        ended,
        [f"R_{(i + 1) * 48271 % 2147483647:015d}" for i in range(n)],
        [f"Voorbeeld{i + 1}" for i in range(n)],
        ["Deelnemer"] * n,
        invited,
        empty,
        ["52.09"] * n,
        ["5.12"] * n,
        np.where(preview, "preview", "email").tolist(),
        [each.upper() for each in rows["language"]],
    )
    return dict(zip(METADATA, cells, strict=True))
