"""Comparisons of independent groups: means, ranks and choices."""

import itertools
import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pingouin as pg
from numpy.typing import NDArray
from scipy import stats

from driehoek.models.effect_intervals import d_interval, v_interval, welch_interval
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p

Floats = NDArray[np.float64]

SMALL_EXPECTED = 5


def compare_groups(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    levels: Sequence[Hashable],
    *,
    confidence: float = 0.95,
    fewest: int = 2,
) -> pd.DataFrame:
    """Compare the mean and the ranks of a number between groups, variances free to differ.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a person; rows without a value in either variable are left out.
    outcome, by : str
        A number, and a categorical variable.
    levels : sequence
        Levels of `by` in order.
    confidence : float
    fewest : int
        Levels with fewer rows are left out, with a reason; at least 2.

    Returns
    -------
    pandas.DataFrame
        ``group`` holds a level, a pair (``a - b``) or nothing. Two groups: ``difference`` (Welch's
        t), ``g`` (Hedges, interval from noncentral t), ``u``, ``rank_biserial``. More: ``f_welch``
        with ``f_welch_df2``, ``omega2`` (share of variance between groups, each weighted by n over
        its own variance; interval from noncentral F), ``h`` (Kruskal-Wallis), ``epsilon2``, and
        pairs by Games and Howell.

    References
    ----------
    Delacre, Lakens & Leys (2017), doi:10.5334/irsp.82 (Welch by default). Games & Howell (1976),
    doi:10.3102/10769986001002113. Kerby (2014), doi:10.2466/11.IT.3.1 (rank-biserial). Shieh
    (2013), Behavior Research Methods 45, 25-37 (the share with weights).
    """
    used = frame[[outcome, by]].dropna()
    values = {f"{by}[{level}]": _numbers(used, outcome, by, level) for level in levels}
    kept = {name: each for name, each in values.items() if len(each) >= fewest}
    n = sum(len(each) for each in kept.values())
    blank = Statistic("", math.nan, n, len(frame) - n, "", term=outcome)
    rows = list(_descriptions(values, blank, confidence, fewest))
    if len(kept) < 2:
        why = f"{len(kept)} group(s) have at least {fewest} persons; two are needed"
        return statistics_frame([*rows, replace(blank, statistic="difference", reason=why)])
    if all(np.ptp(each) == 0 for each in kept.values()):
        why = "nobody differs from the others of the same group, so there is nothing to test by"
        return statistics_frame([*rows, replace(blank, statistic="difference", reason=why)])
    if len(kept) > 2:
        rows += _omnibus(kept, blank, confidence)
    return statistics_frame([*rows, *_pairs(kept, blank, confidence)])


def associate(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    *,
    confidence: float = 0.95,
    fewest: int = 1,
) -> pd.DataFrame:
    """Test whether two categorical variables go together.

    Levels with fewer than `fewest` rows are left out.

    Returns
    -------
    pandas.DataFrame
        ``chi2`` (Pearson, without continuity correction), ``cramers_v`` (interval from the
        noncentral chi-square), ``expected_min`` (smallest expected count), and for a table of
        two by two ``fisher`` (odds ratio of the table, exact p).
    """
    used = frame[[outcome, by]].dropna()
    for name in (outcome, by):
        used = used[used.groupby(name)[name].transform("size") >= fewest]
    blank = Statistic("", math.nan, len(used), len(frame) - len(used), "", term=outcome)
    table = pd.crosstab(used[outcome], used[by])
    if min(table.shape, default=0) < 2:
        why = "one of the two variables has the same value in every row used"
        return statistics_frame([replace(blank, statistic="chi2", reason=why)])
    found = stats.chi2_contingency(table.to_numpy(), correction=False)
    chi2, df, least = float(found.statistic), int(found.dof), float(found.expected_freq.min())
    scale = len(used) * (min(table.shape) - 1)
    low, high = v_interval(chi2, df, scale, confidence)
    test = replace(blank, method="pearson", statistic="chi2", estimate=chi2, df=float(df))
    few = f"the smallest expected count is {least:.2g}; below {SMALL_EXPECTED} the test is rough"
    rows = [
        replace(test, p=float(found.pvalue), reason=few if least < SMALL_EXPECTED else ""),
        replace(blank, method="pearson", statistic="cramers_v", estimate=math.sqrt(chi2 / scale),
                ci_low=low, ci_high=high),
        replace(blank, method="pearson", statistic="expected_min", estimate=least),
    ]  # fmt: skip
    if table.shape == (2, 2):
        exact = stats.fisher_exact(table.to_numpy())
        odds, p = float(exact.statistic), float(exact.pvalue)
        rows.append(replace(blank, method="fisher", statistic="fisher", estimate=odds, p=p))
    return statistics_frame(rows)


def _numbers(used: pd.DataFrame, outcome: str, by: str, level: Hashable) -> Floats:
    found: Floats = used.loc[used[by] == level, outcome].to_numpy(dtype=float)
    return found


