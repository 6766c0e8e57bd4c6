"""The comparisons of a study's plan."""

from collections.abc import Iterator

import pandas as pd

from driehoek.analysis.model_data import ModelData, records
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.waiting import ONE_WAVE, waits_for_a_wave
from driehoek.disclosure import withhold_group_means, withhold_small_samples
from driehoek.models.comparison import associate, compare_groups
from driehoek.models.paired_comparison import compare_pairs
from driehoek.plan.comparison import ComparisonPlan
from driehoek.study import Study


def comparisons(long: pd.DataFrame, triads: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Make every comparison of the plan.

    Parameters
    ----------
    long, triads : pandas.DataFrame
        Linked data: one row per person and wave, and one per triad and wave.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows; ``scale`` names the comparison, ``term`` the outcome, ``group`` a group
        or a pair of them.
    """
    data, rows = ModelData(long, triads, study), list[Row]()
    for name, plan in study.settings.plan.comparisons.items():
        wave = "all" if plan.by == "waves" else plan.wave or study.wave_names[0]
        rows += [{**row, "scale": name, "wave": wave} for row in _comparison(plan, wave, data)]
    table = statistics_frame(rows, "comparisons")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def _comparison(plan: ComparisonPlan, wave: str, data: ModelData) -> Iterator[Row]:
    outcomes = data.resolve(plan.outcomes)
    if plan.by == "waves" and waits_for_a_wave(data.study):
        yield {"statistic": "difference", "role": outcomes[0].role, "reason": ONE_WAVE}
        return
    if plan.by == "roles":
        rows = data.rows(outcomes, persons="primary", wave=wave)
        names = [each.name for each in outcomes]
        yield from records(compare_pairs(rows, names, confidence=data.confidence))
        yield from _shared(data)
        return
    for outcome in outcomes:
        found = _over_waves(plan, outcome, data) if plan.by == "waves" else None
        if found is None:
            found = _between_groups(plan, outcome, wave, data)
        for row in records(found):
            yield {**row, "term": outcome.name, "role": outcome.role}
    yield from _dependence(plan, data)


def _over_waves(plan: ComparisonPlan, outcome: Variable, data: ModelData) -> pd.DataFrame:
    rows = data.rows([outcome], persons=plan.persons, wave=None)
    wide = rows.pivot_table(index=["triad", "person"], columns="wave", values=outcome.name)
    names = {wave: f"wave[{wave}]" for wave in data.study.wave_names}
    wide = wide.reindex(columns=data.study.wave_names).rename(columns=names)
    return compare_pairs(wide, list(names.values()), confidence=data.confidence)


def _between_groups(
    plan: ComparisonPlan, outcome: Variable, wave: str, data: ModelData
) -> pd.DataFrame:
    (by,) = data.resolve([plan.by])
    rows = data.rows([outcome, by], persons=plan.persons, wave=wave)
    fewest = max(data.study.settings.disclosure.min_cell, 2)
    if outcome.levels:
        return associate(rows, outcome.name, by.name, confidence=data.confidence, fewest=fewest)
    found = compare_groups(
        rows, outcome.name, by.name, by.levels, confidence=data.confidence, fewest=fewest
    )
    return withhold_group_means(found, data.study.settings.disclosure.min_cell)


def _dependence(plan: ComparisonPlan, data: ModelData) -> Iterator[Row]:
    """Say where persons who depend on one another count as independent."""
    if plan.persons == "all":
        yield {
            "statistic": "note",
            "term": "clusters",
            "method": "note",
            "reason": "persons of one triad count as independent here: the tests are too bold if "
            "they are alike; a model with errors: cluster allows for it",
        }
    yield from _shared(data)


def _shared(data: ModelData) -> Iterator[Row]:
    for place, note in enumerate(data.sharing_notes(is_clustered=False)):
        yield {"statistic": "note", "term": f"shared_{place}", "method": "note", "reason": note}
