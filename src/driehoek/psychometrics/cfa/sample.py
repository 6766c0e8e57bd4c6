"""Sample moments of one group, grouped by which items a respondent answered."""

from dataclasses import dataclass

import numpy as np

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray

_EM_TOLERANCE = 1e-9
_EM_STEPS = 2000


@dataclass(frozen=True, slots=True)
class PatternMoments:
    """Moments of one group by pattern of answered items.

    Attributes
    ----------
    answers : numpy.ndarray, shape (respondents, items)
        NaN where missing; sorted by pattern.
    observed : numpy.ndarray, shape (patterns, items)
        1 where the pattern has an answer, else 0.
    counts : numpy.ndarray, shape (patterns,)
        Respondents of each pattern.
    means : numpy.ndarray, shape (patterns, items)
        0 where the pattern has no answer.
    covariances : numpy.ndarray, shape (patterns, items, items)
        Divisor: the respondents of the pattern; 0 where it has no answer.
    clusters : numpy.ndarray of shape (respondents,), or None
        Number of each respondent's cluster; None where all are independent.
    """

    answers: FloatArray
    observed: FloatArray
    counts: FloatArray
    means: FloatArray
    covariances: FloatArray
    clusters: IntArray | None = None

    @property
    def n_independent(self) -> int:
        """Give the number of independent units: clusters, or else respondents."""
        return self.n if self.clusters is None else int(self.clusters.max()) + 1

    @property
    def n(self) -> int:
        """Give the number of respondents."""
        return len(self.answers)

    @property
    def is_complete(self) -> bool:
        """Say whether everybody answered every item."""
        return bool(len(self.counts) == 1 and self.observed.all())


@dataclass(frozen=True, slots=True)
class Moments:
    """Means and covariances of one group without any model.

    Attributes
    ----------
    mu : numpy.ndarray, shape (items,)
    sigma : numpy.ndarray, shape (items, items)
        Maximum likelihood: divisor n, or by EM where answers are missing.
    """

    mu: FloatArray
    sigma: FloatArray


def pattern_moments(answers: FloatArray, clusters: IntArray | None = None) -> PatternMoments:
    """Sort respondents by pattern and take each pattern's moments."""
    given = ~np.isnan(answers)
    if given.all():
        mu = answers.mean(axis=0)
        centred = answers - mu
        sigma = centred.T @ centred / len(answers)
        everything = np.ones((1, answers.shape[1]))
        return PatternMoments(
            answers, everything, np.array([float(len(answers))]), mu[None], sigma[None], clusters
        )
    observed, pattern, counts = np.unique(given, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(pattern.ravel(), kind="stable")
    answers = answers[order]
    filled = np.where(np.isnan(answers), 0.0, answers)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    means = np.add.reduceat(filled, starts, axis=0) / counts[:, None]
    p = answers.shape[1]
    covariances = np.empty((len(counts), p, p))
    for k, (start, count) in enumerate(zip(starts, counts, strict=True)):
        centred = (filled[start : start + count] - means[k]) * observed[k]
        covariances[k] = centred.T @ centred / count
    return PatternMoments(
        answers,
        observed.astype(float),
        counts.astype(float),
        means,
        covariances,
        None if clusters is None else clusters[order],
    )


def pattern_inverses(sigma: FloatArray, observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Invert the part of sigma that each pattern sees.

    Returns
    -------
    tuple of numpy.ndarray, shapes (patterns, items, items) and (patterns,)
        Inverses, zero outside the pattern, and log-determinants.

    Raises
    ------
    numpy.linalg.LinAlgError
        If sigma is not positive definite.
    """
    both = observed[:, :, None] * observed[:, None, :]
    padded = both * sigma
    diagonal = np.arange(len(sigma))
    padded[:, diagonal, diagonal] += 1 - observed
    roots = np.linalg.cholesky(padded)
    logarithms = 2 * np.log(roots[:, diagonal, diagonal]).sum(axis=1)
    return np.linalg.inv(padded) * both, logarithms


def saturated_moments(data: PatternMoments) -> Moments:
    """Estimate means and covariances by maximum likelihood, without a model.

    Raises
    ------
    NotEstimableError
        If the covariance matrix is singular, or too many answers are missing.

    References
    ----------
    EM: Dempster, Laird & Rubin (1977), as Schafer (1997), section 5.3.
    """
    if data.is_complete:
        return Moments(data.means[0], data.covariances[0])
    moments = _available_moments(data)
    before = -np.inf
    for _ in range(_EM_STEPS):
        inverses, logarithms = pattern_inverses(moments.sigma, data.observed)
        gaps = (data.means - moments.mu) * data.observed
        spread = data.covariances + gaps[:, :, None] * gaps[:, None, :]
        fit = logarithms + np.einsum("pab,pab->p", inverses, spread)
        likelihood = -0.5 * float(data.counts @ fit)
        if likelihood - before < _EM_TOLERANCE:
            return moments
        before = likelihood
        moments = _em_step(data, moments, inverses, gaps, spread)
    msg = (
        "The means and covariances could not be estimated from the answers at hand: too many "
        "answers are missing, or some items are never answered together."
    )
    raise NotEstimableError(msg)


def _available_moments(data: PatternMoments) -> Moments:
    mu = np.nanmean(data.answers, axis=0)
    return Moments(mu, np.diag(np.nanvar(data.answers, axis=0)))


def _em_step(
    data: PatternMoments,
    moments: Moments,
    inverses: FloatArray,
    gaps: FloatArray,
    spread: FloatArray,
) -> Moments:
    regressions = moments.sigma @ inverses
    predicted = np.einsum("pab,pb->pa", regressions, gaps)
    shift = data.counts @ predicted / data.n
    remaining = moments.sigma - regressions @ moments.sigma
    second = regressions @ spread @ regressions.transpose(0, 2, 1) + remaining
    sigma = np.tensordot(data.counts, second, axes=1) / data.n - np.outer(shift, shift)
    return Moments(moments.mu + shift, 0.5 * (sigma + sigma.T))
