"""One effect under every combination of reasonable choices of an analysis."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.analysis.kinds.linear import linear_rows
from driehoek.analysis.model_data import ModelData, records
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.cleaning.consent import with_answer
from driehoek.cleaning.linkage import is_primary
from driehoek.cleaning.wide import long_table, triad_table
from driehoek.disclosure import withhold_few_df, withhold_small_samples
from driehoek.instrument.model import Scale
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.multiverse import MultiversePlan
from driehoek.plan.regression import LinearModel
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.scoring.published import PublishedKeys
from driehoek.scoring.scales import score_responses
from driehoek.study import Study

FACTORS = ("leave_out", "min_answered", "score_of", "errors", "covariates")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to make the scores.

    Attributes
    ----------
    number : int
        Its place among the variants of its multiverse, from 1.
    leave_out : tuple of str
        Flags whose responses are left out.
    min_answered : float or None
        None: as the instrument declares.
    score_of : str
    """

    number: int
    leave_out: tuple[str, ...]
    min_answered: float | None
    score_of: str


def variants(plan: MultiversePlan) -> list[Variant]:
    """Give every way to make the scores, in the order of the plan."""
    least: Sequence[float | None] = plan.min_answered or [None]
    product = itertools.product(plan.leave_out, least, plan.score_of)
    return [Variant(i, tuple(flags), low, of) for i, (flags, low, of) in enumerate(product, 1)]


