"""One-factor models by maximum likelihood, many samples at a time, with or without gaps."""

from dataclasses import dataclass

import numpy as np

from driehoek.psychometrics.one_factor_scoring import (
    BoolArray,
    FloatArray,
    PatternMoments,
    Point,
    Rows,
    discrepancy,
    first_component,
    scoring_step,
)

# Twice the decrease that the next step promises, per respondent: 1e-14 moves an estimate by about
# a ten-millionth of the spread of one answer.
_TOLERANCE = 1e-14
_MAX_ITERATIONS = 200
_MAX_HALVINGS = 25
# An error variance below this share of its item's variance counts as none at all.
_HEYWOOD_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class OneFactorFits:
    """Estimates of the one-factor model, factor variance 1, one row a sample.

    Attributes
    ----------
    loadings, error_variances, means : numpy.ndarray, shape (samples, items)
        In the units of the answers; loadings sum to a positive number. Error variances
        are not held above zero.
    converged : numpy.ndarray of bool, shape (samples,)
        Whether a maximum was found; the estimates mean nothing where not.
    heywood : numpy.ndarray of bool, shape (samples, items)
        Error variances at or below a millionth of the item's variance: inadmissible.
    """

    loadings: FloatArray
    error_variances: FloatArray
    means: FloatArray
    converged: BoolArray
    heywood: BoolArray

    @property
    def admissible(self) -> BoolArray:
        """Converged without a Heywood case, shape (samples,)."""
        return self.converged & ~self.heywood.any(axis=-1)

    @property
    def omega(self) -> FloatArray:
        """Share of the model-implied variance of the sum that the factor explains."""
        true = self.loadings.sum(axis=-1) ** 2
        return np.asarray(true / (true + self.error_variances.sum(axis=-1)))


def fit_one_factor(moments: PatternMoments, *, start: OneFactorFits | None = None) -> OneFactorFits:
    """Fit the one-factor model to every sample by Fisher scoring with step halving.

    With one pattern this is normal-theory maximum likelihood on the covariance matrix;
    with several it is full-information maximum likelihood, right under missing at random.

    Parameters
    ----------
    moments : PatternMoments
        At least three items (else the model is not identified).
    start : OneFactorFits, optional
        One fit whose estimates start every sample; by default the first principal
        component of each sample.

    References
    ----------
    Lawley & Maxwell (1971), Factor analysis as a statistical method, ch. 4. Agrees with:
    lavaan 0.6-14 ``cfa(std.lv = TRUE)`` and ``missing = "fiml"``.
    """
    point = first_component(moments) if start is None else _repeated(start, len(moments.counts))
    converged = np.zeros(len(moments.counts), dtype=bool)
    with np.errstate(all="ignore"):  # samples without a solution run to NaN and are flagged
        _iterate(point, moments, converged)
        variances = point.lam**2 + point.theta
        heywood = ~(point.theta > _HEYWOOD_SHARE * variances)
    sign = np.where(point.lam.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return OneFactorFits(sign * point.lam, point.theta, point.mu, converged, heywood)


def _iterate(point: Point, moments: PatternMoments, converged: BoolArray) -> None:
    """Move `point` to the maximum in place; `converged` is set where one is reached."""
    active = np.arange(len(converged))
    here, sample = point.take(active), moments
    value = discrepancy(here, sample)
    active, here, sample, value = _kept(np.isfinite(value), active, here, sample, value)
    for _ in range(_MAX_ITERATIONS):
        if not len(active):
            return
        step, promise = scoring_step(here, sample)
        here, value, moved = _shortened(here, step, value, sample)
        point.put(active, here)
        done = (promise < _TOLERANCE) & (moved | (promise < _TOLERANCE**1.5))
        converged[active[done]] = True
        active, here, sample, value = _kept(moved & ~done, active, here, sample, value)


def _kept(
    keep: BoolArray,
    active: Rows,
    here: Point,
    sample: PatternMoments,
    value: FloatArray,
) -> tuple[Rows, Point, PatternMoments, FloatArray]:
    if keep.all():
        return active, here, sample, value
    rows = np.flatnonzero(keep)
    return active[rows], here.take(rows), sample.take(rows), value[rows]


def _shortened(
    here: Point, step: Point, value: FloatArray, sample: PatternMoments
) -> tuple[Point, FloatArray, BoolArray]:
    """Halve the step of each sample until its discrepancy no longer grows."""
    length = np.ones(len(value))
    slack = 1e-13 * (1 + np.abs(value))
    for _ in range(_MAX_HALVINGS):
        there = here.moved(step, length)
        reached = discrepancy(there, sample)
        fine = reached <= value + slack
        if fine.all():
            break
        length = np.where(fine, length, length / 2)
    length = np.where(fine, length, 0.0)
    settled = here.moved(step, length) if not fine.all() else there
    return settled, np.where(fine, reached, value), fine


def _repeated(start: OneFactorFits, n_samples: int) -> Point:
    rows = np.zeros(n_samples, dtype=np.intp)
    return Point(start.loadings, start.error_variances, start.means).take(rows)
