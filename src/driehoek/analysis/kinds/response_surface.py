"""Response surfaces of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.names import Variable
from driehoek.analysis.rows import Row
from driehoek.analysis.score_range import possible_range
from driehoek.models.response_surface import fit_surface
from driehoek.plan.surface import ResponseSurfaceModel
from driehoek.psychometrics.errors import TooFewDataError


def response_surface_rows(plan: ResponseSurfaceModel, data: ModelData) -> list[Row]:
    """Fit how an outcome goes with two scores on one scale, or with one bipolar score."""
    (outcome,), predictors = data.resolve(plan.outcomes), data.resolve(plan.predictors)
    blocks, used = data.resolve_blocks([plan.covariates]) if plan.covariates else ([], [])
    fit = fit_surface(
        data.rows([outcome, *predictors, *used], persons=plan.persons, wave=plan.wave),
        outcome.name,
        [each.name for each in predictors],
        plan.bounds or _scale(predictors, data),
        covariates=[term for block in blocks for term in block],
        categorical=data.levels(used),
        clusters="cluster" if plan.errors == "cluster" else None,
        confidence=data.confidence,
    )
    notes = (*fit.notes, *data.sharing_notes(is_clustered=plan.errors == "cluster"))
    rest = around(data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=notes)
    return [*records(fit.statistics), *rest]


def _scale(predictors: list[Variable], data: ModelData) -> tuple[float, float]:
    """Give the range that the predictors share."""
    ranges = {each.name: possible_range(each, data.study.questionnaire) for each in predictors}
    for name, ends in ranges.items():
        if ends is None:
            msg = f"the range of {name} is not declared; name it (bounds:)."
            raise TooFewDataError(msg)
    found = [ends for ends in dict.fromkeys(ranges.values()) if ends is not None]
    if len(found) > 1:
        msg = (
            f"{' and '.join(ranges)} have different ranges, so that they cannot be laid on one "
            "scale; choose scores with one range."
        )
        raise TooFewDataError(msg)
    return found[0]
