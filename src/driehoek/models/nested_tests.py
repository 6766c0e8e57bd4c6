"""Small-sample tests for random intercepts of triads and of persons within them."""

import numpy as np
from numpy.typing import NDArray

from driehoek.models.intercepts import InterceptsFit
from driehoek.models.kenward_roger import SmallSample, observed_sample, small_sample
from driehoek.models.patterns import Pattern, pattern_sums

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def nested_small_sample(
    matrix: Floats, triads: Codes, persons: Codes, fit: InterceptsFit
) -> SmallSample | None:
    """Give the Kenward-Roger quantities of a nested random-intercept model.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
    triads, persons : numpy.ndarray of int, shape (rows,)
        As `driehoek.models.nested.fit_nested` takes them.
    fit : InterceptsFit

    Returns
    -------
    SmallSample or None
        None where the variances cannot be told apart; a triad variance that is fixed at zero,
        since every triad has one person, is no parameter.

    References
    ----------
    Agrees with: R pbkrtest ``vcovAdj`` and ``KRmodcomp`` on ``lmer(y ~ x + (1 | triad / person))``.
    """
    patterns = _patterns(matrix, triads, persons)
    has_triads = bool(persons[-1] > triads[-1])
    derivatives = [_derivatives(pattern)[: 3 if has_triads else 2] for pattern in patterns]
    covariances = [_covariance(pattern, fit) for pattern in patterns]
    return small_sample(patterns, covariances, derivatives, fit.covariance)


def nested_satterthwaite(
    outcome: Floats, matrix: Floats, triads: Codes, persons: Codes, fit: InterceptsFit
) -> SmallSample | None:
    """Give Satterthwaite's quantities: no correction of the covariance, observed information.

    Variances estimated at zero are taken as known.

    References
    ----------
    Satterthwaite (1946), doi:10.2307/3002019; Kuznetsova et al. (2017),
    doi:10.18637/jss.v082.i13. Agrees with: R lmerTest.
    """
    patterns = _patterns(np.column_stack([matrix, outcome]), triads, persons)
    free = [i for i, each in enumerate((fit.residual, fit.person, fit.triad)) if each > 0]
    derivatives = [_derivatives(pattern)[free] for pattern in patterns]
    covariances = [_covariance(pattern, fit) for pattern in patterns]
    return observed_sample(patterns, covariances, derivatives, fit.covariance)


def _patterns(columns: Floats, triads: Codes, persons: Codes) -> list[Pattern]:
    """Sum over triads of one layout; persons with most rows first, so that layouts are few."""
    sizes = np.bincount(persons)
    order = np.lexsort([persons, -sizes[persons], triads])
    return pattern_sums(columns[order], triads[order], _ranks(triads[order], persons[order]))


def _ranks(triads: Codes, persons: Codes) -> Codes:
    """Give each row the rank of its person in the triad, from 0; rows sorted by both."""
    is_new = np.diff(persons, prepend=-1) != 0
    number = np.cumsum(is_new)
    first = np.maximum.accumulate(np.where(np.diff(triads, prepend=-1) != 0, number, 0))
    ranks: Codes = (number - first).astype(np.int64)
    return ranks


def _derivatives(pattern: Pattern) -> Floats:
    places = np.array(pattern.places)
    m = len(places)
    same: Floats = (places[:, None] == places).astype(float)
    return np.stack([np.eye(m), same, np.ones((m, m))])


def _covariance(pattern: Pattern, fit: InterceptsFit) -> Floats:
    variances = np.array([fit.residual, fit.person, fit.triad])
    value: Floats = np.einsum("i,iab->ab", variances, _derivatives(pattern))
    return value
