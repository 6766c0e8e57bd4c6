"""A random-intercept model of persons nested in triads, over waves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Centre, Design, Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.kenward_roger import SmallSample
from driehoek.models.least_squares import PERFECT, PERFECT_REASON
from driehoek.models.mixed_tables import (
    METHODS,
    Tests,
    coefficient_rows,
    component_rows,
    df_notes,
    factor_rows,
    fit_notes,
)
from driehoek.models.nested import NestedFit, fit_nested
from driehoek.models.nested_tests import nested_satterthwaite, nested_small_sample
from driehoek.models.rows import complete_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.terms import parse_terms
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
ALONE = (
    "every triad has one person in the rows used, so what triads share cannot be told apart from "
    "what persons share: it counts as the persons' variance"
)


@dataclass(frozen=True, slots=True)
class MixedFit:
    """A linear mixed model with random intercepts of triads and of persons in them.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        One row a ``term``: ``b`` in units of the outcome. Under tests="normal" (``df``
        infinite) intervals and p are too bold below some 40 triads.
    factors : pandas.DataFrame
        Under tests="kenward_roger", for each term with several columns: ``f_term``, whether all
        of them are zero (``df`` the first, ``f_term_df2`` the second degrees of freedom).
    components : pandas.DataFrame
        ``variance_triad``, ``variance_person`` (persons within triads), ``variance_residual``
        (occasions within persons) in squared units of the outcome; ``icc_triad``: correlation
        of two members of one triad, ``icc_person``: correlation of two waves of one person;
        ``r2_marginal`` and ``r2_conditional``: share of the variance that the fixed effects, and
        these with triads and persons, explain; ``log_likelihood`` (restricted). No intervals.
    excluded : pandas.DataFrame
        ``reason`` and ``n``; each row left out counts once.
    design : Design
    n, n_excluded, n_persons, n_triads : int
        Rows used, rows left out, and persons (counted per triad) and triads in the rows used.
    is_converged, is_singular : bool
        Whether the optimiser arrived, and whether a variance component is zero.
    notes : tuple of str
        What a reader must know, in words.
    """

    coefficients: pd.DataFrame
    factors: pd.DataFrame
    components: pd.DataFrame
    excluded: pd.DataFrame
    design: Design
    n: int
    n_excluded: int
    n_persons: int
    n_triads: int
    is_converged: bool
    is_singular: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Nesting:
    """Rows sorted by triad: position in the frame, triad code, person-in-triad code."""

    order: NDArray[np.intp]
    triads: NDArray[np.int64]
    persons: NDArray[np.int64]
    notes: tuple[str, ...]


def fit_random_intercepts(
    frame: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    *,
    triad: str,
    person: str,
    categorical: Levels | None = None,
    confidence: float = 0.95,
    centre: Centre = "products",
    tests: Tests = "kenward_roger",
) -> MixedFit:
    """Fit by REML an outcome over waves with random intercepts of triads and persons in them.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (person-waves, variables)
        One row a person and wave; rows without a value in some variable are left out, the
        person's other waves stay.
    outcome : str
        A numeric variable.
    terms : sequence of str
        Fixed effects (`driehoek.models.terms`), the wave among them where it is wanted.
    triad, person : str
        Variables that name the triad and the person. A person who stands in several triads
        counts as another person in each, and a note says so.
    categorical, centre
        See `driehoek.models.design.design_matrix`.
    confidence : float
        Level of the intervals, between 0 and 1.
    tests : {"kenward_roger", "satterthwaite", "normal"}
        Where standard errors and degrees of freedom come from.

    Raises
    ------
    TermError
        If terms, outcome or variables cannot be used as they stand; all faults together.
    TooFewDataError
        If the components cannot be told apart: no person with two waves, fewer than two
        triads, no more rows than coefficients, a constant outcome.

    References
    ----------
    Laird & Ware (1982), doi:10.2307/2529876. Kenward & Roger (1997), doi:10.2307/2533558. R2:
    Nakagawa & Schielzeth (2013), doi:10.1111/j.2041-210x.2012.00261.x. Agrees with: R lme4
    ``lmer(y ~ x + (1 | triad / person), REML = TRUE)`` with pbkrtest or lmerTest for the
    degrees of freedom, and in the estimates with statsmodels ``MixedLM``; the latter
    stops short of the optimum where a variance is zero, hence `driehoek.models.nested`.
    """
    flat = parse_terms(terms, known=list(frame.columns))
    predictors = [name for term in flat for name in term.names]
    _check_roles(frame, outcome, predictors, (triad, person))
    needed = [outcome, triad, person, *predictors]
    rows = complete_rows(frame, needed)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(needed))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    nesting = _nest(used[triad], used[person])
    sorted_rows = used.iloc[nesting.order]
    design = design_matrix(sorted_rows, flat, categorical=categorical, centre=centre)
    y = outcome_values(sorted_rows, outcome)
    _check_estimable(y, design, nesting, outcome)
    estimates = fit_nested(y, design.matrix, nesting.triads, nesting.persons)
    alone = bool(nesting.triads[-1] == nesting.persons[-1])
    levels = [("person", estimates.person)] + ([] if alone else [("triad", estimates.triad)])
    zero = [name for name, variance in reversed(levels) if variance == 0]
    blank = Statistic("", math.nan, n=rows.n, n_excluded=rows.n_excluded, method="reml")
    sample = _small_sample(tests, y, design.matrix, nesting, estimates)
    tested = replace(blank, method=METHODS[tests if sample else "normal"])
    return MixedFit(
        coefficients=statistics_frame(
            coefficient_rows(estimates, design, sample, tested, confidence)
        ),
        factors=statistics_frame(
            factor_rows(estimates, design, sample, tested)
            if sample is not None and tests == "kenward_roger"
            else []
        ),
        components=statistics_frame(component_rows(estimates, design, blank)),
        excluded=rows.excluded,
        design=design,
        n=rows.n,
        n_excluded=rows.n_excluded,
        n_persons=int(nesting.persons.max()) + 1,
        n_triads=int(nesting.triads.max()) + 1,
        is_converged=estimates.is_converged,
        is_singular=bool(zero),
        notes=(
            *design.notes,
            *(aliased.reason for aliased in design.aliased),
            *nesting.notes,
            *([ALONE] if alone else []),
            *fit_notes(estimates, zero),
            *df_notes(tests, sample),
        ),
    )


def _small_sample(
    tests: Tests, y: Floats, matrix: Floats, nesting: _Nesting, estimates: NestedFit
) -> SmallSample | None:
    if tests == "kenward_roger":
        return nested_small_sample(matrix, nesting.triads, nesting.persons, estimates)
    if tests == "satterthwaite":
        return nested_satterthwaite(y, matrix, nesting.triads, nesting.persons, estimates)
    return None


def _check_roles(
    frame: pd.DataFrame, outcome: str, predictors: Sequence[str], nesting: Sequence[str]
) -> None:
    problems = [
        TermProblem(name, "the data have no such variable", "use a variable of the data")
        for name in (outcome, *nesting)
        if name not in frame.columns
    ]
    if outcome in predictors:
        found = "the outcome stands among its own predictors"
        problems.append(TermProblem(outcome, found, "take it out of the terms"))
    if problems:
        raise TermError(problems)


def _nest(triads: pd.Series, persons: pd.Series) -> _Nesting:
    codes = pd.factorize(triads, sort=True)[0]
    people = pd.factorize(persons, sort=True)[0]
    order = np.lexsort([people, codes])
    pairs = np.column_stack([codes, people])[order]
    members = np.unique(pairs, axis=0)
    shared = int((np.bincount(members[:, 1]) > 1).sum())
    note = (
        f"{shared} person(s) stand in several triads; each counts as another person in each "
        "triad, so that what their triads share is not modelled"
    )
    nested = np.concatenate([[0], np.cumsum((np.diff(pairs, axis=0) != 0).any(axis=1))])
    return _Nesting(
        order, pairs[:, 0].astype(np.int64), nested.astype(np.int64), (note,) if shared else ()
    )


def _check_estimable(y: Floats, design: Design, nesting: _Nesting, outcome: str) -> None:
    n, k = design.matrix.shape
    n_persons, n_triads = int(nesting.persons.max()) + 1, int(nesting.triads.max()) + 1
    basis, _ = np.linalg.qr(design.matrix)
    unexplained = np.sum((y - basis @ (basis.T @ y)) ** 2) / max(
        np.sum((y - y.mean()) ** 2), 1e-300
    )
    reasons = {
        f"{outcome} is {y[0]:g} in all {n} rows used, so there is nothing to explain.": (
            np.ptp(y) == 0
        ),
        f"{n} complete rows cannot carry {k} coefficients and three variances.": n <= k + 3,
        PERFECT_REASON + ".": unexplained < PERFECT,
        "all rows used belong to one triad; at least two are needed.": n_triads < 2,
        "no person has two rows, so persons and occasions cannot be told apart; "
        "use the linear model with clusters for one wave.": n_persons == n,
        f"{outcome} is the same in all rows of every person, so there is no residual; use the "
        "linear model with one row a person.": bool(
            (_spread_within(y, nesting.persons) == 0).all()
        ),
    }
    for reason, applies in reasons.items():
        if applies:
            raise TooFewDataError(reason)


def _spread_within(values: Floats, persons: NDArray[np.int64]) -> Floats:
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    spread: Floats = np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts)
    return spread
