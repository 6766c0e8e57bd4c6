"""How far answers may be missing not at random before a conclusion tips."""

import math
from collections.abc import Iterator

import pandas as pd

from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.models import fitted
from driehoek.analysis.imputation.pooled import pool_rows
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import facets_of_score, score_name
from driehoek.disclosure import withhold_few_df, withhold_small_samples
from driehoek.study import Study

KEPT = ("wave", "role", "scale", "group", "term", "n", "n_excluded")
UNTIPPED = "the conclusion is the same at every shift that was declared"
UNTESTED = "there is no interval without a shift"


def sensitivity(sets: CompletedSets, study: Study) -> pd.DataFrame:
    """Fit the imputed models with imputed answers shifted by each declared delta.

    Returns
    -------
    pandas.DataFrame
        Rows ``b`` for each model, term, shifted score (``about`` stays that of the model;
        ``method`` names score and shift) and delta, 0 among them; and ``tipping_delta``: the
        declared shift nearest to 0 at which the interval takes in or leaves out zero as it does
        not without a shift. NaN with the reason where none does.

    References
    ----------
    Carpenter & Kenward (2013), Multiple imputation and its application, chapter 10; Cro, Morris,
    Kenward & Carpenter (2020), doi:10.1002/sim.8569.
    """
    data = ModelData(sets.long, sets.long, study)
    declared = study.settings.plan.imputation.deltas
    rows = [
        row
        for name, deltas in declared.items()
        for row in _of_score(data.resolve([name])[0], deltas, sets, study)
    ]
    disclosure = study.settings.disclosure
    table = withhold_few_df(statistics_frame(rows, "sensitivity"), disclosure.min_df)
    return withhold_small_samples(table, disclosure.min_cell)


def _of_score(
    variable: Variable, deltas: list[float], sets: CompletedSets, study: Study
) -> Iterator[Row]:
    signs = _signs(variable, study)
    found: dict[tuple[object, ...], dict[float, Row]] = {}
    for delta in sorted({0.0, *deltas}):
        shifts = {cell: sign * delta for cell, sign in signs.items()}
        for rows in fitted(sets, study, shifts).values():
            for row in pool_rows(rows, study.settings.plan.confidence):
                if row["statistic"] == "b" and row.get("se") is not None:
                    key = tuple(row.get(each, "") for each in ("scale", "group", "term"))
                    found.setdefault(key, {})[delta] = row
    for by_delta in found.values():
        for delta, row in by_delta.items():
            yield {**row, "method": f"{variable.name} {delta:+g}"}
        yield {**_tipping(by_delta), "method": variable.name}


def _tipping(by_delta: dict[float, Row]) -> Row:
    first = next(iter(by_delta.values()))
    blank: Row = {key: first.get(key) for key in KEPT}
    blank = {**blank, "statistic": "tipping_delta"}
    if 0.0 not in by_delta:
        return {**blank, "reason": UNTESTED}
    before = _excludes_zero(by_delta[0.0])
    tipped = [delta for delta, row in by_delta.items() if _excludes_zero(row) != before]
    if not tipped:
        return {**blank, "estimate": math.nan, "reason": UNTIPPED}
    return {**blank, "estimate": min(tipped, key=lambda delta: (abs(delta), delta))}


def _excludes_zero(row: Row) -> bool:
    return float(str(row["ci_low"])) > 0 or float(str(row["ci_high"])) < 0


def _signs(variable: Variable, study: Study) -> dict[tuple[str, str], float]:
    """Give the questions of a score, -1 for those whose high answers mean a low score."""
    form = study.questionnaire
    score = score_name(variable, form)
    if score is None:
        return {(variable.role, variable.column): 1.0}
    questions = [qid for ids in facets_of_score(form, score).values() for qid in ids]
    return {(variable.role, q): -1.0 if form.questions[q].is_reversed else 1.0 for q in questions}
