"""Response exports as LimeSurvey 6.10 writes them: CSV with codes.

UTF-8 with byte-order mark, comma, CRLF and an empty last line. NULL (not shown, or never
reached) is written bare, an empty answer as "".
"""

from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import replacing
from driehoek.instrument.questions import Question
from driehoek.simulation.cells import EMPTY, has_cells
from driehoek.simulation.sheet import Sheet


def write_limesurvey(path: Path, sheet: Sheet) -> None:
    """Write a LimeSurvey export with question codes and answer codes."""
    columns = {**_paradata(sheet)}
    for header, question in sheet.questions.items():
        columns[header] = _answers(sheet, question)
    columns["interviewtime"] = _quoted(sheet.rows["seconds"].map("{:.2f}".format))
    lines = [",".join(f'"{header}"' for header in columns)]
    lines += [",".join(cells) for cells in zip(*columns.values(), strict=True)]
    with replacing(path) as draft:
        draft.write_text("\r\n".join([*lines, "", ""]), encoding="utf-8-sig", newline="")


def _paradata(sheet: Sheet) -> dict[str, list[str]]:
    rows, n = sheet.rows, len(sheet.rows)
    started = rows["started"].dt.strftime("%Y-%m-%d %H:%M:%S")
    ended = sheet.ended().dt.strftime("%Y-%m-%d %H:%M:%S")
    position = np.arange(n)
    return {
        "id": _quoted(pd.Series(position + 1)),
        "submitdate": _quoted(ended.where(rows["submitted"])),
        "lastpage": _quoted(pd.Series(sheet.last_pages())),
        "startlanguage": _quoted(rows["language"]),
        "seed": _quoted(pd.Series((position + 1) * 7919 % 2147483647)),
        "startdate": _quoted(started),
        "datestamp": _quoted(ended),
        "ipaddr": _quoted(pd.Series([f"192.0.2.{each % 254 + 1}" for each in position])),
    }


def _answers(sheet: Sheet, question: Question) -> list[str]:
    cells = sheet.text(question, "codes")
    if has_cells(question):
        was_shown = sheet.cells[question.id].to_numpy() == EMPTY
    else:
        was_shown = sheet.rows["submitted"].to_numpy() | (question.kind == "code")
    answers = pd.Series(cells, dtype=object)
    return _quoted(answers.mask(answers.isna() & was_shown, ""))


def _quoted(column: pd.Series) -> list[str]:
    return [
        "" if cell is None else '"' + str(cell).replace('"', '""') + '"'
        for cell in column.astype(object).where(column.notna(), None).tolist()
    ]
