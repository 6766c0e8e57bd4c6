"""The linear models of a plan by full-information maximum likelihood."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.analysis.imputation.cells import CARRIED, Cells, carry_over, cells_of
from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.impute import cell_table
from driehoek.analysis.imputation.needed import Needed, behind
from driehoek.analysis.imputation.people import KEYS, with_lost
from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.models import published_models
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row
from driehoek.models.full_information import fit_full_information
from driehoek.models.joint_normal import JointErrors
from driehoek.models.rows import CompleteRows, complete_rows
from driehoek.plan.regression import LinearModel
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.scoring.published import PublishedKeys
from driehoek.study import Study

ERRORS: Mapping[str, JointErrors] = {"HC0": "sandwich", "cluster_cr1s": "sandwich"}
NOTHING = "none of its variables has a value"


@dataclass(frozen=True, slots=True)
class Linked:
    """The linked data with the rows of waves that a person missed.

    Attributes
    ----------
    observed : ModelData
        As people answered.
    fillable : ModelData
        With something in every cell that imputation would fill: what is still missing there has
        no value that one could have given, such as the score of a member whom a triad never had.
    """

    observed: ModelData
    fillable: ModelData


def full_information_models(
    long: pd.DataFrame, missing: pd.DataFrame, study: Study, keys: PublishedKeys
) -> pd.DataFrame:
    """Fit the linear models that ask for full information.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    missing : pandas.DataFrame
        Kinds of missing answers, by ``response``.
    study : Study
    keys : mapping
        Published keys by id.

    Returns
    -------
    pandas.DataFrame
        Statistics rows as those of the complete rows: ``b`` and ``r2`` of each block. Rows whose
        values could not have been given are left out, as in imputation.
    """
    linked = linked_answers(long, missing, study, keys)
    models = models_of(study)
    rows = [row for name, each in models.items() for row in _model_rows(name, each, linked)]
    return published_models(rows, "models_full_information", study)


def models_of(study: Study) -> dict[str, LinearModel]:
    """Give the models of a plan that ask for full information, by name."""
    return {
        name: each
        for name, each in study.settings.plan.models.items()
        if isinstance(each, LinearModel) and each.has_full_information
    }


def linked_answers(
    long: pd.DataFrame, missing: pd.DataFrame, study: Study, keys: PublishedKeys
) -> Linked:
    """Link the answers with those that could have been given, for the models that ask for it."""
    data = ModelData(long, long, study)
    variables = [v for each in models_of(study).values() for v in _variables(each, data)]
    need = behind([*variables, *data.resolve(study.settings.plan.imputation.auxiliary)], data)
    return _linked(long, missing, need, study, keys)


def eligible(plan: LinearModel, linked: Linked) -> CompleteRows:
    """Tell which rows could have had every value of a model."""
    variables = _variables(plan, linked.observed)
    names = [each.name for each in variables if each.role]
    rows = linked.fillable.rows(variables, persons=plan.persons, wave=plan.wave)
    return complete_rows(rows, names)


def _linked(
    long: pd.DataFrame, missing: pd.DataFrame, need: Needed, study: Study, keys: PublishedKeys
) -> Linked:
    people = with_lost(long, study.wave_names)
    cells = carry_over(cells_of(long, missing, people, need, study, keys), study)
    lost = people.loc[people["is_lost"].astype(bool), KEYS].reset_index(drop=True)
    carried = _filled(cells, cells.kinds == CARRIED, cells.values)
    wanted = _filled(cells, cells.is_wanted, _stand_ins(cells))
    observed, fillable = (
        ModelData(
            *CompletedSets(long, missing, each, lost, need=need, study=study, keys=keys).tables(1),
            study,
        )
        for each in (carried, pd.concat([carried, wanted], ignore_index=True))
    )
    return Linked(observed, fillable)


def _stand_ins(cells: Cells) -> np.ndarray:
    """Give each column one of its own answers, wherever something could stand."""
    given = [values[~np.isnan(values)] for values in cells.values]
    first = [values[0] if len(values) else np.nan for values in given]
    return np.repeat(np.array(first)[:, None], cells.values.shape[1], axis=1)


def _filled(cells: Cells, chosen: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    tables = [
        cell_table(cells, column, rows, cells.as_answered(column, values[column, rows])[:, None])
        for column in range(len(cells.columns))
        for rows in [np.flatnonzero(chosen[column])]
    ]
    return pd.concat(tables, ignore_index=True)


def _variables(plan: LinearModel, data: ModelData) -> list[Variable]:
    _, predictors = data.resolve_blocks(plan.blocks)
    return list(dict.fromkeys([*data.resolve(plan.outcomes), *predictors]))


def auxiliary_of(plan: LinearModel, data: ModelData) -> list[Variable]:
    """Find the variables that may tell what is missing: those declared, and the wave before."""
    variables = _variables(plan, data)
    declared = data.resolve(data.study.settings.plan.imputation.auxiliary)
    is_first = plan.wave == data.study.wave_names[0]
    over_time = [
        data.known[f"{each.name}.before"]
        for each in variables
        if not is_first and not each.levels and not each.form and each.role
    ]
    found = [each for each in (*over_time, *declared) if not each.levels]
    return [each for each in dict.fromkeys(found) if each not in variables]


def _model_rows(name: str, plan: LinearModel, linked: Linked) -> list[Row]:
    head: Row = {
        "wave": plan.wave, "role": linked.observed.resolve(plan.outcomes)[0].role, "scale": name,
    }  # fmt: skip
    try:
        found = _fitted(plan, linked)
    except TooFewDataError as fault:
        found = [{"statistic": "b", "n": 0, "method": "full_information", "reason": str(fault)}]
    return [{**row, **head} for row in found]


def _fitted(plan: LinearModel, linked: Linked) -> list[Row]:
    data = linked.observed
    blocks, _ = data.resolve_blocks(plan.blocks)
    variables = _variables(plan, data)
    auxiliary = auxiliary_of(plan, data)
    rows = data.rows([*variables, *auxiliary], persons=plan.persons, wave=plan.wave)
    could = eligible(plan, linked)
    hinges = {v.name: plan.hinges[given] for given in plan.hinges for v in data.resolve([given])}
    fit = fit_full_information(
        rows.loc[could.mask],
        variables[0].name,
        blocks,
        auxiliary=[each.name for each in auxiliary],
        categorical=data.levels(variables),
        errors=ERRORS.get(plan.errors, "jackknife"),
        clusters="cluster" if plan.is_clustered else None,
        hinges=hinges,
        confidence=data.confidence,
    )
    empty = pd.DataFrame({"reason": [NOTHING], "n": [fit.n_excluded]})
    excluded = pd.concat([could.excluded, empty[empty["n"] > 0]], ignore_index=True)
    shared = data.sharing_notes(is_clustered=plan.is_clustered)
    notes = (*fit.notes, *shared, *_helped(fit.auxiliary))
    n_excluded = len(rows) - fit.n
    found = [{**row, "n_excluded": n_excluded} for row in records(fit.statistics)]
    rest = around(data, n=fit.n, n_excluded=n_excluded, excluded=excluded, notes=notes)
    return [*found, *rest]


def _helped(auxiliary: tuple[str, ...]) -> list[str]:
    return [f"auxiliary variables: {', '.join(auxiliary)}"] if auxiliary else []
