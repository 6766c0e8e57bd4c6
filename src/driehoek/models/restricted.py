"""Likelihood of a linear model whose groups of rows have a covariance of their own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from driehoek.models.patterns import Pattern

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The (restricted) likelihood at one covariance, fixed effects at their best.

    Attributes
    ----------
    b : numpy.ndarray, shape (columns,)
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X.
    log_likelihood : float
        With all constants; for the basis of X that the sums were taken on.
    slopes : list of numpy.ndarray
        For each pattern the derivative of -2 log-likelihood by V, shape (m, m).
    """

    b: Floats
    covariance: Floats
    log_likelihood: float
    slopes: list[Floats]


class NotPositiveError(ValueError):
    """A covariance is not positive definite, or the design is not of full rank under it."""


def likelihood(
    patterns: Sequence[Pattern], covariances: Sequence[Floats], *, is_restricted: bool
) -> Likelihood:
    """Evaluate the likelihood and its slopes by the covariance of each pattern.

    Parameters
    ----------
    patterns : sequence of Pattern
        Sums of the columns of X and, last, the outcome.
    covariances : sequence of numpy.ndarray, shape (m, m)
        V of each pattern.
    is_restricted : bool
        REML or ML.

    Raises
    ------
    NotPositiveError
        If there is no likelihood at these covariances.

    References
    ----------
    Harville (1977), doi:10.1080/01621459.1977.10480998.
    """
    inverses, log_determinant = _inverses(covariances, [pattern.n for pattern in patterns])
    cross = sum(
        np.einsum("ab,abpq->pq", inverse, pattern.cross)
        for inverse, pattern in zip(inverses, patterns, strict=True)
    )
    k = len(cross) - 1
    sign, log_information = np.linalg.slogdet(cross[:k, :k])
    if sign <= 0:
        msg = "the design is not of full rank"
        raise NotPositiveError(msg)
    covariance = np.linalg.inv(cross[:k, :k])
    b = covariance @ cross[:k, k]
    away = np.append(-b, 1.0)
    n = sum(pattern.n * len(pattern.places) for pattern in patterns)
    total = log_determinant + float(cross[k, k] - b @ cross[:k, k])
    total += (n - k if is_restricted else n) * math.log(2 * math.pi)
    total += float(log_information) if is_restricted else 0.0
    slopes = []
    for inverse, pattern in zip(inverses, patterns, strict=True):
        spread = np.einsum("abpq,p,q->ab", pattern.cross, away, away)
        if is_restricted:
            spread = spread + np.einsum("abpq,pq->ab", pattern.cross[:, :, :k, :k], covariance)
        slopes.append(pattern.n * inverse - inverse @ spread @ inverse)
    return Likelihood(b, covariance, -total / 2, slopes)


def _inverses(covariances: Sequence[Floats], counts: Sequence[int]) -> tuple[list[Floats], float]:
    inverses, log_determinant = list[Floats](), 0.0
    for covariance, n in zip(covariances, counts, strict=True):
        sign, log_value = np.linalg.slogdet(covariance)
        if sign <= 0 or not math.isfinite(log_value):
            msg = "a covariance is not positive definite"
            raise NotPositiveError(msg)
        inverses.append(np.linalg.inv(covariance).astype(np.float64))
        log_determinant += n * float(log_value)
    return inverses, log_determinant
