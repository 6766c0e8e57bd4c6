"""What the bootstrap of a scale draws: distinct rows, or clusters of rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.one_factor_scoring import PatternMoments

FloatArray = npt.NDArray[np.float64]

# Rows worked on at once, to bound the memory.
_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows of answers and what is resampled.

    Attributes
    ----------
    rows : shape (rows, items)
        Above the lowest answer to the item; zero where missing.
    observed : shape (patterns, items)
    pattern : shape (rows,)
        Row of `observed` that says which items were answered.
    unit : shape (rows,)
        Resampling unit that the row belongs to.
    copies : shape (units,)
        How often the unit occurs.
    """

    rows: FloatArray
    observed: npt.NDArray[np.bool_]
    pattern: npt.NDArray[np.intp]
    unit: npt.NDArray[np.intp]
    copies: npt.NDArray[np.int64]


def rows_and_units(values: FloatArray, groups: npt.NDArray[np.intp] | None) -> Answers:
    """Choose what is resampled: clusters, or distinct rows, sorted, whatever their order was.

    Parameters
    ----------
    values : numpy.ndarray, shape (respondents, items)
        Answers, missing as NaN; at least one in each row and column.
    groups : numpy.ndarray of int, shape (respondents,), or None
        Cluster of each row, numbered from 0; None to resample single rows.
    """
    shifted = values - np.nanmin(values, axis=0)
    if groups is None:
        columns = list(range(values.shape[1]))
        sizes = pd.DataFrame(shifted).groupby(columns, dropna=False, sort=True).size()
        shifted = sizes.index.to_frame().to_numpy(dtype=float)
        copies = np.asarray(sizes, dtype=np.int64)
        unit = np.arange(len(copies))
    else:
        unit, copies = groups, np.ones(int(groups.max()) + 1, dtype=np.int64)
    seen = ~np.isnan(shifted)
    filled = np.where(seen, shifted, 0.0)
    observed, pattern = np.unique(seen, axis=0, return_inverse=True)
    return Answers(filled, observed, pattern.reshape(-1), unit, copies)


def pattern_moments(answers: Answers, drawn: FloatArray) -> PatternMoments:
    """Sum the answers per pattern, weighted by how often each unit was drawn.

    Parameters
    ----------
    answers : Answers
    drawn : numpy.ndarray, shape (samples, units)
        How often each sample holds each unit.
    """
    n_samples, (n_patterns, k) = len(drawn), answers.observed.shape
    counts = np.zeros((n_samples, n_patterns))
    sums = np.zeros((n_samples, n_patterns, k))
    products = np.zeros((n_samples, n_patterns, k * k))
    for pattern in range(n_patterns):
        of_pattern = np.flatnonzero(answers.pattern == pattern)
        for first in range(0, len(of_pattern), _ROWS):
            block = of_pattern[first : first + _ROWS]
            weights, values = drawn[:, answers.unit[block]], answers.rows[block]
            counts[:, pattern] += weights.sum(axis=1)
            sums[:, pattern] += weights @ values
            pairs = (values[:, :, None] * values[:, None, :]).reshape(len(block), -1)
            products[:, pattern] += weights @ pairs
    return PatternMoments(
        answers.observed, counts, sums, products.reshape(n_samples, n_patterns, k, k)
    )


def cluster_codes(clusters: npt.ArrayLike | pd.Series, keep: pd.Series) -> npt.NDArray[np.intp]:
    """Give the clusters of the rows kept numbers, in order of first appearance.

    Parameters
    ----------
    clusters : array-like, shape (respondents,)
        Labels; a Series must have the row labels of the answers.
    keep : pandas.Series of bool, shape (respondents,)
        Rows in use.

    Raises
    ------
    ValueError
        If labels do not belong to the rows, or a row in use has none.
    TooFewDataError
        If all rows in use belong to one cluster.
    """
    if isinstance(clusters, pd.Series) and not clusters.index.equals(keep.index):
        msg = "The clusters and the items have different row labels; take both from one frame."
        raise ValueError(msg)
    labels = pd.Series(np.asarray(clusters, dtype=object))
    if len(labels) != len(keep):
        msg = f"Found {len(labels)} cluster labels for {len(keep)} rows; need one a row."
        raise ValueError(msg)
    used = labels[keep.to_numpy()]
    if used.isna().any():
        msg = f"{int(used.isna().sum())} rows have no cluster label (triad); give each row one."
        raise ValueError(msg)
    codes, found = pd.factorize(used)
    if len(found) < 2:
        msg = "All rows belong to one cluster (triad); a bootstrap of clusters needs at least 2."
        raise TooFewDataError(msg)
    return codes
