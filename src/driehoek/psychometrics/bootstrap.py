"""Resampling: how often each unit is drawn, and the interval of what comes out."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

FloatArray = npt.NDArray[np.float64]
Bootstrap = Literal["percentile", "bca"]

# Numbers held at once for the draws of one block: 2 million floats are 16 MB.
_BLOCK = 2_000_000


def draw_counts(
    copies: npt.ArrayLike, n_boot: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Draw bootstrap samples of units, in blocks that bound the memory.

    Units with the same content are one entry with its number of copies: drawing rows and
    drawing counts of distinct rows are the same experiment, and the result then does not
    depend on the order of the rows.

    Parameters
    ----------
    copies : array-like of int, shape (distinct units,)
        How often each distinct unit occurs; the sum is the size of a sample.
    n_boot : int
        Number of samples.
    rng : numpy.random.Generator
        The same state gives the same samples, however they are cut into blocks.

    Yields
    ------
    numpy.ndarray, shape (samples in the block, distinct units)
        How often each distinct unit is drawn.

    References
    ----------
    Efron & Tibshirani (1993), An introduction to the bootstrap, ch. 6.
    """
    copies = np.asarray(copies, dtype=np.int64)
    total = int(copies.sum())
    size = max(1, _BLOCK // len(copies))
    for first in range(0, n_boot, size):
        samples = min(size, n_boot - first)
        yield rng.multinomial(total, copies / total, size=samples).astype(float)


def left_out_counts(copies: npt.ArrayLike) -> Iterator[FloatArray]:
    """Leave one copy of each distinct unit out, for the jackknife, in blocks as `draw_counts`."""
    whole = np.asarray(copies, dtype=float)
    size = max(1, _BLOCK // len(whole))
    for first in range(0, len(whole), size):
        block = np.tile(whole, (min(size, len(whole) - first), 1))
        rows = np.arange(len(block))
        block[rows, first + rows] -= 1
        yield block


def percentile_interval(draws: FloatArray, confidence: float) -> tuple[float, float]:
    """Return the percentile interval of bootstrap estimates.

    Parameters
    ----------
    draws : numpy.ndarray, shape (samples,)
        Estimates without NaN.
    confidence : float
        Between 0 and 1.

    References
    ----------
    Efron & Tibshirani (1993), An introduction to the bootstrap, ch. 13; quantiles of
    type 7 (Hyndman & Fan, 1996, doi:10.2307/2684934), as R's ``quantile``.
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)


def bca_interval(
    draws: FloatArray,
    estimate: float,
    left_out: FloatArray,
    copies: npt.ArrayLike,
    confidence: float,
) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval of bootstrap estimates.

    Parameters
    ----------
    draws : numpy.ndarray, shape (samples,)
        Estimates without NaN.
    estimate : float
        Of the sample itself.
    left_out : numpy.ndarray, shape (distinct units,)
        Estimates with one copy of each unit left out; NaN where there is none.
    copies : array-like of int, shape (distinct units,)
        How often each distinct unit occurs.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        NaN where every draw lies on one side of the estimate.

    References
    ----------
    Efron (1987), doi:10.1080/01621459.1987.10478410, section 6; acceleration by the jackknife:
    Efron & Tibshirani (1993), eq. 14.15.
    """
    below = (np.mean(draws < estimate) + np.mean(draws <= estimate)) / 2
    if not 0 < below < 1:
        return float("nan"), float("nan")
    bias = ndtri(below)
    known = ~np.isnan(left_out)
    weights, values = np.asarray(copies, dtype=float)[known], left_out[known]
    apart = np.average(values, weights=weights) - values
    spread = weights @ apart**2
    acceleration = weights @ apart**3 / (6 * spread**1.5) if spread > 0 else 0.0
    z = bias + ndtri([(1 - confidence) / 2, (1 + confidence) / 2])
    low, high = np.quantile(draws, ndtr(bias + z / (1 - acceleration * z)))
    return float(low), float(high)
