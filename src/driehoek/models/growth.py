"""Random intercepts of triads, and an intercept and a slope over time of each person in them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.intercepts import ZERO, InterceptsFit, Likelihood, Maximum, Weighted, maximise
from driehoek.models.kenward_roger import SmallSample, observed_sample, small_sample
from driehoek.models.patterns import Pattern, pattern_sums

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SMALL = math.sqrt(ZERO)  # a standard deviation, as a share of the residual one, that counts as none
AGAIN = 0.3  # where a deviation that the search left at zero begins a second time


@dataclass(frozen=True, slots=True)
class Occasions:
    """Rows sorted by triad, person and time.

    Attributes
    ----------
    triads, persons : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps; each person code belongs to one triad.
    times : numpy.ndarray, shape (rows,)
        Of few distinct values; different in each row of a person. A person's intercept is at 0.
    """

    triads: Codes
    persons: Codes
    times: Floats

    @property
    def has_triads(self) -> bool:
        """Whether some triad has two persons, so that triads can vary too."""
        return bool(self.persons[-1] > self.triads[-1])


def fit_growth(
    outcome: Floats, matrix: Floats, occasions: Occasions, *, likelihood: Likelihood = "reml"
) -> InterceptsFit:
    """Fit a model in which persons differ in level and in change.

    Parameters
    ----------
    outcome, matrix, likelihood
        As `driehoek.models.intercepts.fit_intercepts` takes them; the time is in the matrix.
    occasions : Occasions
        Some persons have three rows or more.

    Returns
    -------
    InterceptsFit
        ``person`` is the variance of persons at time 0. Where every triad has one person
        ``triad`` is 0.

    Notes
    -----
    The covariance of intercepts and slopes is searched as its Cholesky factor, whose diagonal is
    bounded at zero (Bates et al., 2015). At that bound the likelihood is flat in the factor, so a
    search that ends there begins a second time inside, and the better end counts.

    References
    ----------
    Laird & Ware (1982), doi:10.2307/2529876; Bates et al. (2015), doi:10.18637/jss.v067.i01.
    Agrees with: R lme4 ``lmer(y ~ x + (1 | triad) + (1 + time | triad:person))``.
    """

    def parts(found: Floats) -> Floats:
        return _parts(found, has_triads=occasions.has_triads)

    def weigh(columns: Floats) -> Weighted:
        patterns = _patterns(columns, occasions)
        bases = [_bases(pattern, occasions) for pattern in patterns]
        return lambda found: _weighted(parts(found), patterns, bases)

    floors = np.array([SMALL, -math.inf, SMALL, *([ZERO] if occasions.has_triads else [])])
    start = np.array([0.7, 0.0, 0.7, *([0.5] if occasions.has_triads else [])])

    def search(begin: Floats) -> Maximum:
        return maximise(outcome, matrix, begin, weigh, likelihood=likelihood, floors=floors)

    best = search(start)
    if (best.ratios[[0, 2]] == 0).any():
        again = search(np.where((best.ratios == 0) & np.isfinite(floors), AGAIN, best.ratios))
        best = max(best, again, key=lambda each: each.log_likelihood)
    _, person, covarying, slope, triad = (best.residual * parts(best.ratios)).tolist()
    return InterceptsFit(
        b=best.b,
        covariance=best.covariance,
        triad=triad,
        person=person,
        residual=best.residual,
        log_likelihood=best.log_likelihood,
        is_converged=best.is_converged,
        slope=slope,
        covarying=covarying,
    )


def growth_small_sample(
    matrix: Floats, occasions: Occasions, fit: InterceptsFit
) -> SmallSample | None:
    """Give the Kenward-Roger quantities of a model with slopes of persons.

    References
    ----------
    Kenward & Roger (1997), doi:10.2307/2533558. Agrees with: R pbkrtest.
    """
    patterns = _patterns(matrix, occasions)
    bases = [_bases(pattern, occasions) for pattern in patterns]
    kept = [each if occasions.has_triads else each[:-1] for each in bases]
    return small_sample(patterns, _covariances(bases, fit), kept, fit.covariance)


def growth_satterthwaite(
    outcome: Floats, matrix: Floats, occasions: Occasions, fit: InterceptsFit
) -> SmallSample | None:
    """Give Satterthwaite's quantities: no correction of the covariance, observed information.

    What is estimated on its boundary is taken as known: a triad variance of zero; slopes that do
    not vary or follow from the intercepts.

    References
    ----------
    Satterthwaite (1946), doi:10.2307/3002019. Agrees with: R lmerTest.
    """
    patterns = _patterns(np.column_stack([matrix, outcome]), occasions)
    bases = [_bases(pattern, occasions) for pattern in patterns]
    free = [0, 1, *([] if is_on_boundary(fit) else [2, 3]), *([4] if fit.triad > 0 else [])]
    kept = [each[free] for each in bases]
    return observed_sample(patterns, _covariances(bases, fit), kept, fit.covariance)


def slope_test(fit: InterceptsFit, without: InterceptsFit) -> tuple[float, float]:
    """Test that persons do not differ in change: twice the difference in log-likelihood, and p.

    Parameters
    ----------
    fit, without : InterceptsFit
        With slopes and without, on the same rows and fixed effects.

    Notes
    -----
    A variance cannot be below zero, so that under the null the statistic follows a mixture in
    equal parts of chi-squares with one and with two degrees of freedom.

    References
    ----------
    Stram & Lee (1994), doi:10.2307/2533455, case 3.
    """
    value = max(2 * (fit.log_likelihood - without.log_likelihood), 0.0)
    return value, float((special.chdtrc(1, value) + special.chdtrc(2, value)) / 2)


def is_on_boundary(fit: InterceptsFit) -> bool:
    """Whether persons' slopes do not vary, or follow from their intercepts."""
    product = fit.person * fit.slope
    return product - fit.covarying**2 <= SMALL * product


