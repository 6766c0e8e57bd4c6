"""Rotation of factor loadings to simple structure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from driehoek.psychometrics.moments import FloatArray

Rotation = Literal["none", "varimax", "promax", "oblimin", "geomin"]
Criterion = Callable[[FloatArray], tuple[float, FloatArray]]

_TOLERANCE = 1e-6
_MAX_STEPS = 1000
_MAX_HALVINGS = 30
_GEOMIN_EPSILON = 0.01
_PROMAX_POWER = 4


@dataclass(frozen=True, slots=True)
class Rotated:
    """Rotated loadings.

    Attributes
    ----------
    loadings : numpy.ndarray, shape (items, factors)
        Pattern coefficients; factors in order of their sum of squares, pointing to
        where most of their items point.
    correlations : numpy.ndarray, shape (factors, factors)
        Of the factors.
    value : float
        The criterion that was minimised; NaN where there is none.
    """

    loadings: FloatArray
    correlations: FloatArray
    value: float


def rotate(
    loadings: FloatArray,
    method: Rotation,
    *,
    rng: np.random.Generator | None = None,
    n_starts: int = 1,
) -> Rotated:
    """Rotate loadings.

    Parameters
    ----------
    loadings : numpy.ndarray, shape (items, factors)
    method : str
        ``oblimin`` is the direct quartimin (gamma 0), ``geomin`` has epsilon .01, both
        without row weights; ``varimax`` and ``promax`` (power 4) are Kaiser-normalised.
    rng : numpy.random.Generator, optional
        Needed for more than one start.
    n_starts : int
        Searches of oblimin or geomin, all but the first from random positions; the best
        is kept. Geomin often has several minima.

    References
    ----------
    Kaiser (1958), doi:10.1007/BF02289233; Hendrickson & White (1964),
    doi:10.1111/j.2044-8317.1964.tb00244.x; Jennrich (2002), doi:10.1007/BF02294706;
    Bernaards & Jennrich (2005), doi:10.1177/0013164404272507. Agrees with R 4.2 `varimax`
    and `promax`, and with lavaan 0.6-14's rotation.
    """
    k = loadings.shape[1]
    if k < 2 or method == "none":
        return _tidy(loadings, np.eye(k), np.nan)
    if method == "varimax":
        return _tidy(_varimax(loadings), np.eye(k), np.nan)
    if method == "promax":
        return _promax(loadings)
    criterion = _oblimin if method == "oblimin" else _geomin
    starts = [np.eye(k)]
    if n_starts > 1 and rng is not None:
        draws = rng.standard_normal((n_starts - 1, k, k))
        starts += [np.linalg.qr(draw)[0] for draw in draws]
    found = [_oblique(loadings, criterion, start) for start in starts]
    transform, value = min(found, key=lambda pair: pair[1])
    return _tidy(loadings @ np.linalg.inv(transform).T, transform.T @ transform, value)


def _oblique(
    loadings: FloatArray, criterion: Criterion, start: FloatArray
) -> tuple[FloatArray, float]:
    """Project gradient steps onto transformations with columns of length 1."""
    transform, rate = start, 1.0
    inverse = np.linalg.inv(transform)
    turned = loadings @ inverse.T
    value, slope = criterion(turned)
    for _ in range(_MAX_STEPS):
        gradient = -(turned.T @ slope @ inverse).T
        projected = gradient - transform * (transform * gradient).sum(axis=0)
        size = float(np.sqrt((projected**2).sum()))
        if size < _TOLERANCE:
            break
        rate *= 2
        for _ in range(_MAX_HALVINGS):
            proposed = transform - rate * projected
            proposed = proposed / np.sqrt((proposed**2).sum(axis=0))
            inverse = np.linalg.inv(proposed)
            turned = loadings @ inverse.T
            new, slope = criterion(turned)
            if new <= value - 0.5 * size**2 * rate:
                break
            rate /= 2
        else:
            return transform, value
        transform, value = proposed, new
    return transform, value


def _oblimin(loadings: FloatArray) -> tuple[float, FloatArray]:
    squares = loadings**2
    others = squares.sum(axis=1, keepdims=True) - squares
    return float((squares * others).sum() / 4), loadings * others


def _geomin(loadings: FloatArray) -> tuple[float, FloatArray]:
    squares = loadings**2 + _GEOMIN_EPSILON
    products = np.exp(np.log(squares).mean(axis=1))
    return float(products.sum()), 2 / loadings.shape[1] * (loadings / squares) * products[:, None]


def _varimax(loadings: FloatArray) -> FloatArray:
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    normal = loadings / length
    turn, before = np.eye(loadings.shape[1]), 0.0
    for _ in range(_MAX_STEPS):
        turned = normal @ turn
        cubes = turned**3 - turned * (turned**2).mean(axis=0)
        left, sizes, right = np.linalg.svd(normal.T @ cubes)
        turn = left @ right
        if sizes.sum() < before * (1 + 1e-14):
            break
        before = float(sizes.sum())
    return np.asarray(normal @ turn * length)


def _promax(loadings: FloatArray) -> Rotated:
    turned = _varimax(loadings)
    target = turned * np.abs(turned) ** (_PROMAX_POWER - 1)
    transform = np.linalg.lstsq(turned, target, rcond=None)[0]
    transform = transform * np.sqrt(np.diag(np.linalg.inv(transform.T @ transform)))
    inverse = np.linalg.inv(transform)
    return _tidy(turned @ transform, inverse @ inverse.T, np.nan)


def _tidy(loadings: FloatArray, correlations: FloatArray, value: float) -> Rotated:
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)[order]
    return Rotated(
        loadings=loadings[:, order] * sign,
        correlations=correlations[np.ix_(order, order)] * np.outer(sign, sign),
        value=value,
    )
