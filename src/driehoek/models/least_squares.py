"""One ordinary least-squares fit with the covariance that the data call for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from statsmodels.regression.linear_model import OLS

from driehoek.models.cluster_robust import ClusterRobust, cluster_robust

Robust = Literal["HC0", "HC1", "HC2", "HC3", "HC4", "classical"]
ClusterKind = Literal["CR2", "CR1S"]
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
        Degrees of freedom of t and Wald tests: rows less columns, or (CR1S) clusters less one.
    df_residual : int
        Rows less columns.
    r2, r2_adjusted, residual_sd : float
        Share of variance explained, the same adjusted, and the residual standard deviation in
        units of the outcome.
    is_perfect : bool
        Whether the predictors reproduce the outcome, so that nothing can be tested.
    reason : str
        Why there is no covariance; empty where there is one.
    small_sample : ClusterRobust or None
        With CR2: what gives each contrast its own degrees of freedom.
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
    small_sample: ClusterRobust | None = None

    def contrast_df(self, contrast: Floats) -> float:
        """Give the degrees of freedom of a contrast of the coefficients."""
        return self.df if self.small_sample is None else self.small_sample.df(contrast)


def least_squares(
    outcome: Floats,
    matrix: Floats,
    *,
    robust: Robust,
    clusters: NDArray[np.int64] | None,
    cluster_kind: ClusterKind = "CR2",
) -> LeastSquares:
    """Fit an outcome on a design of full rank whose first column is the intercept.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (rows,)
    matrix : numpy.ndarray, shape (rows, columns)
        More rows than columns.
    robust : {"HC0", "HC1", "HC2", "HC3", "HC4", "classical"}
        Covariance of the coefficients when there are no clusters.
    clusters : numpy.ndarray of int, shape (rows,), optional
        Number of each row's cluster, from 0.
    cluster_kind : {"CR2", "CR1S"}
        CR2: `driehoek.models.cluster_robust`, Satterthwaite's degrees of freedom. CR1S: the
        sandwich of cluster sums times G / (G - 1) * (n - 1) / (n - k), G - 1 degrees of freedom.

    References
    ----------
    MacKinnon & White (1985), doi:10.1016/0304-4076(85)90158-7 (HC3). Cameron & Miller (2015),
    doi:10.3368/jhr.50.2.317 (clusters, sections II and VI). Cribari-Neto (2004),
    doi:10.1016/S0167-9473(02)00366-3 (HC4). Agrees with: R sandwich ``vcovHC``,
    ``vcovCL(type = "HC1", cadjust = TRUE)`` and clubSandwich.
    """
    scaled, back = _scale(matrix)
    model = OLS(outcome, scaled)
    plain = model.fit()
    is_perfect = 1 - float(plain.rsquared) < PERFECT
    reason = PERFECT_REASON if is_perfect else ""
    if clusters is None and robust in {"HC2", "HC3", "HC4"}:
        reason = reason or _full_leverage(scaled, robust)
    small_sample = None
    if reason:
        covariance = np.full((matrix.shape[1], matrix.shape[1]), np.nan)
    elif clusters is not None and cluster_kind == "CR2":
        small_sample = cluster_robust(scaled, plain.resid, clusters).carried(back)
        covariance = small_sample.covariance
    elif clusters is None and robust == "HC4":
        covariance = back @ _hc4(scaled, plain.resid) @ back.T
    else:
        covariance = back @ _fit_robust(model, robust, clusters).cov_params() @ back.T
    groups = None if clusters is None else len(np.unique(clusters))
    b = back @ plain.params
    # A step of refinement (Bjorck, 1967, doi:10.1007/BF01939321): the intercept is a difference of
    # large sums, of which each processor rounds off something else.
    b += back @ (model.pinv_wexog @ (outcome - matrix @ b))
    return LeastSquares(
        b=b,
        covariance=covariance,
        df=float(plain.df_resid if groups is None else groups - 1),
        df_residual=int(plain.df_resid),
        r2=float(plain.rsquared),
        r2_adjusted=float(plain.rsquared_adj),
        residual_sd=float(np.sqrt(plain.mse_resid)),
        is_perfect=is_perfect,
        reason=reason,
        small_sample=small_sample,
    )


def wald_f(fit: LeastSquares, columns: list[int]) -> tuple[float, float, float, str]:
    """Test that the coefficients of some columns are all zero, by the fit's own covariance.

    Returns
    -------
    tuple of float, float, float, str
        F, its second degrees of freedom (the first are ``len(columns)``), its p, and where there
        is none (NaN) the reason.
    """
    if fit.reason:
        return np.nan, fit.df, np.nan, fit.reason
    if not columns:
        none = "none of the terms has a coefficient of its own in these data"
        return np.nan, fit.df, np.nan, none
    few = f"{int(fit.df) + 1} clusters cannot test {len(columns)} coefficients together"
    if fit.df < len(columns):
        return np.nan, fit.df, np.nan, few
    if fit.small_sample is not None:
        f, df = fit.small_sample.hotelling(fit.b, np.eye(len(fit.b))[columns])
        if df <= 0:
            return np.nan, np.nan, np.nan, few
        return f, df, float(special.fdtrc(len(columns), df, f)), ""
    f = wald(fit.b[columns], fit.covariance[np.ix_(columns, columns)]) / len(columns)
    return f, fit.df, float(special.fdtrc(len(columns), fit.df, f)), ""


def wald(b: Floats, covariance: Floats) -> float:
    """Give Wald's statistic that some coefficients are all zero."""
    size = np.sqrt(np.diag(covariance))
    standard = b / size
    return float(standard @ np.linalg.solve(covariance / np.outer(size, size), standard))


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


def _hc4(scaled: Floats, residuals: Floats) -> Floats:
    """Give the HC4 covariance: squared residuals over (1 - h)^min(4, nh/k)."""
    n, k = scaled.shape
    leverage = leverages(scaled)
    weights = residuals**2 / (1 - leverage) ** np.minimum(4.0, n * leverage / k)
    bread = np.linalg.inv(scaled.T @ scaled)
    covariance: Floats = bread @ (scaled.T * weights) @ scaled @ bread
    return covariance


def leverages(matrix: Floats) -> Floats:
    """Give the leverage of each row: the diagonal of the hat matrix."""
    basis, _ = np.linalg.qr(matrix)
    found: Floats = (basis**2).sum(axis=1)
    return found


def _full_leverage(scaled: Floats, kind: str) -> str:
    alone = int((leverages(scaled) > 1 - FULL_LEVERAGE).sum())
    if not alone:
        return ""
    return (
        f"{kind} does not exist here: {alone} row(s) alone determine a coefficient (leverage 1); "
        "look for a category that only one row has, and join it to another"
    )
