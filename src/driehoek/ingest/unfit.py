"""Rows that are no responses: sums and means below the answers, a second row of headings."""

import numpy as np

from driehoek.ingest.layout import Layout
from driehoek.ingest.values import EMPTY, INVALID, Answers
from driehoek.problems import Problem

# Nobody answers most questions with something that none of their options is.
FEWEST, SHARE = 5, 0.5


def unfit_rows(layout: Layout, answers: Answers, *, file: str) -> list[Problem]:
    """Find rows of which most answers fit no option and no range.

    Parameters
    ----------
    layout : Layout
    answers : Answers
        What was read, before routing.
    file : str
        As messages name it.
    """
    n = len(layout.rows)
    filled, invalid = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for state in answers.states.values():
        filled += state != EMPTY
        invalid += state == INVALID
    unfit = np.flatnonzero((invalid >= FEWEST) & (invalid > SHARE * filled))
    return [
        Problem(
            file,
            f"{invalid[at]} of {filled[at]} answers fit no option and no range",
            "the answers of one person",
            "if this row holds sums, means or a second heading, take it out of a copy of the file",
            row=int(layout.rows[at]),
            check="unfit row",
        )
        for at in unfit
    ]
