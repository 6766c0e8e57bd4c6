"""The normal likelihood of one group as a function of its means and covariances."""

from dataclasses import dataclass

import numpy as np

from driehoek.psychometrics.cfa.implied import Implied
from driehoek.psychometrics.cfa.sample import PatternMoments, pattern_inverses
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray

_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Slopes:
    """Minus the log-likelihood of one group and its derivatives by the moments.

    Attributes
    ----------
    value : float
    sigma : numpy.ndarray, shape (items, items)
        A change d of the covariances adds sum(sigma * d).
    mu : numpy.ndarray, shape (items,)
    inverses : numpy.ndarray, shape (patterns, items, items)
        Inverse of what each pattern sees of the covariance matrix, zero elsewhere.
    """

    value: float
    sigma: FloatArray
    mu: FloatArray
    inverses: FloatArray


def likelihood_slopes(data: PatternMoments, sigma: FloatArray, mu: FloatArray) -> Slopes:
    """Give minus the log-likelihood of one group with its derivatives.

    Raises
    ------
    numpy.linalg.LinAlgError
        If sigma is not positive definite.
    """
    inverses, logarithms = pattern_inverses(sigma, data.observed)
    gaps = (data.means - mu) * data.observed
    pulled = (inverses @ gaps[:, :, None])[:, :, 0]
    distance = (inverses * data.covariances).sum(axis=(1, 2)) + (pulled * gaps).sum(axis=1)
    constant = data.observed.sum(axis=1) * np.log(2 * np.pi)
    fitted = inverses @ data.covariances @ inverses + pulled[:, :, None] * pulled[:, None, :]
    return Slopes(
        value=0.5 * float(data.counts @ (logarithms + distance + constant)),
        sigma=0.5 * np.tensordot(data.counts, inverses - fitted, axes=1),
        mu=-data.counts @ pulled,
        inverses=inverses,
    )


def expected_information(
    data: PatternMoments, implied: Implied, inverses: FloatArray, *, means: bool
) -> FloatArray:
    """Give the expected information about the parameters of one group.

    Complete answers only need the derivatives' factors; patterns go through the
    information about the moments.

    Returns
    -------
    numpy.ndarray, shape (parameters of the group, parameters of the group)
    """
    if not data.is_complete:
        weights = _weighted_kronecker(data, inverses, inverses, means=means)
        i, j = np.tril_indices(len(implied.mu))
        by_row = implied.u[:, i] * implied.v[:, j] + implied.u[:, j] * implied.v[:, i]
        delta = np.hstack([implied.m, by_row]) if means else by_row
        return np.asarray(delta @ weights @ delta.T)
    u, v, w = implied.u, implied.v, inverses[0]
    left, right, mixed = u @ w @ u.T, v @ w @ v.T, u @ w @ v.T
    information = left * right + mixed * mixed.T
    if means:
        information = information + implied.m @ w @ implied.m.T
    return np.asarray(data.n * information)


def moment_information(
    data: PatternMoments, sigma: FloatArray, mu: FloatArray, *, means: bool, observed: bool
) -> FloatArray:
    """Give the information about the means and the lower triangle of sigma.

    Parameters
    ----------
    data : PatternMoments
    sigma, mu : numpy.ndarray
        Where to take it.
    means : bool
        Whether the means are among the moments.
    observed : bool
        Second derivatives of minus the log-likelihood, or their expectation.

    Returns
    -------
    numpy.ndarray, shape (moments, moments)
        Of all respondents together.
    """
    inverses, _ = pattern_inverses(sigma, data.observed)
    expected = _weighted_kronecker(data, inverses, inverses, means=means)
    if not observed:
        return expected
    gaps = (data.means - mu) * data.observed
    pulled = np.einsum("pab,pb->pa", inverses, gaps)
    fitted = inverses @ data.covariances @ inverses + pulled[:, :, None] * pulled[:, None, :]
    # A mean's own curvature stays the expected one; only the covariances' changes.
    twice = _weighted_kronecker(data, inverses, fitted, means=means)
    p = len(mu)
    start = p if means else 0
    information = expected.copy()
    information[start:, start:] = 2 * twice[start:, start:] - expected[start:, start:]
    if means:
        cross = _cross_information(data, inverses, pulled)
        information[:p, p:] = cross
        information[p:, :p] = cross.T
    return information


