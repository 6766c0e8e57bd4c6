"""One-factor models by maximum likelihood, many samples at a time, with or without gaps."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Decrease that the next step promises, per respondent: 1e-14 moves an estimate by about
# a ten-millionth of the spread of one answer.
_TOLERANCE = 1e-14
_MAX_ITERATIONS = 200
_MAX_HALVINGS = 25
_RIDGE = 1e-12
# An error variance below this share of its item's variance counts as none at all.
_HEYWOOD_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class PatternMoments:
    """Sums of the answers, apart for each pattern of answered items, in several samples.

    Complete data have one pattern. Unanswered entries are zero.

    Attributes
    ----------
    observed : numpy.ndarray of bool, shape (patterns, items)
    counts : numpy.ndarray, shape (samples, patterns)
        Respondents with the pattern.
    sums : numpy.ndarray, shape (samples, patterns, items)
    products : numpy.ndarray, shape (samples, patterns, items, items)
        Sums of products of two answers.
    """

    observed: BoolArray
    counts: FloatArray
    sums: FloatArray
    products: FloatArray

    def take(self, samples: npt.NDArray[np.intp]) -> "PatternMoments":
        """Keep some of the samples."""
        return PatternMoments(
            self.observed, self.counts[samples], self.sums[samples], self.products[samples]
        )


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
class _Point:
    """Parameters of all samples: loadings, error variances, means, each (samples, items)."""

    lam: FloatArray
    theta: FloatArray
    mu: FloatArray

    def take(self, samples: npt.NDArray[np.intp]) -> "_Point":
        return _Point(self.lam[samples], self.theta[samples], self.mu[samples])

    def moved(self, step: "_Point", length: FloatArray) -> "_Point":
        share = length[:, None]
        return _Point(
            self.lam + share * step.lam,
            self.theta + share * step.theta,
            self.mu + share * step.mu,
        )

    def put(self, samples: npt.NDArray[np.intp], other: "_Point") -> None:
        self.lam[samples], self.theta[samples], self.mu[samples] = other.lam, other.theta, other.mu


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
    point = _first_component(moments) if start is None else _repeated(start, len(moments.counts))
    converged = np.zeros(len(moments.counts), dtype=bool)
    with np.errstate(all="ignore"):  # samples without a solution run to NaN and are flagged
        _iterate(point, moments, converged)
        variances = point.lam**2 + point.theta
        heywood = ~(point.theta > _HEYWOOD_SHARE * variances)
    sign = np.where(point.lam.sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return OneFactorFits(sign * point.lam, point.theta, point.mu, converged, heywood)


def _iterate(point: _Point, moments: PatternMoments, converged: BoolArray) -> None:
    """Move `point` to the maximum in place; `converged` is set where one is reached."""
    active = np.arange(len(converged))
    here, sample = point.take(active), moments
    value = _discrepancy(here, sample)
    active, here, sample, value = _kept(np.isfinite(value), active, here, sample, value)
    for _ in range(_MAX_ITERATIONS):
        if not len(active):
            return
        step, promise = _scoring_step(here, sample)
        here, value, moved = _shortened(here, step, value, sample)
        point.put(active, here)
        done = (promise < _TOLERANCE) & (moved | (promise < _TOLERANCE**1.5))
        converged[active[done]] = True
        active, here, sample, value = _kept(moved & ~done, active, here, sample, value)


def _kept(
    keep: BoolArray,
    active: npt.NDArray[np.intp],
    here: _Point,
    sample: PatternMoments,
    value: FloatArray,
) -> tuple[npt.NDArray[np.intp], _Point, PatternMoments, FloatArray]:
    if keep.all():
        return active, here, sample, value
    rows = np.flatnonzero(keep)
    return active[rows], here.take(rows), sample.take(rows), value[rows]


def _shortened(
    here: _Point, step: _Point, value: FloatArray, sample: PatternMoments
) -> tuple[_Point, FloatArray, BoolArray]:
    """Halve the step of each sample until its discrepancy no longer grows."""
    length = np.ones(len(value))
    slack = 1e-13 * (1 + np.abs(value))
    for _ in range(_MAX_HALVINGS):
        there = here.moved(step, length)
        reached = _discrepancy(there, sample)
        fine = reached <= value + slack
        if fine.all():
            break
        length = np.where(fine, length, length / 2)
    length = np.where(fine, length, 0.0)
    settled = here.moved(step, length) if not fine.all() else there
    return settled, np.where(fine, reached, value), fine


def _inverse(point: _Point, observed: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Invert each pattern's model-implied covariance, zero where not observed.

    Returns the inverses, shape (samples, patterns, items, items), and the log
    determinants, shape (samples, patterns), infinite where the matrix is not positive
    definite. Bartlett's (1951) identity; with negative error variances the matrix is
    positive definite only if there is one of them and the bracket is negative too.
    """
    precision = observed / point.theta[:, None, :]
    pull = precision * point.lam[:, None, :]
    bracket = 1 + (pull * point.lam[:, None, :]).sum(axis=-1)
    inverse = -pull[..., :, None] * (pull / bracket[..., None])[..., None, :]
    items = np.arange(observed.shape[-1])
    inverse[..., items, items] += precision
    sizes = np.where(observed, np.log(np.abs(point.theta))[:, None, :], 0.0).sum(axis=-1)
    negatives = (precision < 0).sum(axis=-1)
    definite = (negatives == 0) | ((negatives == 1) & (bracket < 0))
    return inverse, np.where(definite, sizes + np.log(np.abs(bracket)), np.inf)


