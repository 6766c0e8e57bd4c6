"""Reliability of a sum of ordered answers, from polychoric correlations."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit, ndtr, ndtri

from driehoek.psychometrics.bivariate_normal import (
    bivariate_cdf,
    bivariate_density,
    normal_density,
)
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.coefficients import coefficient
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, numeric_items, refuse_level
from driehoek.psychometrics.resampling_units import cluster_codes

# A latent response that shares more than 99.8 % of its variance with the factor has no error left.
_HEYWOOD = 0.999


@dataclass(frozen=True, slots=True)
class OrdinalReliability:
    """Reliability of the sum of ordered answers.

    Attributes
    ----------
    omega : float
        Categorical omega: share of the variance of the sum of the category codes that the
        factor explains; the denominator is the variance that the model implies.
    se, ci_low, ci_high : float
        Of `omega`, by the delta method (interval on the logit).
    omega_observed : float
        The same numerator over the variance that the polychoric correlations imply: it
        differs from `omega` where one factor does not fit, and can exceed 1.
    ordinal_alpha : float
        Standardised alpha of the polychoric correlations: of the latent responses behind the
        answers, not of the sum that is scored.
    ordinal_alpha_se, ordinal_alpha_low, ordinal_alpha_high : float
        By the delta method on the covariance of the polychoric correlations (interval on
        ln(1 - alpha)).
    confidence : float
    loadings : tuple of float
        Of the latent responses (variance 1), in the order of the items.
    n_respondents, n_excluded, n_items : int
    warnings : tuple of str
        Reasons to doubt the factor model, in words.
    """

    omega: float
    se: float
    ci_low: float
    ci_high: float
    omega_observed: float
    ordinal_alpha: float
    ordinal_alpha_se: float
    ordinal_alpha_low: float
    ordinal_alpha_high: float
    confidence: float
    loadings: tuple[float, ...]
    n_respondents: int
    n_excluded: int
    n_items: int
    warnings: tuple[str, ...]


def ordinal_reliability(
    items: pd.DataFrame | npt.ArrayLike,
    *,
    confidence: float = 0.95,
    pairwise: bool = False,
    clusters: npt.ArrayLike | pd.Series | None = None,
) -> OrdinalReliability:
    """Estimate categorical omega and ordinal alpha.

    A one-factor model is fitted to the polychoric correlations (WLSMV).

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Ordered answers, categories one point apart, reverse-keyed items turned round,
        missing as NaN.
    confidence : float
    pairwise : bool
        Take each pair of items on its own rows instead of complete rows.
    clusters : array-like, shape (respondents,), optional
        Triad of each row; standard errors then allow for the dependence within triads.

    Raises
    ------
    TooFewDataError
        If there are fewer than three items, not more rows than items, or an item is explained
        wholly by the factor (a Heywood case).
    NotEstimableError
        If polychoric correlations or the model cannot be had.

    References
    ----------
    Green & Yang (2009), doi:10.1007/s11336-008-9099-3, eq. 21; Zumbo, Gadermann & Zeisser (2007),
    doi:10.22237/jmasm/1177992180, for ordinal alpha. Agrees with semTools 0.5-6
    `compRelSEM(ord.scale = TRUE)`, which has the observed denominator unless `obs.var = FALSE`.
    """
    refuse_level(confidence)
    frame = numeric_items(items)
    usable = frame.notna().any(axis=1) if pairwise else frame.notna().all(axis=1)
    kept = frame[usable]
    _refuse_too_little(kept)
    model = FactorModel({"factor": list(kept.columns)}, scaling="variance")
    nested = None
    if clusters is not None:
        nested = pd.Series(cluster_codes(clusters, usable), index=kept.index)
    fit = fit_cfa(kept, model, estimator="WLSMV", pairwise=pairwise, clusters=nested)
    loadings, thresholds = fit.matrices()[0].loadings[:, 0], _thresholds(fit)
    if np.abs(loadings).max() > _HEYWOOD:
        worst = kept.columns[int(np.abs(loadings).argmax())]
        msg = (
            f"The factor explains {worst!r} wholly (a Heywood case): too few rows, or two items "
            "that are nearly the same. Categorical omega is not reported."
        )
        raise TooFewDataError(msg)
    parts = _SumParts(loadings, thresholds)
    omega, slope = parts.omega(), parts.slopes(fit)
    se = float(np.sqrt(slope @ fit.covariance @ slope))
    low, high = logit_interval(omega, se, confidence)
    polychoric = fit.samples[0].sigma
    alpha, alpha_se = float(coefficient("alpha", polychoric)), _ordinal_alpha_se(fit)
    alpha_low, alpha_high = alpha_interval(alpha, alpha_se, confidence)
    return OrdinalReliability(
        omega=omega,
        se=se,
        ci_low=low,
        ci_high=high,
        omega_observed=parts.true / parts.whole(polychoric),
        ordinal_alpha=alpha,
        ordinal_alpha_se=alpha_se,
        ordinal_alpha_low=alpha_low,
        ordinal_alpha_high=alpha_high,
        confidence=confidence,
        loadings=tuple(loadings.tolist()),
        n_respondents=fit.n,
        n_excluded=len(frame) - fit.n,
        n_items=len(loadings),
        warnings=fit.warnings,
    )


def logit_interval(estimate: float, se: float, confidence: float) -> tuple[float, float]:
    """Return an interval of a share between 0 and 1, by the delta method on its logit.

    Parameters
    ----------
    estimate, se : float
    confidence : float
    """
    if not 0 < estimate < 1:
        return float("nan"), float("nan")
    half = ndtri((1 + confidence) / 2) * se / (estimate * (1 - estimate))
    centre = logit(estimate)
    return float(expit(centre - half)), float(expit(centre + half))


def alpha_interval(estimate: float, se: float, confidence: float) -> tuple[float, float]:
    """Return an interval of alpha, by the delta method on ln(1 - alpha).

    Parameters
    ----------
    estimate, se : float
    confidence : float
    """
    if not estimate < 1:
        return float("nan"), float("nan")
    half = ndtri((1 + confidence) / 2) * se / (1 - estimate)
    low, high = (1 - (1 - estimate) * np.exp(sign * half) for sign in (1, -1))
    return float(low), float(high)


def _ordinal_alpha_se(fit: CfaFit) -> float:
    """Give the standard error of standardised alpha of the polychoric correlations."""
    if not isinstance(fit.problem, LeastSquaresProblem):
        msg = "Ordinal alpha rests on polychoric correlations."
        raise TypeError(msg)
    sample = fit.problem.groups[0]
    k, n_pairs = len(sample.names), len(sample.correlations)
    slope = k / (k - 1) * 2 * k / (k + 2 * sample.correlations.sum()) ** 2
    return float(slope * np.sqrt(sample.gamma[-n_pairs:, -n_pairs:].sum() / sample.n))


def _thresholds(fit: CfaFit) -> list[FloatArray]:
    values = fit.table.values(fit.theta)
    found: dict[str, list[float]] = {item: [] for item in fit.table.items}
    for row, value in zip(fit.table.rows, values, strict=True):
        if row.op == "|":
            found[row.lhs].append(float(value))
    return [np.array(each) for each in found.values()]


class _SumParts:
    """Variance of the sum of category codes, and the part that the factor explains.

    Every threshold is a step of 1 in the sum: variances of the sum are sums over pairs of steps.
    """

    def __init__(self, loadings: FloatArray, thresholds: list[FloatArray]) -> None:
        self._loadings = loadings
        self._owner = np.repeat(np.arange(len(loadings)), [len(each) for each in thresholds])
        limits = np.concatenate(thresholds)
        self._h, self._k = limits[:, None], limits[None, :]
        self._same = self._owner[:, None] == self._owner[None, :]
        self._shared = np.outer(loadings, loadings)[self._owner[:, None], self._owner[None, :]]
        self._joint = bivariate_cdf(self._h, self._k, self._shared)
        self._apart = ndtr(self._h) * ndtr(self._k)
        self.true = float((self._joint - self._apart).sum())

    def whole(self, correlations: FloatArray) -> float:
        """Give the variance of the sum for latent responses with these correlations."""
        related = correlations[self._owner[:, None], self._owner[None, :]]
        joint = bivariate_cdf(self._h, self._k, np.where(self._same, 0.0, related))
        return float((self._with_itself(joint) - self._apart).sum())

    def omega(self) -> float:
        """Give the share explained, of the variance that the model implies."""
        return self.true / self._implied

    def slopes(self, fit: CfaFit) -> FloatArray:
        """Differentiate omega by the free parameters of the fit."""
        limits, density = self._h[:, 0], normal_density(self._h[:, 0])
        root = np.sqrt((1 - self._shared) * (1 + self._shared))
        inner = ndtr((self._k - self._shared * self._h) / root)
        apart = ndtr(limits).sum()
        true = 2 * density * (inner.sum(axis=1) - apart)
        itself = np.where(self._same, (self._h < self._k) + 0.5 * np.eye(len(limits)), inner)
        whole = 2 * density * (itself.sum(axis=1) - apart)
        rise = bivariate_density(self._h, self._k, self._shared) * self._loadings[self._owner]
        by_pair = np.array([2 * rise.sum(axis=1), 2 * np.where(self._same, 0.0, rise).sum(axis=1)])
        by_loading = np.array(
            [np.bincount(self._owner, row, minlength=len(self._loadings)) for row in by_pair]
        )
        rows = {"|": np.array([true, whole]), "=~": by_loading}
        seen = {"|": 0, "=~": 0}
        found = np.zeros(len(fit.theta))
        for row, position in zip(fit.table.rows, fit.table.free, strict=True):
            if row.op in rows and position >= 0:
                up, down = rows[row.op][:, seen[row.op]]
                found[position] = (up - self.omega() * down) / self._implied
                seen[row.op] += 1
        return found

    @property
    def _implied(self) -> float:
        return float((self._with_itself(self._joint) - self._apart).sum())

    def _with_itself(self, joint: FloatArray) -> FloatArray:
        return np.where(self._same, ndtr(np.minimum(self._h, self._k)), joint)


def _refuse_too_little(kept: pd.DataFrame) -> None:
    if kept.shape[1] < 3:
        msg = f"Found {kept.shape[1]} items. A factor by itself needs three; use ordinal alpha."
        raise TooFewDataError(msg)
    if len(kept) <= kept.shape[1]:
        msg = f"Found {len(kept)} usable rows for {kept.shape[1]} items; need more rows than items."
        raise TooFewDataError(msg)
