"""Further coefficients of one scale or facet: Guttman, ordered answers, facets, Mokken."""

from collections.abc import Iterator
from typing import get_args

from driehoek.analysis.factors import too_few
from driehoek.analysis.reliability_sample import ReliabilitySample
from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import Estimator, fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.coefficients import Coefficient
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.hierarchical_omega import hierarchical_omega
from driehoek.psychometrics.mokken import Scalability, scalability
from driehoek.psychometrics.ordinal_reliability import ordinal_reliability
from driehoek.psychometrics.resampled_coefficients import resampled_coefficients

Fields = dict[str, object]

MOST_OPTIONS = 7
FEWEST_FACETS = 3
GENERAL = "general"
_REFUSALS = (TooFewDataError, FactorModelError, NotEstimableError)


def coefficient_rows(sample: ReliabilitySample) -> Iterator[Fields]:
    """Give every further coefficient that the plan asks for.

    None where persons stand in several rows (all waves together): these describe one wave.
    """
    if sample.is_repeated:
        return
    yield from _guttman(sample)
    if sample.plan.ordinal and sample.items.nunique().max() <= MOST_OPTIONS:
        yield from _ordinal(sample)
    if len(sample.facets) >= FEWEST_FACETS:
        yield from _hierarchical(sample)
    if sample.plan.mokken:
        yield from _mokken(sample)


def _guttman(sample: ReliabilitySample) -> Iterator[Fields]:
    names: list[Coefficient] = [name for name in get_args(Coefficient) if name != "alpha"]
    head: Fields = {"method": f"{sample.use} rows"}
    try:
        table = resampled_coefficients(
            sample.items, names, rng=sample.rng("lambda"), n_boot=0, use=sample.use
        )
    except TooFewDataError as fault:
        yield head | {"statistic": "lambda2", "n": sample.n_usable, "reason": str(fault)}
        return
    for row in table.to_dict("records"):
        found = {"estimate": row["estimate"], "n": row["n"], "n_excluded": row["n_excluded"]}
        reason = row["reason"] if row["estimate"] != row["estimate"] else ""
        yield head | found | {"statistic": row["coefficient"], "reason": reason}


def _ordinal(sample: ReliabilitySample) -> Iterator[Fields]:
    rows = "pairwise" if sample.is_planned else "complete rows"
    nested = "" if sample.triads is None else ", clustered by triad"
    head: Fields = {"method": f"polychoric, one factor, WLSMV, {rows}{nested}"}
    try:
        if reason := too_few(sample.n_usable):
            raise TooFewDataError(reason)
        found = ordinal_reliability(
            sample.items,
            confidence=sample.confidence,
            pairwise=sample.is_planned,
            clusters=sample.triads,
        )
    except _REFUSALS as fault:
        yield head | {"statistic": "omega_categorical", "n": sample.n_usable, "reason": str(fault)}
        return
    head |= {"n": found.n_respondents, "n_excluded": found.n_excluded}
    limits: Fields = {"se": found.se, "ci_low": found.ci_low, "ci_high": found.ci_high}
    yield head | {"statistic": "omega_categorical", "estimate": found.omega} | limits
    yield head | {"statistic": "omega_categorical_observed", "estimate": found.omega_observed}
    yield head | {
        "statistic": "ordinal_alpha",
        "estimate": found.ordinal_alpha,
        "se": found.ordinal_alpha_se,
        "ci_low": found.ordinal_alpha_low,
        "ci_high": found.ordinal_alpha_high,
    }


def _hierarchical(sample: ReliabilitySample) -> Iterator[Fields]:
    estimator: Estimator = "FIML+MLR" if sample.is_planned else "MLR"
    words = "full information" if sample.is_planned else "complete rows"
    nested = "" if sample.triads is None else ", clustered by triad"
    head: Fields = {"method": f"second-order factor, MLR, {words}{nested}"}
    factors = {name: list(ids) for name, ids in sample.facets.items()}
    try:
        reason = too_few(sample.n_usable)
        if min(map(len, factors.values())) < 2:
            reason = "a facet of one item: its error cannot be told from its facet"
        if reason:
            raise TooFewDataError(reason)
        model = FactorModel({**factors, GENERAL: list(factors)})
        fit = fit_cfa(sample.items, model, estimator=estimator, clusters=sample.triads)
        if improper := [each for each in fit.warnings if "below zero" in each]:
            raise TooFewDataError(improper[0])
        found = hierarchical_omega(fit, GENERAL, confidence=sample.confidence)
    except _REFUSALS as fault:
        yield head | {"statistic": "omega_hierarchical", "n": sample.n_usable, "reason": str(fault)}
        return
    head |= {"n": fit.n, "n_excluded": fit.n_excluded}
    yield head | {
        "statistic": "omega_hierarchical",
        "estimate": found.hierarchical,
        "se": found.hierarchical_se,
        "ci_low": found.hierarchical_low,
        "ci_high": found.hierarchical_high,
    }
    yield head | {
        "statistic": "omega_all_factors",
        "estimate": found.total,
        "se": found.total_se,
        "ci_low": found.total_low,
        "ci_high": found.total_high,
    }


def _mokken(sample: ReliabilitySample) -> Iterator[Fields]:
    nested = "" if sample.triads is None else ", clustered by triad"
    head: Fields = {"method": f"Mokken, complete rows{nested}"}
    n_complete = len(sample.items.dropna())
    try:
        found = scalability(sample.items, confidence=sample.confidence, clusters=sample.triads)
    except (TooFewDataError, ValueError) as fault:
        yield head | {"statistic": "scalability_h", "n": n_complete, "reason": str(fault)}
        return
    yield from (head | row for row in _h_rows(found))


def _h_rows(found: Scalability) -> Iterator[Fields]:
    head: Fields = {"n": found.n_respondents, "n_excluded": found.n_excluded}
    yield head | {
        "statistic": "scalability_h",
        "estimate": found.h,
        "se": found.se,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
    }
    for item in found.items.to_dict("records"):
        yield head | {
            "statistic": "scalability_h_item",
            "term": item["item"],
            "estimate": item["h"],
            "se": item["se"],
            "ci_low": item["ci_low"],
            "ci_high": item["ci_high"],
        }
