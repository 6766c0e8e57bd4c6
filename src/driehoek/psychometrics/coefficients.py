"""Coefficients of reliability that a covariance matrix gives, for many matrices at once."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from driehoek.psychometrics.moments import ROUNDING, FloatArray, correlations

Coefficient = Literal["alpha", "standardised_alpha", "lambda2", "lambda6"]


def coefficient(name: Coefficient, covariance: FloatArray) -> FloatArray:
    """Compute a coefficient of the sum of the items.

    Parameters
    ----------
    name : str
        ``alpha`` (Cronbach; Guttman's lambda 3), ``standardised_alpha`` (of items brought to
        one variance), ``lambda2``, ``lambda6`` (Guttman; errors from the squared multiple
        correlations).
    covariance : numpy.ndarray, shape (..., items, items)
        Two items or more.

    Returns
    -------
    numpy.ndarray, shape (...)
        At most 1; NaN where the sum does not vary or (lambda6) items determine one another.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555; Guttman (1945), doi:10.1007/BF02288892, for lambda 2
    and 6. Agrees with psych 2.2.9 `guttman` (which takes correlations) and `alpha`.
    """
    return _COEFFICIENTS[name](covariance)


def _alpha(covariance: FloatArray) -> FloatArray:
    k = covariance.shape[-1]
    return np.asarray(k / (k - 1) * (1 - _own(covariance).sum(axis=-1) / _total(covariance)))


def _standardised_alpha(covariance: FloatArray) -> FloatArray:
    return _alpha(_correlations(covariance))


def _lambda2(covariance: FloatArray) -> FloatArray:
    k, own = covariance.shape[-1], _own(covariance)
    squares = (covariance**2).sum(axis=(-2, -1)) - (own**2).sum(axis=-1)
    shared = covariance.sum(axis=(-2, -1)) - own.sum(axis=-1)
    return np.asarray((shared + np.sqrt(k / (k - 1) * squares)) / _total(covariance))


def _lambda6(covariance: FloatArray) -> FloatArray:
    related = _correlations(covariance)
    usable = np.linalg.eigvalsh(np.nan_to_num(related))[..., 0] > 1e-10
    whole = np.where(usable[..., None, None], related, np.eye(covariance.shape[-1]))
    errors = _own(covariance) / _own(np.linalg.inv(whole))
    found = 1 - errors.sum(axis=-1) / _total(covariance)
    return np.asarray(np.where(usable, found, np.nan))


def _correlations(covariance: FloatArray) -> FloatArray:
    if covariance.ndim == 2:
        return correlations(covariance)
    spread = np.sqrt(_own(covariance))
    spread = np.where(spread > 0, spread, np.nan)
    return np.asarray(covariance / (spread[..., :, None] * spread[..., None, :]))


def _own(covariance: FloatArray) -> FloatArray:
    return np.asarray(np.diagonal(covariance, axis1=-2, axis2=-1))


def _total(covariance: FloatArray) -> FloatArray:
    total = covariance.sum(axis=(-2, -1))
    return np.asarray(np.where(total > ROUNDING * _own(covariance).sum(axis=-1), total, np.nan))


_COEFFICIENTS: dict[Coefficient, Callable[[FloatArray], FloatArray]] = {
    "alpha": _alpha,
    "standardised_alpha": _standardised_alpha,
    "lambda2": _lambda2,
    "lambda6": _lambda6,
}
