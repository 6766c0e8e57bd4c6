"""Predictive mean matching, for all imputations of one variable at once."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
RIDGE = 1e-5  # share of the diagonal added, as in R's mice: collinear predictors do no harm
JITTER = 1e-9  # of the spread of the predictions: puts ties in random order
DONORS = 5
DONOR_SHARE = 3  # donors are at most a third of those observed

Method = Literal["pmm", "nominal", "ordinal"]


def matched(
    y: Floats, observed: Floats, missing: Floats, donors: int, rng: np.random.Generator
) -> Places:
    """Draw a donor for each missing value: somebody observed with a like prediction.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,) or (m, n)
        Observed values.
    observed, missing : numpy.ndarray, shape (m, p, n) and (m, p, k)
        Predictors of those observed and of those missing, intercept first.
    donors : int
        Nearest persons to draw from.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of int, shape (m, k)
        Positions among those observed.

    Notes
    -----
    Predictions of those observed take the estimated coefficients, those of the missing a draw
    from their posterior (type 1 matching).

    References
    ----------
    Van Buuren (2018), Flexible imputation of missing data, 2nd ed., algorithms 3.1 and 3.3.
    """
    b, drawn = coefficient_draw(y, observed, rng)
    theirs = np.matmul(b[:, None, :], observed)[:, 0]
    wanted = np.matmul(drawn[:, None, :], missing)[:, 0]
    spread = np.ptp(theirs, axis=1, keepdims=True)
    theirs = theirs + rng.random(theirs.shape) * (JITTER * np.where(spread > 0, spread, 1.0))
    k = max(min(donors, theirs.shape[1] // DONOR_SHARE), 1)
    choice = rng.integers(0, k, wanted.shape)
    return _nearest(theirs, wanted, choice, k)


def coefficient_draw(y: Floats, x: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Estimate linear regressions and draw their coefficients from the posterior.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,) or (m, n)
    x : numpy.ndarray, shape (m, p, n)

    Returns
    -------
    tuple of numpy.ndarray, shape (m, p)
        Least squares (with a slight ridge), and one draw.
    """
    m, p, n = x.shape
    gram = np.matmul(x, x.swapaxes(1, 2))
    diagonal = np.arange(p)
    gram[:, diagonal, diagonal] *= 1 + RIDGE
    outcome = np.broadcast_to(y, (m, n))
    lower = np.linalg.inv(np.linalg.cholesky(gram))
    right = np.matmul(x, outcome[:, :, None])
    b: Floats = np.matmul(lower.swapaxes(1, 2), np.matmul(lower, right))[:, :, 0]
    residual = outcome - np.matmul(b[:, None, :], x)[:, 0]
    scale = np.sqrt((residual**2).sum(axis=1) / rng.chisquare(max(n - p, 1), m))
    normal = rng.standard_normal((m, p, 1))
    shift = np.matmul(lower.swapaxes(1, 2), normal)[:, :, 0]
    return b, b + shift * scale[:, None]


def quantified(codes: Places, n_levels: int, x: Floats) -> Floats:
    """Give numbers to unordered options so that the predictors tell them apart best.

    Parameters
    ----------
    codes : numpy.ndarray of int, shape (n,)
        Option of each person, 0 to `n_levels` - 1.
    x : numpy.ndarray, shape (m, p, n)

    Returns
    -------
    numpy.ndarray, shape (m, n)
        The first canonical variate of the options, as in R's mice for factors.
    """
    counts = np.bincount(codes, minlength=n_levels)
    dummies = np.zeros((n_levels, len(codes)))
    dummies[codes, np.arange(len(codes))] = 1 / np.sqrt(np.maximum(counts, 1))[codes]
    gram = np.matmul(x, x.swapaxes(1, 2))
    diagonal = np.arange(x.shape[1])
    gram[:, diagonal, diagonal] *= 1 + RIDGE
    cross = np.matmul(x, dummies.T)
    between = np.matmul(cross.swapaxes(1, 2), np.linalg.solve(gram, cross))
    root = np.sqrt(counts / len(codes))  # what only the intercept explains
    between -= np.outer(root, root)
    vectors = np.linalg.eigh((between + between.swapaxes(1, 2)) / 2)[1][:, :, -1]
    scores = vectors / np.sqrt(np.maximum(counts, 1)) * np.sqrt(len(codes))
    values: Floats = scores[:, codes]
    return values


def _nearest(theirs: Floats, wanted: Floats, choice: Places, k: int) -> Places:
    """Give for each prediction wanted one of the k nearest among `theirs`, row by row."""
    order = np.argsort(theirs, axis=1)
    ranked = np.take_along_axis(theirs, order, axis=1)
    m, n = ranked.shape
    at = np.stack([np.searchsorted(*each) for each in zip(ranked, wanted, strict=True)])
    window = at[:, :, None] + np.arange(-k, k)
    inside = np.minimum(np.maximum(window, 0), n - 1).reshape(m, -1)
    near = np.take_along_axis(ranked, inside, axis=1).reshape(window.shape)
    distance = np.abs(near - wanted[:, :, None])
    distance[np.logical_or(window < 0, window >= n)] = np.inf
    nearest = np.argpartition(distance, k - 1, axis=2)[:, :, :k]
    chosen = np.take_along_axis(nearest, choice[:, :, None], axis=2)
    place = np.take_along_axis(window, chosen, axis=2)[:, :, 0]
    found: Places = np.take_along_axis(order, place, axis=1)
    return found
