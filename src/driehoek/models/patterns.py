"""Sums over groups that share one layout, so that a likelihood's cost does not grow with n."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Groups whose rows lie in the same places.

    Attributes
    ----------
    places : tuple of int
        What each of the m rows of such a group is: a member, or a person's rank.
    n : int
        Groups.
    cross : numpy.ndarray, shape (m, m, columns, columns)
        Sum over the groups of w_a w_b' for rows a and b.
    """

    places: tuple[int, ...]
    n: int
    cross: Floats


def pattern_sums(columns: Floats, groups: Codes, places: Codes) -> list[Pattern]:
    """Sum cross-products of rows over the groups of each layout.

    Parameters
    ----------
    columns : numpy.ndarray, shape (rows, columns)
    groups : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps, sorted.
    places : numpy.ndarray of int, shape (rows,)
        Place of each row in its group; sorted within groups.

    Returns
    -------
    list of Pattern
        Ordered by size and places.
    """
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(np.append(starts, len(groups)))
    return [
        pattern
        for size in np.unique(sizes).tolist()
        for pattern in _of_size(columns, places, starts[sizes == size], size)
    ]


def _of_size(
    columns: Floats, places: Codes, starts: NDArray[np.intp], size: int
) -> Iterator[Pattern]:
    rows = starts[:, None] + np.arange(size)
    layouts, owner = np.unique(places[rows], axis=0, return_inverse=True)
    owner = owner.reshape(-1)
    k = columns.shape[1]
    for number, layout in enumerate(layouts):
        own = rows[owner == number]
        stacked = columns[own].reshape(len(own), size * k)
        cross = (stacked.T @ stacked).reshape(size, k, size, k).transpose(0, 2, 1, 3)
        yield Pattern(tuple(layout.tolist()), len(own), np.ascontiguousarray(cross))
