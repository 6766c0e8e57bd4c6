"""One effect under every combination of reasonable choices of an analysis."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from driehoek.analysis.imputation.pooled import pool_rows
from driehoek.analysis.kinds.linear import linear_rows
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.multiverse_scores import (
    Variant,
    WaveOfAnswers,
    completed_data,
    variant_data,
)
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_few_df, withhold_small_samples
from driehoek.plan.multiverse import MultiversePlan
from driehoek.plan.regression import LinearModel
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.scoring.published import PublishedKeys
from driehoek.study import Study

FACTORS = ("leave_out", "min_answered", "score_of", "missing", "errors", "covariates")
NONE = "none"
ABSENT = "this specification has no such coefficient"
KEPT = ("estimate", "se", "df", "ci_low", "ci_high", "p", "n", "n_excluded", "method", "reason")


@dataclass(frozen=True, slots=True)
class _Specification:
    """A model of the multiverse, with the choices that it stands for."""

    model: LinearModel
    errors: str
    covariates: str


def fit_variants(
    name: str, chosen: Sequence[Variant], study: Study, wave: WaveOfAnswers, keys: PublishedKeys
) -> pd.DataFrame:
    """Estimate the effect for some ways to make the scores, with every model of the plan.

    Parameters
    ----------
    name : str
        Of the multiverse.
    chosen : sequence of Variant
    study : Study
    wave : WaveOfAnswers
        Of the model.
    keys : mapping
        Keys of published scales.

    Returns
    -------
    pandas.DataFrame
        Statistics rows, one a specification: ``group`` tells the choices, ``term`` the effect.
    """
    plan = study.settings.multiverse[name]
    model = study.settings.plan.models[plan.model]
    if not isinstance(model, LinearModel):
        msg = f"{plan.model!r} is no linear model"
        raise TypeError(msg)
    rows: list[Row] = []
    for variant in chosen:
        data = variant_data(variant, study, wave, keys)
        (written,), _ = data.resolve_blocks([[plan.term]])
        specifications = list(_specifications(plan, model))
        for missing in plan.missing:
            if missing == "complete":
                found = [_slopes(each, data) for each in specifications]
            else:
                sets = completed_data(data, wave, model.wave, keys)
                found = _pooled_slopes(specifications, sets, data.confidence)
            for each, slopes in zip(specifications, found, strict=True):
                group = _group(variant, missing, each)
                head: dict[str, object] = {
                    "wave": model.wave,
                    "scale": name,
                    "group": group,
                    "term": written[0],
                }
                effect = _effect(slopes, written[0], study.settings.disclosure.min_df)
                rows.append({**head, **effect})
    table = statistics_frame(rows, "multiverse")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def _specifications(plan: MultiversePlan, model: LinearModel) -> Iterator[_Specification]:
    own = [term for block in model.blocks for term in block if term != plan.term]
    for errors, covariates in itertools.product(plan.errors, plan.covariates or [own]):
        changed: dict[str, object] = {
            "blocks": [list(dict.fromkeys([plan.term, *covariates]))],
            "errors": errors,
            "simple_slopes": [],
            "hinges": {},
        }
        words = "+".join(covariates).replace("/", ".") or NONE
        yield _Specification(model.model_copy(update=changed), errors, words)


def _group(variant: Variant, missing: str, each: _Specification) -> str:
    choices = (
        "+".join(variant.leave_out) or NONE,
        "declared" if variant.min_answered is None else f"{variant.min_answered:g}",
        variant.score_of,
        missing,
        each.errors,
        each.covariates,
    )
    return "; ".join(f"{f}={c}" for f, c in zip(FACTORS, choices, strict=True))


def _slopes(each: _Specification, data: ModelData) -> list[Row]:
    """Fit one specification and give its coefficients; where it cannot be, a row tells why."""
    try:
        return [row for row in linear_rows(each.model, data) if row["statistic"] == "b"]
    except TooFewDataError as fault:
        return [{"statistic": "b", "reason": str(fault)}]


def _pooled_slopes(
    specifications: Sequence[_Specification], sets: Iterator[ModelData], confidence: float
) -> list[list[Row]]:
    """Fit every specification to each completed data set, and pool its coefficients."""
    fits: list[list[list[Row]]] = [[] for _ in specifications]
    for data in sets:
        for own, each in zip(fits, specifications, strict=True):
            own.append(_slopes(each, data))
    return [pool_rows(own, confidence) for own in fits]


def _effect(slopes: Sequence[Row], term: str, fewest: int) -> Row:
    """Give the figures of one coefficient, unless few degrees of freedom are left."""
    table = withhold_few_df(statistics_frame(slopes, "multiverse"), fewest)
    own = table[(table["statistic"] == "b") & (table["term"] == term)]
    if own.empty:
        reasons = [str(row["reason"]) for row in slopes if row.get("reason")]
        return {"statistic": "b", "reason": reasons[0] if reasons else ABSENT}
    return {"statistic": "b"} | {each: own.iloc[0][each] for each in KEPT}
