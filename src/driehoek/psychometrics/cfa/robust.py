"""Corrections of the likelihood's chi-square for non-normal and incomplete answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from driehoek.psychometrics.cfa.moment_information import (
    moment_information,
    moment_score_products,
)
from driehoek.psychometrics.cfa.sample import Moments, PatternMoments
from driehoek.psychometrics.moments import FloatArray


@dataclass(frozen=True, slots=True)
class Saturated:
    """Information about the moments of one group at their own estimates.

    Attributes
    ----------
    information : numpy.ndarray, shape (moments, moments)
        Observed, of all respondents together.
    products : numpy.ndarray, shape (moments, moments)
        Sum of the products of the respondents' scores.
    """

    information: FloatArray
    products: FloatArray


def saturated_information(data: PatternMoments, moments: Moments, *, means: bool) -> Saturated:
    """Give observed information and score products of the model without restrictions."""
    return Saturated(
        moment_information(data, moments.sigma, moments.mu, means=means, observed=True),
        moment_score_products(data, moments.sigma, moments.mu, means=means),
    )


def incomplete_correction(
    counts: Sequence[int],
    samples: Sequence[Moments],
    saturated: Sequence[Saturated],
    fitted: Sequence[Moments],
    delta: FloatArray,
    *,
    robust: bool,
) -> tuple[float, float]:
    """Give chi-square as complete answers would have had it, and the sum of its weights.

    The model, at its full-information estimates, is compared with the EM moments as if
    these came from complete answers; the trace says what such a statistic is on average
    under a true model.

    Parameters
    ----------
    counts : sequence of int
        Respondents of each group.
    samples, fitted : sequence of Moments
        EM moments and those implied by the model.
    saturated : sequence of Saturated
    delta : numpy.ndarray, shape (moments of all groups, n_free)
        Derivatives of the implied moments.
    robust : bool
        Whether answers may be non-normal as well (V3), or only incomplete (V6).

    Returns
    -------
    tuple of float
        Statistic and trace; trace divided by df is the scaling factor.

    References
    ----------
    Zhang & Savalei (2023), doi:10.1037/met0000445: FIML-C. Agrees with
    lavaan 0.6-14 `cfi.robust` and `rmsea.robust`.
    """
    observed = block_diag(*[part.information for part in saturated])
    complete = block_diag(
        *[n * complete_information(sample.sigma) for n, sample in zip(counts, samples, strict=True)]
    )
    weighted = observed @ delta
    residual = observed - weighted @ np.linalg.solve(delta.T @ weighted, weighted.T)
    inverse = np.linalg.inv(observed)
    pulled = inverse @ residual @ inverse
    if robust:
        products = block_diag(*[part.products for part in saturated])
        trace = np.sum((pulled @ complete @ pulled) * products)
    else:
        trace = np.sum(complete * pulled)
    statistic = sum(
        n * discrepancy(sample, part.sigma, part.mu)
        for n, sample, part in zip(counts, samples, fitted, strict=True)
    )
    return float(statistic), float(trace)


def discrepancy(moments: Moments, sigma: FloatArray, mu: FloatArray) -> float:
    """Give the normal discrepancy between complete sample moments and implied ones."""
    inverse = np.linalg.inv(sigma)
    gap = moments.mu - mu
    logarithms = np.linalg.slogdet(sigma)[1] - np.linalg.slogdet(moments.sigma)[1]
    return float(logarithms + np.sum(inverse * moments.sigma) - len(gap) + gap @ inverse @ gap)


def complete_information(sigma: FloatArray) -> FloatArray:
    """Give one complete respondent's expected information about means and covariances."""
    one = PatternMoments(
        answers=np.zeros((1, len(sigma))),
        observed=np.ones((1, len(sigma))),
        counts=np.ones(1),
        means=np.zeros((1, len(sigma))),
        covariances=np.zeros((1, *sigma.shape)),
    )
    return moment_information(one, sigma, np.zeros(len(sigma)), means=True, observed=False)
