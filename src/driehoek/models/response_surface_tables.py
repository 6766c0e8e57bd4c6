"""The rows of a response surface: features of its shape, and the surface itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.delta import function_row
from driehoek.models.least_squares import LeastSquares, wald_f
from driehoek.models.statistic import Statistic

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

HALF = 0.5  # standard deviations apart from which two standardised scores differ
POINTS = 9  # of the surface, to a side
FLAT = 1e-10

# What a surface of b0 + b1 x + b2 y + b3 x^2 + b4 xy + b5 y^2 is like, coefficient by coefficient.
FEATURES: dict[str, tuple[float, ...]] = {
    "a1": (0, 1, 1, 0, 0, 0),  # slope along x = y
    "a2": (0, 0, 0, 1, 1, 1),  # curvature along x = y
    "a3": (0, 1, -1, 0, 0, 0),  # slope along x = -y
    "a4": (0, 0, 0, 1, -1, 1),  # curvature along x = -y
    "a5": (0, 0, 0, 1, 0, -1),  # whether the ridge runs along x = y
}


def discrepancy_rows(x: Floats, y: Floats, blank: Statistic) -> Iterator[Statistic]:
    """Give the shares of rows in which the standardised predictors agree or differ."""
    row = replace(blank, method="standardised")
    if not x.std() or not y.std():
        yield replace(row, statistic="share_agree", reason="a predictor is the same in every row")
        return
    gap = (x - x.mean()) / x.std(ddof=1) - (y - y.mean()) / y.std(ddof=1)
    shares = {
        "share_first_higher": (gap > HALF).mean(),
        "share_agree": (np.abs(gap) <= HALF).mean(),
        "share_second_higher": (gap < -HALF).mean(),
    }
    for name, share in shares.items():
        yield replace(row, statistic=name, estimate=float(share))


def coefficient_rows(
    fit: LeastSquares, labels: Sequence[str], blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give every coefficient."""
    for place, label in enumerate(labels):
        named = replace(blank, statistic="b", term=label)
        yield function_row(fit, _picked(place), named, confidence)


def model_rows(fit: LeastSquares, n_terms: int, blank: Statistic) -> Iterator[Statistic]:
    """Give R2, and the joint tests of all polynomial terms and of the curved ones."""
    yield replace(blank, statistic="r2", estimate=fit.r2, method="ols")
    n_linear = 2 if n_terms == 5 else 1
    sets = {
        "wald_polynomial": list(range(1, n_terms + 1)),
        "wald_curved": list(range(n_linear + 1, n_terms + 1)),
    }
    for name, places in sets.items():
        f, df2, p, reason = wald_f(fit, places)
        row = replace(blank, statistic=name, reason=reason)
        yield replace(row, estimate=f, df=float(len(places)), p=p)
        yield replace(row, statistic=f"{name}_df2", estimate=df2)


def axis_rows(fit: LeastSquares, blank: Statistic, confidence: float) -> Iterator[Statistic]:
    """Give a1 to a5, the stationary point and the principal axes."""
    for name, weights in FEATURES.items():
        yield function_row(fit, _weighed(weights), replace(blank, statistic=name), confidence)
    b3, b4, b5 = fit.b[3:6]
    size = max(abs(b3), abs(b4), abs(b5))
    is_flat = size <= FLAT * np.abs(fit.b[:6]).max()
    if is_flat or abs(4 * b3 * b5 - b4**2) < FLAT * size**2 or abs(b4) < FLAT * size:
        why = "the surface has no single stationary point, so it has no principal axes"
        yield replace(blank, statistic="p11", reason=why)
        return
    against = {"p11": 1.0, "p21": -1.0}
    for name, function in AXES.items():
        row = replace(blank, statistic=name)
        yield function_row(fit, function, row, confidence, against=against.get(name, 0.0))


