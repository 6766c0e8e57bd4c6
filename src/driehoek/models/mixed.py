"""A random-intercept model of persons nested in triads, over waves."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Centre, Design, Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.least_squares import PERFECT, PERFECT_REASON
from driehoek.models.nested import NestedFit, fit_nested
from driehoek.models.rows import complete_rows
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p
from driehoek.models.terms import parse_terms
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
METHOD = "reml_z"
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
        One row a ``term``: ``b`` in units of the outcome. Intervals and p rest on the normal
        distribution (``df`` infinite), which is too bold below some 40 triads.
    components : pandas.DataFrame
        ``variance_triad``, ``variance_person`` (persons within triads), ``variance_residual``
        (occasions within persons) in squared units of the outcome; ``icc_triad``: correlation
        of two members of one triad, ``icc_person``: correlation of two waves of one person;
        ``log_likelihood`` (restricted). No intervals.
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

    Raises
    ------
    TermError
        If terms, outcome or variables cannot be used as they stand; all faults together.
    TooFewDataError
        If the components cannot be told apart: no person with two waves, fewer than two
        triads, no more rows than coefficients, a constant outcome.

    References
    ----------
    Laird & Ware (1982), doi:10.2307/2529876. The covariance of the coefficients is the inverse
    of X' V^-1 X at the REML estimates. Agrees with: R lme4
    ``lmer(y ~ x + (1 | triad / person), REML = TRUE)`` and statsmodels ``MixedLM``; the latter
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
    blank = Statistic("", math.nan, n=rows.n, n_excluded=rows.n_excluded, method=METHOD)
    return MixedFit(
        coefficients=statistics_frame(_coefficients(estimates, design, blank, confidence)),
        components=statistics_frame(_components(estimates, replace(blank, method="reml"))),
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
            *_fit_notes(estimates, zero),
        ),
    )


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


def _coefficients(
    estimates: NestedFit, design: Design, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    critical = critical_value(confidence, math.inf)
    row = replace(blank, statistic="b", df=math.inf)
    reason = "" if estimates.is_converged else "the optimiser did not converge"
    for label, b, variance in zip(
        design.labels, estimates.b.tolist(), np.diag(estimates.covariance).tolist(), strict=True
    ):
        se = math.sqrt(variance)
        yield replace(
            row,
            term=label,
            estimate=b,
            se=se,
            ci_low=b - critical * se,
            ci_high=b + critical * se,
            p=two_sided_p(b / se, math.inf),
            reason=reason,
        )
    for aliased in design.aliased:
        yield replace(blank, statistic="b", term=aliased.label, reason=aliased.reason)


def _components(estimates: NestedFit, blank: Statistic) -> Iterator[Statistic]:
    total = estimates.triad + estimates.person + estimates.residual
    values = {
        "variance_triad": estimates.triad,
        "variance_person": estimates.person,
        "variance_residual": estimates.residual,
        "icc_triad": estimates.triad / total,
        "icc_person": (estimates.triad + estimates.person) / total,
        "log_likelihood": estimates.log_likelihood,
    }
    reason = "" if estimates.is_converged else "the optimiser did not converge"
    for name, value in values.items():
        yield replace(blank, statistic=name, estimate=value, reason=reason)


def _fit_notes(estimates: NestedFit, zero: Sequence[str]) -> tuple[str, ...]:
    notes = [
        f"the variance between {name}s is estimated at zero (a singular fit): the data show no "
        f"likeness of rows of one {name} beyond what the rest of the model explains"
        for name in zero
    ]
    if not estimates.is_converged:
        notes.append(
            "the optimiser did not converge: the figures are its last step and no result; use "
            "fewer terms or a larger sample"
        )
    return tuple(notes)
