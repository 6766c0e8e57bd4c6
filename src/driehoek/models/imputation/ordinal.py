"""Imputation of ordered answers by proportional odds, for all imputations at once."""

import numpy as np
from scipy.special import expit

from driehoek.models.imputation.matching import Floats

STEPS = 12
PRIOR = 0.1  # precision of a normal prior on standardised slopes: perfect separation does no harm
SMALLEST = 1e-9


def drawn_categories(
    y: Floats, observed: Floats, missing: Floats, rng: np.random.Generator
) -> Floats:
    """Draw ordered answers from a proportional-odds model.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Observed answers; their distinct values are the categories.
    observed, missing : numpy.ndarray, shape (m, p, n) and (m, p, k)
        Predictors, intercept first.

    Returns
    -------
    numpy.ndarray, shape (m, k)
        Answers drawn given parameters drawn from the normal approximation of their posterior.

    References
    ----------
    McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x; Van Buuren (2018), section 3.6.
    """
    levels, codes = np.unique(y, return_inverse=True)
    if len(levels) == 1:
        return np.full((missing.shape[0], missing.shape[2]), levels[0])
    centre = observed[:, 1:].mean(axis=2, keepdims=True)
    spread = observed[:, 1:].std(axis=2, keepdims=True)
    spread = np.where(spread > 0, spread, 1.0)
    x, new = (observed[:, 1:] - centre) / spread, (missing[:, 1:] - centre) / spread
    parameters, precision = posterior_mode(codes, len(levels), x)
    lower = np.linalg.inv(np.linalg.cholesky(precision))
    normal = rng.standard_normal((*parameters.shape, 1))
    drawn = parameters + np.matmul(lower.swapaxes(1, 2), normal)[:, :, 0]
    cuts = np.sort(drawn[:, : len(levels) - 1], axis=1)
    eta = np.matmul(drawn[:, None, len(levels) - 1 :], new)[:, 0]
    below = expit(cuts[:, :, None] - eta[:, None, :])
    values: Floats = levels[(rng.random(eta.shape)[:, None, :] > below).sum(axis=1)]
    return values


def posterior_mode(codes: np.ndarray, n_levels: int, x: Floats) -> tuple[Floats, Floats]:
    """Find posterior modes of thresholds and slopes by Fisher scoring, with their precision."""
    m, p, n = x.shape
    shares = np.cumsum(np.bincount(codes, minlength=n_levels))[:-1] / n
    parameters = np.concatenate([np.log(shares / (1 - shares)), np.zeros(p)])
    parameters = np.repeat(parameters[None], m, axis=0)
    prior = np.zeros(n_levels - 1 + p)
    prior[n_levels - 1 :] = PRIOR
    precision = np.zeros((m, len(prior), len(prior)))
    for _ in range(STEPS):
        score, precision = _derivatives(parameters, codes, n_levels, x)
        score -= prior * parameters
        precision[:, np.arange(len(prior)), np.arange(len(prior))] += prior
        step = np.linalg.solve(precision, score[:, :, None])[:, :, 0]
        parameters = parameters + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-4:
            break
    return parameters, precision


def _derivatives(
    parameters: Floats, codes: np.ndarray, n_levels: int, x: Floats
) -> tuple[Floats, Floats]:
    """Give score and expected information of thresholds (first) and slopes."""
    m, p, n = x.shape
    k = n_levels - 1
    eta = np.matmul(parameters[:, None, k:], x)
    below = expit(parameters[:, :k, None] - eta)
    density = below * (1 - below)
    edge, none = np.ones((m, 1, n)), np.zeros((m, 1, n))
    cumulative = np.concatenate([none, below, edge], axis=1)
    slope = np.concatenate([none, density, none], axis=1)
    probability = np.maximum(np.diff(cumulative, axis=1), SMALLEST)
    at = np.arange(n)
    own = probability[:, codes, at]
    upper, lower = slope[:, codes + 1, at] / own, slope[:, codes, at] / own
    score = np.zeros((m, k + p))
    for cut in range(k):
        score[:, cut] = (upper * (codes == cut) - lower * (codes == cut + 1)).sum(axis=1)
    score[:, k:] = -np.matmul(x, (upper - lower)[:, :, None])[:, :, 0]
    weight = (np.diff(slope, axis=1) ** 2 / probability).sum(axis=1)
    information = np.zeros((m, k + p, k + p))
    steps = np.diff(slope, axis=1) / probability
    for cut in range(k):
        information[:, cut, cut] = (
            density[:, cut] ** 2 * (1 / probability[:, cut] + 1 / probability[:, cut + 1])
        ).sum(axis=1)
        if cut + 1 < k:
            shared = -(density[:, cut] * density[:, cut + 1] / probability[:, cut + 1]).sum(axis=1)
            information[:, cut, cut + 1] = information[:, cut + 1, cut] = shared
        cross = -density[:, cut] * (steps[:, cut] - steps[:, cut + 1])
        mixed = np.matmul(x, cross[:, :, None])[:, :, 0]
        information[:, cut, k:] = information[:, k:, cut] = mixed
    information[:, k:, k:] = np.matmul(x * weight[:, None, :], x.swapaxes(1, 2))
    return score, information
