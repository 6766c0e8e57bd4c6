"""Response exports of Microsoft Forms and Google Forms: words for headings, labels for answers.

Both hold what people sent in. A form asks one role: two questions with the same words could
not be told apart.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.simulation.sheet import Sheet


def write_microsoft_forms(path: Path, sheet: Sheet) -> None:
    """Write the workbook of Microsoft Forms in Dutch; each statement is a column."""
    sent = sheet.rows["submitted"].to_numpy(dtype=bool)
    n = int(sent.sum())
    paradata = {
        "ID": np.arange(1, n + 1),
        "Begintijd": sheet.rows["started"][sent].dt.floor("s").to_numpy(),
        "Tijd van voltooien": sheet.ended()[sent].dt.floor("s").to_numpy(),
        "E-mail": "anonymous",
        "Naam": "",
    }
    with replacing(path) as draft:
        pd.DataFrame(paradata | _answers(sheet, sent)).to_excel(
            draft, index=False, sheet_name="Sheet1"
        )


def write_google_forms(path: Path, sheet: Sheet) -> None:
    """Write the CSV of Google Forms in Dutch; the row of a grid stands in brackets."""
    sent = sheet.rows["submitted"].to_numpy(dtype=bool)
    stamps = sheet.ended()[sent].dt.strftime("%Y/%m/%d %I:%M:%S %p CET").str.lower()
    stamp = stamps.str.replace("am cet", "a.m. CET").str.replace("pm cet", "p.m. CET")
    table = pd.DataFrame({"Tijdstempel": stamp.to_numpy(), **_answers(sheet, sent, rows=True)})
    with replacing(path) as draft:
        table.to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")


def _answers(sheet: Sheet, sent: np.ndarray, *, rows: bool = False) -> dict[str, np.ndarray]:
    found = {}
    for question in sheet.questions.values():
        text = sheet.question_text(question)
        heading = f"Klopt deze zin voor u? [{text}]" if rows and question.item else text
        found[heading] = sheet.text(question, "labels")[sent]
    return found
