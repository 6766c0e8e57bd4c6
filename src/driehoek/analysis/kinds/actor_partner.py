"""Actor-partner models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.rows import Row
from driehoek.job import generator
from driehoek.models.actor_partner import fit_actor_partner
from driehoek.plan.triadic import ActorPartnerModel


def actor_partner_rows(plan: ActorPartnerModel, data: ModelData) -> list[Row]:
    """Fit how members' outcomes go with their own predictor and with that of the others."""
    roles = list(plan.outcome)
    outcomes = data.resolve(plan.outcomes)
    predictors = data.resolve(plan.predictor[role] for role in roles)
    blocks, used = data.resolve_blocks([plan.covariates]) if plan.covariates else ([], [])
    waves = data.study.wave_names if plan.wave is None else []
    fit = fit_actor_partner(
        data.rows([*outcomes, *predictors, *used], persons="primary", wave=plan.wave),
        {role: each.name for role, each in zip(roles, outcomes, strict=True)},
        {role: each.name for role, each in zip(roles, predictors, strict=True)},
        triad="triad",
        rng=generator(data.study.settings.seed, "actor_partner", plan.model_dump_json()),
        clusters="cluster" if plan.errors == "cluster" else None,
        wave="wave" if len(waves) > 1 else None,
        waves=waves if len(waves) > 1 else (),
        covariates=[term for block in blocks for term in block],
        categorical=data.levels(used),
        covariance=plan.covariance,
        has_parts=plan.parts,
        confidence=data.confidence,
        n_boot=plan.bootstrap,
    )
    tables = (fit.coefficients, fit.ratios, fit.components, fit.tests)
    notes = (*fit.notes, *data.sharing_notes(is_clustered=fit.is_clustered))
    rest = around(data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=notes)
    return [*(row for table in tables for row in records(table)), *rest]
