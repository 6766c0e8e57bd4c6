"""The canonical tables of one export, put together from what was read."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.ingest.columns import Columns
from driehoek.ingest.layout import Layout, Meaning, iso_times, seconds
from driehoek.ingest.linking import Linked
from driehoek.ingest.missing import Kinds, number_of
from driehoek.ingest.page_times import item_seconds
from driehoek.ingest.people import check_results, consent_of
from driehoek.ingest.qualtrics import is_test
from driehoek.ingest.values import INVALID, Answers, texts_of
from driehoek.instrument.questions import Questionnaire
from driehoek.responses import CHECK_PREFIX, RESPONSE, kind_categorical

QUARANTINE_COLUMNS = [RESPONSE, "raw_row", "question", "column", "text", "reason"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from one export.

    Attributes
    ----------
    names : pandas.Series
        Id of each response.
    layout, columns, answers, found : Layout, Columns, Answers, Kinds
    form : Questionnaire
    role : numpy.ndarray of str, shape (responses,)
    complete : numpy.ndarray of bool, shape (responses,)
    """

    names: pd.Series
    layout: Layout
    columns: Columns
    answers: Answers
    found: Kinds
    form: Questionnaire
    role: np.ndarray
    complete: np.ndarray

    @property
    def n(self) -> int:
        """Number of responses."""
        return len(self.names)

    def said(self, what: Meaning) -> pd.Series:
        """Give what the platform says of each response; empty where it says nothing."""
        return texts_of(self.layout.cells, self.columns.meanings.get(what), self.n)


def responses_table(
    reading: Reading, *, wave: str, export: str, triad: pd.Series, person: pd.Series
) -> pd.DataFrame:
    """Give keys and analysis values, one row for each raw row, in raw order."""
    n, found = reading.n, reading.found
    keys = {
        RESPONSE: reading.names,
        "raw_row": reading.layout.rows.astype(np.int64),
        "wave": pd.Series([wave] * n, dtype="str"),
        "export": pd.Series([export] * n, dtype="str"),
        "role": pd.Series(reading.role, dtype="str"),
        "triad": triad,
        "person": person,
        "complete": reading.complete,
        "consent": consent_of(reading.answers, reading.form, found.kinds, n),
    }
    stored = [qid for qid in reading.form.stored if qid not in keys]
    return pd.DataFrame(keys | {qid: found.values[qid] for qid in stored})


def missing_table(reading: Reading) -> pd.DataFrame:
    """Give the missing kind of each stored question; empty where answered."""
    kinds = {qid: kind_categorical(reading.found.kinds[qid]) for qid in reading.form.stored}
    return pd.DataFrame({RESPONSE: reading.names, **kinds})


def paradata_table(reading: Reading, ties: Linked) -> pd.DataFrame:
    """Give times, language, counts of items, further ties and results of attention checks."""
    started, submitted = iso_times(reading.said("started")), iso_times(reading.said("submitted"))
    checks = check_results(reading.answers, reading.form, reading.found.kinds, reading.n)
    return pd.DataFrame(
        {
            RESPONSE: reading.names,
            "started": started,
            "submitted": submitted,
            "duration_seconds": seconds(reading.said("duration"), started, submitted),
            "item_seconds": item_seconds(
                reading.layout.cells, reading.layout.pages, reading.columns.headings, reading.form
            ),
            "language": reading.said("language").str.casefold(),
            "n_shown": len(_items(reading.form)) - _count(reading, ("not_shown", "planned")),
            "n_answered": _count(reading, ("", "dont_know")),
            "is_test": is_test(reading.said("status"), reading.said("channel")),
            "invitation": ties.invitation,
            "triad_bare": ties.triad_bare,
            "person_bare": ties.person_bare,
            **{f"{CHECK_PREFIX}{name}": result for name, result in checks.items()},
        }
    )


def _items(form: Questionnaire) -> list[str]:
    return [qid for qid in form.stored if form.questions[qid].item]


def _count(reading: Reading, kinds: tuple[str, ...]) -> np.ndarray:
    """Count each response's items of these kinds; an answer of don't know is a reaction."""
    numbers = [number_of(kind) for kind in kinds]
    count = np.zeros(reading.n, dtype=np.int64)
    for qid in _items(reading.form):
        count += np.isin(reading.found.kinds[qid], numbers)
    return count


def quarantine_table(reading: Reading) -> pd.DataFrame:
    """Give the raw text of every invalid answer, with the reason."""
    parts = []
    for qid, heading in reading.columns.headings.items():
        if qid not in reading.answers.states:
            continue
        invalid = reading.answers.states[qid] == INVALID
        hidden = reading.found.unexpected.get(qid, np.zeros(reading.n, dtype=bool))
        parts.append(_held(reading, qid, heading, invalid, reading.answers.reasons[qid]))
        parts.append(_held(reading, qid, heading, hidden, "routing does not show the question"))
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=QUARANTINE_COLUMNS)
    return pd.concat(filled).sort_values(["raw_row", "question"], ignore_index=True)


def _held(reading: Reading, qid: str, heading: str, where: np.ndarray, reason: str) -> pd.DataFrame:
    rows = np.flatnonzero(where)
    return pd.DataFrame(
        {
            RESPONSE: reading.names.iloc[rows].to_numpy(),
            "raw_row": reading.layout.rows[rows],
            "question": qid,
            "column": heading,
            "text": reading.layout.cells[heading].iloc[rows].to_numpy(),
            "reason": reason,
        }
    )
