"""The tidy tables of a hierarchical linear model."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from driehoek.models.design import INTERCEPT, Design
from driehoek.models.least_squares import PERFECT_REASON, LeastSquares, inflation, wald_f
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p


@dataclass(frozen=True, slots=True)
class Step:
    """One block of a hierarchical model with the fit of all blocks up to it.

    Attributes
    ----------
    group : str
        ``block_1`` and so on.
    fit : LeastSquares
    columns : list of int
        Columns of the design in this fit; the block's own come last.
    n_new : int
        How many of them the block adds; fewer than its terms where some are aliased.
    terms : frozenset of str
        Terms of all blocks up to this one.
    r2_before : float
        R2 of the block before; 0 for the first.
    """

    group: str
    fit: LeastSquares
    columns: list[int]
    n_new: int
    terms: frozenset[str]
    r2_before: float


def coefficient_table(
    steps: Sequence[Step],
    outcome: NDArray[np.float64],
    design: Design,
    blank: Statistic,
    confidence: float,
) -> pd.DataFrame:
    """Tabulate b, t, beta, partial correlations and variance inflation of every block."""
    sds = np.std(design.matrix, axis=0) / np.std(outcome)
    return statistics_frame(
        row
        for step in steps
        for row in _step_rows(step, design, sds, replace(blank, group=step.group), confidence)
    )


def block_table(steps: Sequence[Step], blank: Statistic) -> pd.DataFrame:
    """Tabulate R2, its change and the tests of it for every block."""
    return statistics_frame(
        row for step in steps for row in _block_rows(step, replace(blank, group=step.group))
    )


def _step_rows(
    step: Step, design: Design, sds: NDArray[np.float64], blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    for place, column in enumerate(step.columns):
        named = replace(blank, term=design.labels[column], reason=step.fit.reason)
        yield from _coefficient_rows(step.fit, place, float(sds[column]), named, confidence)
    yield from _partial_rows(step, design, sds, blank, confidence)
    for aliased in design.aliased:
        if aliased.term in step.terms:
            yield replace(blank, statistic="b", term=aliased.label, reason=aliased.reason)
    yield from _inflation_rows(step, design, replace(blank, method="ols"))


def _coefficient_rows(
    fit: LeastSquares, place: int, ratio: float, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    b, se = float(fit.b[place]), math.sqrt(fit.covariance[place, place])
    df = fit.contrast_df(np.eye(len(fit.b))[place])
    half, t = critical_value(confidence, df) * se, b / se if se else math.nan
    p = two_sided_p(t, df)
    row = replace(blank, df=df, p=p)
    low, high = b - half, b + half
    yield replace(row, statistic="b", estimate=b, se=se, ci_low=low, ci_high=high)
    yield replace(row, statistic="t", estimate=t)
    if blank.term != INTERCEPT:
        yield replace(
            row,
            statistic="beta",
            estimate=b * ratio,
            se=se * ratio,
            ci_low=low * ratio,
            ci_high=high * ratio,
        )


def _partial_rows(
    step: Step, design: Design, sds: NDArray[np.float64], blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give semi-partial (part) and partial correlations of each column with the outcome."""
    if step.fit.is_perfect or len(step.columns) < 2:
        return
    columns = step.columns[1:]
    correlations = np.atleast_2d(np.corrcoef(design.matrix[:, columns], rowvar=False))
    inflated = np.diag(np.linalg.inv(correlations))
    parts = step.fit.b[1:] * sds[columns] / np.sqrt(inflated)
    partials = parts / np.sqrt(parts**2 + 1 - step.fit.r2)
    spread = step.fit.df_residual - 2  # n - 3 less the other columns (Fisher, 1924)
    for column, part, partial in zip(columns, parts, partials, strict=True):
        row = replace(blank, term=design.labels[column], method="ols")
        yield replace(row, statistic="part_r", estimate=float(part))
        row = replace(row, statistic="partial_r", estimate=float(partial))
        if spread > 0:
            reach = critical_value(confidence, math.inf) / math.sqrt(spread)
            low, high = np.tanh(np.arctanh(partial) + np.array([-reach, reach]))
            row = replace(row, ci_low=float(low), ci_high=float(high))
        yield row


def _inflation_rows(step: Step, design: Design, blank: Statistic) -> Iterator[Statistic]:
    matrix = design.matrix[:, step.columns]
    owners = [design.terms[column] for column in step.columns]
    for term in dict.fromkeys(owners[1:]):
        own = [place for place, owner in enumerate(owners) if owner == term]
        factor = inflation(matrix, own)
        name = "vif" if len(own) == 1 else "gvif"
        yield replace(blank, statistic=name, term=term, estimate=factor)
        if len(own) > 1:
            per_df = factor ** (1 / (2 * len(own)))
            yield replace(blank, statistic="gvif_per_df", term=term, estimate=per_df)


def _block_rows(step: Step, blank: Statistic) -> Iterator[Statistic]:
    fit, q = step.fit, step.n_new
    plain = replace(blank, method="ols")
    gained = fit.r2 - step.r2_before
    yield replace(plain, statistic="r2", estimate=fit.r2)
    yield replace(plain, statistic="r2_adjusted", estimate=fit.r2_adjusted)
    yield replace(plain, statistic="residual_sd", estimate=fit.residual_sd)
    yield from _f_rows("f_model", len(step.columns) - 1, fit.r2, fit, plain)
    yield replace(plain, statistic="r2_change", estimate=gained)
    if fit.is_perfect:
        yield replace(plain, statistic="f2_change", reason=fit.reason)
    else:
        yield replace(plain, statistic="f2_change", estimate=gained / (1 - fit.r2))
    yield from _f_rows("f_change", q, gained, fit, plain)
    yield from _wald_rows(fit, list(range(len(step.columns) - q, len(step.columns))), blank)


def _f_rows(
    name: str, q: int, gained: float, fit: LeastSquares, blank: Statistic
) -> Iterator[Statistic]:
    f = p = math.nan
    reason = PERFECT_REASON if fit.is_perfect else ""
    if not q:
        reason = "none of the terms has a coefficient of its own in these data"
    elif not reason:
        f = (gained / q) / ((1 - fit.r2) / fit.df_residual)
        p = float(special.fdtrc(q, fit.df_residual, max(f, 0.0)))
    yield replace(blank, statistic=name, estimate=f, df=q, p=p, reason=reason)
    df2 = float(fit.df_residual)
    yield replace(blank, statistic=f"{name}_df2", estimate=df2, reason=reason)


def _wald_rows(fit: LeastSquares, places: list[int], blank: Statistic) -> Iterator[Statistic]:
    f, df2, p, reason = wald_f(fit, places)
    yield replace(blank, statistic="wald_change", estimate=f, df=len(places), p=p, reason=reason)
    yield replace(blank, statistic="wald_change_df2", estimate=df2, reason=reason)
