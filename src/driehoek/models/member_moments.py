"""Whether members' residuals covary and spread alike, clusters of triads being independent."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.member_rows import MemberRows
from driehoek.models.statistic import Statistic

Floats = NDArray[np.float64]


def moment_rows(
    residuals: Floats, rows: MemberRows, n_members: int, blank: Statistic
) -> Iterator[Statistic]:
    """Test residual covariances and variances of members by their sums over clusters.

    ``f_independent``: products of two members' residuals, in one triad and wave, are zero on
    average. ``f_spread_equal``: the logarithms of the members' residual variances are equal. Each
    with a row ``..._df2``.

    Parameters
    ----------
    residuals : numpy.ndarray, shape (rows,)
    rows : MemberRows
    n_members : int
    blank : Statistic

    References
    ----------
    Hotelling's T2 over clusters, of sums and of the influence of each cluster on a logarithm.
    """
    own = np.full((rows.n_triads * (int(rows.waves.max()) + 1), n_members), np.nan)
    times = rows.triads * (int(rows.waves.max()) + 1) + rows.waves
    own[times, rows.members] = residuals
    clusters = np.zeros(len(own), dtype=np.int64)
    clusters[times] = rows.clusters
    products = np.column_stack(
        [own[:, i] * own[:, j] for i, j in combinations(range(n_members), 2)]
    )
    sums = _sums(np.nan_to_num(products), clusters)
    yield from _hotelling("f_independent", sums.sum(axis=0), sums, blank)
    squares, counts = own**2, (~np.isnan(own)).sum(axis=0)
    variances = np.nanmean(squares, axis=0)
    influence = _sums(np.nan_to_num(squares / variances - 1) / counts, clusters)
    yield from _hotelling(
        "f_spread_equal",
        np.log(variances[0]) - np.log(variances[1:]),
        influence[:, :1] - influence[:, 1:],
        blank,
    )


def _sums(values: Floats, clusters: NDArray[np.int64]) -> Floats:
    sums = np.zeros((int(clusters.max()) + 1, values.shape[1]))
    np.add.at(sums, clusters, values)
    return sums


def _hotelling(name: str, value: Floats, parts: Floats, blank: Statistic) -> Iterator[Statistic]:
    """Test that a sum over clusters is zero, its covariance following from the parts."""
    n, q = parts.shape
    row = replace(blank, statistic=name, method="Hotelling's T2 over clusters", df=float(q))
    if n <= q:
        yield replace(row, reason=f"too few clusters test {q} coefficients together")
        return
    covariance = n * np.atleast_2d(np.cov(parts.T))
    f = float(value @ np.linalg.solve(covariance, value)) * (n - q) / (q * (n - 1))
    yield replace(row, estimate=f, p=float(special.fdtrc(q, n - q, f)))
    yield replace(row, statistic=f"{name}_df2", estimate=float(n - q), df=math.nan)
