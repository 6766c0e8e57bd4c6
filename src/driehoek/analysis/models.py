"""The models and correlations of a study's plan."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from driehoek.analysis.kinds.actor_partner import actor_partner_rows
from driehoek.analysis.kinds.generalised import generalised_rows
from driehoek.analysis.kinds.linear import linear_rows
from driehoek.analysis.kinds.mediation import mediation_rows
from driehoek.analysis.kinds.mixed import mixed_rows
from driehoek.analysis.kinds.response_surface import response_surface_rows
from driehoek.analysis.model_data import ModelData, records
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_few_df, withhold_small_counts, withhold_small_samples
from driehoek.models.correlation import correlations
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.study import ModelPlan, Study

# By kind: a plan of that kind and the data, to statistics rows.
KINDS: dict[str, Callable[[Any, ModelData], list[Row]]] = {
    "linear": linear_rows,
    "mixed": mixed_rows,
    "actor_partner": actor_partner_rows,
    "logistic": generalised_rows,
    "ordinal": generalised_rows,
    "count": generalised_rows,
    "fractional": generalised_rows,
    "response_surface": response_surface_rows,
    "mediation": mediation_rows,
}


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
    data = ModelData(long, triads, study)
    rows = [
        row
        for name, plan in study.settings.plan.models.items()
        for row in model_rows(name, plan, data)
    ]
    return published_models(rows, "models", study)


def published_models(rows: Iterable[Row], file: str, study: Study) -> pd.DataFrame:
    """Lay out the rows of models, what must not be published withheld."""
    disclosure = study.settings.disclosure
    table = withhold_few_df(statistics_frame(rows, file), disclosure.min_df)
    is_left_out = table["statistic"] == "excluded"
    by_model = ["wave", "role", "scale"]
    reasons = withhold_small_counts(table[is_left_out], disclosure.min_cell, by_model)
    others = withhold_small_samples(table[~is_left_out], disclosure.min_cell)
    return pd.concat([reasons, others]).loc[table.index]


def correlation_table(triads: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Correlate the variables of each set of the plan, one row a triad."""
    data = ModelData(triads, triads, study)
    rows: list[Row] = []
    for name, plan in study.settings.plan.correlations.items():
        names = [variable.name for variable in data.resolve(plan.variables)]
        in_wave = triads[triads["wave"] == plan.wave]
        found = correlations(in_wave, names, confidence=data.confidence)
        rows += [{**row, "wave": plan.wave, "group": name} for row in records(found)]
    table = statistics_frame(rows, "correlations")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def model_rows(name: str, plan: ModelPlan, data: ModelData) -> list[Row]:
    """Fit one model; one that cannot be fitted is a row with its reason."""
    role = data.resolve(plan.outcomes)[0].role
    head: Row = {"wave": plan.sample, "role": role, "scale": name}
    try:
        found = KINDS[plan.kind](plan, data)
    except TooFewDataError as fault:
        reason, method = str(fault), f"{plan.kind} model"
        found = [{"statistic": "b", "n": 0, "method": method, "reason": reason}]
    return [{**row, **head} for row in found]
