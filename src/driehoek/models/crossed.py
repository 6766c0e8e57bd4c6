"""Random intercepts of persons who stand in several triads, crossed with triads and members."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, diags_array, hstack
from scipy.sparse.linalg import splu

from driehoek.models.intercepts import InterceptsFit, Likelihood, Weighted, fit_intercepts

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def fit_crossed(
    outcome: Floats,
    matrix: Floats,
    triads: Codes,
    persons: Codes,
    crossed: Codes,
    *,
    likelihood: Likelihood = "reml",
) -> InterceptsFit:
    """Fit a model with random intercepts of triads, persons in them, and across them.

    Parameters
    ----------
    outcome, matrix, triads, persons, likelihood
        As `driehoek.models.nested.fit_nested` takes them.
    crossed : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps of the units that cross triads, such as professionals.

    Notes
    -----
    With Z the indicators of all units and L the roots of their variance ratios, V = I + Z L L Z'
    has the determinant of the sparse matrix I + L Z'Z L, whose triangular factors also give
    W'V^-1 W.

    References
    ----------
    Bates, Maechler, Bolker & Walker (2015), doi:10.18637/jss.v067.i01, section 3. Agrees with: R
    lme4 ``lmer(y ~ x + (1 | triad / person) + (1 | professional))``.
    """
    levels = [triads, persons, crossed]
    sizes = [int(each.max()) + 1 for each in levels]
    units = hstack([indicators(each) for each in levels], format="csc")
    among = csc_array(units.T @ units)

    def weigh(columns: Floats) -> Weighted:
        total, sums = columns.T @ columns, units.T @ columns

        def weighted(ratios: Floats) -> tuple[Floats, float]:
            roots = np.repeat(np.sqrt(ratios), sizes)
            scale = diags_array(roots)
            inner = csc_array(diags_array(np.ones(len(roots))) + scale @ among @ scale)
            # Positive definite: no pivots are needed, and the ordering keeps the factors sparse.
            factors = splu(
                inner,
                permc_spec="MMD_AT_PLUS_A",
                diag_pivot_thresh=0.0,
                options={"SymmetricMode": True},
            )
            own = roots[:, None] * sums
            cross = total - own.T @ factors.solve(own)
            return cross, float(np.log(np.abs(factors.U.diagonal())).sum())

        return weighted

    is_free = [bool(persons[-1] > triads[-1]), True, True]
    return fit_intercepts(outcome, matrix, is_free, weigh, likelihood=likelihood)


def indicators(codes: Codes) -> csc_array:
    """Give the matrix of ones, shape (rows, units), that tells the unit of each row."""
    n = len(codes)
    return csc_array(coo_array((np.ones(n), (np.arange(n), codes)), shape=(n, codes.max() + 1)))