def _descriptions(
    values: dict[str, Floats], blank: Statistic, confidence: float, fewest: int
) -> Iterator[Statistic]:
    for name, each in values.items():
        row = replace(blank, group=name, n=len(each), n_excluded=0, method="mean")
        if len(each) < fewest:
            why = f"left out: fewer than {fewest} persons"
            yield replace(row, statistic="mean", reason=why)
            continue
        sd = float(each.std(ddof=1))
        se, df, mean = sd / math.sqrt(len(each)), float(len(each) - 1), float(each.mean())
        reach = critical_value(confidence, df) * se
        yield replace(row, statistic="mean", estimate=mean, se=se, df=df, ci_low=mean - reach,
                      ci_high=mean + reach)  # fmt: skip
        yield replace(row, statistic="sd", estimate=sd)


def _omnibus(kept: dict[str, Floats], blank: Statistic, confidence: float) -> Iterator[Statistic]:
    long = pd.DataFrame(
        [(name, value) for name, each in kept.items() for value in each], columns=["by", "y"]
    )
    if any(np.ptp(each) == 0 for each in kept.values()):
        why = "a group has no variance, so Welch's F does not exist"
        yield replace(blank, statistic="f_welch", method="welch", reason=why)
    else:
        test = pg.welch_anova(long, dv="y", between="by").iloc[0]
        f, df1, df2 = float(test["F"]), float(test["ddof1"]), float(test["ddof2"])
        row = replace(blank, method="welch")
        yield replace(row, statistic="f_welch", estimate=f, df=df1, p=float(test["p_unc"]))
        yield replace(row, statistic="f_welch_df2", estimate=df2)
        above, n = max(df1 * (f - 1), 0.0), len(long)
        low, high = welch_interval(f, df1, df2, n, confidence)
        yield replace(row, statistic="omega2", estimate=above / (above + n), ci_low=low,
                      ci_high=high)  # fmt: skip
    h, p = stats.kruskal(*kept.values())
    row = replace(blank, method="kruskal_wallis")
    yield replace(row, statistic="h", estimate=float(h), df=float(len(kept) - 1), p=float(p))
    yield replace(row, statistic="epsilon2", estimate=float(h) / (len(long) - 1))


def _pairs(kept: dict[str, Floats], blank: Statistic, confidence: float) -> Iterator[Statistic]:
    k = len(kept)
    for (first, x), (second, y) in itertools.combinations(kept.items(), 2):
        row = replace(blank, group=f"{first} - {second}", n=len(x) + len(y), n_excluded=0)
        yield _difference(x, y, k, row, confidence)
        yield _hedges(x, y, row, confidence)
        if k == 2:
            yield from _ranks(x, y, row, confidence)


def _difference(x: Floats, y: Floats, k: int, row: Statistic, confidence: float) -> Statistic:
    """Compare two means by Welch's t, or by Games and Howell where they are of several."""
    parts = x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)
    gap, row = float(x.mean() - y.mean()), replace(row, statistic="difference")
    if not sum(parts):
        return replace(row, estimate=gap, method="welch", reason="neither group has variance")
    se = math.sqrt(sum(parts))
    df = float(sum(parts) ** 2 / (parts[0] ** 2 / (len(x) - 1) + parts[1] ** 2 / (len(y) - 1)))
    if k == 2:
        crit, p = critical_value(confidence, df), two_sided_p(gap / se, df)
    else:
        crit = float(stats.studentized_range.ppf(confidence, k, df)) / math.sqrt(2)
        p = float(stats.studentized_range.sf(abs(gap) / se * math.sqrt(2), k, df))
    return replace(
        row, estimate=gap, se=se, df=df, ci_low=gap - crit * se, ci_high=gap + crit * se, p=p,
        method="welch" if k == 2 else "games_howell",
    )  # fmt: skip


def _hedges(x: Floats, y: Floats, row: Statistic, confidence: float) -> Statistic:
    df, row = len(x) + len(y) - 2, replace(row, statistic="g", method="hedges")
    pooled = ((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / df
    if not pooled:
        return replace(row, reason="neither group has variance")
    d, g = (float(pg.compute_effsize(x, y, eftype=kind)) for kind in ("cohen", "hedges"))
    size = math.sqrt(len(x) * len(y) / (len(x) + len(y)))
    low, high = d_interval(d * size, df, size, confidence)
    ratio = 1 - 3 / (4 * (len(x) + len(y)) - 9)  # Hedges' correction, as pingouin has it
    return replace(row, estimate=g, ci_low=low * ratio, ci_high=high * ratio)


def _ranks(x: Floats, y: Floats, row: Statistic, confidence: float) -> Iterator[Statistic]:
    u, p = stats.mannwhitneyu(x, y, alternative="two-sided")
    row = replace(row, method="mann_whitney")
    yield replace(row, statistic="u", estimate=float(u), p=float(p))
    r = 2 * float(u) / (len(x) * len(y)) - 1
    spread = math.sqrt((len(x) + len(y) + 1) / (3 * len(x) * len(y)))
    yield rank_biserial(r, spread, row, confidence)


def rank_biserial(r: float, spread: float, row: Statistic, confidence: float) -> Statistic:
    """Give a rank-biserial correlation with an interval on Fisher's z."""
    row = replace(row, statistic="rank_biserial", estimate=r)
    if abs(r) >= 1 - 1e-12:
        return replace(row, reason="the groups do not overlap, so there is no interval")
    reach = critical_value(confidence, math.inf) * spread
    z = math.atanh(r)
    return replace(row, ci_low=math.tanh(z - reach), ci_high=math.tanh(z + reach))
