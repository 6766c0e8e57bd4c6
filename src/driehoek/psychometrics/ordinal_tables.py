"""Ordered answers as category codes, their thresholds, and all two-way tables at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray

IntArray = npt.NDArray[np.int64]

INFINITE = 30.0  # the normal distribution is 0 or 1 to the last digit well before it
MAX_CATEGORIES = 20
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class OrdinalTables:
    """Category codes of ordered items with their one- and two-way frequencies.

    Attributes
    ----------
    names : tuple of str
        The items, in the order of all arrays here.
    categories : tuple of numpy.ndarray
        The values each item took, ascending.
    codes : numpy.ndarray, shape (respondents, items)
        0 for the lowest value; a missing answer has the code `n_categories`.
    thresholds : numpy.ndarray, shape (items, n_categories + 1)
        Limits of the latent response, from minus to plus `INFINITE`; items with
        fewer categories are filled up with plus `INFINITE`.
    frequencies : numpy.ndarray, shape (items, n_categories)
    pairs : numpy.ndarray, shape (pairs, 2)
        Positions of the two items, the lower triangle column by column.
    tables : numpy.ndarray, shape (pairs, n_categories, n_categories)
        Respondents who answered both items.
    """

    names: tuple[str, ...]
    categories: tuple[FloatArray, ...]
    codes: npt.NDArray[np.int16]
    thresholds: FloatArray
    frequencies: FloatArray
    pairs: IntArray
    tables: FloatArray

    @property
    def n_categories(self) -> int:
        """Give the largest number of categories of any item."""
        return int(self.frequencies.shape[1])

    @property
    def n_thresholds(self) -> IntArray:
        """Give the number of thresholds of each item."""
        return np.array([len(values) - 1 for values in self.categories])

    def threshold_rows(self) -> tuple[IntArray, IntArray]:
        """Give the item and the position of every threshold, item after item."""
        item = np.repeat(np.arange(len(self.names)), self.n_thresholds)
        position = np.concatenate([np.arange(1, n + 1) for n in self.n_thresholds])
        return item, position


def ordinal_tables(items: pd.DataFrame) -> OrdinalTables:
    """Code the answers and count them.

    Parameters
    ----------
    items : pandas.DataFrame, shape (respondents, items)
        Floats, NaN where no answer was given. Every row counts where it has answers.

    Raises
    ------
    TooFewDataError
        If an item has fewer than two different answers, more than 20, or two items
        were never answered together.
    """
    names = tuple(str(name) for name in items.columns)
    answers = items.to_numpy(float)
    categories = _categories(names, answers)
    size = max(len(values) for values in categories)
    codes = np.full(answers.shape, size, dtype=np.int16)
    for j, values in enumerate(categories):
        given = ~np.isnan(answers[:, j])
        codes[given, j] = np.searchsorted(values, answers[given, j])
    pairs = np.array([(i, j) for j in range(len(names)) for i in range(j + 1, len(names))])
    pairs = pairs.reshape(-1, 2).astype(np.int64)
    joint = _joint_counts(codes, size)
    frequencies = np.einsum("iaia->ia", joint)
    tables = joint[pairs[:, 0], :, pairs[:, 1], :]
    _refuse_empty_pairs(names, pairs, tables)
    return OrdinalTables(
        names, categories, codes, _thresholds(frequencies, categories), frequencies, pairs, tables
    )


def two_way_counts(codes: npt.NDArray[np.int16], size: int, pairs: IntArray) -> FloatArray:
    """Count the respondents in every cell of the table of each pair of items.

    Parameters
    ----------
    codes : numpy.ndarray, shape (respondents, items)
        As of `OrdinalTables`.
    size : int
        Largest number of categories.
    pairs : numpy.ndarray, shape (pairs, 2)

    Returns
    -------
    numpy.ndarray, shape (pairs, size, size)
    """
    return np.asarray(_joint_counts(codes, size)[pairs[:, 0], :, pairs[:, 1], :])


def _categories(names: tuple[str, ...], answers: FloatArray) -> tuple[FloatArray, ...]:
    found = tuple(np.unique(column[~np.isnan(column)]) for column in np.asfortranarray(answers).T)
    constant = [name for name, values in zip(names, found, strict=True) if len(values) < 2]
    if constant:
        msg = (
            f"Every respondent gave the same answer (or none) to {', '.join(constant)}: "
            "such an item has no polychoric correlation. Leave it out."
        )
        raise TooFewDataError(msg)
    many = [name for name, values in zip(names, found, strict=True) if len(values) > MAX_CATEGORIES]
    if many:
        msg = (
            f"{', '.join(many)}: more than {MAX_CATEGORIES} different answers. "
            "Treat such an item as a number, not as ordered categories."
        )
        raise TooFewDataError(msg)
    return found


def _joint_counts(codes: npt.NDArray[np.int16], size: int) -> FloatArray:
    n_rows, n_items = codes.shape
    joint = np.zeros((n_items * size, n_items * size))
    options = np.arange(size, dtype=np.int16)
    for start in range(0, n_rows, _ROWS_AT_ONCE):
        chosen = codes[start : start + _ROWS_AT_ONCE, :, None] == options
        flat = chosen.reshape(len(chosen), -1).astype(np.float32)
        joint += flat.T @ flat
    return joint.reshape(n_items, size, n_items, size)


def _thresholds(frequencies: FloatArray, categories: tuple[FloatArray, ...]) -> FloatArray:
    shares = np.cumsum(frequencies, axis=1) / frequencies.sum(axis=1, keepdims=True)
    inner = np.full(frequencies.shape, INFINITE)
    for j, values in enumerate(categories):
        inner[j, : len(values) - 1] = ndtri(shares[j, : len(values) - 1])
    return np.column_stack([np.full(len(frequencies), -INFINITE), inner])


def _refuse_empty_pairs(names: tuple[str, ...], pairs: IntArray, tables: FloatArray) -> None:
    never = np.flatnonzero(tables.sum(axis=(1, 2)) == 0)
    if never.size:
        i, j = pairs[never[0]]
        msg = (
            f"Nobody answered both {names[i]} and {names[j]} ({never.size} such pairs of items): "
            "their correlation cannot be estimated."
        )
        raise TooFewDataError(msg)
