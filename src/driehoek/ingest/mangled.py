"""Codes of triads and persons that a spreadsheet turned into rounded numbers."""

import re

from driehoek.ingest.columns import Columns
from driehoek.ingest.layout import Layout
from driehoek.problems import Problem
from driehoek.study_file import Linkage

_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+\d+")


def mangled_codes(
    layout: Layout, columns: Columns, linkage: Linkage, *, file: str
) -> list[Problem]:
    """Find codes written as 1,23E+11: several codes may have become this one.

    Parameters
    ----------
    layout : Layout
    columns : Columns
    linkage : Linkage
        Names the questions that hold codes.
    file : str
        As messages name it.
    """
    problems = []
    for question in filter(None, (linkage.triad, linkage.person)):
        heading = columns.headings.get(question)
        if heading is None:
            continue
        texts = layout.cells[heading].str.strip()
        if not texts.str.contains("+", regex=False).any():
            continue
        rounded = texts.str.fullmatch(_ROUNDED).to_numpy(dtype=bool)
        if rounded.any():
            first = int(rounded.argmax())
            problems.append(
                Problem(
                    file,
                    f"{int(rounded.sum())} codes are rounded numbers, such as {texts.iloc[first]}",
                    "codes as they were given",
                    "Excel writes long numbers so when it saves a CSV file: export again and do "
                    "not open it in Excel; what was rounded cannot be restored from this file",
                    row=int(layout.rows[first]),
                    column=heading,
                    item=question,
                    check="codes",
                )
            )
    return problems
