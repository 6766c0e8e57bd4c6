"""Mixed models of a plan."""

from driehoek.analysis.crossed import across
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
# And where persons across triads have an effect beside the others'.
CROSSED = {"icc_triad": "icc_triad_beside", "icc_person": "icc_person_beside"}


def mixed_rows(plan: MixedModel, data: ModelData) -> list[Row]:
    """Fit a linear mixed model of all waves, persons in triads."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    rows = data.rows([outcome, *predictors], persons=plan.persons, wave=None)
    is_reversed = plan.nesting == "triads_in_persons"
    if is_reversed:
        rows = rows.assign(triad=rows["person"], person=rows["triad"] + "/" + rows["person"])
    notes = [] if is_reversed or plan.crossed else data.sharing_notes(is_clustered=False)
    if plan.crossed is not None:
        who, n_alone = across(rows, data.long, plan.crossed, outcome.role, data.study.wave_names)
        rows = rows.assign(across=who)
        if n_alone:
            told = f"{data.told(n_alone)} triads have no known {plan.crossed}"
            notes.append(f"{told}; each counts as having one of its own")
    fit = fit_random_intercepts(
        rows,
        outcome.name,
        [term for block in blocks for term in block],
        triad="triad",
        person="person",
        crossed=None if plan.crossed is None else "across",
        slope=plan.slope,
        categorical=data.levels(predictors),
        confidence=data.confidence,
        tests=plan.tests,
        likelihood=plan.likelihood,
    )
    rest = around(
        data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=[*notes, *fit.notes]
    )
    names = REVERSED if is_reversed else CROSSED if plan.crossed else {}
    components = fit.components.replace({"statistic": names})
    tables = (fit.coefficients, fit.factors, components)
    return [*(row for table in tables for row in records(table)), *rest]
