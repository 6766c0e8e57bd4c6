"""Mixed models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.rows import Row
from driehoek.models.mixed import fit_random_intercepts
from driehoek.plan.regression import MixedModel


def mixed_rows(plan: MixedModel, data: ModelData) -> list[Row]:
    """Fit a linear mixed model of all waves, persons in triads."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    fit = fit_random_intercepts(
        data.rows([outcome, *predictors], persons=plan.persons, wave=None),
        outcome.name,
        [term for block in blocks for term in block],
        triad="triad",
        person="person",
        categorical=data.levels(predictors),
        confidence=data.confidence,
        tests=plan.tests,
    )
    rest = around(n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=fit.notes)
    tables = (fit.coefficients, fit.factors, fit.components)
    return [*(row for table in tables for row in records(table)), *rest]
