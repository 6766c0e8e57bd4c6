"""Random intercepts of triads and of persons within them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from driehoek.models.intercepts import InterceptsFit, Likelihood, Weighted, fit_intercepts

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sums:
    """All that the likelihood needs; W is (Q, residual of y), Q an orthonormal basis of X."""

    total: Floats  # W'W
    person: Floats  # sums of W within persons
    size: Floats  # rows a person
    triad: Codes  # triad of each person, sorted


def fit_nested(
    outcome: Floats,
    matrix: Floats,
    triads: Codes,
    persons: Codes,
    *,
    likelihood: Likelihood = "reml",
) -> InterceptsFit:
    """Fit a model with two nested random intercepts.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
        Not constant.
    matrix : numpy.ndarray, shape (rows, columns)
        Fixed effects, of full rank.
    triads, persons : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps, rows sorted by triad and then person; each person code
        belongs to one triad. Where every triad has one person, the triad variance is 0 and all
        that persons share counts as the person variance.
    likelihood : {"reml", "ml"}

    Notes
    -----
    V has the inverse (I - c 11') within persons and a rank-one correction within triads
    (Sherman & Morrison, 1950, doi:10.1214/aoms/1177729893), so that one evaluation needs only
    sums over persons and its cost does not depend on the number of waves.

    References
    ----------
    Agrees with: R lme4 ``lmer(y ~ x + (1 | triad / person))``.
    """

    def weigh(columns: Floats) -> Weighted:
        sums = _sum_up(columns, triads, persons)
        return lambda ratios: _weighted(ratios, sums)

    is_free = [bool(persons[-1] > triads[-1]), True]
    return fit_intercepts(outcome, matrix, is_free, weigh, likelihood=likelihood)


def _sum_up(columns: Floats, triads: Codes, persons: Codes) -> _Sums:
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    return _Sums(
        total=columns.T @ columns,
        person=np.add.reduceat(columns, starts, axis=0),
        size=np.bincount(persons).astype(float),
        triad=triads[starts],
    )


def _weighted(ratios: Floats, sums: _Sums) -> tuple[Floats, float]:
    """Give W'V^-1 W and log |V|, the residual variance being 1."""
    triad, person = ratios
    spread = 1 + person * sums.size
    weighted = sums.person / spread[:, None]
    starts = np.flatnonzero(np.diff(sums.triad, prepend=-1))
    triad_sums = np.add.reduceat(weighted, starts, axis=0)
    spread_triad = 1 + triad * np.add.reduceat(sums.size / spread, starts)
    cross = sums.total - person * sums.person.T @ weighted
    cross -= triad * triad_sums.T @ (triad_sums / spread_triad[:, None])
    return cross, float(np.log(spread).sum() + np.log(spread_triad).sum())
