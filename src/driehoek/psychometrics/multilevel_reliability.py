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
)
from driehoek.psychometrics.resampling_units import cluster_codes

# Towards a between variance of zero EM only creeps; what is left to gain is below 1e-4 by then.
_MAX_STEPS = 2_000
_TOLERANCE = 1e-10


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
    between_covariance, within_covariance : numpy.ndarray, shape (items, items)
    n_respondents, n_excluded, n_clusters : int
    reason : str
    """

    between: float
    within: float
    icc: float
    between_covariance: FloatArray
    within_covariance: FloatArray
    n_respondents: int
    n_excluded: int
    n_clusters: int
    reason: str


def two_level_reliability(
    items: pd.DataFrame | npt.ArrayLike, clusters: npt.ArrayLike | pd.Series
) -> TwoLevelReliability:
    """Estimate alpha apart for the level of the triad and that of its members.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (members, items)
        Answers to the same (parallel) items, reverse-keyed items turned round, missing as NaN.
    clusters : array-like, shape (members,)
        Triad of each member.

    Raises
    ------
    TooFewDataError
        If an item is constant, there are fewer than two items, ten triads, or no triad with two
        complete members.

    Notes
    -----
    The covariances of both levels are those of a saturated two-level model, by maximum
    likelihood (EM) on complete rows; triads may differ in size.

    References
    ----------
    Geldhof, Preacher & Zyphur (2014), doi:10.1037/a0032138. Covariances agree with lavaan 0.6-14.
    """
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
    between, within = _two_levels(frame[keep].to_numpy(), codes, sizes.astype(float))
    whole = between.sum() + within.sum()
    share = float(between.sum() / whole)
    reason = "" if share > 1e-4 else "members of a triad are no more alike than others"
    return TwoLevelReliability(
        between=float(coefficient("alpha", between)) if not reason else float("nan"),
        within=float(coefficient("alpha", within)),
        icc=share,
        between_covariance=between,
        within_covariance=within,
        n_respondents=len(codes),
        n_excluded=len(frame) - len(codes),
        n_clusters=len(sizes),
        reason=reason,
    )


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
