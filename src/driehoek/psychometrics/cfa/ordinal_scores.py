"""Factor values of respondents from ordered answers."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from driehoek.psychometrics.bivariate_normal import normal_density
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.implied import Matrices
from driehoek.psychometrics.moments import FloatArray

_MAX_STEPS = 100
_TOLERANCE = 1e-8
_LONGEST = 2.0  # of a step, in standard deviations of the factors
_FAR = 30.0


def posterior_modes(
    codes: npt.NDArray[np.int64], limits: list[FloatArray], parts: Matrices
) -> FloatArray:
    """Find the most likely factor values of each respondent, given the answers.

    Parameters
    ----------
    codes : numpy.ndarray of int, shape (respondents, items)
        Categories from 0; -1 where missing.
    limits : list of numpy.ndarray
        Thresholds of every item.
    parts : Matrices
        Model matrices of the group; residuals are taken as independent.

    Returns
    -------
    numpy.ndarray, shape (respondents, factors)
        NaN for respondents without any answer.

    Raises
    ------
    NotEstimableError
        If a residual variance or the factor covariance matrix is not positive.

    Notes
    -----
    The mode of the posterior: the normal density of the factors times the probability of
    each answer. Its logarithm is concave, so that Newton's steps find the only maximum.

    References
    ----------
    Samejima (1969), doi:10.1007/BF03372160 (Bayes modal estimation).
    """
    residual = np.diag(parts.residual_covariance)
    spread = parts.total_effects @ parts.factor_covariance @ parts.total_effects.T
    if (residual <= 0).any() or np.linalg.eigvalsh(spread)[0] <= 0:
        msg = "Factor scores need positive residual variances and a positive definite model."
        raise NotEstimableError(msg)
    scale = 1 / np.sqrt(residual)
    slopes = parts.loadings * scale[:, None]
    padded = [np.concatenate([[-_FAR], each, [_FAR]]) for each in limits]
    rows = zip(padded, parts.intercepts, scale, strict=True)
    edges = [np.clip((limit - level) * size, -_FAR, _FAR) for limit, level, size in rows]
    seen = codes >= 0
    low, high = np.zeros(codes.shape), np.zeros(codes.shape)
    for item, limit in enumerate(edges):
        low[:, item] = limit[np.maximum(codes[:, item], 0)]
        high[:, item] = limit[np.maximum(codes[:, item], 0) + 1]
    centre, precision = parts.total_effects @ parts.factor_means, np.linalg.inv(spread)
    values = np.tile(centre, (len(codes), 1))
    for _ in range(_MAX_STEPS):
        reach = values @ slopes.T
        slope, curve = _derivatives(low - reach, high - reach)
        slope, curve = np.where(seen, slope, 0.0), np.where(seen, curve, 0.0)
        gradient = slope @ slopes - (values - centre) @ precision
        hessian = np.einsum("ri,ia,ib->rab", curve, slopes, slopes) + precision
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        length = np.sqrt(np.einsum("ra,ab,rb->r", step, precision, step))
        values = values + step * np.minimum(1, _LONGEST / np.maximum(length, 1e-12))[:, None]
        if length.max(initial=0.0) < _TOLERANCE:
            break
    values[~seen.any(axis=1)] = np.nan
    return values


def _derivatives(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Differentiate the log-probability of an interval by its shift, and minus twice so."""
    is_above = low > 0  # there the upper tails differ in more digits
    shares = np.where(is_above, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    probability = np.maximum(shares, np.finfo(float).tiny)
    upper, lower = normal_density(high), normal_density(low)
    slope = (lower - upper) / probability
    curve = (high * upper - low * lower) / probability + slope**2
    return slope, np.maximum(curve, 1e-10)
