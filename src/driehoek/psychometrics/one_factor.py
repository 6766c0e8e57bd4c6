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
    pooled_deviation,
    scoring_step,
)

# Twice the decrease that the next step promises, per respondent: 1e-14 moves an estimate
# by about a ten-millionth of the spread of one answer.
_TOLERANCE = 1e-14
_MAX_ITERATIONS = 200
_MAX_HALVINGS = 25
# Share of the scoring step to try first, at least and at most.
_LENGTHS = (0.1, 20.0)
# A loading that explains ten times its item's variance only grows further: no maximum.
_RUNAWAY = 10.0
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


@dataclass(frozen=True, slots=True)
class _Search:
    """Samples still on their way: where they are, and their last step."""

    samples: Rows
    moments: PatternMoments
    here: Point
    value: FloatArray
    direction: FloatArray
    length: FloatArray

    def keep(self, wanted: BoolArray) -> "_Search":
        if wanted.all():
            return self
        rows = np.flatnonzero(wanted)
        return _Search(
            self.samples[rows],
            self.moments.take(rows),
            self.here.take(rows),
            self.value[rows],
            self.direction[rows],
            self.length[rows],
        )


def fit_one_factor(moments: PatternMoments, *, start: OneFactorFits | None = None) -> OneFactorFits:
    """Fit the one-factor model to every sample by Fisher scoring.

    With one pattern this is normal-theory maximum likelihood on the covariance matrix;
    with several it is full-information maximum likelihood, right under missing at random.

    Parameters
    ----------
    moments : PatternMoments
        At least three items (else the model is not identified), none constant in all
        samples together.
    start : OneFactorFits, optional
        One fit whose estimates start every sample; by default the first principal
        component of each sample.

    References
    ----------
    Lawley & Maxwell (1971), Factor analysis as a statistical method, ch. 4. Length of
    the steps: Barzilai & Borwein (1988), doi:10.1093/imanum/8.1.141. Agrees with:
    lavaan 0.6-14 ``cfa(std.lv = TRUE)`` and ``missing = "fiml"``.
    """
    unit = pooled_deviation(moments)
    scaled = moments.divided(unit)
    point = first_component(scaled) if start is None else _repeated(start, unit, moments)
    converged = np.zeros(len(moments.counts), dtype=bool)
    with np.errstate(all="ignore"):  # samples without a solution run to NaN and are flagged
        _iterate(point, scaled, converged)
        heywood = ~(point.theta > _HEYWOOD_SHARE * (point.lam**2 + point.theta))
    sign = np.where((point.lam * unit).sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return OneFactorFits(
        sign * point.lam * unit, point.theta * unit**2, point.mu * unit, converged, heywood
    )


def _iterate(point: Point, moments: PatternMoments, converged: BoolArray) -> None:
    """Move `point` to the maximum in place; `converged` is set where one is reached."""
    n_samples, k = point.lam.shape
    everyone = np.arange(n_samples)
    value, nowhere = discrepancy(point, moments), np.full((n_samples, 3 * k), np.nan)
    search = _Search(
        everyone, moments, point.take(everyone), value, nowhere, np.full(n_samples, np.nan)
    ).keep(np.isfinite(value))
    for _ in range(_MAX_ITERATIONS):
        if not len(search.samples):
            return
        search, promise, moved = _advanced(search)
        point.put(search.samples, search.here)
        done = (promise < _TOLERANCE) & (moved | (promise < _TOLERANCE**1.5))
        converged[search.samples[done]] = True
        astray = (search.here.lam**2 > _RUNAWAY).any(axis=-1)
        search = search.keep(moved & ~done & ~astray)


def _advanced(search: _Search) -> tuple[_Search, FloatArray, BoolArray]:
    """Take one step in every sample, halved until its discrepancy no longer grows."""
    step, promise = scoring_step(search.here, search.moments)
    direction = np.concatenate([step.lam, step.theta, step.mu], axis=-1)
    length = _first_length(search, direction)
    slack = 1e-13 * (1 + np.abs(search.value))
    for _ in range(_MAX_HALVINGS):
        there = search.here.moved(step, length)
        reached = discrepancy(there, search.moments)
        moved = reached <= search.value + slack
        if moved.all():
            break
        length = np.where(moved, length, length / 2)
    else:
        length = np.where(moved, length, 0.0)
        there, reached = search.here.moved(step, length), np.where(moved, reached, search.value)
    advanced = _Search(search.samples, search.moments, there, reached, direction, length)
    return advanced, promise, moved


def _first_length(search: _Search, direction: FloatArray) -> FloatArray:
    """Judge from the last two directions how far to go; plain scoring crawls where misfit is large.

    Where the direction shrinks to a share r of the last one, 1 / (1 - r) steps remain.
    """
    turn = search.direction - direction
    size = (search.direction**2).sum(axis=-1) / (search.direction * turn).sum(axis=-1)
    length = search.length * size
    return np.where(length > 0, np.clip(length, *_LENGTHS), 1.0)


def _repeated(start: OneFactorFits, unit: FloatArray, moments: PatternMoments) -> Point:
    rows = np.zeros(len(moments.counts), dtype=np.intp)
    one = Point(start.loadings / unit, start.error_variances / unit**2, start.means / unit)
    return one.take(rows)
