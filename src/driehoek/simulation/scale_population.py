"""A population of answers to one scale, and what is true of it in closed form."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from driehoek.psychometrics.bivariate_normal import bivariate_cdf
from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.one_factor import fit_one_factor
from driehoek.psychometrics.one_factor_scoring import PatternMoments

LOADINGS = np.array([0.8, 0.7, 0.6, 0.7, 0.5])
# Most people choose the lowest options, as with burden: skewed answers on five options.
SKEWED = np.tile([-0.2, 0.6, 1.2, 1.8], (len(LOADINGS), 1))
# The same, with items that differ in how often they are agreed with.
SPREAD = SKEWED + np.array([[-0.6], [-0.3], [0.0], [0.3], [0.6]])
# Share of the factor and of each error that two members of one triad have in common.
SHARED_FACTOR, SHARED_ERROR = 0.4, 0.2
_MANY = 1e6


@dataclass(frozen=True, slots=True)
class Truth:
    """Population values of the sum of the items."""

    alpha: float
    lambda2: float
    lambda6: float
    omega_total: float
    omega_categorical: float
    scalability_h: float


def latent_answers(n: int, rng: np.random.Generator, *, in_pairs: bool = False) -> FloatArray:
    """Draw latent answers of n respondents, alone or as two members of n / 2 triads.

    Members stand side by side: rows 0 and 1 are one triad.
    """
    k = len(LOADINGS)
    factor, errors = rng.standard_normal((n, 1)), rng.standard_normal((n, k))
    if in_pairs:
        common = np.repeat(rng.standard_normal((n // 2, 1 + k)), 2, axis=0)
        factor = np.sqrt(SHARED_FACTOR) * common[:, :1] + np.sqrt(1 - SHARED_FACTOR) * factor
        errors = np.sqrt(SHARED_ERROR) * common[:, 1:] + np.sqrt(1 - SHARED_ERROR) * errors
    return np.asarray(factor * LOADINGS + errors * np.sqrt(1 - LOADINGS**2))


def categorised(latent: FloatArray, limits: FloatArray = SKEWED) -> FloatArray:
    """Cut latent answers into options 1, 2, ...; limits of each item, or of all."""
    every = np.broadcast_to(limits, (latent.shape[1], limits.shape[-1]))
    return np.asarray((latent[:, :, None] > every).sum(axis=2) + 1.0)


def truth_of_normal_items() -> Truth:
    """Give the population values of the latent answers themselves."""
    covariance = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(covariance, 1.0)
    return _truth(covariance, np.nan, np.nan)


def truth_of_options(limits: FloatArray = SKEWED) -> Truth:
    """Give the population values of the answers on options."""
    k = len(LOADINGS)
    rho = np.outer(LOADINGS, LOADINGS)
    shared, most = np.zeros((k, k)), np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            shared[i, j] = _covariance(limits[i], limits[j], rho[i, j])
            most[i, j] = _largest(limits[i], limits[j])
    off = ~np.eye(k, dtype=bool)
    covariance = np.where(off, shared, most)
    h = shared[off].sum() / most[off].sum()
    return _truth(covariance, float(shared.sum() / covariance.sum()), float(h))


def quadratic_kappa(limits: FloatArray, rho: float) -> float:
    """Give the quadratic kappa of two answers with one and the same margin."""
    return float(_covariance(limits, limits, rho) / _largest(limits, limits))


def _covariance(first: FloatArray, second: FloatArray, rho: float) -> float:
    joint = bivariate_cdf(first[:, None], second[None, :], np.array(rho))
    return float((joint - ndtr(first)[:, None] * ndtr(second)[None, :]).sum())


def _largest(first: FloatArray, second: FloatArray) -> float:
    """Give the largest covariance of two items that their margins allow."""
    shares = 1 - ndtr(first), 1 - ndtr(second)
    both = np.minimum(shares[0][:, None], shares[1][None, :]).sum()
    return float(both - shares[0].sum() * shares[1].sum())


def _truth(covariance: FloatArray, categorical: float, h: float) -> Truth:
    k = len(covariance)
    moments = PatternMoments(
        observed=np.ones((1, k), dtype=bool),
        counts=np.full((1, 1), _MANY),
        sums=np.zeros((1, 1, k)),
        products=_MANY * covariance[None, None],
    )
    return Truth(
        alpha=float(coefficient("alpha", covariance)),
        lambda2=float(coefficient("lambda2", covariance)),
        lambda6=float(coefficient("lambda6", covariance)),
        omega_total=float(fit_one_factor(moments).omega[0]),
        omega_categorical=categorical,
        scalability_h=h,
    )
