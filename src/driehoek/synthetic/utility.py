"""How well a twin keeps the distributions of the real answers."""

import numpy as np
import numpy.typing as npt
import pandas as pd


def standardised_pmse(real: npt.ArrayLike, synthetic: npt.ArrayLike) -> float:
    """Give the standardised propensity score mean squared error of one categorical variable.

    With c the synthetic share and, in each category, p that share among its rows, pMSE is the
    mean of (p - c)^2; its expectation under a right synthesis is (k - 1)(1 - c)^2 c / N.

    Parameters
    ----------
    real, synthetic : array-like of str
        Categories, kinds of missing answers among them.

    Returns
    -------
    float
        About 1 where the synthesis is right; synthpop takes up to 3 as good, 10 as acceptable.
        NaN with fewer than two categories.

    References
    ----------
    Snoke, Raab, Nowok, Dibben & Slavkovic (2018), doi:10.1111/rssa.12358, equations 1 and 2;
    Raab, Nowok & Dibben (2021), arXiv:2109.12717, as in synthpop's ``utility.tab``.
    """
    first, second = np.asarray(real), np.asarray(synthetic)
    values, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    k, total = len(values), len(codes)
    if k < 2 or not len(first) or not len(second):
        return float("nan")
    count = np.bincount(codes, minlength=k)
    drawn = np.bincount(codes[len(first) :], minlength=k)
    c = len(second) / total
    pmse = float((count * (drawn / count - c) ** 2).sum() / total)
    return pmse / ((k - 1) * (1 - c) ** 2 * c / total)


def paired_pmse(real: pd.DataFrame, synthetic: pd.DataFrame) -> pd.DataFrame:
    """Give the standardised pMSE of the tables of each variable with each other one.

    Parameters
    ----------
    real, synthetic : pandas.DataFrame
        The same columns of categories. A column with one category in both is no table.

    Returns
    -------
    pandas.DataFrame
        A row a column: ``pairs_median`` and ``pairs_max`` of `standardised_pmse` over its tables
        with the others; NaN without any.

    References
    ----------
    Raab, Nowok & Dibben (2021), arXiv:2109.12717: two-way tables show which relations a synthesis
    has lost.
    """
    codes = {
        name: np.unique(pd.concat([real[name], synthetic[name]]), return_inverse=True)[1]
        for name in real
    }
    codes = {name: code for name, code in codes.items() if code.any()}
    names, n = list(codes), len(real)
    found = np.full((len(names), len(names)), np.nan)
    for i, name in enumerate(names):
        for j in range(i):
            cells = codes[name] * (codes[names[j]].max() + 1) + codes[names[j]]
            found[i, j] = found[j, i] = standardised_pmse(cells[:n], cells[n:])
    table = pd.DataFrame(found, index=names)
    columns = {"pairs_median": table.median(axis=1), "pairs_max": table.max(axis=1)}
    return pd.DataFrame(columns).reindex(real.columns)
