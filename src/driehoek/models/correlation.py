"""Correlations of scores, pair by pair, with intervals."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
import pingouin as pg

from driehoek.models.errors import TermError, TermProblem
from driehoek.models.statistic import Statistic, statistics_frame

FEWEST = 4  # Fisher's interval divides by the square root of n - 3
DECIMALS = 15  # pingouin rounds its interval unless told how finely


def correlations(
    frame: pd.DataFrame,
    names: Sequence[str],
    *,
    method: Literal["pearson", "spearman"] = "pearson",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Correlate every pair of scores on the rows that have both.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
        Scores; a missing value leaves the row out of that variable's pairs only.
    names : sequence of str
        At least two numeric variables, in the order of the matrix.
    method : {"pearson", "spearman"}
    confidence : float
        Level of the intervals, between 0 and 1. They come from Fisher's z with standard error
        1 / sqrt(n - 3); for Spearman that is an approximation.

    Returns
    -------
    pandas.DataFrame
        One row a pair (``scale`` and ``term``, each pair once) with ``statistic`` ``r``, its
        interval, two-sided p and n; ``n_excluded`` counts rows that lack one or both. Fewer
        than four rows, a constant score or an exact relation: NaN with the reason.

    Raises
    ------
    TermError
        If a variable is absent, is no number or is named twice, or there are fewer than two.

    References
    ----------
    Fisher (1921), Metron 1, 3-32. Agrees with: R ``cor.test``.
    """
    _check(frame, names)
    scores = frame[list(names)].astype(float)
    return statistics_frame(_pairs(scores, method, confidence))


def _pairs(
    scores: pd.DataFrame, method: Literal["pearson", "spearman"], confidence: float
) -> Iterator[Statistic]:
    for first, second in itertools.combinations(scores.columns, 2):
        pair = scores[[first, second]].dropna()
        blank = Statistic(
            statistic="r",
            estimate=math.nan,
            n=len(pair),
            n_excluded=len(scores) - len(pair),
            method=method,
            scale=first,
            term=second,
        )
        reason = _not_estimable(pair)
        yield replace(blank, reason=reason) if reason else _correlate(pair, blank, confidence)


def _not_estimable(pair: pd.DataFrame) -> str:
    if len(pair) < FEWEST:
        return f"only {len(pair)} rows have both scores; at least {FEWEST} are needed"
    constant = [name for name in pair.columns if np.ptp(pair[name].to_numpy()) == 0]
    if constant:
        return f"{' and '.join(constant)} is the same in all {len(pair)} rows that have both"
    return ""


def _correlate(pair: pd.DataFrame, blank: Statistic, confidence: float) -> Statistic:
    x, y = (pair[name].to_numpy() for name in pair.columns)
    row = pg.corr(x, y, method=blank.method).iloc[0]
    r = float(row["r"])
    if 1 - abs(r) < 1e-12:
        reason = "one score follows exactly from the other, so there is no interval or p"
        return replace(blank, estimate=r, reason=reason)
    low, high = pg.compute_esci(
        stat=r, nx=len(pair), eftype="r", confidence=confidence, decimals=DECIMALS
    )
    return replace(blank, estimate=r, ci_low=float(low), ci_high=float(high), p=float(row["p_val"]))


def _check(frame: pd.DataFrame, names: Sequence[str]) -> None:
    problems = []
    if len(names) < 2:
        mend = "name at least two scores"
        problems.append(TermProblem(", ".join(names), "one score has no correlation", mend))
    for name in sorted({name for name in names if list(names).count(name) > 1}):
        problems.append(TermProblem(name, "the score is named twice", "name it once"))
    for name in dict.fromkeys(names):
        if name not in frame.columns:
            found, mend = "the data have no such variable", "use a variable of the data"
            problems.append(TermProblem(name, found, mend))
        elif not pd.api.types.is_numeric_dtype(frame[name]):
            found, mend = "it holds text", "correlate scores or numbers only"
            problems.append(TermProblem(name, found, mend))
    if problems:
        raise TermError(problems)
