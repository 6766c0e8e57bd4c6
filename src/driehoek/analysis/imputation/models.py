"""The models of a plan fitted to every completed data set, and pooled."""

from collections.abc import Mapping

import pandas as pd

from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.pooled import pool_rows
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.models import model_rows
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_few_df, withhold_small_samples
from driehoek.study import Study

Shifts = Mapping[tuple[str, str], float]


def imputed_models(sets: CompletedSets, study: Study) -> pd.DataFrame:
    """Fit the models that ask for imputation, and pool them.

    Returns
    -------
    pandas.DataFrame
        Statistics rows as those of the complete rows, pooled; ``method`` tells over how many
        sets. A model that cannot be fitted is a row with its reason.
    """
    confidence = study.settings.plan.confidence
    rows = [row for fits in fitted(sets, study).values() for row in pool_rows(fits, confidence)]
    disclosure = study.settings.disclosure
    table = withhold_few_df(statistics_frame(rows, "models_imputed"), disclosure.min_df)
    return withhold_small_samples(table, disclosure.min_cell)


def fitted(
    sets: CompletedSets, study: Study, shifts: Shifts | None = None
) -> dict[str, list[list[Row]]]:
    """Give the rows of each model by completed data set."""
    plans = {
        name: plan.without_resampling()
        for name, plan in study.settings.plan.models.items()
        if plan.is_imputed
    }
    found: dict[str, list[list[Row]]] = {name: [] for name in plans}
    for number in range(1, sets.n + 1):
        data = ModelData(*sets.tables(number, shifts), study)
        for name, plan in plans.items():
            found[name].append(model_rows(name, plan, data))
    return found
