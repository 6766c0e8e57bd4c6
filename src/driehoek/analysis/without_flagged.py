"""Main results with and without flagged responses, side by side."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from driehoek.analysis.agreement import agreement
from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.describe import scores
from driehoek.analysis.models import correlation_table, models
from driehoek.analysis.reliability import main_reliability
from driehoek.analysis.retest import retest
from driehoek.analysis.rows import NUMERIC, STATISTICS_COLUMNS
from driehoek.analysis.unflagged import Unflagged
from driehoek.disclosure import withhold_small_differences
from driehoek.study import Study

FILE = "without_flagged"
WITH, WITHOUT, CHANGE, SUMMARY = "everyone", "unflagged", "change", "summary"
PLAIN = ("mean", "sd", "alpha", "omega_total", "r2")
RELIABILITY = ("alpha", "omega_total")
UNTESTED = ("scores", "reliability", "agreement", "retest")
UNIT_FREE = ("reliability", "correlations")
TESTED = ("correlations", "comparisons", "models")
ABSENT = "not there without the flagged responses"


def results_without(rest: Unflagged, study: Study) -> dict[str, pd.DataFrame]:
    """Estimate the main results again on the responses that are left, by name of their file.

    Reliability has no bootstrap here: coefficients are compared, not their intervals.
    """
    plan = study.settings.plan
    quick = plan.reliability.model_copy(update={"bootstrap": 0})
    settings = study.settings.model_copy(
        update={"plan": plan.model_copy(update={"reliability": quick})}
    )
    lean, cell = replace(study, settings=settings), settings.disclosure.min_cell
    long, triads = rest.long, rest.triads
    found = {"scores": scores(long, study.questionnaire, confidence=plan.confidence, min_cell=cell)}
    samples = [*study.wave_names, "all"] if len(study.wave_names) > 1 else study.wave_names
    for sample in samples:
        rows = long if sample == "all" else long[long["wave"] == sample]
        found[f"reliability_{sample}"] = main_reliability(rows, lean, sample)
    return found | {
        "agreement": agreement(long, study),
        "retest": retest(long, study),
        "correlations": correlation_table(triads, study),
        "comparisons": comparisons(long, triads, study),
        "models": models(long, triads, study),
    }


def without_flagged(
    everyone: Mapping[str, pd.DataFrame],
    without: Mapping[str, pd.DataFrame],
    rest: Unflagged,
    *,
    min_cell: int,
) -> pd.DataFrame:
    """Lay results on everyone and on the unflagged responses side by side.

    Parameters
    ----------
    everyone, without : mapping of str to pandas.DataFrame
        Statistics by name of their file: as published, and of `results_without`.
    rest : Unflagged
    min_cell : int
        A result without fewer than so many people is withheld beside the result with them; 1
        withholds nothing.

    Returns
    -------
    pandas.DataFrame
        Statistics columns. Each main result has three rows, with the id
        ``without_flagged/<everyone, unflagged or change>/<id>``; ``change`` is unflagged minus
        everyone. Then a ``summary`` of each kind of result: how many are compared, in how many
        another side of zero is excluded or no longer excluded, and the largest change: of
        coefficients without a unit as it is, of others in standard errors of the result with
        everyone. Last the number of responses left out.
    """
    tables = [
        _compared(everyone[name], table, name, rest, min_cell)
        for name, table in without.items()
        if name in everyone
    ]
    shown = [table for table in tables if len(table)]
    summaries = [_summary(shown, kind) for kind in (*UNTESTED, *TESTED)]
    rows = [*shown, *(pd.DataFrame(each) for each in summaries if each), rest.left_out(min_cell)]
    found = pd.concat(rows, ignore_index=True).reindex(columns=list(STATISTICS_COLUMNS))
    words = dict.fromkeys([c for c in STATISTICS_COLUMNS if c not in NUMERIC], "")
    return found.fillna(words).astype(dict.fromkeys(NUMERIC, "float64"))


def _compared(
    everyone: pd.DataFrame, without: pd.DataFrame, file: str, rest: Unflagged, min_cell: int
) -> pd.DataFrame:
    first = everyone[_is_main(everyone, file)].reset_index(drop=True)
    second = without.set_index("id").reindex(first["id"]).reset_index()
    keys = [c for c in STATISTICS_COLUMNS if c not in NUMERIC and c not in {"id", "reason"}]
    second[keys] = first[keys]
    second.loc[~second["id"].isin(without["id"]), "reason"] = ABSENT
    second = withhold_small_differences(second, _fewer(first, second, rest), min_cell)
    change = second.assign(
        estimate=second["estimate"] - first["estimate"],
        n_excluded=first["n"] - second["n"],
        method="unflagged minus everyone",
        **dict.fromkeys(["se", "df", "ci_low", "ci_high", "p"], np.nan),
    )
    parts = {WITH: first, WITHOUT: second, CHANGE: change}
    marked = [
        part.assign(id=f"{FILE}/{mark}/" + part["id"], place=range(len(part)))
        for mark, part in parts.items()
    ]
    return pd.concat(marked).sort_values("place", kind="stable").drop(columns="place")


def _is_main(table: pd.DataFrame, file: str) -> pd.Series:
    """Tell which rows are results: an estimate with an interval or error, or a plain one."""
    statistic = table["statistic"]
    if file.startswith("reliability"):
        return statistic.isin(RELIABILITY) & table["estimate"].notna()
    is_inferred = table[["se", "ci_low"]].notna().any(axis=1)
    return (is_inferred | statistic.isin(PLAIN)) & table["estimate"].notna()


def _fewer(first: pd.DataFrame, second: pd.DataFrame, rest: Unflagged) -> np.ndarray:
    """Count the persons behind the first result who are not behind the second.

    Where the same number of rows gives another result, others of a triad stood in, or a member
    was left out of a triad that stayed: then the responses left out of the wave count.
    """
    fewer = (first["n"] - second["n"]).to_numpy(float)
    is_other = (first["estimate"] != second["estimate"]).to_numpy() & second["estimate"].notna()
    within = first["wave"].map(rest.n_left_out).fillna(len(rest.flagged)).to_numpy(float)
    return np.where((fewer <= 0) & is_other, within, fewer)


def _summary(tables: list[pd.DataFrame], kind: str) -> list[dict[str, object]]:
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["id"])
    parts = {}
    for mark in (WITH, WITHOUT, CHANGE):
        prefix = f"{FILE}/{mark}/"
        part = rows[rows["id"].str.startswith(prefix + kind)]
        parts[mark] = part.set_index(part["id"].str.removeprefix(prefix))
    change = parts[CHANGE]["estimate"].dropna()
    if parts[WITH].empty:
        return []
    head: dict[str, object] = {"group": kind, "method": "count", "n": len(parts[WITH])}
    found = [{**head, "statistic": "compared", "estimate": len(change)}]
    if kind in TESTED:
        sides = [_side(parts[mark].loc[change.index]) for mark in (WITH, WITHOUT)]
        has_interval = parts[WITH].loc[change.index, "ci_low"].notna()
        other = (sides[0] != sides[1]) & has_interval
        found.append({**head, "statistic": "verdict_changed", "estimate": int(other.sum())})
    errors = parts[WITH].loc[change.index, "se"]
    shifts = {"largest_shift": (change / errors).abs().dropna()}
    if kind in UNIT_FREE:
        shifts = {"largest_change": change.abs()}
    for statistic, sizes in shifts.items():
        if len(sizes):
            most = {"term": sizes.idxmax(), "estimate": sizes.max(), "method": "largest"}
            found.append({**head, **most, "statistic": statistic})
    return [{**row, "id": f"{FILE}/{SUMMARY}/{kind}/{row['statistic']}"} for row in found]


def _side(rows: pd.DataFrame) -> pd.Series:
    """Give 1 or -1 where the interval lies on that side of zero, else 0."""
    return (rows["ci_low"] > 0).astype(int) - (rows["ci_high"] < 0).astype(int)
