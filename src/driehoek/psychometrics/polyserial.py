"""Correlations between measured and ordered variables, one matrix for both."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr

from driehoek.psychometrics.bivariate_normal import normal_density
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, numeric_items
from driehoek.psychometrics.ordinal_tables import ordinal_tables
from driehoek.psychometrics.polychoric import LARGEST, SMALLEST_CELL, polychoric


@dataclass(frozen=True, slots=True)
class MixedCorrelations:
    """Correlations of measured variables and latent responses.

    Attributes
    ----------
    correlations : pandas.DataFrame, shape (variables, variables)
        Pearson between measured, polyserial between measured and ordered, polychoric
        between ordered variables. Not smoothed.
    smallest_eigenvalue : float
        Below 0 if the matrix is no proper correlation matrix.
    n_respondents, n_excluded : int
        Complete rows, and rows left out.
    """

    correlations: pd.DataFrame
    smallest_eigenvalue: float
    n_respondents: int
    n_excluded: int


def mixed_correlations(data: pd.DataFrame, *, ordered: Collection[str]) -> MixedCorrelations:
    """Correlate measured and ordered variables from complete rows.

    Parameters
    ----------
    data : pandas.DataFrame, shape (respondents, variables)
    ordered : collection of str
        The columns that hold ordered categories.

    Raises
    ------
    TooFewDataError
        If a variable does not vary, or fewer than three complete rows remain.

    References
    ----------
    Olsson, Drasgow & Dorans (1982), doi:10.1007/BF02294164, two-step estimator. Agrees
    with lavaan 0.6-14 `lavCor`.
    """
    frame = numeric_items(data)
    complete = frame.dropna()
    if len(complete) < 3:
        msg = f"{len(complete)} complete rows: correlations need at least three."
        raise TooFewDataError(msg)
    measured = [name for name in complete.columns if name not in ordered]
    latent = [name for name in complete.columns if name in ordered]
    matrix = pd.DataFrame(np.eye(frame.shape[1]), index=frame.columns, columns=frame.columns)
    standard = _standard_scores(complete[measured])
    matrix.loc[measured, measured] = standard.T @ standard / len(complete)
    if len(latent) > 1:
        among = polychoric(complete[latent], use="complete", smooth=False)
        matrix.loc[latent, latent] = among.correlations.to_numpy()
    if latent:
        tables = ordinal_tables(complete[latent])
        for j, name in enumerate(latent):
            lower = tables.thresholds[j, tables.codes[:, j]]
            upper = tables.thresholds[j, tables.codes[:, j] + 1]
            for k, other in enumerate(measured):
                found = _polyserial(standard[:, k], lower, upper)
                matrix.loc[name, other] = matrix.loc[other, name] = found
    smallest = float(np.linalg.eigvalsh(matrix.to_numpy())[0])
    return MixedCorrelations(matrix, smallest, len(complete), len(frame) - len(complete))


def _polyserial(z: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Maximise the likelihood of the categories given a standardised variable."""

    def score(rho: float) -> float:
        root = np.sqrt((1 - rho) * (1 + rho))
        high, low = (upper - rho * z) / root, (lower - rho * z) / root
        slope = normal_density(high) * (upper * rho - z) - normal_density(low) * (lower * rho - z)
        return float(np.sum(slope / np.maximum(ndtr(high) - ndtr(low), SMALLEST_CELL)))

    if score(-LARGEST) < 0:
        return -LARGEST
    if score(LARGEST) > 0:
        return LARGEST
    return float(brentq(score, -LARGEST, LARGEST, xtol=1e-10))


def _standard_scores(measured: pd.DataFrame) -> FloatArray:
    values = measured.to_numpy()
    sd = values.std(axis=0)
    constant = [name for name, s in zip(measured.columns, sd, strict=True) if s == 0]
    if constant:
        msg = f"{', '.join(constant)}: every respondent has the same value. Leave it out."
        raise TooFewDataError(msg)
    return np.asarray((values - values.mean(axis=0)) / sd)
