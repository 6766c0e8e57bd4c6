"""Columns of a design that carry nothing of their own, named in words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 1e-7  # share of a column's spread that must be its own; R's lm uses the same
NAMED = 1e-6


def redundant_columns(matrix: Floats, labels: Sequence[str]) -> dict[int, str]:
    """Find constant columns and columns that the ones before them determine.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
        Without intercept; the model is taken to have one.
    labels : sequence of str
        What each column is called in the reasons.

    Returns
    -------
    dict
        Position of each redundant column with the reason; empty where there is none.
    """
    spread = matrix - matrix.mean(axis=0)
    norms = np.linalg.norm(spread, axis=0)
    sizes = np.linalg.norm(matrix, axis=0)
    reasons: dict[int, str] = {}
    basis: list[Floats] = []
    kept: list[int] = []
    for j, label in enumerate(labels):
        if norms[j] <= 1e-10 * sizes[j]:
            reasons[j] = f"{label} is the same in every row used, so it has no coefficient"
            continue
        own = _own_part(spread[:, j] / norms[j], basis)
        size = np.linalg.norm(own)
        if size < TOLERANCE:
            shares = _shares(spread[:, kept], spread[:, j], norms[kept], norms[j])
            causes = [labels[k] for k, share in zip(kept, shares, strict=True) if share > NAMED]
            reasons[j] = (
                f"{label} is fully determined by {' and '.join(causes)}, so that their effects "
                "cannot be told apart; it was left out of the fit"
            )
            continue
        basis.append(own / size)
        kept.append(j)
    return reasons


def mean_filled(matrix: Floats) -> Floats:
    """Put its mean where a column has no value: who misses the same stays as dependent."""
    return np.where(np.isnan(matrix), np.nanmean(matrix, axis=0), matrix)


def _own_part(column: Floats, basis: list[Floats]) -> Floats:
    for _ in range(2):  # once more, for what rounding left behind
        for direction in basis:
            column = column - direction * (direction @ column)
    return column


def _shares(
    before: Floats,
    column: Floats,
    norms: Floats,
    norm: float,
) -> Floats:
    weights, *_ = np.linalg.lstsq(before / norms, column / norm, rcond=None)
    shares: Floats = np.abs(weights)
    return shares
