"""How well a twin keeps the distributions of the real answers."""

import numpy as np
import numpy.typing as npt


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