def _spread(point: _Point, sample: PatternMoments) -> FloatArray:
    """Sum products about the model's means, shape (samples, patterns, items, items)."""
    mu = point.mu[:, None, :] * sample.observed
    cross = sample.sums[..., :, None] * mu[..., None, :]
    weighted = sample.counts[..., None] * mu
    spread: FloatArray = (
        sample.products - cross - cross.swapaxes(-1, -2) + weighted[..., :, None] * mu[..., None, :]
    )
    return spread


def _discrepancy(point: _Point, sample: PatternMoments) -> FloatArray:
    """Minus the log-likelihood per respondent, without its constant; inf if impossible."""
    inverse, log_determinant = _inverse(point, sample.observed)
    fit = np.einsum("bpij,bpij->b", inverse, _spread(point, sample))
    size = np.where(sample.counts > 0, sample.counts * log_determinant, 0.0).sum(axis=-1)
    value = (fit + size) / (2 * sample.counts.sum(axis=-1))
    return np.where(np.isfinite(value), value, np.inf)


def _scoring_step(point: _Point, sample: PatternMoments) -> tuple[_Point, FloatArray]:
    """Return the Fisher scoring step and the decrease it promises."""
    inverse, _ = _inverse(point, sample.observed)
    share = sample.counts / sample.counts.sum(axis=-1, keepdims=True)
    half = inverse @ _spread(point, sample) @ inverse
    by_sigma = np.einsum("bp,bpij->bij", share, inverse) - (
        half.sum(axis=1) / sample.counts.sum(axis=-1)[:, None, None]
    )
    slope = np.concatenate(
        [
            np.einsum("bij,bj->bi", by_sigma, point.lam),
            np.einsum("bii->bi", by_sigma) / 2,
        ],
        axis=-1,
    )
    move = -_solve(_information(inverse, point.lam, share), slope)
    mean_move = _mean_step(point, sample, inverse, share)
    k = point.lam.shape[-1]
    promise = -(slope * move).sum(axis=-1) + mean_move[1]
    return _Point(move[:, :k], move[:, k:], mean_move[0]), promise


def _mean_step(
    point: _Point, sample: PatternMoments, inverse: FloatArray, share: FloatArray
) -> tuple[FloatArray, FloatArray]:
    distance = sample.sums - sample.counts[..., None] * point.mu[:, None, :]
    pull = np.einsum("bpij,bpj->bi", inverse, distance) / sample.counts.sum(axis=-1)[:, None]
    move = _solve(np.einsum("bp,bpij->bij", share, inverse), pull)
    return move, (pull * move).sum(axis=-1)


def _information(inverse: FloatArray, lam: FloatArray, share: FloatArray) -> FloatArray:
    """Compute the expected information per respondent: loadings, then error variances."""
    pull = np.einsum("bpij,bj->bpi", inverse, lam)
    size = np.einsum("bpi,bi->bp", pull, lam)
    loadings = np.einsum("bp,bpij->bij", share * size, inverse) + np.einsum(
        "bp,bpi,bpj->bij", share, pull, pull
    )
    mixed = np.einsum("bpij,bpj->bij", inverse, share[..., None] * pull)
    errors = np.einsum("bp,bpij->bij", share / 2, inverse**2)
    return np.concatenate(
        [
            np.concatenate([loadings, mixed], axis=-1),
            np.concatenate([mixed.swapaxes(-1, -2), errors], axis=-1),
        ],
        axis=-2,
    )


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solve each system; a ridge keeps one singular sample from stopping them all."""
    size = np.arange(matrix.shape[-1])
    matrix = matrix.copy()
    matrix[:, size, size] *= 1 + _RIDGE
    matrix[:, size, size] += np.finfo(float).tiny
    return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0], dtype=np.float64)


def _first_component(moments: PatternMoments) -> _Point:
    """Start at the first principal component of the correlations from each pair's rows."""
    seen = moments.observed.astype(float)
    both = np.einsum("bp,pi,pj->bij", moments.counts, seen, seen)
    with np.errstate(all="ignore"):
        means = moments.sums.sum(axis=1) / np.einsum("bii->bi", both)
        about = _Point(means, means, means)
        covariance = _spread(about, moments).sum(axis=1) / both
        deviation = np.sqrt(np.einsum("bii->bi", covariance))
        scaled = covariance / (deviation[:, :, None] * deviation[:, None, :])
    roots, vectors = np.linalg.eigh(np.nan_to_num(scaled, posinf=0.0, neginf=0.0))
    weights = np.clip(np.sqrt(roots[:, -1:]) * vectors[:, :, -1], -0.9, 0.9)
    return _Point(weights * deviation, (1 - weights**2) * deviation**2, means)


def _repeated(start: OneFactorFits, n_samples: int) -> _Point:
    rows = np.zeros(n_samples, dtype=np.intp)
    return _Point(start.loadings, start.error_variances, start.means).take(rows)
