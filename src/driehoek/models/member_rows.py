"""Triads as rows, one a member and wave, for models in which members depend on one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MemberRows:
    """One row a triad, wave and member that has an outcome.

    Attributes
    ----------
    outcome : numpy.ndarray, shape (rows,)
    predictors : numpy.ndarray, shape (rows, members)
        The predictor of every member of the row's triad in that wave, by member.
    members, waves, triads : numpy.ndarray of int, shape (rows,)
        Codes; triads without gaps and sorted, then waves, then members.
    clusters : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps: which triads are tied together; as the triads where none are.
    source : numpy.ndarray of int, shape (rows,)
        Position in the frame of each row's triad and wave.
    n_excluded : int
        Members with some answer of the model who have no row.
    excluded : pandas.DataFrame
        ``reason`` and ``n`` of these.
    """

    outcome: Floats
    predictors: Floats
    members: Codes
    waves: Codes
    triads: Codes
    clusters: Codes
    source: NDArray[np.intp]
    n_excluded: int
    excluded: pd.DataFrame

    @property
    def n_triads(self) -> int:
        """Triads with at least one row."""
        return int(self.triads[-1]) + 1

    @property
    def n_clusters(self) -> int:
        """Triads that are tied together counted as one."""
        return int(self.clusters.max()) + 1

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.outcome)

    def resampled(self, counts: Codes) -> tuple["MemberRows", NDArray[np.intp]]:
        """Give a sample of clusters, and the rows it takes.

        Parameters
        ----------
        counts : numpy.ndarray of int, shape (clusters,)
            How often each cluster is drawn, with all its triads.
        """
        starts = np.flatnonzero(np.diff(self.triads, prepend=-1))
        sizes = np.diff(np.append(starts, self.n))
        drawn = np.repeat(np.arange(len(starts)), counts[self.clusters[starts]])
        length = sizes[drawn]
        triads = np.repeat(np.arange(len(drawn)), length)
        within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
        taken = starts[drawn][triads] + within
        sample = replace(
            self,
            outcome=self.outcome[taken],
            predictors=self.predictors[taken],
            members=self.members[taken],
            waves=self.waves[taken],
            triads=triads.astype(np.int64),
            clusters=self.clusters[taken],
            source=self.source[taken],
        )
        return sample, taken


def member_rows(
    frame: pd.DataFrame,
    outcome: Mapping[str, str],
    predictor: Mapping[str, str],
    *,
    triad: str,
    wave: str | None,
    waves: Sequence[str],
    covariates: Sequence[str] = (),
    clusters: str | None = None,
) -> MemberRows:
    """Lay members out as rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a triad, or a triad and wave; a column for each variable of each member.
    outcome, predictor : mapping of str to str
        The column of each member (role), in the same order.
    triad : str
        Column that names the triad.
    wave : str or None
        Column that names the wave; None where there is one.
    waves : sequence of str
        The waves in order.
    covariates : sequence of str
        Columns that a row needs too.
    clusters : str, optional
        Column that names which triads are tied together.

    Raises
    ------
    TooFewDataError
        If no row has all it needs.
    """
    y = frame[list(outcome.values())].to_numpy(dtype=float)
    x = frame[list(predictor.values())].to_numpy(dtype=float)
    lacks_x, lacks_y = np.isnan(x).any(axis=1), np.isnan(y)
    gaps = frame[list(covariates)].isna().to_numpy(dtype=bool)
    lacks_more: NDArray[np.bool_] = np.logical_or.reduce(gaps, axis=1)
    touched = np.logical_or(~np.isnan(x).all(axis=1), ~lacks_y.all(axis=1))
    used = ~lacks_y & ~lacks_x[:, None] & ~lacks_more[:, None]
    if not used.any():
        msg = "no triad has an outcome and the predictors of all members."
        raise TooFewDataError(msg)
    rows, members = np.nonzero(used)
    when = (
        np.zeros(len(frame), dtype=np.int64)
        if wave is None
        else pd.Categorical(frame[wave], list(waves)).codes.astype(np.int64)
    )
    codes = pd.factorize(frame[triad].to_numpy()[rows], sort=True)[0]
    order = np.lexsort([members, when[rows], codes])
    rows, members = rows[order], members[order]
    codes = codes[order].astype(np.int64)
    tied = codes
    if clusters is not None:
        tied = pd.factorize(frame[clusters].to_numpy()[rows])[0].astype(np.int64)
    counted = touched[:, None] & ~used
    reasons = {
        "no outcome": counted & lacks_y,
        "a member's predictor is missing": counted & ~lacks_y & lacks_x[:, None],
        "a covariate is missing": counted & ~lacks_y & ~lacks_x[:, None],
    }
    counts = {reason: int(each.sum()) for reason, each in reasons.items() if each.any()}
    return MemberRows(
        outcome=y[rows, members],
        predictors=x[rows],
        members=members.astype(np.int64),
        waves=when[rows],
        triads=codes,
        clusters=tied,
        source=rows,
        n_excluded=int(counted.sum()),
        excluded=pd.DataFrame({"reason": list(counts), "n": list(counts.values())}),
    )
