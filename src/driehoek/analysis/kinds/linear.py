"""Linear models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.rows import Row
from driehoek.models.linear import fit_blocks
from driehoek.plan.regression import LinearModel


def linear_rows(plan: LinearModel, data: ModelData) -> list[Row]:
    """Fit a linear model block by block."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    fit = fit_blocks(
        data.rows([outcome, *predictors], persons=plan.persons, wave=plan.wave),
        outcome.name,
        blocks,
        categorical=data.levels(predictors),
        clusters="triad" if plan.errors == "cluster" else None,
        confidence=data.confidence,
    )
    rest = around(n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=fit.notes)
    return [*records(fit.coefficients), *records(fit.blocks), *rest]
