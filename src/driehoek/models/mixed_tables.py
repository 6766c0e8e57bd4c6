"""The statistics of a mixed model, as rows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from driehoek.models.design import INTERCEPT, Design
from driehoek.models.intercepts import InterceptsFit
from driehoek.models.kenward_roger import SmallSample, contrast_df, wald_test
from driehoek.models.statistic import Statistic, critical_value, two_sided_p

Floats = NDArray[np.float64]
Tests = Literal["kenward_roger", "satterthwaite", "normal"]
METHODS: dict[Tests, str] = {
    "kenward_roger": "kenward_roger",
    "satterthwaite": "satterthwaite",
    "normal": "z",
}
UNCONVERGED = "the optimiser did not converge"
NO_SPREAD = "not estimable: levels or changes of persons do not vary"
FLAT = (
    "the changes of persons are estimated not to vary, or to follow exactly from their levels (a "
    "singular fit): these data do not tell changes of persons from chance"
)


def coefficient_rows(
    estimates: InterceptsFit,
    design: Design,
    sample: SmallSample | None,
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    """Give the fixed effects with standard error, df, interval and p."""
    row = replace(blank, statistic="b")
    reason = "" if estimates.is_converged else UNCONVERGED
    covariance = estimates.covariance if sample is None else sample.adjusted
    for place, (label, b) in enumerate(zip(design.labels, estimates.b.tolist(), strict=True)):
        se = math.sqrt(float(covariance[place, place]))
        chosen = np.eye(len(covariance))[place]
        df = math.inf if sample is None else contrast_df(sample, chosen)
        reach = critical_value(confidence, df) * se
        p = two_sided_p(b / se, df)
        found = replace(row, term=label, estimate=b, se=se, df=df, p=p, reason=reason)
        yield replace(found, ci_low=b - reach, ci_high=b + reach)
    for aliased in design.aliased:
        yield replace(row, term=aliased.label, reason=aliased.reason)


def factor_rows(
    estimates: InterceptsFit, design: Design, sample: SmallSample, blank: Statistic
) -> Iterator[Statistic]:
    """Give for each term with several columns a test that all of them are zero."""
    for term in dict.fromkeys(design.terms):
        own = [place for place, each in enumerate(design.terms) if each == term]
        if term == INTERCEPT or len(own) == 1:
            continue
        test = wald_test(sample, estimates.b, np.eye(len(design.terms))[own])
        found = replace(blank, term=term, df=float(test.df1), p=test.p)
        yield replace(found, statistic="f_term", estimate=test.f)
        yield replace(blank, statistic="f_term_df2", term=term, estimate=test.df2)


def component_rows(
    estimates: InterceptsFit, design: Design, blank: Statistic, *, is_crossed: bool
) -> Iterator[Statistic]:
    """Give variances, correlations within triads and persons, R2 and log-likelihood."""
    nested = estimates.triad + estimates.person
    shared = nested + estimates.crossed
    total = shared + estimates.residual
    explained = float(np.var(design.matrix @ estimates.b, ddof=1))
    values = {
        "variance_triad": estimates.triad,
        "variance_person": estimates.person,
        "variance_crossed": estimates.crossed,
        "variance_residual": estimates.residual,
        "icc_triad": estimates.triad / total,
        "icc_person": nested / total,
        "icc_crossed": estimates.crossed / total,
        "r2_marginal": explained / (explained + total),
        "r2_conditional": (explained + shared) / (explained + total),
        "log_likelihood": estimates.log_likelihood,
    }
    if not is_crossed:
        del values["variance_crossed"], values["icc_crossed"]
    reason = "" if estimates.is_converged else UNCONVERGED
    for name, value in values.items():
        yield replace(blank, statistic=name, estimate=value, reason=reason)


def growth_rows(
    estimates: InterceptsFit,
    design: Design,
    times: Floats,
    test: tuple[float, float],
    blank: Statistic,
) -> Iterator[Statistic]:
    """Give the variances of levels and changes, their correlation, R2 and log-likelihood.

    References
    ----------
    R2 with slopes, by the mean of the variance over the rows: Johnson (2014),
    doi:10.1111/2041-210X.12225.
    """
    of_persons = estimates.person + 2 * times * estimates.covarying + times**2 * estimates.slope
    shared = estimates.triad + float(of_persons.mean())
    total = shared + estimates.residual
    explained = float(np.var(design.matrix @ estimates.b, ddof=1))
    spread = math.sqrt(estimates.person * estimates.slope)
    reason = "" if estimates.is_converged else UNCONVERGED
    values = {
        "variance_triad": estimates.triad,
        "variance_person": estimates.person,
        "variance_slope": estimates.slope,
        "correlation_slope": _bounded(estimates.covarying / spread) if spread > 0 else math.nan,
        "variance_residual": estimates.residual,
        "r2_marginal": explained / (explained + total),
        "r2_conditional": (explained + shared) / (explained + total),
        "log_likelihood": estimates.log_likelihood,
    }
    for name, value in values.items():
        is_missing = math.isnan(value)
        row = replace(blank, statistic=name, estimate=value, reason=NO_SPREAD if is_missing else "")
        yield replace(row, reason=reason or row.reason)
    likelihood, p = test
    yield replace(blank, statistic="lr_slope", estimate=likelihood, p=p, reason=reason)


def _bounded(correlation: float) -> float:
    """Take off what rounding puts beyond a perfect correlation."""
    return min(max(correlation, -1.0), 1.0)


def fit_notes(
    estimates: InterceptsFit, zero: Sequence[str], *, is_flat: bool = False
) -> tuple[str, ...]:
    """Say in words where the fit is singular or did not converge."""
    notes = [
        f"the variance between {name}s is estimated at zero (a singular fit): the data show no "
        f"likeness of rows of one {name} beyond what the rest of the model explains"
        for name in zero
    ]
    if is_flat:
        notes.append(FLAT)
    if not estimates.is_converged:
        notes.append(
            "the optimiser did not converge: the figures are its last step and no result; use "
            "fewer terms or a larger sample"
        )
    return tuple(notes)


def df_notes(tests: Tests, sample: SmallSample | None) -> tuple[str, ...]:
    """Say where the degrees of freedom that were asked for cannot be had."""
    if sample is not None or tests == "normal":
        return ()
    return (
        "the variances leave no information to take degrees of freedom from: intervals and p "
        "rest on the normal distribution and are too bold in small samples",
    )
