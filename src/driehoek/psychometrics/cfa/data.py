"""The answers a factor model is fitted to, group by group."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.moments import FloatArray, numeric_items
from driehoek.psychometrics.ordinal_tables import IntArray

_NEARLY_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class GroupedAnswers:
    """Answers to the items of a model, one array a group.

    Attributes
    ----------
    names : tuple of str
        Names of the groups; one empty name without groups.
    answers : tuple of numpy.ndarray, each of shape (respondents, items)
    n_excluded : int
        Rows left out: no group or cluster, no answer at all, or (listwise) any answer
        missing.
    clusters : tuple of numpy.ndarray or None
        Number of the cluster (triad) of each respondent, from 0 in every group.
    """

    names: tuple[str, ...]
    answers: tuple[FloatArray, ...]
    n_excluded: int
    clusters: tuple[IntArray, ...] | None = None

    @property
    def counts(self) -> tuple[int, ...]:
        """Respondents of each group."""
        return tuple(len(group) for group in self.answers)

    @property
    def n_independent(self) -> int:
        """Respondents, or clusters where respondents are nested in them."""
        if self.clusters is None:
            return sum(self.counts)
        return sum(int(each.max()) + 1 for each in self.clusters)


def grouped_answers(
    data: pd.DataFrame,
    items: Sequence[str],
    groups: str | pd.Series | None,
    *,
    listwise: bool,
    clusters: str | pd.Series | None = None,
) -> GroupedAnswers:
    """Take the items from a frame and split them by group.

    Groups are sorted, or follow the categories of a categorical variable.

    Raises
    ------
    FactorModelError
        If the frame lacks an item or the group variable.
    NotEstimableError
        If a group is too small or an item does not vary in it.
    """
    named = [name for name in (groups, clusters) if isinstance(name, str)]
    refuse_missing_columns(data, [*items, *named])
    answers = numeric_items(data[list(items)])
    usable = answers.notna().all(axis=1) if listwise else answers.notna().any(axis=1)
    cluster = None if clusters is None else _column(data, clusters)
    if cluster is not None:
        usable &= cluster.notna()
    if groups is None:
        parts = {"": answers[usable]}
    else:
        member = _column(data, groups)
        usable &= member.notna()
        if cluster is not None:
            _refuse_clusters_across_groups(cluster[usable], member[usable])
        split = answers[usable].groupby(member[usable], observed=True, sort=True)
        parts = {str(name): part for name, part in split}
    found = GroupedAnswers(
        tuple(parts),
        tuple(part.to_numpy(float) for part in parts.values()),
        int((~usable).sum()),
        None
        if cluster is None
        else tuple(pd.factorize(cluster.loc[part.index])[0] for part in parts.values()),
    )
    _refuse_poor_groups(found, items)
    return found


def _column(data: pd.DataFrame, named: str | pd.Series) -> pd.Series:
    return data[named] if isinstance(named, str) else named.reindex(data.index)


def _refuse_clusters_across_groups(cluster: pd.Series, member: pd.Series) -> None:
    spread = member.astype(str).groupby(cluster).nunique()
    several = [str(name) for name in spread.index[spread > 1]]
    if several:
        msg = (
            f"{len(several)} clusters have members in more than one group (first: {several[0]!r}), "
            "so that the groups are not independent. Put their answers side by side in one row "
            "and use within_ladder or one wide model."
        )
        raise FactorModelError(msg)


def refuse_singular(sigma: FloatArray, items: Sequence[str], group: str) -> None:
    """Refuse a covariance matrix in which some items determine the others."""
    sd = np.sqrt(np.diag(sigma))
    values, vectors = np.linalg.eigh(sigma / np.outer(sd, sd))
    if values[0] < _NEARLY_SINGULAR:
        weight = np.sqrt((vectors[:, values < _NEARLY_SINGULAR] ** 2).sum(axis=1))
        involved = [item for item, w in zip(items, weight, strict=True) if w > 0.3 * weight.max()]
        msg = (
            f"The items {', '.join(involved)}{_where(group)} determine one another (their "
            "covariance matrix is singular). Leave one of them out."
        )
        raise NotEstimableError(msg)


def refuse_missing_columns(data: pd.DataFrame, wanted: Sequence[str]) -> None:
    """Refuse a frame that lacks a column, and suggest the one that was meant."""
    absent = [name for name in wanted if name not in data.columns]
    if not absent:
        return
    columns = {str(name).casefold(): str(name) for name in data.columns}
    near = [difflib.get_close_matches(name.casefold(), columns, n=1) for name in absent]
    said = [
        f"{name!r} (did you mean {columns[match[0]]!r}?)" if match else repr(name)
        for name, match in zip(absent, near, strict=True)
    ]
    msg = f"The data have no column {', '.join(said)}."
    raise FactorModelError(msg)


def _refuse_poor_groups(found: GroupedAnswers, items: Sequence[str]) -> None:
    faults = [] if found.answers else ["No respondent has answers that can be used."]
    for name, answers in zip(found.names, found.answers, strict=True):
        if len(answers) <= len(items):
            faults.append(
                f"{len(answers)} respondents with usable answers{_where(name)} for {len(items)} "
                "items: a factor model needs more respondents than items, and far more to be "
                "trusted."
            )
            continue
        spread = np.nanmax(answers, axis=0, initial=-np.inf) - np.nanmin(
            answers, axis=0, initial=np.inf
        )
        constant = [item for item, value in zip(items, spread, strict=True) if not value > 0]
        if constant:
            faults.append(
                f"Every respondent gave the same answer (or none) to "
                f"{', '.join(constant)}{_where(name)}: leave such items out."
            )
    if faults:
        raise NotEstimableError(" ".join(faults))


def _where(group: str) -> str:
    return f" in group {group}" if group else ""
