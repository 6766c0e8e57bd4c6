"""The linked tables: a row for each person and wave, and a row for each triad and wave."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from driehoek.instrument.columns import score_column
from driehoek.instrument.questions import Questionnaire

KEYS = ("response", "triad", "person", "wave", "role", "is_primary")
SCORE_COLUMNS = ["response", "scale", "facet", "about", "score"]


def wide_scores(scores: pd.DataFrame, responses: pd.Series) -> pd.DataFrame:
    """Lay scores out in columns, one row for each of `responses`, named as in plans.

    Names are ``<scale>.about_<role>`` and ``<scale>.<facet>.about_<role>``; the last part is
    absent where items are about no one in particular. NaN where a response has no such score.
    Of `scores` it takes `SCORE_COLUMNS`.
    """
    rows = pd.Index(responses).get_indexer(scores["response"])
    values = scores["score"].to_numpy(float)
    by = ["scale", "facet", "about"]
    group = scores.groupby(by, sort=False, observed=True).ngroup().to_numpy()
    columns: dict[str, np.ndarray] = {}
    for number, key in enumerate(scores[by].drop_duplicates().itertuples(index=False)):
        members = np.flatnonzero(group == number)
        column = np.full(len(responses), np.nan)
        column[rows[members]] = values[members]
        columns[score_column(*map(str, key))] = column
    return pd.DataFrame(columns, index=responses.index)


def long_table(
    responses: pd.DataFrame, scores: pd.DataFrame, is_primary: pd.Series, questions: Sequence[str]
) -> pd.DataFrame:
    """Tie answers and scores of all waves: one row for each kept response.

    Parameters
    ----------
    responses : pandas.DataFrame
        Clean responses of all waves, in order.
    scores : pandas.DataFrame
        Their scores, long.
    is_primary : pandas.Series of bool
        Whether a response stands for its role in its triad and wave.
    questions : sequence of str
        Columns of `responses` to keep: questions, then derived variables.
    """
    keys = responses.assign(is_primary=is_primary)[[*KEYS]]
    laid_out = wide_scores(scores, responses["response"])
    return pd.concat([keys, responses[list(questions)], laid_out], axis=1)


def wave_table(responses: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Tie the answers and scores of one wave: its rows of the long table, in the same order."""
    return pd.concat([responses, wide_scores(scores, responses["response"])], axis=1)


def triad_table(
    long: pd.DataFrame, questionnaire: Questionnaire, derived: Sequence[str]
) -> pd.DataFrame:
    """Lay the primary people of each triad side by side: one row for each triad and wave.

    Returns
    -------
    pandas.DataFrame
        ``triad, wave``, ``n_<role>`` (kept responses of that role), and ``<role>.<column>`` for
        each background question, derived variable and score of the role's primary person; NaN
        where the triad has nobody in that role.
    """
    key = ["triad", "wave"]
    triads = long[key].drop_duplicates().set_index(key)
    parts = [triads]
    for role in questionnaire.instrument.roles:
        people = long[long["role"] == role]
        n = people.groupby(key, sort=False).size().reindex(triads.index, fill_value=0)
        parts.append(n.rename(f"n_{role}").astype("int64").to_frame())
        columns = [*role_columns(long, questionnaire, role, derived)]
        primary = people[people["is_primary"]].set_index(key)[columns]
        parts.append(primary.reindex(triads.index).add_prefix(f"{role}."))
    return pd.concat(parts, axis=1).reset_index()


def role_columns(
    long: pd.DataFrame, questionnaire: Questionnaire, role: str, derived: Sequence[str]
) -> list[str]:
    """Give the columns of the long table that a role can have: background, derived, scores."""
    background = [
        qid
        for qid in questionnaire.stored
        if questionnaire.questions[qid].item is None and role in questionnaire.questions[qid].roles
    ]
    targets = {
        (scale, about or "")
        for scale in questionnaire.instrument.scales
        for each, about in questionnaire.presentations(scale)
        if each == role
    }
    others = [*KEYS, *questionnaire.stored, *derived]
    scores = [name for name in long.columns if name not in others and _belongs(name, targets)]
    return [*background, *derived, *scores]


def _belongs(column: str, targets: set[tuple[str, str]]) -> bool:
    scale, *rest = column.split(".")
    about = rest[-1].removeprefix("about_") if rest and rest[-1].startswith("about_") else ""
    return (scale, about) in targets
