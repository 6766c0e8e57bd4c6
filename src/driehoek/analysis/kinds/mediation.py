"""Mediation models of a plan."""

from collections.abc import Sequence

import pandas as pd

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row
from driehoek.job import generator
from driehoek.models.mediation import fit_mediation
from driehoek.plan.mediation import MediationModel

SAME_WAVE = (
    "predictor, mediators and outcome do not stem from three waves in order, so that the data do "
    "not show which came first"
)


def mediation_rows(plan: MediationModel, data: ModelData) -> list[Row]:
    """Fit a mediation, triads resampled whole."""
    (outcome,), (predictor,) = data.resolve([plan.outcome]), data.resolve([plan.predictor])
    mediators = data.resolve(plan.mediators)
    moderator = data.resolve([plan.moderator])[0] if plan.moderator else None
    blocks, used = data.resolve_blocks([plan.covariates]) if plan.covariates else ([], [])
    rest = [predictor, *([moderator] if moderator else []), *used]
    by_wave = {
        outcome: plan.outcome_wave,
        **dict.fromkeys(mediators, plan.mediator_wave),
        **dict.fromkeys(rest),
    }
    fit = fit_mediation(
        _rows(plan, outcome, {v: wave or plan.wave for v, wave in by_wave.items()}, data),
        outcome.name,
        predictor.name,
        [each.name for each in mediators],
        rng=generator(data.study.settings.seed, "mediation", plan.model_dump_json()),
        covariates=[term for block in blocks for term in block],
        moderator=moderator.name if moderator else None,
        moderated=plan.moderated,
        categorical=data.levels(used),
        clusters="cluster",
        n_boot=plan.bootstrap,
        confidence=data.confidence,
    )
    order = [data.study.wave_names.index(wave or plan.wave)
             for wave in (plan.wave, plan.mediator_wave, plan.outcome_wave)]  # fmt: skip
    notes = [*fit.notes, *data.sharing_notes(is_clustered=True)]
    if not order[0] < order[1] < order[2]:
        notes.append(SAME_WAVE)
    tables = (fit.paths, fit.effects, fit.sensitivity)
    said = around(data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=notes)
    return [*(row for table in tables for row in records(table)), *said]


def _rows(
    plan: MediationModel, outcome: Variable, waves: dict[Variable, str], data: ModelData
) -> pd.DataFrame:
    """Put variables of several waves side by side, one row a person or triad."""
    keys = ["triad", "person", "cluster"]
    found: pd.DataFrame | None = None
    for wave in dict.fromkeys(waves.values()):
        own = [each for each, of in waves.items() if of == wave]
        part = _of_wave(plan, outcome, own, wave, data)
        found = part if found is None else found.merge(part, on=keys, how="outer")
    return pd.DataFrame() if found is None else found.sort_values(keys, ignore_index=True)


def _of_wave(
    plan: MediationModel, outcome: Variable, own: Sequence[Variable], wave: str, data: ModelData
) -> pd.DataFrame:
    # The outcome's role decides whose rows they are, so it leads in every wave.
    rows = data.rows([outcome, *own], persons=plan.persons, wave=wave)
    return rows[["triad", "person", "cluster", *dict.fromkeys(each.name for each in own)]]
