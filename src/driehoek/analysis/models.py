"""The models and correlations of a study's plan."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from driehoek.analysis.frames import model_frame, with_option_codes
from driehoek.analysis.names import WAVE, Variable, known_variables, resolve
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_samples
from driehoek.models.correlation import correlations
from driehoek.models.linear import LinearFit, fit_blocks
from driehoek.models.mixed import MixedFit, fit_random_intercepts
from driehoek.models.terms import parse_blocks
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.study import ModelPlan, Study


@dataclass(frozen=True, slots=True)
class _Task:
    """One model, ready to fit: its rows, names and settings."""

    rows: pd.DataFrame
    outcome: str
    blocks: list[list[str]]
    categorical: dict[str, list[str]]
    clusters: str | None
    confidence: float


def models(long: pd.DataFrame, triads: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Fit every model of the plan.

    Parameters
    ----------
    long, triads : pandas.DataFrame
        Linked data: one row per person and wave, and one per triad and wave.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows; ``scale`` names the model, ``group`` its block. A model that cannot be
        fitted is one row with its reason.
    """
    rows = [
        row
        for name, plan in study.settings.plan.models.items()
        for row in _model(name, plan, long, triads, study)
    ]
    table = statistics_frame(rows, "models")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def correlation_table(triads: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Correlate the variables of each set of the plan, one row a triad."""
    known = known_variables(study.settings, study.questionnaire)
    rows: list[Row] = []
    for name, plan in study.settings.plan.correlations.items():
        names = [resolve(variable, known).name for variable in plan.variables]
        in_wave = triads[triads["wave"] == plan.wave]
        found = correlations(in_wave, names, confidence=study.settings.plan.confidence)
        rows += [row | {"wave": plan.wave, "group": name} for row in _records(found)]
    table = statistics_frame(rows, "correlations")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def _model(
    name: str, plan: ModelPlan, long: pd.DataFrame, triads: pd.DataFrame, study: Study
) -> list[Row]:
    known = known_variables(study.settings, study.questionnaire)
    blocks, used = _resolved(plan, known)
    rows = model_frame(long, triads, plan, [each for each in used if each is not WAVE])
    categorical = {each.name: list(each.levels) for each in used if each.levels}
    task = _Task(
        rows=with_option_codes(rows, used, _option_codes(study)),
        outcome=used[0].name,
        blocks=blocks,
        categorical=categorical | ({"wave": study.wave_names} if WAVE in used else {}),
        clusters="triad" if plan.errors == "cluster" else None,
        confidence=study.settings.plan.confidence,
    )
    head: dict[str, object] = {"wave": plan.wave or "all", "role": used[0].role, "scale": name}
    try:
        found = [dict(row) for row in FITS[plan.kind](task)]
    except TooFewDataError as fault:
        method = f"{plan.kind} model"
        found = [{"statistic": "b", "n": 0, "method": method, "reason": str(fault)}]
    return [row | head for row in found]


def _linear(task: _Task) -> list[Row]:
    fit = fit_blocks(
        task.rows,
        task.outcome,
        task.blocks,
        categorical=task.categorical,
        clusters=task.clusters,
        confidence=task.confidence,
    )
    return [*_records(fit.coefficients), *_records(fit.blocks), *_around(fit)]


def _mixed(task: _Task) -> list[Row]:
    fit = fit_random_intercepts(
        task.rows,
        task.outcome,
        [term for block in task.blocks for term in block],
        triad="triad",
        person="person",
        categorical=task.categorical,
        confidence=task.confidence,
    )
    return [*_records(fit.coefficients), *_records(fit.components), *_around(fit)]


FITS: dict[str, Callable[[_Task], list[Row]]] = {"linear": _linear, "mixed": _mixed}


def _around(fit: LinearFit | MixedFit) -> list[Row]:
    """Give the rows left out by reason, and what a reader must know."""
    common = {"n": fit.n, "n_excluded": fit.n_excluded}
    excluded = [
        {**common, "statistic": "excluded", "term": reason, "estimate": n, "method": "count"}
        for reason, n in zip(fit.excluded["reason"], fit.excluded["n"], strict=True)
    ]
    notes = [
        {**common, "statistic": "note", "term": str(place), "method": "note", "reason": note}
        for place, note in enumerate(fit.notes, 1)
    ]
    return [*excluded, *notes]


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in each.items()} for each in table.to_dict("records")]


def _resolved(
    plan: ModelPlan, known: dict[str, Variable]
) -> tuple[list[list[str]], list[Variable]]:
    """Give the blocks with full names, and the variables used, the outcome first."""
    used = [resolve(plan.outcome, known)]
    blocks: list[list[str]] = []
    for block in parse_blocks(plan.blocks, known=list(known)):
        terms = []
        for term in block:
            factors = [(resolve(factor.name, known), factor.power) for factor in term.factors]
            used += [variable for variable, _ in factors]
            terms.append(_written(factors))
        blocks.append(terms)
    return blocks, list(dict.fromkeys(used))


def _written(factors: Iterable[tuple[Variable, int]]) -> str:
    return ":".join(f"{v.name}^{power}" if power > 1 else v.name for v, power in factors)


def _option_codes(study: Study) -> dict[str, dict[float, str]]:
    codes = {
        qid: {value: code for code, value in question.values.items()}
        for qid, question in study.questionnaire.questions.items()
        if question.item is None
    }
    for name, each in study.settings.derive.items():
        codes[name] = {float(band): str(band) for band in range(len(each.bands) - 1)}
    return codes
