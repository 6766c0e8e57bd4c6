"""How much of a sum of items one general factor explains, beside factors of groups of items."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.cfa.implied import GroupStructure
from driehoek.psychometrics.cfa.likelihood import central_jacobian
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.exploratory import explore_factors
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_reliability import logit_interval


@dataclass(frozen=True, slots=True)
class HierarchicalOmega:
    """Reliability of the sum of all items in a model with a general factor.

    Attributes
    ----------
    hierarchical, hierarchical_se, hierarchical_low, hierarchical_high : float
        Share of the variance of the sum that the general factor explains.
    total, total_se, total_low, total_high : float
        Share that all factors together explain.
    confidence : float
    """

    hierarchical: float
    hierarchical_se: float
    hierarchical_low: float
    hierarchical_high: float
    total: float
    total_se: float
    total_low: float
    total_high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SchmidLeiman:
    """Loadings after Schmid and Leiman, and the omegas they give.

    Attributes
    ----------
    loadings : pandas.DataFrame, shape (items, 1 + factors)
        Columns general, then a factor a group of items; items turned round so that their
        general loading is positive.
    hierarchical, total : float
        Of the sum of standardised items; the denominator is the sum of all correlations.
    """

    loadings: pd.DataFrame
    hierarchical: float
    total: float


def hierarchical_omega(fit: CfaFit, general: str, *, confidence: float = 0.95) -> HierarchicalOmega:
    """Estimate omega hierarchical and total from a second-order or bifactor model.

    Parameters
    ----------
    fit : CfaFit
        One group of measured items; items turned round.
    general : str
        The general factor, uncorrelated with the others: it explains all items (bifactor) or
        all other factors (second order).
    confidence : float

    Notes
    -----
    The denominator is the variance of the sum that the model implies. Standard errors by the
    delta method from the covariance of the estimates (robust and clustered where those are);
    intervals on the logit.

    References
    ----------
    Zinbarg, Revelle, Yovel & Li (2005), doi:10.1007/s11336-003-0974-7. Agrees with semTools 0.5-6
    `compRelSEM` (bifactor) and `reliabilityL2` (second order).
    """
    if fit.estimator in ORDINAL or len(fit.group_names) > 1 or general not in fit.table.factors:
        msg = f"Omega hierarchical needs measured items in one group and the factor {general!r}."
        raise FactorModelError(msg)
    structure = GroupStructure(fit.table, 0)
    place = fit.table.factors.index(general)

    def shares(theta: FloatArray) -> FloatArray:
        parts = structure.matrices(fit.table.values(theta))
        weights = parts.loadings.sum(axis=0) @ parts.total_effects
        explained = weights @ parts.factor_covariance @ weights
        whole = explained + parts.residual_covariance.sum()
        own = weights[place] ** 2 * parts.factor_covariance[place, place]
        return np.asarray(np.array([own, explained]) / whole)

    estimates = shares(fit.theta)
    slopes = central_jacobian(shares, fit.theta)
    spread = np.sqrt(np.einsum("rk,kl,rl->r", slopes, fit.covariance, slopes))
    limits = [
        logit_interval(float(value), float(se), confidence)
        for value, se in zip(estimates, spread, strict=True)
    ]
    return HierarchicalOmega(
        float(estimates[0]), float(spread[0]), *limits[0],
        float(estimates[1]), float(spread[1]), *limits[1],
        confidence,
    )  # fmt: skip


def schmid_leiman(correlations: pd.DataFrame, n_factors: int, *, n: int) -> SchmidLeiman:
    """Split correlations into a general factor and factors of groups of items.

    Factors (minres, oblimin) are explained by one factor of their correlations.

    Parameters
    ----------
    correlations : pandas.DataFrame, shape (items, items)
        Of items turned round; Pearson or polychoric.
    n_factors : int
        Three or more: fewer do not identify the general factor.
    n : int
        Respondents.

    Raises
    ------
    FactorModelError
        With fewer than three factors.
    TooFewDataError
        If so many factors cannot be had.

    References
    ----------
    Schmid & Leiman (1957), doi:10.1007/BF02289209. Agrees with psych 2.2.9 `omega`.
    """
    if n_factors < 3:
        msg = "A general factor of factors needs three of them; with fewer it is not identified."
        raise FactorModelError(msg)
    lower = explore_factors(correlations, n_factors, n=n, extraction="minres", rotation="oblimin")
    higher = explore_factors(
        lower.factor_correlations, 1, n=n, extraction="minres", rotation="none"
    )
    upper = higher.loadings.to_numpy()[:, 0]
    upper = upper * (np.sign(upper.sum()) or 1.0)
    pattern = lower.loadings.to_numpy()
    general = pattern @ upper
    groups = pattern * np.sqrt(np.maximum(1 - upper**2, 0))
    whole = correlations.to_numpy(float)
    unique = 1 - general**2 - (groups**2).sum(axis=1)
    return SchmidLeiman(
        loadings=pd.DataFrame(
            np.column_stack([general, groups]),
            index=correlations.columns,
            columns=["general", *lower.loadings.columns],
        ),
        hierarchical=float(general.sum() ** 2 / whole.sum()),
        total=float(1 - unique.sum() / whole.sum()),
    )
