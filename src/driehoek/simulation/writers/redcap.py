"""Response exports as REDCap writes them: CSV, raw data with raw headings."""

from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.simulation.sheet import Sheet


def write_redcap(path: Path, sheet: Sheet) -> None:
    """Write one record a person; a survey that was begun and not sent in stays incomplete."""
    rows = sheet.rows
    submitted = rows["submitted"].to_numpy(dtype=bool)
    stamp = sheet.ended().dt.strftime("%Y-%m-%d %H:%M:%S").where(submitted, "[not completed]")
    form = sheet.instrument
    columns: dict[str, object] = {
        "record_id": np.arange(1, len(rows) + 1),
        "redcap_survey_identifier": "",
        f"{form}_timestamp": stamp,
    }
    for header, question in sheet.questions.items():
        columns[header] = sheet.text(question, "codes")
    columns[f"{form}_complete"] = np.where(submitted, 2, 0)
    with replacing(path) as draft:
        pd.DataFrame(columns).to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")
