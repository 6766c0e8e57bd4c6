"""Several responses of one person, in one role, about one triad, in one wave."""

from typing import Literal

import numpy as np
import pandas as pd

from driehoek.cleaning.wave import WaveTables

Rule = Literal["newest_complete", "first", "keep"]
PERSON = ["person", "role", "triad"]


def superseded(tables: WaveTables, questions: list[str], rule: Rule) -> pd.Series:
    """Tell for each response which other response of the same person counts instead.

    newest_complete
        A complete response before an incomplete one, then the latest submitted (or started),
        then the last in raw order.
    first
        The earliest submitted (or started), then the first in raw order.
    keep
        Only exact copies go: the same person, times and answers; the first stays.

    A row without a person code is of the person who answered in the same role and triad by the
    same invitation. Two person codes under one invitation stay two people. Without an invitation
    such rows count as copies only where a time is known too: two people of one triad may well
    give the same answers. A professional answers once for each triad, so the triad belongs to
    the key.

    Parameters
    ----------
    tables : WaveTables
        Rows that are candidates.
    questions : list of str
        Question ids compared for exact copies.

    Returns
    -------
    pandas.Series of str
        Response id that counts instead; "" where the response itself counts.
    """
    copies = _copies(tables, questions)
    if rule == "keep" or tables.responses.empty:
        return copies
    order = _order(tables, rule)
    ranked = tables.responses.assign(person=_people(tables)).loc[order, ["response", *PERSON]]
    ranked = ranked[ranked["person"] != ""]
    first = ranked.groupby(PERSON, sort=False, observed=True)["response"].transform("first")
    instead = first.where(first != ranked["response"], "")
    return instead.reindex(copies.index).fillna(copies)


def _people(tables: WaveTables) -> pd.Series:
    """Give each response's person; who gave no person code is known by the invitation."""
    person, invitation = tables.responses["person"], tables.paradata["invitation"]
    if not ((person == "") & (invitation != "")).any():
        return person
    told = person.where(person != "").groupby(
        [invitation, tables.responses["role"], tables.responses["triad"]], sort=False
    )
    found = told.transform("first").fillna(invitation).where(told.transform("nunique") < 2, "")
    return person.mask((person == "") & (invitation != ""), found)


def _copies(tables: WaveTables, questions: list[str]) -> pd.Series:
    times = tables.paradata[["started", "submitted"]]
    known = (tables.responses["person"] != "") | (times != "").any(axis=1).to_numpy()
    key = pd.concat([tables.responses[[*PERSON, *questions]], times], axis=1)
    kinds = tables.missing[questions].add_prefix("missing_")
    key = pd.concat([key, kinds], axis=1)[known]
    digest = pd.util.hash_pandas_object(key, index=False)
    ids = tables.responses["response"][known]
    first = ids.groupby(digest, sort=False).transform("first")
    return first.where(first != ids, "").reindex(tables.responses.index).fillna("")


def _order(tables: WaveTables, rule: Rule) -> np.ndarray:
    """Give row labels, the response that counts first."""
    submitted, started = tables.paradata["submitted"], tables.paradata["started"]
    text = submitted.where(submitted != "", started)
    time = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    seconds = (time - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy(float)
    position = np.arange(len(text))
    if rule == "first":
        order = np.lexsort((position, np.nan_to_num(seconds, nan=np.inf)))
    else:
        is_complete = tables.responses["complete"].to_numpy(bool)
        newest = -np.nan_to_num(seconds, nan=-np.inf)
        order = np.lexsort((-position, newest, ~is_complete))
    return tables.responses.index.to_numpy()[order]
