"""Statistics rows of several completed data sets, pooled into one set of rows."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from driehoek.analysis.rows import COEFFICIENTS, COVARIANCE, Row
from driehoek.models.pooling import PooledTest, pool, pool_r2, pool_statistics, pool_wald
from driehoek.models.statistic import critical_value, two_sided_p

KEY = ("group", "term", "statistic", "method")
SECOND_DF = "_df2"
NOT_POOLED = "not pooled: no standard error in every completed data set"
DISAGREE = "the completed data sets disagree so much that their pooled test is zero"
CHI_SQUARES = ("lr_", "wald_", "brant")  # where no second degrees of freedom say that it is an F
UNPOOLED = {
    *("t", "excluded", "vif", "gvif", "gvif_per_df", "log_likelihood", "lr_slope"),
    *("leverage_max", "leverage_over", "cook_max", "cook_over"),
}
RATIO = "_ratio"
LEAST_SHARE = 0.95  # of the sets that must have the estimate

Rows = Sequence[Row]


def pool_rows(sets: Sequence[Rows], confidence: float) -> list[Row]:
    """Pool the rows of one model, whatever its kind.

    Rows with a standard error follow Rubin's rules with Barnard and Rubin's degrees of freedom;
    shares of variance go through Fisher's z; F and chi-square tests are pooled by covariances
    where they carry them (D1), else from their statistics (D2); other figures are means over the
    sets. Each estimate with a standard error is followed by its fraction of missing information
    (``fmi``) and relative efficiency.

    Parameters
    ----------
    sets : sequence of sequences of rows
        Of each completed data set.
    """
    found: dict[tuple[object, ...], list[Row]] = {}
    for rows in sets:
        for row in rows:
            key = [row.get(each, "") or "" for each in KEY]
            if row.get("statistic") == "note":  # its place may differ between the sets
                key = [row.get("group", "") or "", row["reason"], "note", "note"]
            found.setdefault(tuple(key), []).append(row)
    below = {key[:3]: rows for key, rows in found.items()}
    pooled: list[Row] = []
    for (group, term, statistic, _), rows in found.items():
        name = str(statistic)
        if not name.endswith(SECOND_DF) and name not in UNPOOLED:
            second = below.get((group, term, f"{name}{SECOND_DF}"))
            pooled += _pooled(name, rows, second, len(sets), confidence)
    return pooled


def _pooled(
    statistic: str, rows: Rows, below: Rows | None, m: int, confidence: float
) -> Iterator[Row]:
    first = rows[0]
    blank: Row = {**first, **dict.fromkeys(("estimate", "se", "df", "ci_low", "ci_high", "p"))}
    if statistic == "note":  # what is so in some sets only, such as a mean, is left out
        yield from [first] if len(rows) == m else []
        return
    blank = {**blank, "method": f"{first.get('method', '')}, {m} imputations"}
    estimates = _numbers(rows, "estimate")
    if len(estimates) < max(2, LEAST_SHARE * m):
        said = next((row["reason"] for row in rows if row.get("reason")), NOT_POOLED)
        yield {**blank, "reason": said}
        return
    ses = _numbers(rows, "se")
    if len(ses) == len(estimates):
        yield from _rubin(rows, blank, confidence)
    elif statistic.startswith("r2") and "change" not in statistic:
        n = float(str(first.get("n", math.nan)))
        r2, low, high = pool_r2(estimates, n, confidence)
        yield {**blank, "estimate": r2, "ci_low": low, "ci_high": high}
    elif below or statistic.startswith(CHI_SQUARES):
        yield from _tested(statistic, estimates, rows, below, blank)
    elif statistic.endswith(RATIO) and len(_numbers(rows, "ci_low")) == len(estimates):
        yield from _ratio(rows, blank, confidence)
    elif _numbers(rows, "ci_low"):
        yield {**blank, "reason": NOT_POOLED}
    else:
        yield {**blank, "estimate": sum(estimates) / len(estimates)}


def _ratio(rows: Rows, blank: Row, confidence: float) -> Iterator[Row]:
    """Pool odds and rate ratios as logarithms; their intervals are normal there."""
    width = 2 * critical_value(confidence, math.inf)
    logs = [
        {
            "estimate": math.log(_number(row, "estimate")),
            "se": (math.log(_number(row, "ci_high")) - math.log(_number(row, "ci_low"))) / width,
        }
        for row in rows
    ]
    for row in _rubin(logs, blank, confidence):
        if row["statistic"] == blank["statistic"]:
            ends = {
                name: math.exp(_number(row, name)) for name in ("estimate", "ci_low", "ci_high")
            }
            yield {**row, **ends, "se": None}


def _rubin(rows: Rows, blank: Row, confidence: float) -> Iterator[Row]:
    kept = [row for row in rows if not math.isnan(_number(row, "estimate"))]
    dfs = [math.inf if math.isnan(df := _number(row, "df")) else df for row in kept]
    df_complete = math.inf if math.inf in dfs else sum(dfs) / len(dfs)
    found = pool(
        [_number(row, "estimate") for row in kept],
        [_number(row, "se") for row in kept],
        df_complete,
    )
    low, high = found.interval(confidence)
    p = found.p if all(_tests_zero(row) for row in kept) else math.nan
    yield {
        **blank, "estimate": found.estimate, "se": found.se, "df": found.df,
        "ci_low": low, "ci_high": high, "p": p,
    }  # fmt: skip
    name = str(blank["statistic"])
    yield {**blank, "statistic": f"fmi_{name}", "estimate": found.fmi}
    yield {**blank, "statistic": f"efficiency_{name}", "estimate": found.efficiency}


def _by_covariance(rows: Rows, df_complete: float) -> PooledTest | None:
    """Test by the pooled coefficients themselves (D1), where the rows carry them."""
    if any(row.get(COEFFICIENTS) is None for row in rows):
        return None
    b = [np.asarray(row[COEFFICIENTS], dtype=float) for row in rows]
    v = [np.asarray(row[COVARIANCE], dtype=float) for row in rows]
    if len({each.shape for each in b}) > 1 or np.isnan(v[0]).any():
        return None
    return pool_wald(np.array(b), np.array(v), df_complete)


def _tests_zero(row: Row) -> bool:
    """Tell whether the p of a row is that of zero; some slopes are tested against another value."""
    p, se, df = _number(row, "p"), _number(row, "se"), _number(row, "df")
    if math.isnan(p) or not se > 0:
        return True
    usual = two_sided_p(_number(row, "estimate") / se, math.inf if math.isnan(df) else df)
    return math.isclose(p, usual, rel_tol=1e-6, abs_tol=1e-12)


def _tested(
    statistic: str, estimates: list[float], rows: Rows, below: Rows | None, blank: Row
) -> Iterator[Row]:
    k = _numbers(rows, "df")[0]
    times, limits = (k, _numbers(below, "estimate")) if below else (1.0, [])
    limit = sum(limits) / len(limits) if limits else math.inf
    found = _by_covariance(rows, limit)
    if found is None:
        found = pool_statistics([times * each for each in estimates], k, limit)
    reason = "" if found.f else DISAGREE
    yield {**blank, "estimate": found.f, "df": found.df1, "p": found.p, "reason": reason}
    yield {**blank, "statistic": f"{statistic}{SECOND_DF}", "estimate": found.df2}


def _numbers(rows: Rows, name: str) -> list[float]:
    return [value for row in rows if not math.isnan(value := _number(row, name))]


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return math.nan if value is None else float(str(value))
