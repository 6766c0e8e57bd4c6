"""Likelihood of the one-factor model and the Fisher scoring step, many samples at a time.

The error variances are diagonal and shared by all patterns of answered items, so the
inverse of a pattern's covariance is a diagonal less one product of vectors (Bartlett,
1951, doi:10.1214/aoms/1177729698). All sums over patterns then are products of
(patterns, items) matrices; no (patterns, items, items) matrix is ever inverted.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_RIDGE = 1e-12


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

    def take(self, samples: Rows) -> "PatternMoments":
        """Keep some of the samples."""
        return PatternMoments(
            self.observed, self.counts[samples], self.sums[samples], self.products[samples]
        )

    def divided(self, unit: FloatArray) -> "PatternMoments":
        """Measure each item in a unit of its own, shape (items,)."""
        squares = unit[:, None] * unit
        return PatternMoments(self.observed, self.counts, self.sums / unit, self.products / squares)


@dataclass(frozen=True, slots=True)
class Point:
    """Parameters of all samples: loadings, error variances, means, each (samples, items)."""

    lam: FloatArray
    theta: FloatArray
    mu: FloatArray

    def take(self, samples: Rows) -> "Point":
        """Keep some of the samples."""
        return Point(self.lam[samples], self.theta[samples], self.mu[samples])

    def moved(self, step: "Point", length: FloatArray) -> "Point":
        """Go a share of the step, one share a sample."""
        share = length[:, None]
        return Point(
            self.lam + share * step.lam,
            self.theta + share * step.theta,
            self.mu + share * step.mu,
        )

    def put(self, samples: Rows, other: "Point") -> None:
        """Write the parameters of some samples in place."""
        self.lam[samples], self.theta[samples], self.mu[samples] = other.lam, other.theta, other.mu


@dataclass(frozen=True, slots=True)
class _Terms:
    """What likelihood and slope share; b samples, p patterns, i items.

    `weight` (b, i) is one over the error variances, `pull` (b, p, i) the weight times the
    loading where observed, `bracket` (b, p) Bartlett's denominator, `spread` (b, i, i) the
    sums of products about the means over all patterns, `reach` (b, p, i) each pattern's
    spread times its pull.
    """

    weight: FloatArray
    pull: FloatArray
    bracket: FloatArray
    spread: FloatArray
    reach: FloatArray


def first_component(moments: PatternMoments) -> Point:
    """Start at the first principal component of the correlations from each pair's rows."""
    pairs = _pairs(moments)
    with np.errstate(all="ignore"):
        means = moments.sums.sum(axis=1) / np.einsum("bii->bi", pairs)
        covariance = _spread(means, moments) / pairs
        deviation = np.sqrt(np.einsum("bii->bi", covariance))
        scaled = covariance / (deviation[:, :, None] * deviation[:, None, :])
    roots, vectors = np.linalg.eigh(np.nan_to_num(scaled, posinf=0.0, neginf=0.0))
    weights = np.clip(np.sqrt(roots[:, -1:]) * vectors[:, :, -1], -0.9, 0.9)
    return Point(weights * deviation, (1 - weights**2) * deviation**2, means)


def pooled_deviation(moments: PatternMoments) -> FloatArray:
    """Compute the standard deviation of each item over all samples together."""
    n = (moments.counts @ moments.observed.astype(float)).sum(axis=0)
    mean = moments.sums.sum(axis=(0, 1)) / n
    square = np.einsum("bpii->i", moments.products) / n
    return np.asarray(np.sqrt(square - mean**2))


def discrepancy(point: Point, moments: PatternMoments) -> FloatArray:
    """Compute minus the log-likelihood per respondent, without its constant.

    Infinite where a covariance matrix is not positive definite: with negative error
    variances it is so only if there is one of them and Bartlett's denominator is
    negative too.
    """
    terms = _terms(point, moments)
    seen = moments.observed.astype(float)
    bracket = terms.bracket
    negatives = (point.theta < 0) @ seen.T
    definite = (negatives == 0) | ((negatives == 1) & (bracket < 0))
    size = np.log(np.abs(point.theta)) @ seen.T + np.log(np.abs(bracket))
    size = np.where(definite, size, np.inf)
    fit = np.einsum("bi,bii->b", terms.weight, terms.spread) - np.einsum(
        "bp,bpi,bpi->b", 1 / bracket, terms.pull, terms.reach
    )
    present = np.where(moments.counts > 0, moments.counts * size, 0.0).sum(axis=-1)
    value = (fit + present) / (2 * moments.counts.sum(axis=-1))
    return np.asarray(np.where(np.isfinite(value), value, np.inf))


