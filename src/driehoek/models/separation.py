"""Predictors that reproduce an outcome so well that no finite coefficient exists."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]

SIZE = 1e-7  # of a direction or a gain, below which only rounding is left


def separating(rising: Floats, flat: Floats | None = None) -> Floats | None:
    """Find a direction in which the likelihood rises for ever.

    Parameters
    ----------
    rising : numpy.ndarray, shape (m, k)
        Each row times the coefficients makes its observation the more likely the larger it is,
        without end.
    flat : numpy.ndarray, shape (l, k), optional
        Rows whose product must stay zero: observations that determine it.

    Returns
    -------
    numpy.ndarray, shape (k,), or None
        Coefficients that no observation speaks against and some are glad of; None where the
        maximum exists.

    References
    ----------
    Albert & Anderson (1984), doi:10.1093/biomet/71.1.1; as a linear programme: Konis (2007), DPhil
    thesis, Oxford; counts: Correia, Guimaraes & Zylkin (2020), doi:10.1177/1536867X20909691.
    """
    k = rising.shape[1]
    if not len(rising):
        return None
    sizes = np.abs(rising).max(axis=0)
    sizes[sizes == 0] = 1
    scaled = rising / sizes
    equal = None if flat is None or not len(flat) else flat / sizes
    found = linprog(
        -scaled.sum(axis=0),
        A_ub=-scaled,
        b_ub=np.zeros(len(scaled)),
        A_eq=equal,
        b_eq=None if equal is None else np.zeros(len(equal)),
        bounds=[(-1, 1)] * k,
        method="highs",
    )
    if found.status != 0 or -found.fun < SIZE * max(len(scaled), 1):
        return None
    direction: Floats = found.x / sizes
    return direction


def separated_by(
    direction: Floats, rising: Floats, flat: Floats | None, labels: Sequence[str], sizes: Floats
) -> list[str]:
    """Name the columns that a separation rests on: those without which there is none.

    Parameters
    ----------
    direction, rising, flat
        From and for `separating`; the first columns are those of `labels`.
    labels : sequence of str
    sizes : numpy.ndarray, shape (len(labels),)
        Spread of each column; 0 for the intercept.
    """
    weights = np.abs(direction[: len(labels)]) * sizes
    found = [place for place, weight in enumerate(weights) if weight > SIZE]
    needed = [place for place in found if not _separates_without(place, rising, flat)]
    return [labels[place] for place in needed or found]


def _separates_without(place: int, rising: Floats, flat: Floats | None) -> bool:
    kept = np.arange(rising.shape[1]) != place
    return separating(rising * kept, None if flat is None else flat * kept) is not None
