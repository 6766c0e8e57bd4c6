"""Logistic, ordinal, count and fractional models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row
from driehoek.analysis.score_range import possible_range
from driehoek.models.generalised import fit_generalised
from driehoek.models.generalised_outcome import Outcome
from driehoek.plan.generalised import (
    CountModel,
    FractionalModel,
    GeneralisedModel,
    LogisticModel,
)
from driehoek.psychometrics.errors import TooFewDataError


def generalised_rows(plan: GeneralisedModel, data: ModelData) -> list[Row]:
    """Fit a generalised model block by block."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    fit = fit_generalised(
        data.rows([outcome, *predictors], persons=plan.persons, wave=plan.wave),
        _outcome(plan, outcome, data),
        blocks,
        categorical=data.levels(predictors),
        errors=plan.errors,
        clusters="cluster" if plan.errors == "cluster" else None,
        confidence=data.confidence,
    )
    notes = (*fit.notes, *data.sharing_notes(is_clustered=plan.errors == "cluster"))
    rest = around(data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=notes)
    tables = (fit.coefficients, fit.fits, fit.tests)
    return [*(row for table in tables for row in records(table)), *rest]


def _outcome(plan: GeneralisedModel, outcome: Variable, data: ModelData) -> Outcome:
    if isinstance(plan, LogisticModel):
        return Outcome(outcome.name, "logistic", outcome.levels, event=plan.event)
    if isinstance(plan, CountModel):
        return Outcome(outcome.name, plan.family)
    if isinstance(plan, FractionalModel):
        bounds = plan.bounds or possible_range(outcome, data.study.questionnaire)
        if bounds is None:
            msg = f"the range of {outcome.name} is not declared; name it (bounds:)."
            raise TooFewDataError(msg)
        return Outcome(outcome.name, "fractional", bounds=bounds)
    return Outcome(outcome.name, "ordinal", outcome.levels)
