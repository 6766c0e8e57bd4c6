"""Weights of a study, and what they change: means of scores and linear models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.analysis.model_data import ModelData
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import hidden_counts, withhold_few_df, withhold_small_samples
from driehoek.instrument.columns import score_column
from driehoek.models.design import design_matrix
from driehoek.models.raking import Raked, rake
from driehoek.models.rows import complete_rows
from driehoek.models.terms import parse_blocks
from driehoek.models.weighted import weighted_fit
from driehoek.plan.regression import LinearModel
from driehoek.plan.weights import WeightsPlan
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.study import Study

WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class _Weighted:
    """One set of weights: by wave what raking gave, or why it could not be done."""

    plan: WeightsPlan
    waves: Mapping[str, Raked | str]
    weights: pd.Series  # on the rows of the long table; NaN for other roles


def weighted_results(
    long: pd.DataFrame, triads: pd.DataFrame, study: Study
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rake the sets of weights of the plan, and take weighted means and models.

    Parameters
    ----------
    long, triads : pandas.DataFrame
        One row per person and wave, and one per triad and wave.
    study : Study

    Returns
    -------
    tuple of pandas.DataFrame
        Statistics rows ``weights``: of each set (``group``) and wave the shares of every option in
        sample, population and weighted sample (``term``), design effect, effective n and trimmed
        weights, and the weighted mean of each score of the role. Extremes of the weights are left
        out: they would give away the share of a small group. And ``models_weighted``:
        coefficients of the last block of each linear model with ``weights``.
    """
    data = ModelData(long, triads, study)
    plans = study.settings.plan.weights
    found = {name: _raked(plan, data) for name, plan in plans.items()}
    rows: list[Row] = []
    for name, each in found.items():
        rows += [*_described(name, each, data), *_means(name, each, data)]
    models: list[Row] = []
    for name, model in study.settings.plan.models.items():
        if isinstance(model, LinearModel) and model.weights:
            models += _model(name, model, found[model.weights], data)
    limits = study.settings.disclosure
    fitted = withhold_few_df(statistics_frame(models, "models_weighted"), limits.min_df)
    return (
        withhold_small_samples(statistics_frame(rows, "weights"), limits.min_cell),
        withhold_small_samples(fitted, limits.min_cell),
    )


def _answers(plan: WeightsPlan, people: pd.DataFrame, data: ModelData) -> pd.DataFrame:
    """Give the option codes of the margins."""
    return pd.DataFrame({name: data.codes_of(people[name], name) for name in plan.margins})


def _raked(plan: WeightsPlan, data: ModelData) -> _Weighted:
    own = data.long[data.long["role"] == plan.role]
    weights = pd.Series(np.nan, index=data.long.index)
    waves: dict[str, Raked | str] = {}
    for wave, people in own.groupby("wave", sort=False):
        try:
            raked = rake(_answers(plan, people, data), plan.margins, trim=plan.trim)
        except TooFewDataError as fault:
            waves[str(wave)] = str(fault)
            continue
        waves[str(wave)] = raked
        weights.loc[people.index] = raked.weights
    return _Weighted(plan, waves, weights)


def _described(name: str, each: _Weighted, data: ModelData) -> Iterator[Row]:
    own = data.long[data.long["role"] == each.plan.role]
    for wave, raked in each.waves.items():
        head: Row = {"wave": wave, "role": each.plan.role, "group": name, "method": "raking"}
        people = own[own["wave"] == wave]
        if isinstance(raked, str):
            yield {**head, "statistic": "design_effect", "n": len(people), "reason": raked}
            continue
        head = {**head, "n": raked.n, "n_excluded": len(people) - raked.n}
        figures = {
            "design_effect": raked.design_effect,
            "n_effective": raked.n / raked.design_effect,
            "n_trimmed": float(raked.n_trimmed),
        }
        for statistic, value in figures.items():
            yield {**head, "statistic": statistic, "estimate": value}
        yield from _shares(head, each.plan, people, raked, data)


def _shares(
    head: Row, plan: WeightsPlan, people: pd.DataFrame, raked: Raked, data: ModelData
) -> Iterator[Row]:
    """Give the shares of the options; what would show a small count is withheld here."""
    answers = _answers(plan, people, data)
    known = ~np.isnan(raked.weights)
    weights = raked.weights[known]
    for question, shares in plan.margins.items():
        chosen = {code: (answers.loc[known, question] == code).to_numpy() for code in shares}
        counts = [int(own.sum()) for own in chosen.values()]
        reasons = hidden_counts(counts, data.study.settings.disclosure.min_cell)
        hidden = dict(zip(chosen, reasons, strict=True))
        for code, share in shares.items():
            row: Row = {**head, "term": f"{plan.role}.{question}[{code}]"}
            yield {**row, "statistic": "share_population", "estimate": share}
            if hidden[code]:
                yield {**row, "statistic": "share", "reason": hidden[code]}
                yield {**row, "statistic": "share_weighted", "reason": hidden[code]}
                continue
            weighted = weights[chosen[code]].sum() / weights.sum()
            yield {**row, "statistic": "share", "estimate": chosen[code].mean()}
            yield {**row, "statistic": "share_weighted", "estimate": weighted}