def difference_rows(
    fit: LeastSquares, beside: LeastSquares, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give the difference score beside the model, and the test of what it takes for granted."""
    row = replace(blank, statistic="difference_b", group="difference_score")
    yield function_row(beside, _picked(1), row, confidence)
    yield replace(row, statistic="difference_r2", estimate=beside.r2, method="ols")
    # Reparametrised so that the four constraints are coefficients: b1 + b2, b3, b4, b5.
    turn = np.eye(len(fit.b))
    turn[1, 2] = 1
    changed = replace(
        fit,
        b=turn @ fit.b,
        covariance=turn @ fit.covariance @ turn.T,
        small_sample=None if fit.small_sample is None else fit.small_sample.carried(turn),
    )
    f, df2, p, reason = wald_f(changed, [1, 3, 4, 5])
    test = replace(blank, statistic="wald_difference", group="difference_score", reason=reason)
    yield replace(test, estimate=f, df=4.0, p=p)
    yield replace(test, statistic="wald_difference_df2", estimate=df2)


def surface_rows(
    fit: LeastSquares, matrix: Floats, scale: tuple[float, float], middle: float, blank: Statistic
) -> Iterator[Statistic]:
    """Give the expected outcome over the scale, covariates at their means.

    ``group`` and ``term`` number the values of the first and the second predictor, which
    ``surface_at`` holds.
    """
    values = np.linspace(*scale, POINTS)
    rest = float(matrix[:, 6:].mean(axis=0) @ fit.b[6:])
    for i, value in enumerate(values, start=1):
        row = replace(blank, group=f"{i:02d}", method="scale")
        yield replace(row, statistic="surface_at", estimate=float(value))
    for i, first in enumerate(values - middle, start=1):
        for j, second in enumerate(values - middle, start=1):
            terms = np.array([1, first, second, first**2, first * second, second**2])
            expected = float(terms @ fit.b[:6]) + rest
            row = replace(blank, statistic="surface", group=f"{i:02d}", term=f"{j:02d}")
            yield replace(row, estimate=expected)


def curve_rows(
    fit: LeastSquares,
    scale: tuple[float, float],
    middle: float,
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    """Give where the curve turns, its slopes at the ends of the scale, and the test of a U.

    References
    ----------
    Lind & Mehlum (2010), doi:10.1111/j.1468-0084.2009.00569.x.
    """
    if abs(fit.b[2]) < FLAT:
        yield replace(blank, statistic="turning_point", reason="the line has no curve")
        return
    turn = replace(blank, statistic="turning_point")
    yield function_row(fit, lambda b: middle - b[1] / (2 * b[2]), turn, confidence)
    low, high = (
        function_row(
            fit,
            _weighed((0.0, 1.0, 2 * (end - middle))),
            replace(blank, statistic=name),
            confidence,
        )
        for name, end in zip(("slope_low", "slope_high"), scale, strict=True)
    )
    yield from (low, high, _u_test(low, high, replace(blank, statistic="u_shape")))


def _u_test(low: Statistic, high: Statistic, row: Statistic) -> Statistic:
    """Test that the slopes at the two ends have opposite signs (the larger one-sided p)."""
    if low.reason or high.reason:
        return replace(row, reason=low.reason or high.reason)
    if low.estimate * high.estimate >= 0:
        return replace(row, reason="the slope has the same sign at both ends of the scale")
    ts = [(abs(each.estimate / each.se), each.df) for each in (low, high)]
    p = max(float(special.stdtr(df, -t)) for t, df in ts)
    return replace(row, estimate=min(t for t, _ in ts), df=min(df for _, df in ts), p=p)


def _picked(place: int) -> Callable[[Complex], complex]:
    return lambda b: complex(b[place])


def _weighed(weights: Sequence[float]) -> Callable[[Complex], complex]:
    return lambda b: complex(np.array(weights) @ b[: len(weights)])


def _x0(b: Complex) -> complex:
    return complex((b[2] * b[4] - 2 * b[1] * b[5]) / (4 * b[3] * b[5] - b[4] ** 2))


def _y0(b: Complex) -> complex:
    return complex((b[1] * b[4] - 2 * b[2] * b[3]) / (4 * b[3] * b[5] - b[4] ** 2))


def _slope(b: Complex, sign: int) -> complex:
    root = np.sqrt((b[3] - b[5]) ** 2 + b[4] ** 2)
    return complex((b[5] - b[3] + sign * root) / b[4])


AXES: dict[str, Callable[[Complex], complex]] = {
    "x0": _x0,
    "y0": _y0,
    "p10": lambda b: _y0(b) - _slope(b, 1) * _x0(b),
    "p11": lambda b: _slope(b, 1),
    "p20": lambda b: _y0(b) - _slope(b, -1) * _x0(b),
    "p21": lambda b: _slope(b, -1),
}
