"""Reliability of a sum of items between triads and within them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import (
    FloatArray,
    item_moments,
    numeric_items,
    refuse_constant,
    refuse_few_items,
    refuse_level,
)
from driehoek.psychometrics.ordinal_reliability import alpha_interval, logit_interval
from driehoek.psychometrics.resampling_units import cluster_codes
from driehoek.psychometrics.two_level_errors import two_level_covariance

# Towards a between variance of zero EM only creeps; what is left to gain is below 1e-4 by then.
_MAX_STEPS = 2_000
_TOLERANCE = 1e-10
# EM nears a boundary slowly: below this the correlations between triads are singular in the limit.
_BOUNDARY = 1e-2
AT_BOUNDARY = (
    "the covariances between triads lie at the boundary of what can be: the interval is approximate"
)


@dataclass(frozen=True, slots=True)
class TwoLevelReliability:
    """Alpha between and within triads.

    Attributes
    ----------
    between : float
        Alpha of the part that all members of a triad share; NaN if `reason` says why.
    within : float
        Alpha of the part in which members of one triad differ.
    icc : float
        Share of the variance of the sum of items that lies between triads.
    between_se, between_low, between_high, within_se, within_low, within_high, icc_se, icc_low,
    icc_high : float
        Standard errors by the delta method, robust to answers that are not normal; intervals on
        ln(1 - alpha), and on the logit of the share. Those of `between` and `icc` are NaN if
        `reason` says why.
    confidence : float
    caution : str
        Why the interval of `between` is approximate, if it is.
    between_covariance, within_covariance : numpy.ndarray, shape (items, items)
    n_respondents, n_excluded, n_clusters : int
    reason : str
    """

    between: float
    within: float
    icc: float
    between_se: float
    between_low: float
    between_high: float
    within_se: float
    within_low: float
    within_high: float
    icc_se: float
    icc_low: float
    icc_high: float
    confidence: float
    caution: str
    between_covariance: FloatArray
    within_covariance: FloatArray
    n_respondents: int
    n_excluded: int
    n_clusters: int
    reason: str


def two_level_reliability(
    items: pd.DataFrame | npt.ArrayLike,
    clusters: npt.ArrayLike | pd.Series,
    *,
    confidence: float = 0.95,
) -> TwoLevelReliability:
    """Estimate alpha apart for the level of the triad and that of its members.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (members, items)
        Answers to the same (parallel) items, reverse-keyed items turned round, missing as NaN.
    clusters : array-like, shape (members,)
        Triad of each member.
    confidence : float

    Raises
    ------
    TooFewDataError
        If an item is constant, there are fewer than two items, ten triads, or no triad with two
        complete members.

    Notes
    -----
    The covariances of both levels are those of a saturated two-level model, by maximum
    likelihood (EM) on complete rows; triads may differ in size. Where the covariances between
    triads are nearly singular they lie at the boundary of what can be, and `caution` says so.

    References
    ----------
    Geldhof, Preacher & Zyphur (2014), doi:10.1037/a0032138; interval of alpha on ln(1 - alpha):
    Bonett (2002), doi:10.3102/10769986027004335. Covariances agree with lavaan 0.6-14, standard
    errors with its MLR.
    """
    refuse_level(confidence)
    moments = item_moments(items, use="complete")
    refuse_few_items(moments)
    refuse_constant(moments.constant, moments.n_respondents)
    frame = numeric_items(items)
    keep = frame.notna().all(axis=1)
    codes = cluster_codes(clusters, keep)
    sizes = np.bincount(codes)
    if len(sizes) < 10 or sizes.max() < 2:
        msg = (
            f"{int((sizes > 1).sum())} of {len(sizes)} triads have two members or more with every "
            "item answered; telling the levels apart needs ten triads, some with two members."
        )
        raise TooFewDataError(msg)
    values = frame[keep].to_numpy()
    between, within = _two_levels(values, codes, sizes.astype(float))
    whole = between.sum() + within.sum()
    share = float(between.sum() / whole)
    reason = "" if share > 1e-4 else "members of a triad are no more alike than others"
    is_inside = bool(reason) or _smallest_eigenvalue(between) > _BOUNDARY
    found = np.array([coefficient("alpha", between), coefficient("alpha", within), share])
    found[0] = np.nan if reason else found[0]
    slopes = _slopes(between, within)
    se = np.sqrt(np.diag(slopes @ two_level_covariance(values, codes, between, within) @ slopes.T))
    se[[0, 2]] = np.nan if reason else se[[0, 2]]
    alphas = [alpha_interval(found[k], se[k], confidence) for k in (0, 1)]
    (between_low, between_high), (within_low, within_high) = alphas
    icc_low, icc_high = logit_interval(share, float(se[2]), confidence)
    return TwoLevelReliability(
        between=float(found[0]),
        within=float(found[1]),
        icc=share,
        between_se=float(se[0]),
        between_low=between_low,
        between_high=between_high,
        within_se=float(se[1]),
        within_low=within_low,
        within_high=within_high,
        icc_se=float(se[2]),
        icc_low=icc_low,
        icc_high=icc_high,
        confidence=confidence,
        caution="" if is_inside else AT_BOUNDARY,
        between_covariance=between,
        within_covariance=within,
        n_respondents=len(codes),
        n_excluded=len(frame) - len(codes),
        n_clusters=len(sizes),
        reason=reason,
    )


def _slopes(between: FloatArray, within: FloatArray) -> FloatArray:
    """Differentiate both alphas and the share by the lower triangles of both matrices."""
    k = len(between)
    i, j = np.tril_indices(k)
    of_sum, of_trace = np.where(i == j, 1.0, 2.0), np.where(i == j, 1.0, 0.0)
    zero = np.zeros(len(i))

    def of_alpha(matrix: FloatArray) -> FloatArray:
        total, trace = matrix.sum(), np.trace(matrix)
        return np.asarray(k / (k - 1) * (trace * of_sum / total**2 - of_trace / total))

    b, w = between.sum(), within.sum()
    share = np.concatenate([w * of_sum, -b * of_sum]) / (b + w) ** 2
    return np.array(
        [
            np.concatenate([of_alpha(between) if b > 0 else zero, zero]),
            np.concatenate([zero, of_alpha(within)]),
            share,
        ]
    )


def _smallest_eigenvalue(covariance: FloatArray) -> float:
    """Give that of the correlations."""
    sd = np.sqrt(np.maximum(np.diag(covariance), np.finfo(float).tiny))
    return float(np.linalg.eigvalsh(covariance / np.outer(sd, sd))[0])


def _two_levels(
    values: FloatArray, codes: npt.NDArray[np.intp], sizes: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Maximise the likelihood of a saturated two-level model by EM."""
    n, n_clusters = len(values), len(sizes)
    sums = np.array([np.bincount(codes, column, minlength=n_clusters) for column in values.T]).T
    means = sums / sizes[:, None]
    deviations = values - means[codes]
    scatter = deviations.T @ deviations
    centre = values.mean(axis=0)
    within = scatter / max(n - n_clusters, 1) + 1e-6 * np.diag(values.var(axis=0))
    between = 0.5 * np.cov(means.T)
    distinct, place = np.unique(sizes, return_inverse=True)
    for _ in range(_MAX_STEPS):
        spread = between[None] + within[None] / distinct[:, None, None]
        inverse = np.linalg.inv(spread)
        per_cluster = inverse[place]
        gain = between @ inverse
        weight = per_cluster.sum(axis=0)
        centre = np.linalg.solve(weight, np.einsum("cij,cj->i", per_cluster, means))
        gap = means - centre
        effect = np.einsum("cij,cj->ci", gain[place], gap)
        left = between[None] - gain @ between
        counts = np.bincount(place)
        new_between = (effect.T @ effect + np.einsum("s,sij->ij", counts, left)) / n_clusters
        rest = gap - effect
        new_within = (
            scatter
            + (rest * sizes[:, None]).T @ rest
            + np.einsum("s,sij->ij", counts * distinct, left)
        ) / n
        moved = max(np.abs(new_between - between).max(), np.abs(new_within - within).max())
        between, within = _symmetric(new_between), _symmetric(new_within)
        if moved < _TOLERANCE * np.trace(within):
            break
    return between, within


def _symmetric(matrix: FloatArray) -> FloatArray:
    return np.asarray((matrix + matrix.T) / 2)
