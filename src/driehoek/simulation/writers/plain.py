"""Tables saved by hand: the CSV of a Dutch Excel, and Excel itself."""

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.simulation.sheet import Sheet

Encoding = Literal["utf-8-sig", "cp1252"]


def write_plain(path: Path, sheet: Sheet, *, encoding: Encoding = "utf-8-sig") -> None:
    """Write a CSV with semicolons, decimal commas, Dutch dates and labels."""
    table = _table(sheet)
    minutes = table["Duur in minuten"].map("{:.1f}".format).str.replace(".", ",")
    with replacing(path) as draft:
        table.assign(**{"Duur in minuten": minutes}).to_csv(
            draft, sep=";", index=False, encoding=encoding, errors="replace", lineterminator="\r\n"
        )


def write_excel(path: Path, sheet: Sheet) -> None:
    """Write an Excel file with one sheet, labels as text and numbers as numbers."""
    table = _table(sheet)
    numbers = {h: pd.to_numeric(table[h]) for h, q in sheet.questions.items() if q.kind == "number"}
    with replacing(path) as draft:
        table.assign(**numbers).to_excel(draft, index=False, sheet_name="Antwoorden")


def _table(sheet: Sheet) -> pd.DataFrame:
    rows = sheet.rows
    ended = sheet.ended().map(_dutch).where(rows["submitted"], None)
    columns: dict[str, object] = {
        "ID": np.arange(1, len(rows) + 1),
        "Begintijd": rows["started"].map(_dutch),
        "Tijd van voltooien": ended,
        "E-mail": [f"deelnemer{i + 1}@example.org" for i in range(len(rows))],
        "Duur in minuten": (rows["seconds"] / 60).round(1),
    }
    for header, question in sheet.questions.items():
        columns[header] = sheet.text(question, "labels")
    return pd.DataFrame(columns)


def _dutch(time: pd.Timestamp) -> str:
    return f"{time.day}-{time.month}-{time.year} {time:%H:%M:%S}"
