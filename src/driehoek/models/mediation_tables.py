"""The rows of a mediation: paths, effects with three kinds of interval, sensitivity."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from driehoek.models.mediation_equations import Equations
from driehoek.models.statistic import Statistic, critical_value, two_sided_p
from driehoek.psychometrics.bootstrap import bca_interval, percentile_interval

Floats = NDArray[np.float64]
Effect = Callable[[Floats], Floats]

LEAST_SUCCESS = 0.95
FAILED = "more than 5 % of the resamples could not be fitted, so there is no interval"


def path_rows(equations: Equations, blank: Statistic, confidence: float) -> Iterator[Statistic]:
    """Give every coefficient with its sandwich error; normal tests."""
    reach = critical_value(confidence, math.inf)
    for (equation, column), place in equations.places.items():
        b = float(equations.theta[place])
        se = math.sqrt(float(equations.covariance[place, place]))
        yield replace(
            blank, statistic="b", group=equation, term=column, estimate=b, se=se, df=math.inf,
            ci_low=b - reach * se, ci_high=b + reach * se, p=two_sided_p(b / se, math.inf),
        )  # fmt: skip


def effect_rows(
    equations: Equations,
    draws: Floats,
    left_out: Floats,
    normal: Floats,
    at: Mapping[str, float],
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    """Give indirect, direct and total effects by each kind of interval.

    Parameters
    ----------
    equations : Equations
    draws, left_out, normal : numpy.ndarray, shape (samples, k)
        Coefficients in bootstrap samples, without one unit each, and drawn from the normal
        distribution of the estimates.
    at : mapping of str to float
        Values of the moderator; one entry "" without one.
    """
    for (statistic, term, group), effect in _effects(equations, at).items():
        row = replace(blank, statistic=statistic, term=term, group=group)
        estimate = float(effect(equations.theta))
        boot, jackknife = effect(draws), effect(left_out)
        row = replace(row, estimate=estimate)
        if len(boot):
            yield from _resampled(row, boot, jackknife, equations.copies, confidence)
        drawn = effect(normal)
        low, high = percentile_interval(drawn, confidence)
        se = float(drawn.std(ddof=1))
        yield replace(row, method="monte_carlo", se=se, ci_low=low, ci_high=high)


def _resampled(
    row: Statistic,
    boot: Floats,
    left_out: Floats,
    copies: NDArray[np.int64],
    confidence: float,
) -> Iterator[Statistic]:
    usable = boot[~np.isnan(boot)]
    if len(usable) < LEAST_SUCCESS * len(boot):
        yield replace(row, method="percentile", reason=FAILED)
        return
    row = replace(row, se=float(usable.std(ddof=1)))
    low, high = percentile_interval(usable, confidence)
    yield replace(row, method="percentile", ci_low=low, ci_high=high)
    low, high = bca_interval(usable, row.estimate, left_out, copies, confidence)
    yield replace(row, method="bca", ci_low=low, ci_high=high)


def _effects(equations: Equations, at: Mapping[str, float]) -> dict[tuple[str, str, str], Effect]:
    terms = equations.terms
    found: dict[tuple[str, str, str], Effect] = {}
    for group, w in at.items():
        for mediator in terms.mediators:
            found["indirect", mediator, group] = _indirect(equations, [mediator], w)
        if len(terms.mediators) > 1:
            found["indirect_total", "", group] = _indirect(equations, terms.mediators, w)
        if not group or "direct" in terms.moderated:
            found["direct", terms.predictor, group] = _direct(equations, w)
    if terms.moderator is None:
        found["total", terms.predictor, ""] = lambda theta: equations.get(
            theta, "total", terms.predictor
        )
        return found
    if "direct" not in terms.moderated:
        found["direct", terms.predictor, ""] = _direct(equations, 0.0)
    for mediator in terms.mediators:
        found["index", mediator, ""] = _index(equations, mediator, at)
    return found


def _path(equations: Equations, theta: Floats, mediator: str, w: float) -> tuple[Floats, Floats]:
    """Give a mediator's paths a and b at a value of the moderator."""
    terms = equations.terms
    x, y, moderator = terms.predictor, terms.outcome, terms.moderator
    a = equations.get(theta, mediator, x) + w * equations.get(theta, mediator, f"{x}:{moderator}")
    b = equations.get(theta, y, mediator)
    return a, b + w * equations.get(theta, y, f"{mediator}:{moderator}")


def _indirect(equations: Equations, mediators: Sequence[str], w: float) -> Effect:
    def effect(theta: Floats) -> Floats:
        paths = [_path(equations, theta, mediator, w) for mediator in mediators]
        return np.asarray(sum(a * b for a, b in paths))

    return effect


def _direct(equations: Equations, w: float) -> Effect:
    terms = equations.terms
    product = f"{terms.predictor}:{terms.moderator}"

    def effect(theta: Floats) -> Floats:
        own = equations.get(theta, terms.outcome, terms.predictor)
        return own + w * equations.get(theta, terms.outcome, product)

    return effect


def _index(equations: Equations, mediator: str, at: Mapping[str, float]) -> Effect:
    """Give the index of moderated mediation: the change of the indirect effect with the moderator.

    Where both paths depend on it, the indirect effect is a parabola in the moderator; the index
    then is its mean slope between the lowest and the highest value told.
    """
    low, high = min(at.values()), max(at.values())

    def effect(theta: Floats) -> Floats:
        ends = [_path(equations, theta, mediator, w) for w in (low, high)]
        return np.asarray((ends[1][0] * ends[1][1] - ends[0][0] * ends[0][1]) / (high - low))

    return effect


def sensitivity_rows(equations: Equations, blank: Statistic) -> Iterator[Statistic]:
    """Say how strong an unmeasured confounder of mediator and outcome would have to be.

    ``rho_zero`` is the correlation of the residuals of mediator and outcome at which the indirect
    effect vanishes; ``r2_zero`` the product of the shares of their residual variances that one
    confounder would then explain.

    References
    ----------
    Imai, Keele & Yamamoto (2010), doi:10.1214/10-STS321, theorem 4: the indirect effect is zero at
    the correlation of the residuals of mediator and outcome given the predictor.
    """
    row = replace(blank, statistic="rho_zero", method="imai_keele_yamamoto")
    terms = equations.terms
    if len(terms.mediators) > 1 or terms.moderator is not None:
        why = "told for one mediator without moderator only"
        yield replace(row, reason=why)
        return
    (mediator,) = terms.mediators
    row = replace(row, term=mediator)
    whole = equations.moments(equations.copies[None, :].astype(float))
    rho = float(_residual_correlation(equations, whole)[0])
    yield replace(row, estimate=rho)
    yield replace(row, statistic="r2_zero", estimate=rho**2)


def _residual_correlation(equations: Equations, sums: Floats) -> Floats:
    """Correlate mediator and outcome given predictor and covariates, from cross-products."""
    terms = equations.terms
    names = ["intercept", terms.predictor, *terms.covariates, terms.mediators[0], terms.outcome]
    own = [equations.labels.index(each) for each in names]
    inverse = np.linalg.inv(sums[:, own][:, :, own])
    found: Floats = -inverse[:, -2, -1] / np.sqrt(inverse[:, -2, -2] * inverse[:, -1, -1])
    return found
