"""The models that R recomputes: their rows exported, and their part of the script."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from driehoek.analysis.full_information import (
    ERRORS,
    Linked,
    auxiliary_of,
    eligible,
    models_of,
)
from driehoek.analysis.model_data import ModelData
from driehoek.files import write_csv
from driehoek.plan.regression import LinearModel, MixedModel
from driehoek.plan.triadic import ActorPartnerModel
from driehoek.review.r_script import (
    actor_partner_block,
    column,
    full_information_block,
    linear_block,
    mixed_block,
)


def model_blocks(data: ModelData, models: pd.DataFrame, folder: Path) -> list[str]:
    """Write the rows of the models that R recomputes, and give their part of the script."""
    found = []
    for name, plan in data.study.settings.plan.models.items():
        own = models[(models["scale"] == name) & (models["statistic"] == "b")]
        known = own[own["estimate"].notna()]
        if known.empty:
            continue
        if isinstance(plan, LinearModel) and not plan.hinges:
            found.append(_linear(name, plan, data, known, folder))
        elif isinstance(plan, MixedModel) and not (plan.crossed or plan.likelihood == "ml"):
            found.append(_mixed(name, plan, data, known, folder))
        elif isinstance(plan, ActorPartnerModel) and plan.wave and not plan.covariates:
            found.append(_actor_partner(name, plan, data, known, folder))
    return found


def full_information_blocks(linked: Linked, models: pd.DataFrame, folder: Path) -> list[str]:
    """Write the rows of models by full information that no auxiliary variable helps."""
    data, found = linked.observed, []
    for name, plan in models_of(data.study).items():
        own = models[(models["scale"] == name) & (models["statistic"] == "b")]
        known = own[own["estimate"].notna()]
        if known.empty or plan.hinges or auxiliary_of(plan, data):
            continue
        rows = _rows(plan, plan.wave, data).loc[eligible(plan, linked).mask]
        file = f"full_{name}"
        columns, ids = _exported(file, rows, known, folder)
        cluster = None if plan.errors not in ERRORS else plan.is_clustered
        found.append(full_information_block(file, columns, ids, is_clustered=cluster))
    return found


def _linear(
    name: str, plan: LinearModel, data: ModelData, known: pd.DataFrame, folder: Path
) -> str:
    columns, ids = _exported(name, _rows(plan, plan.wave, data).dropna(), known, folder)
    return linear_block(name, columns, ids, plan.errors)


def _mixed(name: str, plan: MixedModel, data: ModelData, known: pd.DataFrame, folder: Path) -> str:
    rows = _nested(_rows(plan, None, data), plan)
    columns, ids = _exported(name, rows.dropna(), known, folder)
    slope = plan.slope and f"v{list(rows.columns[3:]).index(plan.slope)}"
    return mixed_block(name, columns, ids, slope)


def _nested(rows: pd.DataFrame, plan: MixedModel) -> pd.DataFrame:
    """Name persons by triad too, since one of several triads counts as another person in each."""
    persons = rows["triad"] + "/" + rows["person"]
    triads = rows["person"] if plan.nesting == "triads_in_persons" else rows["triad"]
    return rows.assign(triad=triads, person=persons)


def _rows(plan: LinearModel | MixedModel, wave: str | None, data: ModelData) -> pd.DataFrame:
    """Give triad, person, cluster, outcome and predictors, in this order."""
    _, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    rows = data.rows([outcome, *predictors], persons=plan.persons, wave=wave)
    names = dict.fromkeys([outcome.name, *(each.name for each in predictors)])
    return rows[["triad", "person", "cluster", *names]]


def _exported(
    file: str, rows: pd.DataFrame, known: pd.DataFrame, folder: Path
) -> tuple[list[str], list[str]]:
    """Write rows with plain names; give the columns of the last block in R, and their ids."""
    last = known[known["group"] == known["group"].iloc[-1]]
    terms = last["term"].tolist()
    short = {name: f"v{i}" for i, name in enumerate(rows.columns[3:])}
    write_csv(folder / f"{file}.csv", rows.rename(columns=short))
    multiplied = {f for term in terms if ":" in term or "^" in term for f in _factors(term)}
    return [column(term, short, multiplied) for term in terms], last["id"].tolist()


def _factors(term: str) -> list[str]:
    return [factor.split("^")[0] for factor in term.split(":")]


def _actor_partner(
    name: str, plan: ActorPartnerModel, data: ModelData, known: pd.DataFrame, folder: Path
) -> str:
    roles = list(plan.outcome)
    outcomes = data.resolve(plan.outcomes)
    predictors = data.resolve(plan.predictor[role] for role in roles)
    rows = data.rows([*outcomes, *predictors], persons="primary", wave=plan.wave)
    write_csv(folder / f"{name}.csv", pd.DataFrame(
        {"triad": rows["triad"], "cluster": rows["cluster"]}
        | {f"y{i}": rows[each.name] for i, each in enumerate(outcomes, 1)}
        | {f"x{i}": rows[each.name] for i, each in enumerate(predictors, 1)}
    ))  # fmt: skip
    ids = dict(zip(zip(known["group"], known["term"], strict=True), known["id"], strict=True))
    is_clustered = bool(known["method"].str.endswith("cr2").all())
    return actor_partner_block(name, _places(ids, roles), len(roles), is_clustered=is_clustered)


def _places(ids: Mapping[tuple[str, str], str], roles: Sequence[str]) -> list[tuple[int, int, str]]:
    """Give each coefficient as the place of the member, that of the predictor's, and its id."""
    found = []
    for i, role in enumerate(roles, 1):
        found.append((i, 0, ids[role, "intercept"]))
        found.append((i, i, ids[role, "actor"]))
        partners = [(j, other) for j, other in enumerate(roles, 1) if j != i]
        found += [(i, j, ids[role, f"partner_{other}"]) for j, other in partners]
    return found
