"""Resampling: how often each unit is drawn, and the interval of what comes out."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

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
