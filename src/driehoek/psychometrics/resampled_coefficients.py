"""Bootstrap intervals of coefficients that a covariance matrix gives."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.bootstrap import (
    Bootstrap,
    bca_interval,
    draw_counts,
    left_out_counts,
    percentile_interval,
)
from driehoek.psychometrics.coefficients import Coefficient, coefficient
from driehoek.psychometrics.moments import (
    FloatArray,
    Use,
    item_moments,
    numeric_items,
    refuse_constant,
    refuse_few_items,
    refuse_level,
)
from driehoek.psychometrics.one_factor_scoring import PatternMoments
from driehoek.psychometrics.resampling_units import (
    Answers,
    cluster_codes,
    pattern_moments,
    rows_and_units,
)

# ASSUME: as for omega, an interval needs nine in ten samples.
USABLE_SHARE = 0.9


def resampled_coefficients(
    items: pd.DataFrame | npt.ArrayLike,
    coefficients: Sequence[Coefficient],
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    n_boot: int = 1000,
    interval: Bootstrap = "percentile",
    clusters: npt.ArrayLike | pd.Series | None = None,
    use: Use = "complete",
) -> pd.DataFrame:
    """Estimate coefficients of reliability with bootstrap intervals.

    No distribution of the answers is assumed; with `clusters` whole triads are drawn, as rows
    of one triad are not independent.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Answers in response-scale points, reverse-keyed items turned round, missing as NaN.
    coefficients : sequence of str
        As of `driehoek.psychometrics.coefficients.coefficient`.
    rng : numpy.random.Generator
    confidence : float
    n_boot : int
        Bootstrap samples; 0 for no interval.
    interval : {"percentile", "bca"}
    clusters : array-like, shape (respondents,), optional
        Triad of each row.
    use : {"complete", "pairwise"}

    Returns
    -------
    pandas.DataFrame
        One row a coefficient: ``coefficient, estimate, ci_low, ci_high, n, n_excluded,
        n_failed`` (samples without the coefficient) and ``reason`` where there is no interval.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items or two rows, or an item is constant.

    References
    ----------
    Efron & Tibshirani (1993), An introduction to the bootstrap, ch. 13 and 14.
    """
    refuse_level(confidence)
    moments = item_moments(items, use=use)
    refuse_few_items(moments)
    refuse_constant(moments.constant, moments.n_respondents)
    frame = numeric_items(items)
    keep = frame.notna().all(axis=1) if use == "complete" else frame.notna().any(axis=1)
    groups = None if clusters is None else cluster_codes(clusters, keep)
    answers = rows_and_units(frame[keep].to_numpy(), groups)
    drawn = _stacks(answers, draw_counts(answers.copies, n_boot, rng)) if n_boot else []
    is_bca = interval == "bca" and n_boot > 0
    without = _stacks(answers, left_out_counts(answers.copies)) if is_bca else []
    rows = []
    for name in coefficients:
        estimate = float(coefficient(name, moments.covariance))
        draws = _each(name, drawn)
        limits, reason = _interval(
            draws, estimate, _each(name, without), answers, confidence, interval
        )
        rows.append(
            {
                "coefficient": name,
                "estimate": estimate,
                "ci_low": limits[0],
                "ci_high": limits[1],
                "n": moments.n_respondents,
                "n_excluded": moments.n_excluded,
                "n_failed": int(np.isnan(draws).sum()),
                "reason": reason,
            }
        )
    return pd.DataFrame(rows)


def _each(name: Coefficient, stacks: Sequence[FloatArray]) -> FloatArray:
    return np.concatenate([coefficient(name, stack) for stack in stacks]) if stacks else np.empty(0)


def _interval(
    draws: FloatArray,
    estimate: float,
    left_out: FloatArray,
    answers: Answers,
    confidence: float,
    interval: Bootstrap,
) -> tuple[tuple[float, float], str]:
    nothing = (float("nan"), float("nan"))
    if np.isnan(estimate):
        return nothing, "The coefficient does not exist: items determine one another."
    if not len(draws):
        return nothing, "No bootstrap samples were asked for."
    usable = draws[~np.isnan(draws)]
    if len(usable) < USABLE_SHARE * len(draws):
        missed = len(draws) - len(usable)
        return nothing, f"{missed} of {len(draws)} bootstrap samples had no such coefficient."
    if interval == "percentile":
        return percentile_interval(usable, confidence), ""
    return bca_interval(usable, estimate, left_out, answers.copies, confidence), ""


def _stacks(answers: Answers, blocks: Iterable[FloatArray]) -> list[FloatArray]:
    return [_covariances(pattern_moments(answers, block)) for block in blocks]


def _covariances(moments: PatternMoments) -> FloatArray:
    """Give the covariance of every sample, each pair of items on the rows that have both."""
    seen = moments.observed.astype(float)
    counts = np.einsum("sp,pi,pj->sij", moments.counts, seen, seen)
    sums = np.einsum("spi,pj->sij", moments.sums, seen)
    products = moments.products.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):  # a pair that no drawn row has
        scatter = products - sums * sums.transpose(0, 2, 1) / counts
        return np.asarray(np.where(counts > 1, scatter / (counts - 1), np.nan))
