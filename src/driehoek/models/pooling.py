"""One estimate from several completed data sets, by Rubin's rules."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from driehoek.models.statistic import critical_value, two_sided_p

Floats = NDArray[np.float64]
LEAST_LAMBDA = 1e-4  # as in R's mice: keeps the degrees of freedom finite where sets agree


@dataclass(frozen=True, slots=True)
class Pooled:
    """An estimate pooled over m completed data sets.

    Attributes
    ----------
    estimate, se : float
        Mean over the sets; root of within + (1 + 1/m) between variance.
    df : float
        Degrees of freedom after Barnard and Rubin; infinite only if `df_complete` is and the
        sets hardly differ.
    riv : float
        Relative increase in variance due to missing values.
    fmi : float
        Fraction of missing information, between 0 and 1.
    efficiency : float
        Of m sets relative to infinitely many: 1 / (1 + fmi / m).
    """

    estimate: float
    se: float
    df: float
    riv: float
    fmi: float
    efficiency: float

    @property
    def p(self) -> float:
        """Two-sided p that the quantity is zero; NaN without a standard error."""
        return two_sided_p(self.estimate / self.se, self.df) if self.se > 0 else math.nan

    def interval(self, confidence: float) -> tuple[float, float]:
        """Give the confidence interval (t distribution)."""
        reach = critical_value(confidence, self.df) * self.se
        return self.estimate - reach, self.estimate + reach


@dataclass(frozen=True, slots=True)
class PooledTest:
    """A test of several coefficients at once, pooled.

    Attributes
    ----------
    f, df1, df2, p : float
    riv : float
        Average relative increase in variance.
    """

    f: float
    df1: float
    df2: float
    riv: float

    @property
    def p(self) -> float:
        """Upper tail of the F distribution."""
        return float(special.fdtrc(self.df1, self.df2, max(self.f, 0.0)))


def pool(estimates: ArrayLike, ses: ArrayLike, df_complete: float = math.inf) -> Pooled:
    """Pool one quantity.

    Parameters
    ----------
    estimates, ses : array-like, shape (m,)
        Of each completed data set; m at least 2.
    df_complete : float
        Degrees of freedom had nothing been missing.

    Raises
    ------
    ValueError
        With fewer than two sets, or other numbers of estimates and standard errors.

    References
    ----------
    Rubin (1987), Multiple imputation for nonresponse in surveys, section 3.3. Barnard & Rubin
    (1999), doi:10.1093/biomet/86.4.948, equation 3. Agrees with: R mice ``pool`` (1e-8).
    """
    q, u = np.asarray(estimates, dtype=float), np.square(np.asarray(ses, dtype=float))
    m = len(q)
    if m < 2 or len(u) != m:
        msg = f"{m} estimates and {len(u)} standard errors; two or more of each are needed."
        raise ValueError(msg)
    within, between = float(u.mean()), float(q.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    share = max(added / total, LEAST_LAMBDA) if total > 0 else LEAST_LAMBDA
    df = barnard_rubin(m, share, df_complete)
    riv = added / within if within > 0 else math.inf
    fmi = (riv + 2 / (df + 3)) / (riv + 1) if math.isfinite(riv) else 1.0
    return Pooled(float(q.mean()), math.sqrt(total), df, riv, fmi, 1 / (1 + fmi / m))


def barnard_rubin(m: int, share: float, df_complete: float) -> float:
    """Give the degrees of freedom; `share` is the part of the variance due to missing values."""
    old = (m - 1) / share**2
    if math.isinf(df_complete):
        return old
    observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
    return old * observed / (old + observed)


def pool_r2(r2: ArrayLike, n: float, confidence: float) -> tuple[float, float, float]:
    """Pool shares of explained variance through Fisher's z of their roots.

    Parameters
    ----------
    r2 : array-like, shape (m,)
        Each from 0 to below 1; values below 0 (adjusted R2) count as 0.
    n : float
        Rows of each completed set, more than 3.

    Returns
    -------
    tuple of float
        R2 with the ends of its interval.

    References
    ----------
    Harel (2009), doi:10.1080/02664760802553000. Agrees with: R mice ``pool.r.squared``, whose
    interval takes 1.96; an end below zero is 0 here (mice squares it).
    """
    roots = np.sqrt(np.clip(np.asarray(r2, dtype=float), 0.0, None))
    found = pool(np.arctanh(roots), np.full(len(roots), 1 / math.sqrt(n - 3)))
    reach = float(special.ndtri((1 + confidence) / 2)) * found.se
    low, high = max(found.estimate - reach, 0.0), found.estimate + reach
    return math.tanh(found.estimate) ** 2, math.tanh(low) ** 2, math.tanh(high) ** 2


def pool_wald(
    estimates: ArrayLike, covariances: ArrayLike, df_complete: float = math.inf
) -> PooledTest:
    """Test that k coefficients are zero (D1).

    Parameters
    ----------
    estimates : array-like, shape (m, k)
    covariances : array-like, shape (m, k, k)
    df_complete : float
        The second degrees of freedom never exceed it.

    References
    ----------
    Li, Raghunathan & Rubin (1991), doi:10.1080/01621459.1991.10475152. (R mice 3.15
    ``pool.compare`` takes the diagonals of the covariances only.)
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(covariances, dtype=float)
    m, k = q.shape
    within, deviations = u.mean(axis=0), q - q.mean(axis=0)
    between = deviations.T @ deviations / (m - 1)
    riv = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    mean = q.mean(axis=0)
    f = float(mean @ np.linalg.solve(within, mean)) / (k * (1 + riv))
    return PooledTest(f, k, min(_df_joint(k, m, riv), df_complete), riv)