def _parts(found: Floats, *, has_triads: bool) -> Floats:
    """Give the ratios of residual, intercepts, covariance, slopes and triads to the residual."""
    first, across, second = found[:3]
    triad = found[3] if has_triads else 0.0
    return np.array([1.0, first**2, first * across, across**2 + second**2, triad])


def _patterns(columns: Floats, occasions: Occasions) -> list[Pattern]:
    """Sum over triads of one layout; persons of one layout stand together, so that they are few."""
    triads, persons = occasions.triads, occasions.persons
    moments, at = np.unique(occasions.times, return_inverse=True)
    seen = np.zeros((persons[-1] + 1, len(moments)))
    seen[persons, at] = 1
    _, layout = np.unique(seen, axis=0, return_inverse=True)
    order = np.lexsort([at, persons, layout.reshape(-1)[persons], triads])
    is_new = np.diff(persons[order], prepend=-1) != 0
    number = np.cumsum(is_new)
    first = np.maximum.accumulate(np.where(np.diff(triads[order], prepend=-1) != 0, number, 0))
    places = (number - first) * len(moments) + at[order]
    return pattern_sums(columns[order], triads[order], places.astype(np.int64))


def _bases(pattern: Pattern, occasions: Occasions) -> Floats:
    """Give V by each of its parts, in the order of `_parts`."""
    moments = np.unique(occasions.times)
    places = np.array(pattern.places)
    ranks, times = places // len(moments), moments[places % len(moments)]
    m = len(places)
    same = (ranks[:, None] == ranks).astype(float)
    both = times[:, None] + times
    return np.stack([np.eye(m), same, same * both, same * np.outer(times, times), np.ones((m, m))])


def _covariances(bases: Sequence[Floats], fit: InterceptsFit) -> list[Floats]:
    parts = np.array([fit.residual, fit.person, fit.covarying, fit.slope, fit.triad])
    return [np.einsum("i,iab->ab", parts, each) for each in bases]


def _weighted(
    parts: Floats, patterns: Sequence[Pattern], bases: Sequence[Floats]
) -> tuple[Floats, float]:
    """Give W'V^-1 W and log |V|, the residual variance being 1."""
    cross, log_determinant = np.zeros(patterns[0].cross.shape[2:]), 0.0
    for pattern, base in zip(patterns, bases, strict=True):
        value = np.einsum("i,iab->ab", parts, base)
        cross += np.einsum("ab,abpq->pq", np.linalg.inv(value), pattern.cross)
        log_determinant += pattern.n * float(np.linalg.slogdet(value)[1])
    return cross, log_determinant
