"""What a twin might give away: rows that one person alone gave, and targets read from keys."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd


def replicated_uniques(real: np.ndarray, synthetic: np.ndarray) -> np.ndarray:
    """Tell which synthetic rows repeat a row that stands once among the real ones.

    Parameters
    ----------
    real : numpy.ndarray, shape (n, k)
    synthetic : numpy.ndarray, shape (m, k)

    Returns
    -------
    numpy.ndarray of bool, shape (m,)

    References
    ----------
    The replicated uniques of synthpop's ``replicated.uniques``: Nowok, Raab & Dibben (2016),
    doi:10.18637/jss.v074.i11.
    """
    counts: dict[bytes, int] = {}
    for row in _packed(real):
        counts[row] = counts.get(row, 0) + 1
    return np.array([counts.get(row) == 1 for row in _packed(synthetic)], dtype=bool)


def rep_u(real: pd.DataFrame, synthetic: pd.DataFrame, keys: Sequence[str]) -> float:
    """Give repU: the share of real rows whose keys stand once in both tables.

    Parameters
    ----------
    real, synthetic : pandas.DataFrame
    keys : sequence of str
        What an intruder knows.

    Returns
    -------
    float
        0 to 1; NaN without real rows.

    References
    ----------
    Raab, Nowok & Dibben (2025), doi:10.29012/jpc.937, repU.
    """
    if real.empty:
        return float("nan")
    here, there = (Counter(_keyed(table, keys)) for table in (real, synthetic))
    return sum(n == 1 and there[key] == 1 for key, n in here.items()) / len(real)


def disco(real: pd.DataFrame, synthetic: pd.DataFrame, keys: Sequence[str], target: str) -> float:
    """Give DiSCO: the share of real rows whose target the twin tells, and tells rightly.

    A row counts where every synthetic row with its keys has one and the same target, and that
    target is the row's own.

    Parameters
    ----------
    real, synthetic : pandas.DataFrame
    keys : sequence of str
        What an intruder knows.
    target : str
        What they want to know.

    Returns
    -------
    float
        0 to 1; NaN without real rows.

    References
    ----------
    Raab, Nowok & Dibben (2025), doi:10.29012/jpc.937, DiSCO, as in synthpop's ``disclosure``.
    """
    if real.empty:
        return float("nan")
    told: dict[tuple[str, ...], set[str]] = {}
    for key, value in zip(_keyed(synthetic, keys), synthetic[target].astype(str), strict=True):
        told.setdefault(key, set()).add(value)
    pairs = zip(_keyed(real, keys), real[target].astype(str), strict=True)
    return float(np.mean([told.get(key) == {value} for key, value in pairs]))


def _keyed(table: pd.DataFrame, keys: Sequence[str]) -> list[tuple[str, ...]]:
    columns = [table[key].astype(str) for key in keys]
    return list(zip(*columns, strict=True)) if columns else [()] * len(table)


def _packed(rows: np.ndarray) -> list[bytes]:
    return ["\x1f".join(map(str, row)).encode() for row in rows.tolist()]
