"""A linear mixed model of persons nested in triads, over waves: levels, changes, crossed units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.crossed import fit_crossed
from driehoek.models.crossed_tests import crossed_satterthwaite, crossed_small_sample
from driehoek.models.design import Centre, Design, Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.growth import (
    Occasions,
    fit_growth,
    growth_satterthwaite,
    growth_small_sample,
    is_on_boundary,
    slope_test,
)
from driehoek.models.intercepts import InterceptsFit, Likelihood
from driehoek.models.kenward_roger import SmallSample
from driehoek.models.mixed_tables import (
    METHODS,
    Tests,
    coefficient_rows,
    component_rows,
    df_notes,
    factor_rows,
    fit_notes,
    growth_rows,
)
from driehoek.models.nested import fit_nested
from driehoek.models.nested_tests import nested_satterthwaite, nested_small_sample
from driehoek.models.nesting import Nesting, check_estimable, nest
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

    Where slopes were asked for, persons differ in their change too.

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
        with crossed units ``variance_crossed`` and ``icc_crossed`` (correlation of two triads of
        one unit; the other two are then those of rows of different units, and rows of one unit
        correlate by so much more); ``r2_marginal`` and ``r2_conditional``: share of the variance
        that the fixed effects, and these with the intercepts, explain; ``log_likelihood``
        (restricted under REML). No intervals. With slopes ``variance_person`` is that at time 0,
        there are ``variance_slope``, ``correlation_slope`` (of intercepts and slopes) and
        ``lr_slope`` (do slopes vary: with its p), and no ICC, since it changes over time.
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


def fit_random_intercepts(
    frame: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    *,
    triad: str,
    person: str,
    crossed: str | None = None,
    slope: str | None = None,
    categorical: Levels | None = None,
    confidence: float = 0.95,
    centre: Centre = "products",
    tests: Tests = "kenward_roger",
    likelihood: Likelihood = "reml",
) -> MixedFit:
    """Fit an outcome over waves with random intercepts of triads and persons in them.

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
    crossed : str or None
        Variable that names a unit across triads, with a random intercept of its own beside the
        other two: such as the professional of several triads.
    slope : str or None
        A time: numeric, one of the terms, different in each row of a person, with few distinct
        values. Persons then have a slope over it, which covaries with their intercept. Not with
        ``crossed``.
    categorical, centre
        See `driehoek.models.design.design_matrix`.
    confidence : float
        Level of the intervals, between 0 and 1.
    tests : {"kenward_roger", "satterthwaite", "normal"}
        Where standard errors and degrees of freedom come from.
    likelihood : {"reml", "ml"}
        "ml" compares models with other terms on the same rows, and has tests="normal" only.

    Raises
    ------
    ValueError
        If degrees of freedom are asked for under "ml", or slopes beside crossed units.
    TermError
        If terms, outcome or variables cannot be used as they stand; all faults together.
    TooFewDataError
        If the components cannot be told apart: no person with two waves, fewer than two
        triads, no more rows than coefficients, a constant outcome; for slopes, no person with
        three waves.

    References
    ----------
    Laird & Ware (1982), doi:10.2307/2529876. Crossed: Raudenbush (1993),
    doi:10.3102/10769986018004321. Slopes: Stram & Lee (1994), doi:10.2307/2533455. Kenward & Roger
    (1997), doi:10.2307/2533558. R2: Nakagawa & Schielzeth (2013),
    doi:10.1111/j.2041-210x.2012.00261.x. Agrees with: R lme4
    ``lmer(y ~ x + (1 | triad / person), REML = TRUE)``, also with ``+ (1 | crossed)`` or with
    ``(1 + time | triad:person)``, and pbkrtest or lmerTest for the degrees of freedom; in the
    estimates with statsmodels ``MixedLM``, which stops short of the optimum where a variance is
    zero, hence `driehoek.models.intercepts`.
    """
    if likelihood == "ml" and tests != "normal":
        msg = "degrees of freedom rest on REML: take tests='normal' with likelihood='ml'"
        raise ValueError(msg)
    if slope is not None and crossed is not None:
        msg = "slopes of persons are not fitted beside crossed units: leave one of them out"
        raise ValueError(msg)
    flat = parse_terms(terms, known=list(frame.columns))
    predictors = [name for term in flat for name in term.names]
    groups = [triad, person, *([] if crossed is None else [crossed])]
    _check_roles(frame, outcome, predictors, groups, slope)
    needed = [outcome, *groups, *predictors]
    rows = complete_rows(frame, needed)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(needed))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    nesting = nest(used[triad], used[person], None if crossed is None else used[crossed])
    sorted_rows = used.iloc[nesting.order]
    design = design_matrix(sorted_rows, flat, categorical=categorical, centre=centre)
    y = outcome_values(sorted_rows, outcome)
    check_estimable(y, design, nesting, outcome, has_slopes=slope is not None)
    model = _Model(y, design.matrix, nesting, likelihood)
    if slope is not None:
        times = sorted_rows[slope].to_numpy(dtype=float)
        model = replace(model, occasions=Occasions(nesting.triads, nesting.persons, times))
    estimates = model.fit()
    alone = bool(nesting.triads[-1] == nesting.persons[-1])
    levels = [("person", estimates.person)] + ([] if alone else [("triad", estimates.triad)])
    levels += [] if crossed is None else [("crossed unit", estimates.crossed)]
    zero = [name for name, variance in reversed(levels) if variance == 0]
    is_flat = model.occasions is not None and is_on_boundary(estimates)
    blank = Statistic("", math.nan, n=rows.n, n_excluded=rows.n_excluded, method=likelihood)
    sample = model.small_sample(tests, estimates)
    tested = replace(blank, method=f"{likelihood}_{METHODS[tests if sample else 'normal']}")
    return MixedFit(
        coefficients=statistics_frame(
            coefficient_rows(estimates, design, sample, tested, confidence)
        ),
        factors=statistics_frame(
            factor_rows(estimates, design, sample, tested)
            if sample is not None and tests == "kenward_roger"
            else []
        ),
        components=statistics_frame(
            component_rows(estimates, design, blank, is_crossed=crossed is not None)
            if model.occasions is None
            else growth_rows(
                estimates,
                design,
                model.occasions.times,
                slope_test(estimates, model.without_slopes()),
                blank,
            )
        ),
        excluded=rows.excluded,
        design=design,
        n=rows.n,
        n_excluded=rows.n_excluded,
        n_persons=int(nesting.persons.max()) + 1,
        n_triads=int(nesting.triads.max()) + 1,
        is_converged=estimates.is_converged,
        is_singular=bool(zero) or is_flat,
        notes=(
            *design.notes,
            *(aliased.reason for aliased in design.aliased),
            *nesting.notes,
            *([ALONE] if alone else []),
            *fit_notes(estimates, zero, is_flat=is_flat),
            *df_notes(tests, sample),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """What is fitted: the rows, who they belong to, and when, where persons have slopes."""

    y: Floats
    matrix: Floats
    nesting: Nesting
    likelihood: Likelihood
    occasions: Occasions | None = None

    def fit(self) -> InterceptsFit:
        if self.occasions is not None:
            return fit_growth(self.y, self.matrix, self.occasions, likelihood=self.likelihood)
        if self.nesting.crossed is None:
            return self.without_slopes()
        groups = (self.nesting.triads, self.nesting.persons, self.nesting.crossed)
        return fit_crossed(self.y, self.matrix, *groups, likelihood=self.likelihood)

    def without_slopes(self) -> InterceptsFit:
        groups = (self.nesting.triads, self.nesting.persons)
        return fit_nested(self.y, self.matrix, *groups, likelihood=self.likelihood)

    def small_sample(self, tests: Tests, estimates: InterceptsFit) -> SmallSample | None:
        if tests == "normal":
            return None
        has_kenward_roger = tests == "kenward_roger"
        if self.occasions is not None:
            if has_kenward_roger:
                return growth_small_sample(self.matrix, self.occasions, estimates)
            return growth_satterthwaite(self.y, self.matrix, self.occasions, estimates)
        groups = (self.nesting.triads, self.nesting.persons)
        if self.nesting.crossed is None:
            if has_kenward_roger:
                return nested_small_sample(self.matrix, *groups, estimates)
            return nested_satterthwaite(self.y, self.matrix, *groups, estimates)
        crossed = (*groups, self.nesting.crossed)
        if has_kenward_roger:
            return crossed_small_sample(self.matrix, *crossed, estimates)
        return crossed_satterthwaite(self.y, self.matrix, *crossed, estimates)


def _check_roles(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    nesting: Sequence[str],
    slope: str | None,
) -> None:
    problems = [
        TermProblem(name, "the data have no such variable", "use a variable of the data")
        for name in (outcome, *nesting)
        if name not in frame.columns
    ]
    if outcome in predictors:
        found = "the outcome stands among its own predictors"
        problems.append(TermProblem(outcome, found, "take it out of the terms"))
    if slope is not None and slope not in predictors:
        found = "persons have slopes over it, and it is not among the terms"
        problems.append(TermProblem(slope, found, "add it to the terms"))
    if problems:
        raise TermError(problems)
