"""Mixed models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.rows import Row
from driehoek.models.mixed import fit_random_intercepts
from driehoek.plan.regression import MixedModel

# What the components are called where triads are nested in persons.
REVERSED = {
    "variance_triad": "variance_focal_person",
    "variance_person": "variance_triad_in_person",
    "icc_triad": "icc_focal_person",
    "icc_person": "icc_triad_in_person",
}


def mixed_rows(plan: MixedModel, data: ModelData) -> list[Row]:
    """Fit a linear mixed model of all waves, persons in triads."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    rows = data.rows([outcome, *predictors], persons=plan.persons, wave=None)
    is_reversed = plan.nesting == "triads_in_persons"
    if is_reversed:
        rows = rows.assign(triad=rows["person"], person=rows["triad"] + "/" + rows["person"])
    fit = fit_random_intercepts(
        rows,
        outcome.name,
        [term for block in blocks for term in block],
        triad="triad",
        person="person",
        categorical=data.levels(predictors),
        confidence=data.confidence,
        tests=plan.tests,
    )
    rest = around(n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=fit.notes)
    components = fit.components.replace({"statistic": REVERSED}) if is_reversed else fit.components
    tables = (fit.coefficients, fit.factors, components)
    return [*(row for table in tables for row in records(table)), *rest]
