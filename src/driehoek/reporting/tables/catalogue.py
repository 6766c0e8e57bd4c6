"""Every table of a study, in the order of its report."""

from dataclasses import replace

from driehoek.reporting.material import Material
from driehoek.reporting.origin import sources_of
from driehoek.reporting.table import Table
from driehoek.reporting.tables import (
    agreement,
    checklists,
    comparisons,
    families,
    imputation,
    items,
    missingness,
    models,
    multiverse,
    participation,
    quality,
    reliability,
    sample,
    scales,
    scores,
    structure,
    structure_extra,
    weights,
    without_flagged,
)


def samples(material: Material) -> list[str]:
    """Name the samples for which reliability was estimated: each wave, then all together."""
    known = set(material.results.files)
    return [each for each in [*material.waves, "all"] if f"reliability_{each}" in known]


def all_tables(material: Material) -> list[Table]:
    """Build every table."""
    plan = material.study.settings.plan
    found = [
        sample.flow_table(material),
        participation.participation_table(material),
        participation.pattern_table(material),
        *participation.attrition_tables(material),
        participation.analysed_table(material),
        sample.background_table(material),
        scales.scales_table(material),
        quality.missing_table(material),
        missingness.random_table(material),
        imputation.imputation_table(material),
        quality.flag_table(material),
        quality.index_table(material),
        *items.item_tables(material),
        scores.score_table(material),
        scores.facet_table(material),
        *(reliability.reliability_table(material, each) for each in samples(material)),
        *(reliability.coefficient_table(material, each) for each in material.waves),
        *(reliability.score_error_table(material, each) for each in material.waves),
        *(reliability.item_rest_table(material, each) for each in samples(material)),
        structure.structure_table(material),
        *structure.loading_tables(material),
        structure.misfit_table(material),
        structure_extra.dimensionality_table(material),
        structure_extra.validity_table(material),
        *(structure.ladder_table(material, each) for each in plan.invariance),
        *(structure.means_table(material, each) for each in plan.invariance),
        *(structure_extra.bias_table(material, each) for each in plan.invariance),
        *(table for each in plan.agreement for table in agreement.agreement_tables(material, each)),
        *(table for each in plan.retest for table in agreement.retest_tables(material, each)),
        *(models.correlation_table(material, each) for each in plan.correlations),
        *(t for each in plan.comparisons for t in comparisons.comparison_tables(material, each)),
        *(table for each in plan.models for table in models.model_tables(material, each)),
        *(
            families.family_table(material, each, file=file)
            for each in plan.families
            for file in ("families", "families_imputed")
        ),
        families.equivalence_table(material),
        families.equivalence_table(material, file="families_imputed"),
        *(table for each in plan.models for table in imputation.model_tables(material, each)),
        *weights.weights_tables(material),
        *(table for each in plan.models for table in weights.model_tables(material, each)),
        *without_flagged.without_flagged_tables(material),
        *checklists.checklist_tables(material),
        *(multiverse.multiverse_table(material, n) for n in material.study.settings.multiverse),
    ]
    results, note = material.results, material.withheld_note
    return [
        replace(_without_idle_note(table, note), sources=sources_of(results, table.ids))
        for table in found
        if table is not None and table.rows
    ]


def _without_idle_note(table: Table, note: str) -> Table:
    """Leave out the note on figures that are withheld where a table withholds none."""
    if any(reason.startswith("withheld") for reason in table.marks):
        return table
    return replace(table, notes=tuple(each for each in table.notes if each != note))
