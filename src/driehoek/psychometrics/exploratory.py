"""Exploratory factor analysis of a correlation matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import chdtrc

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, refuse_undefined
from driehoek.psychometrics.rotation import Rotation, rotate

Extraction = Literal["minres", "ml"]

_LOWEST = 0.005  # of a uniqueness; reached only in a Heywood case


@dataclass(frozen=True, slots=True)
class ExploratoryFactors:
    """Factors found in a correlation matrix.

    Attributes
    ----------
    loadings : pandas.DataFrame, shape (items, factors)
        Pattern coefficients.
    factor_correlations : pandas.DataFrame, shape (factors, factors)
    communalities : pandas.Series
        Share of each item's variance that the factors explain.
    chisq, p : float
        Of the test that so many factors suffice (ml only; else NaN).
    df : int
    rmsr : float
        Root mean square of the residual correlations.
    n : int
        Respondents.
    extraction, rotation : str
    warnings : tuple of str
        Heywood cases, in words.
    """

    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    communalities: pd.Series
    chisq: float
    df: int
    p: float
    rmsr: float
    n: int
    extraction: Extraction
    rotation: Rotation
    warnings: tuple[str, ...]


def explore_factors(
    correlations: pd.DataFrame,
    n_factors: int,
    *,
    n: int,
    extraction: Extraction = "minres",
    rotation: Rotation = "oblimin",
    rng: np.random.Generator | None = None,
    n_starts: int = 1,
) -> ExploratoryFactors:
    """Extract factors from correlations and rotate them.

    Parameters
    ----------
    correlations : pandas.DataFrame, shape (items, items)
        Pearson or polychoric.
    n_factors : int
    n : int
        Respondents behind the correlations.
    extraction : {"minres", "ml"}
        Smallest residuals, or maximum likelihood (normal answers).
    rotation : str
        As of `rotate`.
    rng, n_starts
        As of `rotate`.

    Raises
    ------
    TooFewDataError
        If so many factors cannot be identified, a correlation is missing, or maximum
        likelihood meets a singular matrix.

    References
    ----------
    Harman & Jones (1966), doi:10.1007/BF02289468; Jöreskog (1967),
    doi:10.1007/BF02289658; test: Bartlett (1950). Agrees with psych 2.2.9 `fa`.
    """
    matrix = correlations.to_numpy(float)
    refuse_undefined(correlations)
    df = _degrees_of_freedom(matrix, n_factors, extraction)
    unique = _uniquenesses(matrix, n_factors, extraction)
    loadings = _LOADINGS[extraction](matrix, unique, n_factors)[0]
    turned = rotate(loadings, rotation, rng=rng, n_starts=n_starts)
    fitted = loadings @ loadings.T
    residuals = (matrix - fitted)[np.tril_indices(len(matrix), -1)]
    chisq = _chi_square(matrix, unique, n_factors, n) if extraction == "ml" else np.nan
    names = [f"factor_{k + 1}" for k in range(n_factors)]
    return ExploratoryFactors(
        loadings=pd.DataFrame(turned.loadings, index=correlations.columns, columns=names),
        factor_correlations=pd.DataFrame(turned.correlations, index=names, columns=names),
        communalities=pd.Series(np.diag(fitted), index=correlations.columns),
        chisq=chisq,
        df=df,
        p=float(chdtrc(df, chisq)) if df > 0 and np.isfinite(chisq) else np.nan,
        rmsr=float(np.sqrt((residuals**2).mean())),
        n=n,
        extraction=extraction,
        rotation=rotation,
        warnings=_heywood_warnings(correlations, unique),
    )


def _degrees_of_freedom(matrix: FloatArray, n_factors: int, extraction: Extraction) -> int:
    p = len(matrix)
    df = ((p - n_factors) ** 2 - p - n_factors) // 2
    if n_factors < 1 or df < 0:
        msg = f"{p} items cannot identify {n_factors} factors."
        raise TooFewDataError(msg)
    if extraction == "ml" and np.linalg.eigvalsh(matrix)[0] < 1e-10:
        msg = "The correlation matrix is singular: use minres, or leave an item out."
        raise TooFewDataError(msg)
    return df


def _heywood_warnings(correlations: pd.DataFrame, unique: FloatArray) -> tuple[str, ...]:
    return tuple(
        f"The factors explain {name} wholly (a Heywood case): too many factors, too few "
        "respondents, or two items that are nearly the same."
        for name in correlations.columns[unique <= _LOWEST * 1.001]
    )


def _uniquenesses(matrix: FloatArray, n_factors: int, extraction: Extraction) -> FloatArray:
    start = 1 / np.diag(np.linalg.inv(matrix + 1e-8 * np.eye(len(matrix))))

    def objective(unique: FloatArray) -> tuple[float, FloatArray]:
        _, value, slope = _LOADINGS[extraction](matrix, unique, n_factors)
        return value, slope

    found = minimize(
        objective,
        np.clip(start, 2 * _LOWEST, 1 - 1e-3),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LOWEST, 1.0)] * len(matrix),
        options={"ftol": 1e-15, "gtol": 1e-8, "maxiter": 2000},
    )
    return np.asarray(found.x)


def _minres(
    matrix: FloatArray, unique: FloatArray, n_factors: int
) -> tuple[FloatArray, float, FloatArray]:
    """Give loadings, half the squared residuals, and their slope by the uniquenesses."""
    values, vectors = np.linalg.eigh(matrix - np.diag(unique))
    kept = np.maximum(values[::-1][:n_factors], 0)
    loadings = vectors[:, ::-1][:, :n_factors] * np.sqrt(kept)
    residuals = matrix - np.diag(unique) - loadings @ loadings.T
    return loadings, 0.5 * float((residuals**2).sum()), -np.diag(residuals)


def _maximum_likelihood(
    matrix: FloatArray, unique: FloatArray, n_factors: int
) -> tuple[FloatArray, float, FloatArray]:
    """Give loadings, the discrepancy, and its slope by the uniquenesses."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(matrix / np.outer(root, root))
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = np.sqrt(np.maximum(values[:n_factors] - 1, 0))
    loadings = root[:, None] * vectors[:, :n_factors] * kept
    rest = values[n_factors:]
    slope = np.diag(loadings @ loadings.T + np.diag(unique) - matrix) / unique**2
    return loadings, float((rest - np.log(rest) - 1).sum()), slope


def _chi_square(matrix: FloatArray, unique: FloatArray, n_factors: int, n: int) -> float:
    _, discrepancy, _ = _maximum_likelihood(matrix, unique, n_factors)
    return (n - 1 - (2 * len(matrix) + 5) / 6 - 2 * n_factors / 3) * discrepancy


_LOADINGS = {"minres": _minres, "ml": _maximum_likelihood}
