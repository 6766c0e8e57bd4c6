"""Comparisons within triads or persons: the same rows under several headings."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from driehoek.models.comparison import rank_biserial
from driehoek.models.effect_intervals import d_interval
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p

Floats = NDArray[np.float64]

FEWEST = 3


def compare_pairs(
    frame: pd.DataFrame, names: Sequence[str], *, confidence: float = 0.95
) -> pd.DataFrame:
    """Compare columns that belong together row by row.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a triad or person; numbers. Rows without a value in every column are left out.
    names : sequence of str
        Two columns or more, such as one score of two roles, or of two waves.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``group`` holds a column or a pair (``a - b``): ``mean``, ``sd``; ``difference`` (paired
        t), ``d_z`` (mean over SD of the differences, interval from noncentral t), ``w``
        (Wilcoxon), ``rank_biserial``; with three columns or more ``friedman``, ``kendall_w`` and
        ``p_holm`` (p of the paired t's, adjusted over the pairs).

    References
    ----------
    Kerby (2014), doi:10.2466/11.IT.3.1. Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    used = frame[list(names)].dropna().astype(float)
    blank = Statistic("", math.nan, len(used), len(frame) - len(used), "")
    if len(used) < FEWEST:
        why = f"{len(used)} rows have every value; at least {FEWEST} are needed"
        return statistics_frame([replace(blank, statistic="difference", reason=why)])
    columns = {name: used[name].to_numpy() for name in names}
    rows = list(_means(columns, blank, confidence))
    if len(names) > 2:
        rows += _friedman(columns, blank)
    pairs = [
        row
        for first, second in itertools.combinations(names, 2)
        for row in _pair(
            columns[first] - columns[second],
            replace(blank, group=f"{first} - {second}"),
            confidence,
        )
    ]
    return statistics_frame([*rows, *pairs, *(_adjusted(pairs) if len(names) > 2 else [])])


def _means(columns: dict[str, Floats], blank: Statistic, confidence: float) -> Iterator[Statistic]:
    for name, each in columns.items():
        row = replace(blank, group=name, method="mean")
        sd, mean, df = float(each.std(ddof=1)), float(each.mean()), float(len(each) - 1)
        se = sd / math.sqrt(len(each))
        reach = critical_value(confidence, df) * se
        yield replace(row, statistic="mean", estimate=mean, se=se, df=df, ci_low=mean - reach,
                      ci_high=mean + reach)  # fmt: skip
        yield replace(row, statistic="sd", estimate=sd)


def _friedman(columns: dict[str, Floats], blank: Statistic) -> Iterator[Statistic]:
    row = replace(blank, method="friedman")
    ranks = np.vstack(list(columns.values()))
    if (np.ptp(ranks, axis=0) == 0).all():
        yield replace(row, statistic="friedman", reason="every row has the same value throughout")
        return
    chi2, p = stats.friedmanchisquare(*columns.values())
    df = len(columns) - 1
    yield replace(row, statistic="friedman", estimate=float(chi2), df=float(df), p=float(p))
    yield replace(row, statistic="kendall_w", estimate=float(chi2) / (ranks.shape[1] * df))


def _pair(gaps: Floats, row: Statistic, confidence: float) -> Iterator[Statistic]:
    n, mean, sd = len(gaps), float(gaps.mean()), float(gaps.std(ddof=1))
    test = replace(row, statistic="difference", estimate=mean, method="paired_t")
    if not sd:
        yield replace(test, reason="every row has the same difference, so there is no interval")
        return
    se, df = sd / math.sqrt(n), float(n - 1)
    reach, t = critical_value(confidence, df) * se, mean / se
    yield replace(test, se=se, df=df, ci_low=mean - reach, ci_high=mean + reach,
                  p=two_sided_p(t, df))  # fmt: skip
    low, high = d_interval(t, df, math.sqrt(n), confidence)
    yield replace(row, statistic="d_z", estimate=mean / sd, ci_low=low, ci_high=high,
                  method="paired_t")  # fmt: skip
    yield from _signed_ranks(gaps[gaps != 0], replace(row, method="wilcoxon"), confidence)


def _signed_ranks(gaps: Floats, row: Statistic, confidence: float) -> Iterator[Statistic]:
    """Test signed ranks; rows without a difference do not count (Wilcoxon)."""
    n = len(gaps)
    ranks = stats.rankdata(np.abs(gaps))
    up, total = float(ranks[gaps > 0].sum()), n * (n + 1) / 2
    p = float(stats.wilcoxon(gaps).pvalue)
    row = replace(row, n=n, n_excluded=row.n_excluded + row.n - n)
    yield replace(row, statistic="w", estimate=up, p=p)
    spread = math.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / total
    yield rank_biserial(2 * up / total - 1, spread, row, confidence)


def _adjusted(pairs: Sequence[Statistic]) -> Iterator[Statistic]:
    tested = [row for row in pairs if row.statistic == "difference" and not math.isnan(row.p)]
    if not tested:
        return
    adjusted = multipletests([row.p for row in tested], method="holm")[1]
    for row, p in zip(tested, adjusted, strict=True):
        yield Statistic("p_holm", float(p), row.n, row.n_excluded, "holm", group=row.group)
