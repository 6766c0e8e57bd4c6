"""Differences between sample and implied moments."""

from collections.abc import Sequence

import numpy as np

from driehoek.psychometrics.cfa.implied import Implied
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.moments import FloatArray


def srmr(
    samples: Sequence[Moments], implied: Sequence[Implied], shares: FloatArray, *, means: bool
) -> float:
    """Give the standardised root mean square residual.

    Residuals are divided by the sample's standard deviations (Bentler's definition).

    Parameters
    ----------
    samples, implied : sequence, one a group
    shares : numpy.ndarray, shape (groups,)
        Share of each group in the respondents.
    means : bool
        Whether residuals of the means count as well.

    References
    ----------
    Bentler (1995), EQS structural equations program manual. Agrees with lavaan's
    `srmr`.
    """
    roots = [
        np.sqrt(np.mean(_standard_residuals(sample, fitted, means=means) ** 2))
        for sample, fitted in zip(samples, implied, strict=True)
    ]
    return float(shares @ np.array(roots))


def _standard_residuals(sample: Moments, fitted: Implied, *, means: bool) -> FloatArray:
    sd = np.sqrt(np.diag(sample.sigma))
    lower = np.tril_indices(len(sd))
    residuals = ((sample.sigma - fitted.sigma) / np.outer(sd, sd))[lower]
    if means:
        residuals = np.concatenate([residuals, (sample.mu - fitted.mu) / sd])
    return np.asarray(residuals)