def fit_variants(
    name: str,
    chosen: Sequence[Variant],
    study: Study,
    wave: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    keys: PublishedKeys,
) -> pd.DataFrame:
    """Estimate the effect for some ways to make the scores, with every model of the plan.

    Parameters
    ----------
    name : str
        Of the multiverse.
    chosen : sequence of Variant
    study : Study
    wave : tuple of pandas.DataFrame
        Clean responses, kinds of missing answers and flags of the model's wave.
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
    rows = [
        row
        for variant in chosen
        for row in _rows(name, plan, model, variant, _data(variant, study, wave, keys))
    ]
    table = statistics_frame(rows, "multiverse")
    disclosure = study.settings.disclosure
    return withhold_small_samples(table, disclosure.min_cell)


def _data(
    variant: Variant,
    study: Study,
    wave: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    keys: PublishedKeys,
) -> ModelData:
    """Leave responses out, score anew and link, for one way to make the scores."""
    responses, missing, flags = wave
    doubted = flags.loc[flags["flag"].isin(variant.leave_out), "response"]
    kept = ~responses["response"].isin(doubted).to_numpy(bool)
    answers = with_answer(responses[kept].reset_index(drop=True), study.questionnaire)
    kinds = missing[kept].reset_index(drop=True)
    form = _rescored(study.questionnaire, variant)
    scores = score_responses(answers, kinds, form, keys)
    primary = is_primary(answers, study.settings.linkage.primary)
    derived = list(study.settings.derive)
    long = long_table(answers, scores, primary, [*form.stored, *derived])
    return ModelData(long, triad_table(long, form, derived), study)


def _rescored(form: Questionnaire, variant: Variant) -> Questionnaire:
    """Give the questionnaire with another rule of scoring; published keys keep their own."""
    scales = {name: _scale(scale, variant) for name, scale in form.instrument.scales.items()}
    return Questionnaire(form.instrument.model_copy(update={"scales": scales}))


def _scale(scale: Scale, variant: Variant) -> Scale:
    if scale.key is not None:
        return scale
    changes: dict[str, object] = {}
    if variant.min_answered is not None:
        changes["min_answered"] = variant.min_answered
    if variant.score_of != "as_declared" and scale.facets is not None:
        changes["of"] = variant.score_of
    return scale.model_copy(update={"score": scale.score.model_copy(update=changes)})


def _rows(
    name: str, plan: MultiversePlan, model: LinearModel, variant: Variant, data: ModelData
) -> Iterator[Row]:
    (written,), _ = data.resolve_blocks([[plan.term]])
    own = [term for block in model.blocks for term in block if term != plan.term]
    for errors, covariates in itertools.product(plan.errors, plan.covariates or [own]):
        terms = list(dict.fromkeys([plan.term, *covariates]))
        changed: dict[str, object] = {
            "blocks": [terms],
            "errors": errors,
            "simple_slopes": [],
            "hinges": {},
        }
        choices = (
            "+".join(variant.leave_out) or NONE,
            "declared" if variant.min_answered is None else f"{variant.min_answered:g}",
            variant.score_of,
            errors,
            "+".join(covariates).replace("/", ".") or NONE,
        )
        head: dict[str, object] = {
            "wave": model.wave,
            "scale": name,
            "group": "; ".join(f"{f}={c}" for f, c in zip(FACTORS, choices, strict=True)),
            "term": written[0],
        }
        yield head | _effect(model.model_copy(update=changed), written[0], data)


def _effect(model: LinearModel, term: str, data: ModelData) -> dict[str, object]:
    """Estimate the coefficient in one specification."""
    try:
        found = withhold_few_df(
            statistics_frame(linear_rows(model, data), "m"), data.study.settings.disclosure.min_df
        )
    except TooFewDataError as fault:
        return {"statistic": "b", "reason": str(fault)}
    own = found[(found["statistic"] == "b") & (found["term"] == term)]
    if own.empty:
        return {"statistic": "b", "reason": "this specification has no such coefficient"}
    names = (
        "estimate",
        "se",
        "df",
        "ci_low",
        "ci_high",
        "p",
        "n",
        "n_excluded",
        "method",
        "reason",
    )
    row = own.iloc[0]
    return {"statistic": "b"} | {each: row[each] for each in names}


def gathered(tables: Sequence[pd.DataFrame], study: Study) -> pd.DataFrame:
    """Put the specifications together, and say what the choices come to.

    For each multiverse: the number of specifications estimated, their median, least and
    greatest coefficient, the shares above zero and with an interval that excludes zero, and for
    each choice the share of the variance of the coefficients that lies between its options
    (eta squared; a choice with one option has none).

    References
    ----------
    Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), doi:10.1177/1745691616658637; Simonsohn,
    Simmons & Nelson (2020), doi:10.1038/s41562-020-0912-z.
    """
    rows: list[Row] = [row for table in tables for row in records(table)]
    whole = statistics_frame(rows, "multiverse")
    for name in study.settings.multiverse:
        own = whole[whole["scale"] == name]
        rows += list(_summary(name, own))
    return statistics_frame(rows, "multiverse")


def _summary(name: str, own: pd.DataFrame) -> Iterator[Row]:
    known = own[own["estimate"].notna()]
    b = known["estimate"].to_numpy(float)
    head: Row = {"wave": _first(own["wave"]), "scale": name, "method": "specifications"}
    yield {**head, "statistic": "specifications", "estimate": len(own)}
    yield {**head, "statistic": "estimated", "estimate": len(known)}
    if not len(known):
        return
    excludes = (known["ci_low"] > 0) | (known["ci_high"] < 0)
    values = {
        "median": np.median(b),
        "least": b.min(),
        "greatest": b.max(),
        "share_above_zero": (b > 0).mean(),
        "share_excluding_zero": excludes.mean(),
    }
    yield from ({**head, "statistic": key, "estimate": value} for key, value in values.items())
    choices = known["group"].str.split("; ", expand=True)
    for position, factor in enumerate(FACTORS):
        options = choices[position].str.partition("=")[2]
        row = {**head, "statistic": "eta2", "term": factor, "method": "between options"}
        if options.nunique() < 2:
            yield {**row, "reason": "one option only"}
        elif b.var() == 0:
            yield {**row, "reason": "all specifications give the same coefficient"}
        else:
            yield {**row, "estimate": _eta2(b, options)}


def _eta2(b: np.ndarray, options: pd.Series) -> float:
    means = pd.Series(b).groupby(options.to_numpy()).transform("mean").to_numpy()
    return float(((means - b.mean()) ** 2).sum() / ((b - b.mean()) ** 2).sum())


def _first(column: pd.Series) -> str:
    return str(column.iloc[0]) if len(column) else ""