def moment_score_products(
    data: PatternMoments, sigma: FloatArray, mu: FloatArray, *, means: bool
) -> FloatArray:
    """Sum the products of the scores by means and lower triangle of sigma.

    Scores of a cluster are added up before their products are taken, and the sum is
    multiplied by C / (C - 1) for C clusters, as lavaan does.
    """
    inverses, _ = pattern_inverses(sigma, data.observed)
    pattern = np.repeat(np.arange(len(data.counts)), data.counts.astype(int))
    i, j = np.tril_indices(len(mu))
    half = np.where(i == j, 0.5, 1.0)
    width = len(i) + (len(mu) if means else 0)
    total = np.zeros((width, width))
    by_cluster = np.zeros((0 if data.clusters is None else data.n_independent, width))
    lower = inverses[:, i, j]
    for start in range(0, data.n, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        gaps = np.nan_to_num(data.answers[part] - mu)
        pulled = _by_pattern(gaps, inverses, pattern[part])
        scores = half * (pulled[:, i] * pulled[:, j] - lower[pattern[part]])
        if means:
            scores = np.hstack([pulled, scores])
        if data.clusters is None:
            total += scores.T @ scores
        else:
            np.add.at(by_cluster, data.clusters[part], scores)
    if data.clusters is None:
        return total
    return np.asarray(by_cluster.T @ by_cluster * (len(by_cluster) / (len(by_cluster) - 1)))


def _by_pattern(gaps: FloatArray, inverses: FloatArray, pattern: IntArray) -> FloatArray:
    pulled = np.empty_like(gaps)
    edges = np.flatnonzero(np.diff(pattern)) + 1
    for rows in np.split(np.arange(len(gaps)), edges):
        pulled[rows] = gaps[rows] @ inverses[pattern[rows[0]]]
    return pulled


def _weighted_kronecker(
    data: PatternMoments, first: FloatArray, second: FloatArray, *, means: bool
) -> FloatArray:
    """Give half the trace of E_k first E_l second, symmetrised, summed over respondents.

    E_k changes entry k of the lower triangle of sigma and its mirror image. With two
    inverses this is the expected information; the part of the means is that of `first`.
    """
    p = first.shape[1]
    flat = first.reshape(len(first), -1)
    weighted = data.counts[:, None] * second.reshape(len(second), -1)
    products = (flat.T @ weighted).reshape(p, p, p, p)
    i, j = np.tril_indices(p)
    k, l = i[None, :], j[None, :]  # noqa: E741 (index names of the formula)
    i, j = i[:, None], j[:, None]
    half = np.where(i == j, 0.5, 1.0)
    four = products[i, k, j, l] + products[i, l, j, k]
    four += products[j, k, i, l] + products[j, l, i, k]
    block = 0.5 * half * half.T * four
    if not means:
        return np.asarray(block)
    total = np.zeros((p + len(block),) * 2)
    total[:p, :p] = np.tensordot(data.counts, first, axes=1)
    total[p:, p:] = block
    return total


def _cross_information(
    data: PatternMoments, inverses: FloatArray, pulled: FloatArray
) -> FloatArray:
    """Give the derivative of the slope by the means, taken by the lower triangle of sigma."""
    weighted = data.counts[:, None] * pulled
    products = np.einsum("pab,pc->abc", inverses, weighted)
    i, j = np.tril_indices(inverses.shape[1])
    half = np.where(i == j, 0.5, 1.0)
    return np.asarray(half * (products[:, i, j] + products[:, j, i]))
