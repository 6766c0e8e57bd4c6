"""What is concluded from several estimates together: families of tests, equivalence."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from driehoek.analysis.forms import model_variables
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.models.errors import TermError
from driehoek.models.multiplicity import adjusted, equivalence
from driehoek.models.terms import parse_terms
from driehoek.plan.families import EquivalencePlan, Estimate, FamilyPlan
from driehoek.study import Study

DEFAULTS = {"models": "b", "comparisons": "difference", "correlations": "r"}
NONE = "no such estimate was made; the model may not have been estimable"

Tables = Mapping[str, pd.DataFrame]


def families(tables: Tables, study: Study) -> pd.DataFrame:
    """Adjust the tests of each family, and test each equivalence.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``models``, ``comparisons`` and ``correlations``, as they are published.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows; ``scale`` names the family or equivalence, ``group`` holds the id of the
        estimate. ``p_raw``, ``p_holm``, ``p_bh``; ``tost`` (the estimate with its interval of level
        1 - 2 alpha, and p), ``tost_low``, ``tost_high`` (bounds, with the one-sided p's).
    """
    plan = study.settings.plan
    known = model_variables(study.settings, study.questionnaire)
    rows: list[Row] = []
    for name, family in plan.families.items():
        rows += [{**row, "scale": name} for row in _family(family, tables, known)]
    alpha = 1 - plan.confidence
    for name, each in plan.equivalence.items():
        rows += [{**row, "scale": name} for row in _equivalence(each, tables, known, alpha)]
    return statistics_frame(rows, "families")


def pooled_families(pooled: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Conclude from completed data what rests on models that are also fitted to it.

    A family is adjusted if every model it names is; an equivalence is tested on the pooled
    estimate with the standard error and degrees of freedom of its pooling.

    Parameters
    ----------
    pooled : pandas.DataFrame
        ``models_imputed``, as it is published.
    study : Study

    Returns
    -------
    pandas.DataFrame
        As `families` gives them; empty where nothing rests on such models alone.
    """
    plan = study.settings.plan
    known = model_variables(study.settings, study.questionnaire)
    imputed = {name for name, each in plan.models.items() if each.is_imputed}
    tables = {"models": pooled}
    rows = [
        {**row, "scale": name}
        for name, family in plan.families.items()
        if {test.model for test in family.tests} <= imputed
        for row in _family(family, tables, known)
    ]
    rows += [
        {**row, "scale": name}
        for name, each in plan.equivalence.items()
        if each.of.model in imputed
        for row in _equivalence(each, tables, known, 1 - plan.confidence)
    ]
    return statistics_frame(rows, "families_imputed")


def _family(plan: FamilyPlan, tables: Tables, known: Mapping[str, Variable]) -> Iterator[Row]:
    found = [row for test in plan.tests for row in _find(test, tables, known)]
    tests = list({row["id"]: row for row in found}.values())
    ps = [_number(row, "p") for row in tests]
    n_tests = sum(not math.isnan(p) for p in ps)
    for row, p in zip(tests, ps, strict=True):
        reason = "" if not math.isnan(p) else row["reason"] or "it has no p"
        yield {**_about(row), "statistic": "p_raw", "estimate": p, "method": "raw",
               "reason": reason}  # fmt: skip
    for adjustment in plan.adjust:
        for row, p in zip(tests, adjusted(ps, adjustment), strict=True):
            reason = "" if not math.isnan(p) else row["reason"] or "it has no p"
            yield {**_about(row), "statistic": f"p_{adjustment}", "estimate": float(p),
                   "method": f"{adjustment}, {n_tests} tests", "reason": reason}  # fmt: skip


def _equivalence(
    plan: EquivalencePlan, tables: Tables, known: Mapping[str, Variable], alpha: float
) -> Iterator[Row]:
    for row in _find(plan.of, tables, known):
        estimate, se, df = (_number(row, name) for name in ("estimate", "se", "df"))
        about = {**_about(row), "method": "two one-sided tests"}
        if math.isnan(estimate) or math.isnan(se) or not se:
            reason = row["reason"] or "it has no standard error, so it cannot be tested"
            yield {**about, "statistic": "tost", "reason": reason}
            continue
        df = math.inf if math.isnan(df) else df
        found = equivalence(estimate, se, df, plan.within, alpha)
        yield {
            **about, "statistic": "tost", "estimate": estimate, "se": se, "df": df,
            "ci_low": found.ci_low, "ci_high": found.ci_high, "p": found.p,
        }  # fmt: skip
        low, high = plan.within
        yield {**about, "statistic": "tost_low", "estimate": low, "p": found.p_low}
        yield {**about, "statistic": "tost_high", "estimate": high, "p": found.p_high}


def _number(row: Mapping[str, object], name: str) -> float:
    return float(str(row[name]))


def _about(row: Mapping[str, object]) -> Row:
    keys = ("wave", "role", "term", "n", "n_excluded")
    return {**{key: row.get(key) for key in keys}, "group": row["id"]}


def _find(
    wanted: Estimate, tables: Tables, known: Mapping[str, Variable]
) -> list[dict[str, object]]:
    """Give the rows of an estimate; one row with a reason where there is none."""
    table = tables[wanted.file]
    statistic = wanted.statistic or DEFAULTS[wanted.file]
    column = "group" if wanted.file == "correlations" else "scale"
    own = table[(table[column] == wanted.name) & (table["statistic"] == statistic)]
    if wanted.file == "correlations":
        own = own[_is_pair(own, wanted.term, known)]
    elif wanted.term:
        is_wanted = [_is_term(str(term), wanted.term, known) for term in own["term"]]
        own = own[np.array(is_wanted, dtype=bool)]
    if wanted.group is not None:
        own = own[own["group"] == wanted.group]
    elif wanted.file == "models" and len(own) and str(own["group"].iloc[-1]).startswith("block_"):
        own = own[own["group"] == own["group"].iloc[-1]]
    found = [{str(k): v for k, v in row.items()} for row in own.to_dict("records")]
    nothing = f"{wanted.file}/{wanted.name}/{wanted.term}/{statistic}"
    return found or [
        {"id": nothing, "term": wanted.term, "p": math.nan, "estimate": math.nan, "se": math.nan,
         "df": math.nan, "reason": NONE, "n": 0}
    ]  # fmt: skip


def _is_term(label: str, wanted: str, known: Mapping[str, Variable]) -> bool:
    """Tell whether a column of a design belongs to a term as the study writes it."""
    if label == wanted:
        return True
    try:
        (term,) = parse_terms([wanted.replace("*", ":")])
    except (TermError, ValueError):
        return False
    names = [known[f.name].name if f.name in known else f.name for f in term.factors]
    powers = ["" if f.power == 1 else f"^{f.power}" for f in term.factors]
    parts = label.split(":")
    full = [name + power for name, power in zip(names, powers, strict=True)]
    return len(parts) == len(full) and all(
        part == each or part.startswith(f"{each}[") for part, each in zip(parts, full, strict=True)
    )


def _is_pair(table: pd.DataFrame, wanted: str, known: Mapping[str, Variable]) -> "pd.Series[bool]":
    names = [each.strip() for each in wanted.split("~")]
    full = {known[each].name if each in known else each for each in names if each}
    pairs = [{str(a), str(b)} for a, b in zip(table["scale"], table["term"], strict=True)]
    return pd.Series([not full or pair == full for pair in pairs], index=table.index, dtype=bool)
