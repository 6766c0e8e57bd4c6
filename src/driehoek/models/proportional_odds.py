"""The proportional-odds model of an ordered outcome."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.likelihood import LikelihoodFit
from driehoek.models.likelihood_models import fit_logistic, refuse_separation
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]

STEPS = 100


def fit_proportional_odds(
    outcome: NDArray[np.int64], matrix: Floats, labels: tuple[str, ...]
) -> LikelihoodFit:
    """Fit logit P(y <= j) = threshold_j - x b.

    By Newton's method on exact derivatives: statsmodels' ``OrderedModel`` takes them numerically,
    which leaves some five digits.

    Parameters
    ----------
    outcome : numpy.ndarray of int, shape (n,)
        Category from 0 to J - 1, each of them taken.
    matrix : numpy.ndarray, shape (n, k)
        Without intercept.
    labels : tuple of str
        Of its columns.

    Returns
    -------
    LikelihoodFit
        Coefficients, then thresholds (``threshold_1``, ...).

    Raises
    ------
    TooFewDataError
        If predictors separate the categories perfectly, or Newton's method does not end.

    References
    ----------
    McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x. Agrees with: R ordinal ``clm``.
    """
    upper, lower = _sides(outcome, matrix)
    rising = np.vstack([upper[_ends(upper)], -lower[_ends(lower)]])
    refuse_separation(rising, None, matrix.std(axis=0), labels)
    n_cuts = int(outcome.max())
    shares = np.array([(outcome <= j).mean() for j in range(n_cuts)])
    found = np.concatenate([np.zeros(matrix.shape[1]), special.logit(shares)])
    height, scores, information = _derivatives(found, upper, lower)
    for _ in range(STEPS):
        step = np.linalg.solve(information, scores.sum(axis=0))
        size = 1.0
        while size > 1e-6:
            trial = found + size * step
            new = _derivatives(trial, upper, lower)
            if new[0] >= height - 1e-12 * abs(height):
                break
            size /= 2
        found, (height, scores, information) = trial, new
        if np.abs(step).max() < 1e-11 * (1 + np.abs(found).max()):
            cuts = tuple(f"threshold_{j + 1}" for j in range(n_cuts))
            return LikelihoodFit((*labels, *cuts), found, information, scores, height, np.empty(0))
    msg = "the proportional-odds model did not converge; use fewer terms or join categories."
    raise TooFewDataError(msg)


def brant(
    outcome: NDArray[np.int64],
    matrix: Floats,
    labels: tuple[str, ...],
    clusters: NDArray[np.int64] | None,
) -> tuple[dict[str, tuple[float, int, float]], str]:
    """Test that a coefficient is the same at every cut of the categories.

    Parameters
    ----------
    outcome, matrix, labels
        As in `fit_proportional_odds`; three categories or more.
    clusters : numpy.ndarray of int, shape (n,), optional
        Then the covariance between cuts is the sandwich of cluster sums.

    Returns
    -------
    dict and str
        Chi-square, its degrees of freedom and p by column, "" for all together; or none, with
        the reason.

    References
    ----------
    Brant (1990), doi:10.2307/2532457.
    """
    n_cuts, k = int(outcome.max()), matrix.shape[1]
    design, named = np.column_stack([np.ones(len(matrix)), matrix]), ("intercept", *labels)
    try:
        fits = [fit_logistic((outcome > j).astype(float), design, named) for j in range(n_cuts)]
    except TooFewDataError:
        return {}, "at one cut of the categories the predictors separate the outcomes perfectly"
    breads = [np.linalg.inv(fit.information) for fit in fits]
    b = np.concatenate([fit.estimates[1:] for fit in fits])
    covariance = np.empty((n_cuts * k, n_cuts * k))
    for j in range(n_cuts):
        for m in range(n_cuts):
            middle = _between(fits[j], fits[m], j, m, design, clusters)
            block = (breads[j] @ middle @ breads[m])[1:, 1:]
            covariance[j * k : (j + 1) * k, m * k : (m + 1) * k] = block
    contrasts = np.zeros(((n_cuts - 1) * k, n_cuts * k))
    for j in range(n_cuts - 1):
        contrasts[j * k : (j + 1) * k, :k] = np.eye(k)
        contrasts[j * k : (j + 1) * k, (j + 1) * k : (j + 2) * k] = -np.eye(k)
    tests = {"": _wald(contrasts, b, covariance)}
    for place, label in enumerate(labels):
        tests[label] = _wald(contrasts[place::k], b, covariance)
    return tests, ""


def _between(
    first: LikelihoodFit,
    second: LikelihoodFit,
    j: int,
    m: int,
    design: Floats,
    clusters: NDArray[np.int64] | None,
) -> Floats:
    if clusters is None:
        high, low = (second, first) if m >= j else (first, second)
        weights = high.fitted * (1 - low.fitted)
        expected: Floats = (design.T * weights) @ design
        return expected
    sums = np.zeros((2, int(clusters.max()) + 1, design.shape[1]))
    np.add.at(sums[0], clusters, first.scores)
    np.add.at(sums[1], clusters, second.scores)
    found: Floats = sums[0].T @ sums[1] * len(sums[0]) / (len(sums[0]) - 1)
    return found


def _wald(contrasts: Floats, b: Floats, covariance: Floats) -> tuple[float, int, float]:
    gap = contrasts @ b
    chi2 = float(gap @ np.linalg.solve(contrasts @ covariance @ contrasts.T, gap))
    return chi2, len(gap), float(special.chdtrc(len(gap), max(chi2, 0.0)))


def _sides(outcome: NDArray[np.int64], matrix: Floats) -> tuple[Floats, Floats]:
    """Give the rows whose product with the parameters is the upper and lower end of a category."""
    n_cuts = int(outcome.max())
    cuts = np.eye(n_cuts)
    above = np.vstack([cuts, np.zeros(n_cuts)])[outcome]
    below = np.vstack([np.zeros(n_cuts), cuts])[outcome]
    upper, lower = np.column_stack([-matrix, above]), np.column_stack([-matrix, below])
    upper[outcome == n_cuts] = 0
    lower[outcome == 0] = 0
    return upper, lower


def _ends(side: Floats) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (side != 0).any(axis=1)
    return found


def _derivatives(found: Floats, upper: Floats, lower: Floats) -> tuple[float, Floats, Floats]:
    """Give the log-likelihood, the scores of each row and the information."""
    top = np.where(_ends(upper), upper @ found, math.inf)
    bottom = np.where(_ends(lower), lower @ found, -math.inf)
    high, low = special.expit(top), special.expit(bottom)
    share = np.where(top > 0, special.expit(-bottom) - special.expit(-top), high - low)
    if (share <= 0).any():
        return -math.inf, upper, np.eye(len(found))
    f, g = high * (1 - high), low * (1 - low)
    scores = (f[:, None] * upper - g[:, None] * lower) / share[:, None]
    curved = (upper.T * (f * (1 - 2 * high) / share)) @ upper
    curved -= (lower.T * (g * (1 - 2 * low) / share)) @ lower
    return float(np.log(share).sum()), scores, scores.T @ scores - curved