def _means(name: str, each: _Weighted, data: ModelData) -> Iterator[Row]:
    form = data.study.questionnaire
    own = data.long[each.weights.notna()]
    for scale in form.instrument.scales:
        for role, about in form.presentations(scale):
            column = score_column(scale, "", about)
            if role != each.plan.role or column not in own:
                continue
            for wave, people in own.groupby("wave", sort=False):
                head: Row = {"wave": wave, "role": role, "about": about or "", "scale": scale}
                yield _mean({**head, "group": name}, people, column, each, data)


def _mean(head: Row, people: pd.DataFrame, column: str, each: _Weighted, data: ModelData) -> Row:
    kept = people[people[column].notna()]
    n = {"n": len(kept), "n_excluded": len(people) - len(kept)}
    head = {**head, **n, "statistic": "mean", "method": "weighted, clustered by triad"}
    try:
        fit = weighted_fit(
            kept[column].to_numpy(float), np.ones((len(kept), 1)),
            each.weights.loc[kept.index].to_numpy(), kept["triad"],
        )  # fmt: skip
    except TooFewDataError as fault:
        return {**head, "reason": str(fault)}
    low, high = fit.interval(0, data.confidence)
    numbers = {"estimate": fit.b[0], "se": fit.se[0], "df": fit.df, "ci_low": low, "ci_high": high}
    return {**head, **numbers}


def _model(name: str, plan: LinearModel, each: _Weighted, data: ModelData) -> list[Row]:
    """Fit the last block of a linear model with weights."""
    (outcome,) = data.resolve(plan.outcomes)
    head: Row = {"wave": plan.wave, "role": outcome.role, "scale": name, "statistic": "b"}
    head = {**head, "method": "weighted least squares, linearised"}
    try:
        return [{**head, **row} for row in _coefficients(plan, outcome, each, data)]
    except TooFewDataError as fault:
        return [{**head, "n": 0, "reason": str(fault)}]


def _coefficients(
    plan: LinearModel, outcome: Variable, each: _Weighted, data: ModelData
) -> Iterator[Row]:
    blocks, predictors = data.resolve_blocks(plan.blocks)
    weight = Variable(f"{each.plan.role}.{WEIGHT}", each.plan.role, WEIGHT)
    frame = _with_weights(each, data).rows(
        [outcome, *predictors, weight], persons=plan.persons, wave=plan.wave
    )
    named = [outcome.name, *(v.name for v in predictors), weight.name]
    rows = complete_rows(frame, named)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(named)}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    terms = [t for block in parse_blocks(blocks, known=list(frame.columns)) for t in block]
    hinges = {v.name: plan.hinges[given] for given in plan.hinges for v in data.resolve([given])}
    design = design_matrix(used, terms, categorical=data.levels(predictors), hinges=hinges)
    clusters = used["triad"] if plan.is_clustered else None
    y, weights = used[outcome.name].to_numpy(float), used[weight.name].to_numpy(float)
    fit = weighted_fit(y, design.matrix, weights, clusters)
    common: Row = {"n": rows.n, "n_excluded": rows.n_excluded}
    for place, label in enumerate(design.labels):
        low, high = fit.interval(place, data.confidence)
        yield {
            **common, "term": label, "estimate": fit.b[place], "se": fit.se[place], "df": fit.df,
            "ci_low": low, "ci_high": high, "p": fit.p(place),
        }  # fmt: skip
    for aliased in design.aliased:
        yield {**common, "term": aliased.label, "reason": aliased.reason}


def _with_weights(each: _Weighted, data: ModelData) -> ModelData:
    """Give the linked tables with the weight of each person, and of the primary ones by triad."""
    long = data.long.assign(**{WEIGHT: each.weights})
    primary = long[(long["role"] == each.plan.role) & long["is_primary"].astype(bool)]
    keys = ["triad", "wave"]
    named = primary[[*keys, WEIGHT]].rename(columns={WEIGHT: f"{each.plan.role}.{WEIGHT}"})
    return ModelData(long, data.triads.merge(named, on=keys, how="left"), data.study)
