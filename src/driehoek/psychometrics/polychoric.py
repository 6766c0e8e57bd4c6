"""Polychoric correlations of ordered answers, a whole matrix at once."""

import logging
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.bivariate_normal import bivariate_cdf, bivariate_density
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, numeric_items
from driehoek.psychometrics.ordinal_tables import OrdinalTables, ordinal_tables

Use = Literal["complete", "pairwise"]

LARGEST = 0.999  # correlations beyond it are reported as lying on the boundary
SMALLEST_CELL = float(np.finfo(float).eps)
_TOLERANCE = 1e-10
_MAX_STEPS = 60
_NOT_POSITIVE = 1e-8

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Polychoric:
    """Polychoric correlations with everything needed to judge them.

    Attributes
    ----------
    correlations : pandas.DataFrame, shape (items, items)
    thresholds : pandas.DataFrame
        Columns item, threshold (1, 2, ...), estimate (in standard deviations of the
        latent response).
    n_pairs : pandas.DataFrame, shape (items, items)
        Respondents behind each correlation (diagonal: behind the thresholds).
    n_respondents, n_excluded : int
        Rows used at least once, and rows left out.
    n_sparse_pairs : int
        Pairs of items whose two-way table has a cell that nobody is in.
    adjusted_pairs : tuple of (str, str)
        2 x 2 tables with one empty cell, to which 0.5 was added, margins kept.
    boundary_pairs : tuple of (str, str)
        Correlations of -0.999 or 0.999, the limit of the search: no estimate inside.
    is_smoothed : bool
        Whether the matrix had to be made positive definite.
    smallest_eigenvalue : float
        Before smoothing.
    largest_change : float
        Largest change of any correlation by smoothing; 0 without smoothing.
    use : {"complete", "pairwise"}
    """

    correlations: pd.DataFrame
    thresholds: pd.DataFrame
    n_pairs: pd.DataFrame
    n_respondents: int
    n_excluded: int
    n_sparse_pairs: int
    adjusted_pairs: tuple[tuple[str, str], ...]
    boundary_pairs: tuple[tuple[str, str], ...]
    is_smoothed: bool
    smallest_eigenvalue: float
    largest_change: float
    use: Use


def polychoric(
    items: pd.DataFrame | npt.ArrayLike, *, use: Use = "pairwise", smooth: bool = True
) -> Polychoric:
    """Estimate the polychoric correlations of all pairs of items in two steps.

    Thresholds come from the margins of each item; each correlation then maximises the
    likelihood of its two-way table.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Ordered answers, 2 to 20 different values an item, NaN where missing.
    use : {"complete", "pairwise"}
        Rows without any missing answer, or all that each item and pair has.
    smooth : bool
        Whether a matrix that is not positive definite has its eigenvalues raised; the
        result and a log warning say so.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items, an item does not vary, or nobody answered
        two of the items.

    Notes
    -----
    Empty cells: 0.5 is added to the one empty cell of a 2 x 2 table, margins kept; two
    empty cells give a correlation on the boundary; larger tables are used as they are.

    References
    ----------
    Olsson (1979), doi:10.1007/BF02296207. Agrees with lavaan 0.6-14 `lavCor`, whose
    rule for empty cells this is.
    """
    frame = numeric_items(items)
    rows = frame.dropna() if use == "complete" else frame.dropna(how="all")
    if rows.shape[1] < 2 or rows.shape[0] < 2:
        msg = (
            f"{rows.shape[1]} items and {rows.shape[0]} usable rows: a polychoric correlation "
            "needs at least two of each."
        )
        raise TooFewDataError(msg)
    tables = ordinal_tables(rows)
    estimates = pair_correlations(tables)
    raw = correlation_matrix(tables, estimates)
    smallest = float(np.linalg.eigvalsh(raw)[0])
    needs_smoothing = smooth and smallest < _NOT_POSITIVE
    matrix = smoothed(raw) if needs_smoothing else raw
    if needs_smoothing:
        logger.warning("polychoric matrix smoothed: smallest eigenvalue was %.3g", smallest)
    return Polychoric(
        correlations=_square(tables, matrix),
        thresholds=_threshold_frame(tables),
        n_pairs=_pair_counts(tables),
        n_respondents=len(rows),
        n_excluded=len(frame) - len(rows),
        n_sparse_pairs=int((_empty_cells(tables) > 0).sum()),
        adjusted_pairs=_named(tables, _is_adjusted(tables)),
        boundary_pairs=_named(tables, np.abs(estimates) >= LARGEST),
        is_smoothed=needs_smoothing,
        smallest_eigenvalue=smallest,
        largest_change=float(np.abs(matrix - raw).max()),
        use=use,
    )


def pair_correlations(tables: OrdinalTables) -> FloatArray:
    """Maximise the likelihood of every two-way table.

    The derivative of the likelihood is followed by scoring steps; a step that leaves
    the interval known to hold the root is replaced by halving that interval.

    Returns
    -------
    numpy.ndarray, shape (pairs,)
    """
    counts = adjusted_tables(tables)
    rows, columns = tables.thresholds[tables.pairs].transpose(1, 0, 2)
    low = np.full(len(counts), -LARGEST)
    high = np.full(len(counts), LARGEST)
    estimates = _starting_values(counts)
    active = np.arange(len(counts))
    for _ in range(_MAX_STEPS):
        rho = estimates[active]
        score, information = _score(counts[active], rows[active], columns[active], rho)
        low[active] = np.where(score >= 0, rho, low[active])
        high[active] = np.where(score <= 0, rho, high[active])
        proposed = rho + score / information
        outside = (proposed <= low[active]) | (proposed >= high[active])
        middle = 0.5 * (low[active] + high[active])
        estimates[active] = np.where(outside & (score != 0), middle, proposed)
        active = active[np.abs(estimates[active] - rho) > _TOLERANCE]
        if not active.size:
            break
    return np.asarray(
        np.where(np.abs(estimates) > LARGEST - 1e-8, np.sign(estimates) * LARGEST, estimates)
    )


