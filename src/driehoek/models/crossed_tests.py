"""Small-sample tests for random intercepts that cross triads."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array, eye_array, hstack
from scipy.sparse.csgraph import connected_components

from driehoek.models.crossed import indicators
from driehoek.models.intercepts import InterceptsFit
from driehoek.models.kenward_roger import SmallSample, corrected, expected_information

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CHUNK = 400  # rows at a time, where parts are small
LARGEST_PART = 4000  # rows that are tied together, beyond which V is not inverted as it stands


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over parts; parameters are residual, persons, triads, crossed, as far as given."""

    slopes: Floats  # -X' V^-1 V_i V^-1 X
    products: Floats  # X' V^-1 V_i V^-1 V_j V^-1 X
    traces: Floats  # of V^-1 V_i V^-1 V_j
    pulls: Floats  # X' V^-1 V_i V^-1 e, e the residual of the outcome
    spreads: Floats  # e' V^-1 V_i V^-1 V_j V^-1 e


def crossed_small_sample(
    matrix: Floats, triads: Codes, persons: Codes, crossed: Codes, fit: InterceptsFit
) -> SmallSample | None:
    """Give the Kenward-Roger quantities of a model with crossed random intercepts.

    Parameters
    ----------
    matrix, triads, persons, crossed
        As `driehoek.models.crossed.fit_crossed` takes them.
    fit : InterceptsFit

    Returns
    -------
    SmallSample or None
        None where the variances cannot be told apart, or where so many rows are tied together by
        shared persons that their covariance matrix is too large.

    References
    ----------
    Kenward & Roger (1997), doi:10.2307/2533558. Agrees with: R pbkrtest ``vcovAdj`` and
    ``KRmodcomp`` on ``lmer(y ~ x + (1 | triad / person) + (1 | professional))``.
    """
    has_triads = bool(persons[-1] > triads[-1])
    levels = [persons, *([triads] if has_triads else []), crossed]
    variances = [fit.residual, fit.person, *([fit.triad] if has_triads else []), fit.crossed]
    sums = _summed(np.zeros(len(matrix)), matrix, levels, variances)
    if sums is None:
        return None
    return corrected(fit.covariance, sums.slopes, sums.products, sums.traces)


def crossed_satterthwaite(
    outcome: Floats,
    matrix: Floats,
    triads: Codes,
    persons: Codes,
    crossed: Codes,
    fit: InterceptsFit,
) -> SmallSample | None:
    """Give Satterthwaite's quantities: no correction of the covariance, observed information.

    Variances estimated at zero are taken as known.

    References
    ----------
    Satterthwaite (1946), doi:10.2307/3002019; the information of REML: Gilmour, Thompson & Cullis
    (1995), doi:10.2307/2533274. Agrees with: R lmerTest.
    """
    given = {"person": persons, "triad": triads, "crossed": crossed}
    free = {name: codes for name, codes in given.items() if getattr(fit, name) > 0}
    variances = [fit.residual, *(getattr(fit, name) for name in free)]
    sums = _summed(outcome - matrix @ fit.b, matrix, list(free.values()), variances)
    if sums is None:
        return None
    expected = expected_information(fit.covariance, sums.slopes, sums.products, sums.traces)
    seen = sums.spreads - np.einsum("ip,pq,jq->ij", sums.pulls, fit.covariance, sums.pulls)
    hessian = 2 * seen - expected
    if np.linalg.eigvalsh(hessian)[0] <= 0:
        return None
    parameters = 2 * np.linalg.inv(hessian).astype(np.float64)
    return SmallSample(fit.covariance, fit.covariance, sums.slopes, parameters)


def _summed(
    residual: Floats, matrix: Floats, levels: list[Codes], variances: list[float]
) -> _Sums | None:
    """Sum over the parts that no unit ties together; None where one is too large."""
    k, r = matrix.shape[1], len(variances)
    sums = _Sums(
        np.zeros((r, k, k)), np.zeros((r, r, k, k)), np.zeros((r, r)), np.zeros((r, k)),
        np.zeros((r, r)),
    )  # fmt: skip
    units = [indicators(codes) for codes in levels]
    for rows in _parts(units, len(matrix)):
        if len(rows) > LARGEST_PART:
            return None
        own = [eye_array(len(rows), format="csc"), *(_present(each[rows]) for each in units)]
        _add(sums, residual[rows], matrix[rows], own, variances)
    return sums


def _parts(units: list[csc_array], n: int) -> Iterator[NDArray[np.intp]]:
    """Give the rows of parts that no unit ties together, small ones some at a time."""
    part = np.arange(n)
    if units:
        both = hstack(units, format="csc")
        graph = block_array([[None, both], [both.T, None]])
        part = np.unique(connected_components(graph, directed=False)[1][:n], return_inverse=True)[1]
    sizes = np.bincount(part)
    chunk = (np.cumsum(sizes) - sizes) // CHUNK
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(chunk[part[order]], np.arange(1, int(chunk[-1]) + 1))
    yield from (each for each in np.split(order, ends) if len(each))


def _present(units: csc_array) -> csc_array:
    """Leave out units without a row."""
    return units[:, np.flatnonzero(np.diff(csc_array(units).indptr))]


def _add(
    sums: _Sums, residual: Floats, matrix: Floats, units: list[csc_array], variances: list[float]
) -> None:
    value = sum(
        variance * (each @ each.T).toarray()
        for variance, each in zip(variances, units, strict=True)
    )
    inverse = np.linalg.inv(value)
    halves = [each.T @ inverse for each in units]
    seen = [half @ matrix for half in halves]
    moved = [half @ residual for half in halves]
    for i, half in enumerate(halves):
        sums.slopes[i] -= seen[i].T @ seen[i]
        sums.pulls[i] += seen[i].T @ moved[i]
        for j, other in enumerate(units):
            between = half @ other
            sums.traces[i, j] += float((between**2).sum())
            sums.products[i, j] += seen[i].T @ between @ seen[j]
            sums.spreads[i, j] += float(moved[i] @ between @ moved[j])
