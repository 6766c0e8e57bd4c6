"""Mediation and moderated mediation by linear equations, with resampled intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import INTERCEPT, Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.mediation_equations import Equations, MediationTerms, Moderated, PathsError
from driehoek.models.mediation_tables import effect_rows, path_rows, sensitivity_rows
from driehoek.models.rows import complete_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.terms import parse_terms
from driehoek.psychometrics.bootstrap import draw_counts, left_out_counts
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]

MONTE_CARLO = 20_000  # draws: the ends of an interval then vary in the third digit
ASSUMED = (
    "an indirect effect is causal only if nothing unmeasured drives predictor, mediator and "
    "outcome together, and if each comes before the next; the figures are associations otherwise"
)
ROUNDING = 1e-12  # share of the largest eigenvalue below which only rounding is left
FEWEST = 10  # units that are resampled


@dataclass(frozen=True, slots=True)
class MediationFit:
    """Paths and effects.

    Attributes
    ----------
    paths : pandas.DataFrame
        Rows ``b``: ``group`` names the equation (its outcome), ``term`` its column.
    effects : pandas.DataFrame
        ``indirect`` (``term``: mediator; ``group``: value of the moderator), ``indirect_total``,
        ``direct``, ``total``, ``index`` (of moderated mediation), each by ``percentile``, ``bca``
        and ``monte_carlo``.
    sensitivity : pandas.DataFrame
        ``rho_zero`` and ``r2_zero``.
    excluded : pandas.DataFrame
    n, n_excluded : int
    notes : tuple of str
    """

    paths: pd.DataFrame
    effects: pd.DataFrame
    sensitivity: pd.DataFrame
    excluded: pd.DataFrame
    n: int
    n_excluded: int
    notes: tuple[str, ...]


def fit_mediation(
    frame: pd.DataFrame,
    outcome: str,
    predictor: str,
    mediators: Sequence[str],
    *,
    rng: np.random.Generator,
    covariates: Sequence[str] = (),
    moderator: str | None = None,
    moderated: Sequence[Moderated] = (),
    categorical: Levels | None = None,
    clusters: str | None = None,
    n_boot: int = 5000,
    confidence: float = 0.95,
) -> MediationFit:
    """Fit mediators that stand side by side between a predictor and an outcome.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
    outcome, predictor : str
        Numbers.
    mediators : sequence of str
        One or more numbers.
    rng : numpy.random.Generator
    covariates : sequence of str
        Terms in every equation.
    moderator : str, optional
        A number that the paths named in `moderated` depend on.
    moderated : sequence of {"a", "b", "direct"}
        Predictor to mediators, mediators to outcome, predictor to outcome.
    categorical : mapping of str to sequence, optional
        Levels of categorical covariates.
    clusters : str, optional
        What is resampled whole, such as the triad; rows otherwise.
    n_boot : int
        Bootstrap samples; 0 for none.
    confidence : float

    Raises
    ------
    TermError
        If variables cannot be used as they stand.
    TooFewDataError
        If the equations cannot be fitted.

    References
    ----------
    MacKinnon, Lockwood & Williams (2004), doi:10.1207/s15327906mbr3901_4 (bootstrap, Monte Carlo).
    Preacher, Rucker & Hayes (2007), doi:10.1080/00273170701341316; Hayes (2015),
    doi:10.1080/00273171.2014.962683 (index). Reporting: Lee et al. (2021), AGReMA,
    doi:10.1001/jama.2021.14075. Agrees with: R lavaan, pingouin ``mediation_analysis``.
    """
    terms = parse_terms(covariates, known=list(frame.columns)) if covariates else ()
    names = [outcome, predictor, *mediators, *([moderator] if moderator else [])]
    _check_names(names, [name for term in terms for name in term.names])
    needed = [*names, *(name for t in terms for name in t.names), *([clusters] if clusters else [])]
    rows = complete_rows(frame, needed)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(needed))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    notes = [ASSUMED]
    extra: Floats = np.empty((rows.n, 0))
    labels: tuple[str, ...] = ()
    if covariates:
        design = design_matrix(used, terms, categorical=categorical)
        extra = design.matrix[:, 1:] - design.matrix[:, 1:].mean(axis=0)
        labels = tuple(each for each in design.labels if each != INTERCEPT)
        notes += [*design.notes, *(each.reason for each in design.aliased)]
    values = {name: outcome_values(used, name) for name in names}
    means = {name: float(each.mean()) for name, each in values.items() if name != outcome}
    notes += [f"{name} is taken from its mean over the rows used ({means[name]:.6g})"
              for name in ([predictor, moderator] if moderator else [])]  # fmt: skip
    plan = MediationTerms(outcome, predictor, tuple(mediators), moderator, tuple(moderated), labels)
    columns = plan.columns({k: v - means.get(k, 0.0) for k, v in values.items()}, extra)
    codes = np.arange(rows.n) if clusters is None else pd.factorize(used[clusters])[0]
    try:
        equations = Equations.fitted(plan, columns, codes.astype(np.int64))
    except PathsError as fault:
        raise TooFewDataError(str(fault)) from None
    if equations.n_units < FEWEST:
        msg = f"{equations.n_units} units cannot be resampled; at least {FEWEST} are needed."
        raise TooFewDataError(msg)
    blank = Statistic("", math.nan, rows.n, rows.n_excluded, "ols_sandwich")
    draws = _resampled(equations, n_boot, rng)
    normal = _normal_draws(equations, rng)
    at = _moderator_values(values, moderator, means)
    return MediationFit(
        paths=statistics_frame(path_rows(equations, blank, confidence)),
        effects=statistics_frame(
            effect_rows(equations, draws, _left_out(equations), normal, at, blank, confidence)
        ),
        sensitivity=statistics_frame(sensitivity_rows(equations, blank)),
        excluded=rows.excluded,
        n=rows.n,
        n_excluded=rows.n_excluded,
        notes=tuple(notes),
    )


def _check_names(names: Sequence[str], covariates: Sequence[str]) -> None:
    seen = [*names, *covariates]
    problems = [
        TermProblem(name, "it stands in two places of the mediation", "give each its own variable")
        for name in dict.fromkeys(names)
        if seen.count(name) > 1
    ]
    if problems:
        raise TermError(problems)


def _moderator_values(
    values: dict[str, Floats], moderator: str | None, means: dict[str, float]
) -> dict[str, float]:
    """Give the centred values of the moderator at which effects are told."""
    if moderator is None:
        return {"": 0.0}
    found = np.unique(values[moderator])
    if len(found) == 2:
        return {f"{moderator}[{value:g}]": float(value) - means[moderator] for value in found}
    sd = float(values[moderator].std(ddof=1))
    return {f"{moderator}[low]": -sd, f"{moderator}[mean]": 0.0, f"{moderator}[high]": sd}


def _resampled(equations: Equations, n_boot: int, rng: np.random.Generator) -> Floats:
    """Give the coefficients in samples of units."""
    if not n_boot:
        return np.empty((0, len(equations.theta)))
    blocks = [equations.solve(drawn) for drawn in draw_counts(equations.copies, n_boot, rng)]
    return np.vstack(blocks)


def _left_out(equations: Equations) -> Floats:
    """Give the coefficients with one unit left out, for BCa."""
    return np.vstack([equations.solve(kept) for kept in left_out_counts(equations.copies)])


def _normal_draws(equations: Equations, rng: np.random.Generator) -> Floats:
    """Draw coefficients from the normal distribution of the estimates.

    By eigenvectors with a fixed sign: the covariance is singular, since the total effect follows
    from the others, and rounding must not turn a vector around.
    """
    values, vectors = np.linalg.eigh(equations.covariance)
    largest = np.abs(vectors).argmax(axis=0)
    vectors = vectors * np.sign(vectors[largest, np.arange(len(values))])
    root = vectors * np.sqrt(np.where(values > ROUNDING * values.max(), values, 0))
    drawn: Floats = equations.theta + rng.normal(size=(MONTE_CARLO, len(values))) @ root.T
    return drawn
