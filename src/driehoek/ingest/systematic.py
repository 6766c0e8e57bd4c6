"""Texts that fit no option and that a survey platform wrote more than once."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from driehoek.ingest.choices import Evidence, code_key
from driehoek.instrument.questions import Question
from driehoek.platforms import Platform

# In these files a person may have typed or changed a cell; a platform writes its own codes only.
TYPED: frozenset[Platform] = frozenset({"csv", "excel", "spss", "stata"})
RECURS = 2


def systematic(
    weighed: Mapping[str, Evidence], asked: Mapping[str, Question], platform: Platform
) -> dict[str, dict[str, int]]:
    """Count the texts of each question that are no slips, however rare.

    A code that a platform wrote twice, in one question or in questions with the same options, is
    an option of the survey that the instrument lacks: the answers of all who chose it would go.

    Parameters
    ----------
    weighed : mapping
        Evidence of each question with options.
    asked : mapping
        Questions by id.
    platform : str

    Returns
    -------
    dict
        By question id: cells, in all questions with these options, by the text as
        `driehoek.ingest.choices.code_key` gives it.
    """
    if platform in TYPED:
        return {qid: {} for qid in weighed}
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    options = {qid: tuple(option.code for option in asked[qid].options) for qid in weighed}
    for qid, evidence in weighed.items():
        stray = (evidence.by_code < 0) & (evidence.by_label < 0) & ~evidence.is_blank
        for place in np.flatnonzero(stray):
            counts[options[qid]][code_key(evidence.texts[place])] += int(evidence.counts[place])
    return {
        qid: {text: n for text, n in counts[options[qid]].items() if n >= RECURS} for qid in weighed
    }
