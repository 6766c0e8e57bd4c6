"""Which rows a model can use, and why the others fall out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CompleteRows:
    """The rows that have a value in every variable of a model.

    Attributes
    ----------
    mask : numpy.ndarray of bool, shape (rows,)
        True where the row is used.
    excluded : pandas.DataFrame
        ``reason`` (which variables are missing together) and ``n``, most frequent first. Each
        excluded row counts once: the counts add up to ``n_excluded``.
    n, n_excluded : int
        Rows used and rows left out.
    """

    mask: NDArray[np.bool_]
    excluded: pd.DataFrame
    n: int
    n_excluded: int


def complete_rows(frame: pd.DataFrame, names: Sequence[str]) -> CompleteRows:
    """Find the rows that have a value in every named variable.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
    names : sequence of str
        The variables of the model; the reasons name them in this order.
    """
    columns = list(dict.fromkeys(names))
    is_missing = frame[columns].isna().to_numpy(dtype=bool)
    mask: NDArray[np.bool_] = np.logical_not(is_missing.any(axis=1))
    patterns, counts = np.unique(is_missing[~mask], axis=0, return_counts=True)
    reasons = [
        "missing: " + ", ".join(c for c, gone in zip(columns, pattern, strict=True) if gone)
        for pattern in patterns
    ]
    excluded = pd.DataFrame({"reason": pd.Series(reasons, dtype=str), "n": counts.astype(int)})
    ordered = excluded.sort_values(["n", "reason"], ascending=[False, True], ignore_index=True)
    return CompleteRows(mask, ordered, int(mask.sum()), int((~mask).sum()))
