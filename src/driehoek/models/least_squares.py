"""One ordinary least-squares fit with the covariance that the data call for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from statsmodels.regression.linear_model import OLS

Robust = Literal["HC0", "HC1", "HC2", "HC3", "classical"]
Floats = NDArray[np.float64]

PERFECT = 1e-14  # residual share of the variance below which only rounding is left
FULL_LEVERAGE = 1e-9
PERFECT_REASON = (
    "the predictors reproduce the outcome exactly, so there is no residual to judge "
    "uncertainty by; look for a predictor that is computed from the outcome"
)


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A least-squares fit of one outcome on one design.

    Attributes
    ----------
    b : numpy.ndarray, shape (columns,)
        Coefficients, intercept first.
    covariance : numpy.ndarray, shape (columns, columns)
        Of the coefficients; NaN where `reason` says why there is none.
    df : float
        Degrees of freedom of t and Wald tests: rows less columns, or clusters less one.
    df_residual : int
        Rows less columns.
    r2, r2_adjusted, residual_sd : float
        Share of variance explained, the same adjusted, and the residual standard deviation in
        units of the outcome.
    is_perfect : bool
        Whether the predictors reproduce the outcome, so that nothing can be tested.
    reason : str
        Why there is no covariance; empty where there is one.
    """

    b: Floats
    covariance: Floats
    df: float
    df_residual: int
    r2: float
    r2_adjusted: float
    residual_sd: float
    is_perfect: bool
    reason: str


def least_squares(
    outcome: Floats, matrix: Floats, *, robust: Robust, clusters: NDArray[np.int64] | None
) -> LeastSquares:
    """Fit an outcome on a design of full rank whose first column is the intercept.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
    matrix : numpy.ndarray, shape (rows, columns)
        More rows than columns.
    robust : {"HC0", "HC1", "HC2", "HC3", "classical"}
        Covariance of the coefficients when there are no clusters.
    clusters : numpy.ndarray of int, shape (rows,), optional
        Then the covariance is CR1S: the sandwich of cluster sums times
        G / (G - 1) * (n - 1) / (n - k), with G - 1 degrees of freedom.

    References
    ----------
    MacKinnon & White (1985), doi:10.1016/0304-4076(85)90158-7 (HC3). Cameron & Miller (2015),
    doi:10.3368/jhr.50.2.317 (clusters, sections II and VI). Agrees with: R sandwich
    ``vcovHC(type = "HC3")`` and ``vcovCL(type = "HC1", cadjust = TRUE)``.
    """
    scaled, back = _scale(matrix)
    model = OLS(outcome, scaled)
    plain = model.fit()
    is_perfect = 1 - float(plain.rsquared) < PERFECT
    reason = PERFECT_REASON if is_perfect else ""
    if clusters is None and robust in {"HC2", "HC3"}:
        reason = reason or _full_leverage(scaled, robust)
    if reason:
        covariance = np.full((matrix.shape[1], matrix.shape[1]), np.nan)
    else:
        covariance = back @ _fit_robust(model, robust, clusters).cov_params() @ back.T
    groups = None if clusters is None else len(np.unique(clusters))
    return LeastSquares(
        b=back @ plain.params,
        covariance=covariance,
        df=float(plain.df_resid if groups is None else groups - 1),
        df_residual=int(plain.df_resid),
        r2=float(plain.rsquared),
        r2_adjusted=float(plain.rsquared_adj),
        residual_sd=float(np.sqrt(plain.mse_resid)),
        is_perfect=is_perfect,
        reason=reason,
    )


def wald_f(fit: LeastSquares, columns: list[int]) -> tuple[float, float, str]:
    """Test that the coefficients of some columns are all zero, by the fit's own covariance.

    Returns
    -------
    tuple of float, float, str
        F with ``len(columns)`` and ``fit.df`` degrees of freedom, its p, and where there is
        none (both NaN) the reason.
    """
    if fit.reason:
        return np.nan, np.nan, fit.reason
    if not columns:
        return np.nan, np.nan, "none of the terms has a coefficient of its own in these data"
    if fit.df < len(columns):
        found = f"{int(fit.df) + 1} clusters cannot test {len(columns)} coefficients together"
        return np.nan, np.nan, found
    b, covariance = fit.b[columns], fit.covariance[np.ix_(columns, columns)]
    size = np.sqrt(np.diag(covariance))
    standard = b / size
    f = float(standard @ np.linalg.solve(covariance / np.outer(size, size), standard))
    f /= len(columns)
    return f, float(special.fdtrc(len(columns), fit.df, f)), ""


def inflation(matrix: Floats, columns: list[int]) -> float:
    """Give the generalised variance inflation factor of some columns (VIF for one).

    Parameters
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
        Intercept first.
    columns : list of int
        The columns of one term, none of them the intercept.

    References
    ----------
    Fox & Monette (1992), doi:10.1080/01621459.1992.10475190. Agrees with: the same
    from R's ``cov2cor(vcov(lm(...)))``.
    """
    correlations = np.atleast_2d(np.corrcoef(matrix[:, 1:], rowvar=False))
    own = np.array(columns) - 1
    others = np.setdiff1d(np.arange(len(correlations)), own)
    logs = [
        np.linalg.slogdet(correlations[np.ix_(part, part)])[1]
        for part in (own, others, np.arange(len(correlations)))
    ]
    return float(np.exp(logs[0] + logs[1] - logs[2]))


def _scale(matrix: Floats) -> tuple[Floats, Floats]:
    """Centre and scale all columns but the first; the second matrix takes coefficients back."""
    means, spread = matrix[:, 1:].mean(axis=0), matrix[:, 1:] - matrix[:, 1:].mean(axis=0)
    sizes = np.sqrt((spread**2).mean(axis=0))
    back = np.diag(np.concatenate([[1.0], 1 / sizes]))
    back[0, 1:] = -means / sizes
    return np.column_stack([matrix[:, 0], spread / sizes]), back


def _fit_robust(model: OLS, robust: Robust, clusters: NDArray[np.int64] | None) -> OLS:
    if clusters is not None:
        options = {"groups": clusters, "use_correction": True, "df_correction": True}
        return model.fit(cov_type="cluster", cov_kwds=options, use_t=True)
    return model.fit(cov_type="nonrobust" if robust == "classical" else robust, use_t=True)


def _full_leverage(scaled: Floats, kind: str) -> str:
    basis, _ = np.linalg.qr(scaled)
    alone = int(((basis**2).sum(axis=1) > 1 - FULL_LEVERAGE).sum())
    if not alone:
        return ""
    return (
        f"{kind} does not exist here: {alone} row(s) alone determine a coefficient (leverage 1); "
        "look for a category that only one row has, and join it to another"
    )
