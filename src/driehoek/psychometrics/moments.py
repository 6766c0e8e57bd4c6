"""Means and covariances of the items of one scale, and the rows they rest on."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.errors import TooFewDataError

FloatArray = npt.NDArray[np.float64]
Use = Literal["complete", "pairwise"]

# Sums of products carry rounding error of this order; a correlation past 1 by less is 1.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class ItemMoments:
    """First and second moments of the items of one scale.

    Attributes
    ----------
    names : tuple of str
        The items, in the order of all arrays here.
    means : numpy.ndarray, shape (items,)
        In response-scale points.
    covariance : numpy.ndarray, shape (items, items)
        Divisor n - 1; from pairwise rows it need not be positive semi-definite.
    pair_counts : numpy.ndarray, shape (items, items)
        Rows behind each covariance; all equal when complete rows are used.
    n_respondents, n_excluded : int
        Rows used at least once, and rows left out: those with any missing answer
        (complete) or with no answer at all (pairwise).
    """

    names: tuple[str, ...]
    means: FloatArray
    covariance: FloatArray
    pair_counts: npt.NDArray[np.int64]
    n_respondents: int
    n_excluded: int

    @property
    def constant(self) -> tuple[str, ...]:
        """Items with one and the same answer in every row used."""
        spread = np.diag(self.covariance)
        return tuple(name for name, value in zip(self.names, spread, strict=True) if value <= 0)


def numeric_items(items: pd.DataFrame | npt.ArrayLike) -> pd.DataFrame:
    """Return the answers as a float frame, missing answers as NaN.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Unnamed columns are called ``item_1``, ``item_2`` and so on.

    Raises
    ------
    ValueError
        If answers are not numbers, are infinite, or two items have one name.
    """
    if not isinstance(items, pd.DataFrame):
        values = np.asarray(items, dtype=float)
        columns = [f"item_{position + 1}" for position in range(values.shape[1])]
        items = pd.DataFrame(values, columns=columns)
    names = [str(name) for name in items.columns]
    if len(set(names)) < len(names):
        msg = f"Two items have the same name: {_listed(names)}. Give each item its own name."
        raise ValueError(msg)
    wrong = [
        name for name, column in zip(names, items, strict=True) if not _is_numeric(items[column])
    ]
    if wrong:
        msg = f"Items {_listed(wrong)} hold something else than numbers; code the answers first."
        raise ValueError(msg)
    values = items.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        msg = "An answer is infinite; answers are finite numbers or missing."
        raise ValueError(msg)
    return pd.DataFrame(values, columns=names, index=items.index)


def item_moments(items: pd.DataFrame | npt.ArrayLike, *, use: Use = "complete") -> ItemMoments:
    """Compute means and covariances from complete rows or from each pair's own rows.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Answers in response-scale points, missing as NaN.
    use : {"complete", "pairwise"}
        ``"pairwise"`` is meant for planned missingness, where few rows are complete.
        Each covariance then takes its means from its own rows.

    Raises
    ------
    TooFewDataError
        If a covariance would rest on fewer than two rows.

    References
    ----------
    Agrees with: R ``cov(use = "complete.obs")`` and ``cov(use = "pairwise")``.
    """
    answers = numeric_items(items)
    kept = answers.dropna(how="any" if use == "complete" else "all")
    observed = kept.notna().to_numpy()
    counts = observed.T.astype(np.int64) @ observed
    _refuse_thin_pairs(counts, kept, use)
    values = kept.to_numpy()
    shift = np.nanmin(values, axis=0)
    shifted = np.where(observed, values - shift, 0.0)
    sums = shifted.T @ observed
    covariance = (shifted.T @ shifted - sums * sums.T / counts) / (counts - 1)
    return ItemMoments(
        names=tuple(kept.columns),
        means=shift + np.diag(sums) / np.diag(counts),
        covariance=covariance,
        pair_counts=counts,
        n_respondents=len(kept),
        n_excluded=len(answers) - len(kept),
    )


def correlations(covariance: FloatArray) -> FloatArray:
    """Scale a covariance matrix by its diagonal; NaN where an item is constant."""
    spread = np.sqrt(np.diag(covariance))
    spread = np.where(spread > 0, spread, np.nan)
    return np.asarray(covariance / np.outer(spread, spread))


def refuse_constant(names: tuple[str, ...], n_respondents: int) -> None:
    """Raise where items do not vary.

    Raises
    ------
    TooFewDataError
        If `names` is not empty.
    """
    if names:
        msg = (
            f"Everyone gave the same answer ({n_respondents} rows) to {_listed(list(names))}; "
            "such an item says nothing about reliability. Leave it out, or wait for more answers."
        )
        raise TooFewDataError(msg)


def refuse_undefined(correlations: pd.DataFrame) -> None:
    """Raise where a correlation is missing: an item that does not vary has none.

    Raises
    ------
    TooFewDataError
        If a value is not a number; the message names the items that have no correlation at all.
    """
    absent = correlations.isna()
    if absent.to_numpy().any():
        unknown = absent.sum()
        worst = [str(name) for name in unknown.index[unknown == unknown.max()]]
        msg = (
            f"Correlations of {_listed(worst)} are missing: an item that everyone answered alike, "
            "or that nobody answered together with another, has none. Leave it out."
        )
        raise TooFewDataError(msg)


def refuse_few_items(moments: ItemMoments) -> None:
    """Raise where there is no sum of items to speak of.

    Raises
    ------
    TooFewDataError
        If there are fewer than two items.
    """
    if len(moments.names) < 2:
        msg = f"Found {len(moments.names)} item; reliability of a sum needs at least 2."
        raise TooFewDataError(msg)


def refuse_level(confidence: float) -> None:
    """Raise where the level of an interval is no proportion.

    Raises
    ------
    ValueError
        If it does not lie between 0 and 1.
    """
    if not 0 < confidence < 1:
        msg = f"The level of an interval lies between 0 and 1, for example 0.95; got {confidence}."
        raise ValueError(msg)


def _refuse_thin_pairs(counts: npt.NDArray[np.int64], kept: pd.DataFrame, use: Use) -> None:
    if len(kept) < 2:
        rows = "with every item answered" if use == "complete" else "with an answer"
        msg = f"Found {len(kept)} rows {rows} on {_listed(list(kept.columns))}; need at least 2."
        raise TooFewDataError(msg)
    thin = np.argwhere(np.triu(counts) < np.triu(np.full_like(counts, 2)))
    if len(thin):
        first, second = (str(kept.columns[position]) for position in thin[0])
        both = f"{first!r}" if first == second else f"both {first!r} and {second!r}"
        msg = f"Fewer than 2 rows answer {both}, so their covariance is unknown."
        raise TooFewDataError(msg)


def _is_numeric(answers: pd.Series) -> bool:
    kind = answers.dtype
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)