def scoring_step(point: Point, moments: PatternMoments) -> tuple[Point, FloatArray]:
    """Return the Fisher scoring step and twice the decrease it promises, per respondent."""
    terms = _terms(point, moments)
    total = moments.counts.sum(axis=-1, keepdims=True)
    share = moments.counts / total
    inverse = _mean_inverse(terms, share, moments.observed)
    by_sigma = inverse - _sandwich(terms) / total[..., None]
    slope = np.concatenate(
        [np.einsum("bij,bj->bi", by_sigma, point.lam), np.einsum("bii->bi", by_sigma) / 2], axis=-1
    )
    move = -_solve(_information(terms, share, moments.observed), slope)
    mean_slope = _mean_slope(point, terms, moments) / total
    mean_move = _solve(inverse, mean_slope)
    promise = (mean_slope * mean_move).sum(axis=-1) - (slope * move).sum(axis=-1)
    k = point.lam.shape[-1]
    return Point(move[:, :k], move[:, k:], mean_move), promise


def _pairs(moments: PatternMoments) -> FloatArray:
    seen = moments.observed.astype(float)
    return np.asarray((moments.counts[..., None] * seen).swapaxes(-1, -2) @ seen)


def _spread(mu: FloatArray, moments: PatternMoments) -> FloatArray:
    cross = (moments.sums.swapaxes(-1, -2) @ moments.observed.astype(float)) * mu[:, None, :]
    square = _pairs(moments) * mu[:, :, None] * mu[:, None, :]
    return np.asarray(moments.products.sum(axis=1) - cross - cross.swapaxes(-1, -2) + square)


def _terms(point: Point, moments: PatternMoments) -> _Terms:
    weight = 1 / point.theta
    pull = moments.observed * (weight * point.lam)[:, None, :]
    bracket = 1 + (pull @ point.lam[..., None])[..., 0]
    mean_pull = (pull @ point.mu[..., None])[..., 0]
    pulled_sums = (pull * moments.sums).sum(axis=-1) - moments.counts * mean_pull
    reach = (
        (moments.products @ pull[..., None])[..., 0]
        - moments.sums * mean_pull[..., None]
        - moments.observed * point.mu[:, None, :] * pulled_sums[..., None]
    )
    return _Terms(weight, pull, bracket, _spread(point.mu, moments), reach)


def _outer(share: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Sum shares of outer products over patterns, shape (samples, items, items)."""
    return np.asarray((share[..., None] * left).swapaxes(-1, -2) @ right)


def _on_diagonal(values: FloatArray) -> FloatArray:
    return values[..., None] * np.eye(values.shape[-1])


def _mean_inverse(terms: _Terms, share: FloatArray, observed: BoolArray) -> FloatArray:
    """Sum shares of the patterns' inverse covariances, zero where not observed."""
    diagonal = terms.weight * (share @ observed.astype(float))
    return _on_diagonal(diagonal) - _outer(share / terms.bracket, terms.pull, terms.pull)


def _sandwich(terms: _Terms) -> FloatArray:
    """Sum inverse times spread times inverse over patterns."""
    weighted = terms.weight[:, None, :] * terms.reach
    crossed = _outer(1 / terms.bracket, weighted, terms.pull)
    twice = (terms.pull * terms.reach).sum(axis=-1) / terms.bracket**2
    both = terms.weight[:, :, None] * terms.spread * terms.weight[:, None, :]
    return np.asarray(
        both - crossed - crossed.swapaxes(-1, -2) + _outer(twice, terms.pull, terms.pull)
    )


def _mean_slope(point: Point, terms: _Terms, moments: PatternMoments) -> FloatArray:
    distance = moments.sums - (moments.counts[..., None] * moments.observed) * point.mu[:, None, :]
    along = (terms.pull * distance).sum(axis=-1) / terms.bracket
    return np.asarray(
        terms.weight * distance.sum(axis=1) - np.einsum("bp,bpi->bi", along, terms.pull)
    )


def _information(terms: _Terms, share: FloatArray, observed: BoolArray) -> FloatArray:
    """Compute the expected information per respondent: loadings, then error variances."""
    pull, bracket, weight = terms.pull, terms.bracket, terms.weight
    square, scaled = pull**2, share / bracket**2
    explained = share * (1 - 1 / bracket)
    loadings = _mean_inverse(terms, explained, observed) + _outer(scaled, pull, pull)
    pulled = np.einsum("bp,bpi->bi", share / bracket, pull)
    mixed = _on_diagonal(weight * pulled) - _outer(scaled, pull, square)
    alone = weight**2 * (share @ observed.astype(float))
    shared = 2 * weight * np.einsum("bp,bpi->bi", share / bracket, square)
    errors = (_on_diagonal(alone - shared) + _outer(scaled, square, square)) / 2
    upper = np.concatenate([loadings, mixed], axis=-1)
    lower = np.concatenate([mixed.swapaxes(-1, -2), errors], axis=-1)
    return np.concatenate([upper, lower], axis=-2)


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solve each system; a ridge keeps one singular sample from stopping them all."""
    size = np.arange(matrix.shape[-1])
    matrix = matrix.copy()
    matrix[:, size, size] *= 1 + _RIDGE
    matrix[:, size, size] += np.finfo(float).tiny
    return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0], dtype=np.float64)
