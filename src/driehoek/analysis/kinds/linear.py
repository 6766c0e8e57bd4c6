"""Linear models of a plan."""

from driehoek.analysis.model_data import ModelData, around, records
from driehoek.analysis.rows import COEFFICIENTS, COVARIANCE, Row
from driehoek.models.least_squares import Robust
from driehoek.models.linear import LinearFit, fit_blocks
from driehoek.models.simple_slopes import Probe
from driehoek.plan.regression import LinearModel


def linear_rows(plan: LinearModel, data: ModelData) -> list[Row]:
    """Fit a linear model block by block."""
    blocks, predictors = data.resolve_blocks(plan.blocks)
    (outcome,) = data.resolve(plan.outcomes)
    probes = [Probe(*(v.name for v in data.resolve([p.slope, p.over]))) for p in plan.simple_slopes]
    names = data.resolve(plan.hinges)
    hinges = {v.name: knot for v, knot in zip(names, plan.hinges.values(), strict=True)}
    robust: Robust = "HC3"
    match plan.errors:
        case "cluster" | "cluster_cr1s":
            pass
        case kind:
            robust = kind
    fit = fit_blocks(
        data.rows([outcome, *predictors], persons=plan.persons, wave=plan.wave),
        outcome.name,
        blocks,
        categorical=data.levels(predictors),
        robust=robust,
        clusters="cluster" if plan.is_clustered else None,
        cluster_kind="CR1S" if plan.errors == "cluster_cr1s" else "CR2",
        probes=probes,
        hinges=hinges,
        confidence=data.confidence,
    )
    notes = (*fit.notes, *data.sharing_notes(is_clustered=plan.is_clustered))
    rest = around(data, n=fit.n, n_excluded=fit.n_excluded, excluded=fit.excluded, notes=notes)
    tables = (fit.coefficients, fit.blocks, fit.slopes, fit.influence)
    rows = [_with_covariance(row, fit) for table in tables for row in records(table)]
    return [*rows, *rest]


def _with_covariance(row: Row, fit: LinearFit) -> Row:
    """Give the test of a block what pooling it over completed data sets needs."""
    if row["statistic"] != "wald_change" or row["group"] not in fit.added:
        return row
    coefficients, covariance = fit.added[str(row["group"])]
    return {**row, COEFFICIENTS: coefficients, COVARIANCE: covariance}
