"""Seconds that LimeSurvey notes for each page, and those spent on pages with scale items."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Questionnaire

_PAGE = re.compile(r"groupTime\d+|(?:Groepstijd|Group time): .*", re.I)
_QUESTION = re.compile(r"(?:Vraagtijd|Question time): (\w+)|(\w+)Time", re.I)
_ROW = re.compile(r"[\[_]")


def page_times(headings: Iterable[str]) -> dict[str, frozenset[str]]:
    """Give the columns of page times, each with the questions of its page.

    LimeSurvey writes the time of a page before those of its questions.

    Parameters
    ----------
    headings : iterable of str
        Codes of the columns, or their texts, in the order of the file.

    Returns
    -------
    dict of frozenset of str
        Codes of questions, or of grids, in small letters, by heading.
    """
    pages: dict[str, set[str]] = {}
    page = ""
    for heading in headings:
        if _PAGE.fullmatch(heading):
            page = heading
            pages[page] = set()
        elif page and (match := _QUESTION.fullmatch(heading)):
            pages[page].add((match.group(1) or match.group(2)).casefold())
    return {heading: frozenset(codes) for heading, codes in pages.items()}


def item_seconds(
    cells: pd.DataFrame,
    pages: Mapping[str, frozenset[str]],
    headings: Mapping[str, str],
    form: Questionnaire,
) -> np.ndarray:
    """Give the seconds spent on pages that hold scale items; NaN where no time is known.

    Parameters
    ----------
    cells : pandas.DataFrame
        Text by heading.
    pages : mapping
        As `page_times` gives them.
    headings : mapping
        Heading by question id.
    form : Questionnaire
    """
    asked = {
        name.casefold()
        for qid, heading in headings.items()
        if qid in form.questions and form.questions[qid].item
        for name in (qid, _ROW.split(heading)[0])
    }
    chosen = [heading for heading, codes in pages.items() if codes & asked]
    total, is_known = np.zeros(len(cells)), np.zeros(len(cells), dtype=bool)
    for heading in chosen:
        seconds = pd.to_numeric(cells[heading], errors="coerce").to_numpy(dtype=float)
        is_time = seconds >= 0
        total += np.where(is_time, seconds, 0)
        is_known |= is_time
    return np.where(is_known, total, np.nan)
