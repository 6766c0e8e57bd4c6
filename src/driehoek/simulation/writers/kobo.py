"""Response exports of KoBoToolbox and ODK Central: what people finished and sent."""

from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.simulation.sheet import Sheet


def write_kobo(path: Path, sheet: Sheet) -> None:
    """Write KoBoToolbox's CSV with XML values and headers, groups left out."""
    sent = sheet.rows["submitted"].to_numpy(dtype=bool)
    started, ended = (_zoned(times[sent]) for times in (sheet.rows["started"], sheet.ended()))
    places = np.arange(1, int(sent.sum()) + 1)
    answers = {header: sheet.text(q, "codes")[sent] for header, q in sheet.questions.items()}
    table = pd.DataFrame(
        {
            "start": started,
            "end": ended,
            **answers,
            "_id": places + 4000,
            "_uuid": [f"00000000-0000-4000-8000-{place:012d}" for place in places],
            "_submission_time": ended.str[:19],
            "_validation_status": "",
            "_notes": "",
            "_status": "submitted_via_web",
            "_submitted_by": "",
            "__version__": sheet.version,
            "_tags": "",
            "_index": places,
        }
    )
    with replacing(path) as draft:
        table.to_csv(
            draft, sep=";", index=False, encoding="utf-8-sig", quoting=1, lineterminator="\n"
        )


def write_odk(path: Path, sheet: Sheet) -> None:
    """Write ODK Central's CSV, each question under the group of its page."""
    sent = sheet.rows["submitted"].to_numpy(dtype=bool)
    ended = sheet.ended()[sent].dt.strftime("%Y-%m-%dT%H:%M:%S.000Z").reset_index(drop=True)
    started = _zoned(sheet.rows["started"][sent])
    places = np.arange(1, int(sent.sum()) + 1)
    keys = [f"uuid:00000000-0000-4000-8000-{place:012d}" for place in places]
    answers = {
        f"page_{sheet.pages.get(q.id, 0)}-{header}": sheet.text(q, "codes")[sent]
        for header, q in sheet.questions.items()
    }
    table = pd.DataFrame(
        {
            "SubmissionDate": ended,
            "start": started,
            **answers,
            "meta-instanceID": keys,
            "KEY": keys,
            "SubmitterID": "",
            "SubmitterName": "",
            "AttachmentsPresent": 0,
            "AttachmentsExpected": 0,
            "Status": "",
            "ReviewState": "",
            "DeviceID": "",
            "Edits": 0,
            "FormVersion": sheet.version,
        }
    )
    with replacing(path) as draft:
        table.to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")


def _zoned(times: pd.Series) -> pd.Series:
    written: pd.Series = times.dt.strftime("%Y-%m-%dT%H:%M:%S.000+01:00")
    return written.reset_index(drop=True)