def pool_likelihoods(
    at_own: ArrayLike, at_pooled: ArrayLike, k: int, df_complete: float = math.inf
) -> PooledTest:
    """Compare two nested models by their likelihoods (D3).

    Parameters
    ----------
    at_own : array-like, shape (m,)
        Likelihood-ratio statistics at the estimates of each set.
    at_pooled : array-like, shape (m,)
        The same at the pooled estimates of both models.
    k : int
        Parameters by which the models differ.

    References
    ----------
    Meng & Rubin (1992), doi:10.1093/biomet/79.1.103. Agrees with: R mice
    ``pool.compare(method = "likelihood")``.
    """
    statistics = np.array([at_own, at_pooled], dtype=float)
    (own, pooled), m = statistics.mean(axis=1).tolist(), statistics.shape[1]
    riv = max((m + 1) / (k * (m - 1)) * (own - pooled), 0.0)
    return PooledTest(pooled / (k * (1 + riv)), k, min(_df_joint(k, m, riv), df_complete), riv)


def pool_statistics(chi2: ArrayLike, k: float, df_complete: float = math.inf) -> PooledTest:
    """Pool tests of which nothing but the statistics is known (D2).

    Parameters
    ----------
    chi2 : array-like, shape (m,)
        Wald or likelihood-ratio statistics with `k` degrees of freedom; k times F for an F.

    References
    ----------
    Li, Meng, Raghunathan & Rubin (1991), Statistica Sinica 1, 65-92, equations 2.1-2.4. Less
    powerful than D1 and D3, which it stands in for where no covariances are at hand.
    """
    d = np.clip(np.asarray(chi2, dtype=float), 0.0, None)
    m = len(d)
    riv = (1 + 1 / m) * float(np.sqrt(d).var(ddof=1))
    f = max((float(d.mean()) / k - (m + 1) / (m - 1) * riv) / (1 + riv), 0.0)
    df2 = math.inf if riv == 0 else k ** (-3 / m) * (m - 1) * (1 + 1 / riv) ** 2
    return PooledTest(f, k, min(df2, df_complete, 1e9), riv)


def _df_joint(k: int, m: int, riv: float) -> float:
    if riv <= 0:
        return 1e9
    t = k * (m - 1)
    if t > 4:
        return 4 + (t - 4) * (1 + (1 - 2 / t) / riv) ** 2
    return t * (1 + 1 / k) * (1 + 1 / riv) ** 2 / 2
