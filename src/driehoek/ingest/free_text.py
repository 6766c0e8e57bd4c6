"""Answers in words: kept only where the study says so, apart from everything else."""

from collections.abc import Sequence

import pandas as pd

from driehoek.ingest.assemble import Reading
from driehoek.ingest.privacy import without_identifiers
from driehoek.responses import RESPONSE

DROPPED, KEPT = "free text dropped", "free text kept"
COLUMNS = [RESPONSE, "question", "text"]
WARNING = (
    "These are people's own words. What looks like an e-mail address, telephone number, IBAN, "
    "BSN, IP address or postcode with house number was put out; names, places and stories were "
    "not, and may tell who wrote them. Read them before anyone else does, keep them as you keep "
    "the raw data, and never publish this file.\n"
)


def free_text_table(reading: Reading, questions: Sequence[str]) -> pd.DataFrame:
    """Gather the answers to text questions, one row an answer.

    Parameters
    ----------
    reading : Reading
    questions : sequence of str
        Ids of the text questions that the study keeps; those that the file lacks are skipped.

    Returns
    -------
    pandas.DataFrame
        ``response, question, text``; what looks like identifying data stands as its kind in
        brackets.
    """
    parts = [
        pd.DataFrame(
            {
                RESPONSE: reading.names,
                "question": qid,
                "text": reading.layout.cells[reading.columns.headings[qid]].str.strip(),
            }
        )
        for qid in questions
        if qid in reading.columns.headings
    ]
    if not parts:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    table = pd.concat(parts, ignore_index=True)
    table = table[table["text"] != ""].reset_index(drop=True)
    return table.assign(text=table["text"].map(without_identifiers).astype("str"))


def told_kept(roster: pd.DataFrame, questions: Sequence[str]) -> pd.DataFrame:
    """Say of the columns with these questions that their words are kept."""
    is_kept = (roster["use"] == DROPPED) & roster["question"].isin(list(questions))
    return roster.assign(use=roster["use"].mask(is_kept, KEPT))