def cell_probabilities(
    rows: FloatArray, columns: FloatArray, rho: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the probability of every cell and its derivative by the correlation.

    Parameters
    ----------
    rows, columns : numpy.ndarray, shape (pairs, categories + 1)
    rho : numpy.ndarray, shape (pairs,)

    Returns
    -------
    tuple of two numpy.ndarray, shape (pairs, categories, categories)
        Probabilities are never below the machine's epsilon.
    """
    h, k, r = rows[:, :, None], columns[:, None, :], rho[:, None, None]
    probabilities = np.maximum(_differences(bivariate_cdf(h, k, r)), SMALLEST_CELL)
    return probabilities, _differences(bivariate_density(h, k, r))


def adjusted_tables(tables: OrdinalTables) -> FloatArray:
    """Give the two-way tables with the rule for empty cells applied."""
    counts = tables.tables.copy()
    for pair in np.flatnonzero(_is_adjusted(tables)):
        a, b = np.argwhere(counts[pair, :2, :2] == 0)[0]
        change = np.array([[0.5, -0.5], [-0.5, 0.5]])
        counts[pair, :2, :2] += change if a == b else -change
    return counts


def correlation_matrix(tables: OrdinalTables, estimates: FloatArray) -> FloatArray:
    """Put the correlations of the pairs into a square matrix."""
    matrix = np.eye(len(tables.names))
    i, j = tables.pairs.T
    matrix[i, j] = matrix[j, i] = estimates
    return matrix


def smoothed(matrix: FloatArray) -> FloatArray:
    """Raise the eigenvalues that are not positive and rescale to a correlation matrix.

    References
    ----------
    Wothke (1993), in Bollen & Long, Testing structural equation models; the rule of
    psych's `cor.smooth`, with 1e-8 as the smallest eigenvalue.
    """
    values, vectors = np.linalg.eigh(matrix)
    raised = np.maximum(values, _NOT_POSITIVE)
    rebuilt = (vectors * raised * (raised.size / raised.sum())) @ vectors.T
    scale = np.sqrt(np.diag(rebuilt))
    return np.asarray(rebuilt / np.outer(scale, scale))


def _score(
    counts: FloatArray, rows: FloatArray, columns: FloatArray, rho: FloatArray
) -> tuple[FloatArray, FloatArray]:
    probabilities, slopes = cell_probabilities(rows, columns, rho)
    ratio = slopes / probabilities
    total = counts.sum(axis=(1, 2))
    information = total * np.maximum((slopes * ratio).sum(axis=(1, 2)), 1e-10)
    return (counts * ratio).sum(axis=(1, 2)), information


def _starting_values(counts: FloatArray) -> FloatArray:
    """Correlate the category codes of each table."""
    code = np.arange(counts.shape[1])
    total = counts.sum(axis=(1, 2))
    first, second = counts.sum(axis=2), counts.sum(axis=1)
    mean_first, mean_second = first @ code / total, second @ code / total
    cross = np.einsum("pab,a,b->p", counts, code, code) / total - mean_first * mean_second
    spread = (first @ code**2 / total - mean_first**2) * (second @ code**2 / total - mean_second**2)
    start = cross / np.sqrt(np.maximum(spread, 1e-12))
    return np.asarray(np.clip(start, -0.95, 0.95))


def _differences(surface: FloatArray) -> FloatArray:
    return np.diff(np.diff(surface, axis=1), axis=2)


def _empty_cells(tables: OrdinalTables) -> npt.NDArray[np.int64]:
    used = np.arange(tables.n_categories) <= tables.n_thresholds[:, None]
    i, j = tables.pairs.T
    exists = used[i][:, :, None] & used[j][:, None, :]
    return np.asarray(((tables.tables == 0) & exists).sum(axis=(1, 2)))


def _is_adjusted(tables: OrdinalTables) -> npt.NDArray[np.bool_]:
    is_binary = (tables.n_thresholds[tables.pairs] == 1).all(axis=1)
    return np.asarray(is_binary & (_empty_cells(tables) == 1))


def _named(tables: OrdinalTables, chosen: npt.NDArray[np.bool_]) -> tuple[tuple[str, str], ...]:
    return tuple((tables.names[j], tables.names[i]) for i, j in tables.pairs[chosen])


def _square(tables: OrdinalTables, matrix: FloatArray) -> pd.DataFrame:
    return pd.DataFrame(matrix, index=list(tables.names), columns=list(tables.names))


def _threshold_frame(tables: OrdinalTables) -> pd.DataFrame:
    item, position = tables.threshold_rows()
    return pd.DataFrame(
        {
            "item": [tables.names[j] for j in item],
            "threshold": position,
            "estimate": tables.thresholds[item, position],
        }
    )


def _pair_counts(tables: OrdinalTables) -> pd.DataFrame:
    i, j = tables.pairs.T
    counts = np.diag(tables.frequencies.sum(axis=1))
    counts[i, j] = counts[j, i] = tables.tables.sum(axis=(1, 2))
    return _square(tables, counts).astype(int)
