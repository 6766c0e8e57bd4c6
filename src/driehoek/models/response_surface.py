"""Polynomial regression with response-surface analysis of two commensurate predictors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.least_squares import LeastSquares, Robust, least_squares
from driehoek.models.response_surface_tables import (
    axis_rows,
    coefficient_rows,
    curve_rows,
    difference_rows,
    discrepancy_rows,
    model_rows,
    surface_rows,
)
from driehoek.models.rows import CompleteRows, complete_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.terms import parse_terms
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]

DIFFERENCE = (
    "the difference score stands beside the model only: it takes both predictors to weigh the same "
    "with opposite signs and the surface to be flat, which wald_difference tests"
)


@dataclass(frozen=True, slots=True)
class SurfaceFit:
    """A response surface, or a curve of one bipolar predictor.

    Attributes
    ----------
    statistics : pandas.DataFrame
        All its rows, discrepant cases first.
    excluded : pandas.DataFrame
        ``reason`` and ``n``.
    n, n_excluded : int
    notes : tuple of str
    """

    statistics: pd.DataFrame
    excluded: pd.DataFrame
    n: int
    n_excluded: int
    notes: tuple[str, ...]


def fit_surface(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    scale: tuple[float, float],
    *,
    covariates: Sequence[str] = (),
    categorical: Levels | None = None,
    robust: Robust = "HC3",
    clusters: str | None = None,
    confidence: float = 0.95,
) -> SurfaceFit:
    """Fit z = b0 + b1 x + b2 y + b3 x^2 + b4 xy + b5 y^2, or z = b0 + b1 x + b2 x^2.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
    outcome : str
    predictors : sequence of str
        Two predictors on one scale (such as giving and receiving, or one score of two roles), or
        one bipolar one.
    scale : tuple of float
        Lowest and highest possible value of the predictors; they are taken from its middle.
    covariates : sequence of str
        Terms that shift the surface.
    categorical : mapping of str to sequence, optional
        Levels of each categorical covariate.
    robust, clusters, confidence
        As in `driehoek.models.linear.fit_blocks`, clusters with CR2.

    Raises
    ------
    TermError
        If variables cannot be used as they stand.
    TooFewDataError
        If the model cannot be fitted.

    References
    ----------
    Edwards & Parry (1993), doi:10.2307/256822. Edwards (2002), in Measuring and analyzing behavior
    in organizations. Shanock et al. (2010), doi:10.1007/s10869-010-9183-4. Humberg, Nestler & Back
    (2019), doi:10.1177/1948550618757600 (a5 and the axes). Agrees with: R lavaan, defined
    parameters.
    """
    terms = parse_terms(covariates, known=list(frame.columns)) if covariates else ()
    used_names = [outcome, *predictors, *(name for term in terms for name in term.names)]
    if outcome in used_names[1:]:
        found = "the outcome stands among its own predictors"
        raise TermError([TermProblem(outcome, found, "take it out")])
    rows = complete_rows(frame, [*used_names, *([clusters] if clusters else [])])
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(used_names))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    z = outcome_values(used, outcome)
    middle = sum(scale) / 2
    centred = {name: outcome_values(used, name) - middle for name in predictors}
    matrix, labels, notes = _matrix(used, centred, covariates, categorical)
    _check(z, matrix, labels, outcome)
    codes = None if clusters is None else pd.factorize(used[clusters])[0].astype(np.int64)
    fit = least_squares(z, matrix, robust=robust, clusters=codes)
    method = f"ols_{'cr2' if clusters else robust.lower()}"
    blank = Statistic("", math.nan, rows.n, rows.n_excluded, method)
    said = [f"{' and '.join(predictors)} are taken from the middle of their scale ({middle:g})"]
    if len(predictors) == 1:
        table = [
            *coefficient_rows(fit, labels, blank, confidence),
            *model_rows(fit, 2, blank),
            *curve_rows(fit, scale, middle, blank, confidence),
        ]
    else:
        beside = _difference_fit(z, matrix, robust, codes)
        table = [
            *discrepancy_rows(matrix[:, 1], matrix[:, 2], blank),
            *coefficient_rows(fit, labels, blank, confidence),
            *model_rows(fit, 5, blank),
            *axis_rows(fit, blank, confidence),
            *difference_rows(fit, beside, blank, confidence),
            *surface_rows(fit, matrix, scale, middle, blank),
        ]
        said.append(DIFFERENCE)
    return _result(table, rows, [*said, *notes])


def _result(table: list[Statistic], rows: CompleteRows, notes: list[str]) -> SurfaceFit:
    return SurfaceFit(statistics_frame(table), rows.excluded, rows.n, rows.n_excluded, tuple(notes))


def _matrix(
    used: pd.DataFrame,
    centred: dict[str, Floats],
    covariates: Sequence[str],
    categorical: Levels | None,
) -> tuple[Floats, tuple[str, ...], tuple[str, ...]]:
    """Give the columns 1, x, (y,) x^2, (xy, y^2,) and covariates, with their labels."""
    (first, x), *rest = centred.items()
    if rest:
        ((second, y),) = rest
        columns = [x, y, x**2, x * y, y**2]
        labels = [first, second, f"{first}^2", f"{first}:{second}", f"{second}^2"]
    else:
        columns, labels = [x, x**2], [first, f"{first}^2"]
    matrix = np.column_stack([np.ones(len(used)), *columns])
    notes: tuple[str, ...] = ()
    if covariates:
        design = design_matrix(used, parse_terms(covariates), categorical=categorical)
        matrix = np.column_stack([matrix, design.matrix[:, 1:]])
        labels += design.labels[1:]
        notes = (*design.notes, *(each.reason for each in design.aliased))
    return matrix, ("intercept", *labels), notes


def _check(z: Floats, matrix: Floats, labels: Sequence[str], outcome: str) -> None:
    n, k = matrix.shape
    if n <= k:
        msg = f"{n} complete rows cannot carry {k} coefficients; at least {k + 1} are needed."
        raise TooFewDataError(msg)
    if np.ptp(z) == 0:
        msg = f"{outcome} is {z[0]:g} in all {n} rows used, so there is nothing to explain."
        raise TooFewDataError(msg)
    spread = matrix[:, 1:] - matrix[:, 1:].mean(axis=0)
    sizes = np.linalg.norm(spread, axis=0)
    if (sizes == 0).any() or np.linalg.matrix_rank(spread / np.where(sizes, sizes, 1)) < k - 1:
        msg = f"{' and '.join(labels[1:])} determine one another, so that there is no surface; "
        msg += "the predictors may be alike in every row, or take too few values."
        raise TooFewDataError(msg)


def _difference_fit(
    z: Floats, matrix: Floats, robust: Robust, codes: NDArray[np.int64] | None
) -> LeastSquares:
    gap = matrix[:, 1] - matrix[:, 2]
    columns = [matrix[:, 0], gap, *matrix[:, 6:].T]
    return least_squares(z, np.column_stack(columns), robust=robust, clusters=codes)
