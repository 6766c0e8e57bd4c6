"""Models of yes or no, ordered choices, counts and bounded scores, block by block."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Design, Levels, design_matrix
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.generalised_outcome import Outcome, prepared
from driehoek.models.generalised_tables import Stage, coefficient_rows, fit_rows, test_rows
from driehoek.models.likelihood import Errors, LikelihoodFit
from driehoek.models.likelihood_models import (
    fit_logistic,
    fit_negative_binomial,
    fit_poisson,
)
from driehoek.models.proportional_odds import fit_proportional_odds
from driehoek.models.rows import complete_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.terms import parse_blocks
from driehoek.psychometrics.errors import TooFewDataError

FEW_CLUSTERS = 40


@dataclass(frozen=True, slots=True)
class GeneralisedFit:
    """A model that is fitted by (quasi) maximum likelihood; every block has the same rows.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        One row a ``group`` (``block_1``, ...), ``term`` and ``statistic``: ``b`` (log odds or log
        rate, normal tests), ``odds_ratio`` or ``rate_ratio``, ``threshold`` (ordinal).
    fits : pandas.DataFrame
        By ``group``: ``log_likelihood``, ``r2_mcfadden``, ``lr_change``, ``wald_change``,
        ``dispersion``; ``r2_tjur`` for a yes or no.
    tests : pandas.DataFrame
        ``brant`` (ordinal: all terms, then each), ``lr_poisson``, ``pearson_ratio`` (counts).
    excluded : pandas.DataFrame
        ``reason`` and ``n``.
    n, n_excluded : int
    notes : tuple of str
    """

    coefficients: pd.DataFrame
    fits: pd.DataFrame
    tests: pd.DataFrame
    excluded: pd.DataFrame
    n: int
    n_excluded: int
    notes: tuple[str, ...]


def fit_generalised(
    frame: pd.DataFrame,
    outcome: Outcome,
    blocks: Sequence[Sequence[str]],
    *,
    categorical: Levels | None = None,
    errors: Errors = "robust",
    clusters: str | None = None,
    confidence: float = 0.95,
) -> GeneralisedFit:
    """Fit a generalised model block by block on the complete rows of the last block.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
    outcome : Outcome
        What is explained, and as what.
    blocks : sequence of sequences of str
        The terms that each block adds (`driehoek.models.terms`).
    categorical : mapping of str to sequence, optional
        Levels of each categorical variable in order, the first being the reference.
    errors : {"robust", "model", "cluster"}
        See `driehoek.models.likelihood.LikelihoodFit.covariance`.
    clusters : str, optional
        A variable that names the cluster of each row, with ``errors="cluster"``.
    confidence : float

    Raises
    ------
    TermError
        If terms or variables cannot be used as they stand.
    TooFewDataError
        If no model can be fitted: too few rows, one category, perfect separation.

    References
    ----------
    Cohen et al. (2003), chapter 13; McFadden (1974); Tjur (2009), doi:10.1198/tast.2009.08210.
    """
    terms = parse_blocks(blocks, known=list(frame.columns))
    flat = [term for block in terms for term in block]
    predictors = [name for term in flat for name in term.names]
    if outcome.name in predictors:
        found = "the outcome stands among its own predictors"
        raise TermError([TermProblem(outcome.name, found, "take it out of the blocks")])
    needed = [outcome.name, *predictors, *([clusters] if clusters else [])]
    rows = complete_rows(frame, needed)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(needed))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    y, notes = prepared(used[outcome.name], outcome)
    design = design_matrix(used, flat, categorical=categorical)
    if rows.n <= design.matrix.shape[1] + 1:
        k = design.matrix.shape[1]
        msg = f"{rows.n} complete rows cannot carry {k} coefficients; at least {k + 2} are needed."
        raise TooFewDataError(msg)
    codes = None if clusters is None else pd.factorize(used[clusters])[0].astype(np.int64)
    if codes is not None and codes.max() == 0:
        msg = "all rows used belong to one cluster; at least two are needed."
        raise TooFewDataError(msg)
    stages = _stages(y, design, terms, outcome, errors, codes)
    method = f"{outcome.family}_{errors}"
    blank = Statistic("", math.nan, rows.n, rows.n_excluded, method)
    return GeneralisedFit(
        coefficients=statistics_frame(coefficient_rows(stages, design, outcome, blank, confidence)),
        fits=statistics_frame(fit_rows(stages, y, outcome, blank, confidence)),
        tests=statistics_frame(test_rows(stages[-1], y, design, outcome, codes, blank)),
        excluded=rows.excluded,
        n=rows.n,
        n_excluded=rows.n_excluded,
        notes=(
            *notes, *design.notes, *(each.reason for each in design.aliased),
            *_cluster_note(codes),
        ),
    )  # fmt: skip


def _stages(
    y: NDArray[np.float64],
    design: Design,
    terms: Sequence[Sequence[object]],
    outcome: Outcome,
    errors: Errors,
    codes: NDArray[np.int64] | None,
) -> list[Stage]:
    labels = [{getattr(term, "label", "") for term in block} for block in terms]
    columns = [0]
    stages = [_stage("null", y, design, columns, 0, outcome, errors, codes)]
    for number, block in enumerate(labels, start=1):
        new = [j for j, term in enumerate(design.terms) if term in block]
        columns = [*columns, *new]
        group = f"block_{number}"
        stages.append(_stage(group, y, design, columns, len(new), outcome, errors, codes))
    return stages


def _stage(
    group: str,
    y: NDArray[np.float64],
    design: Design,
    columns: list[int],
    n_new: int,
    outcome: Outcome,
    errors: Errors,
    codes: NDArray[np.int64] | None,
) -> Stage:
    matrix, labels = design.matrix[:, columns], tuple(design.labels[j] for j in columns)
    fit = fit_family(y, matrix, labels, outcome.family)
    return Stage(group, fit, fit.covariance(errors, codes), columns, n_new)


def fit_family(
    y: NDArray[np.float64], matrix: NDArray[np.float64], labels: tuple[str, ...], family: str
) -> LikelihoodFit:
    """Fit one family on one design whose first column is the intercept."""
    if family == "ordinal":
        return fit_proportional_odds(y.astype(np.int64), matrix[:, 1:], labels[1:])
    if family == "poisson":
        return fit_poisson(y, matrix, labels)
    if family == "negative_binomial":
        return fit_negative_binomial(y, matrix, labels)
    return fit_logistic(y, matrix, labels, is_fraction=family == "fractional")


def _cluster_note(codes: NDArray[np.int64] | None) -> tuple[str, ...]:
    n = 0 if codes is None else int(codes.max()) + 1
    if not 0 < n < FEW_CLUSTERS:
        return ()
    return (f"there are only {n} clusters; below about {FEW_CLUSTERS} the intervals tend to be too "
            "narrow",)  # fmt: skip
