"""Chi-square tests of a model and the indices built on them."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr

from driehoek.psychometrics.cfa.errors import NotEstimableError

RMSEA_CONFIDENCE = 0.90


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A chi-square statistic of the model and of the model of independent items.

    Attributes
    ----------
    value, df : float
    baseline_value, baseline_df : float
    scaling, baseline_scaling : float
        What a plain statistic must be divided by to have its expected value; 1 if it
        is taken as it is.
    """

    value: float
    df: float
    baseline_value: float
    baseline_df: float
    scaling: float = 1.0
    baseline_scaling: float = 1.0


@dataclass(frozen=True, slots=True)
class ApproximateFit:
    """A chi-square test with the indices of approximate fit built on it.

    Attributes
    ----------
    chisq, df, p : float
        p is NaN without degrees of freedom.
    scaling : float
        Scaling factor of the statistic; 1 if it is not scaled.
    cfi, tli : float
    rmsea, rmsea_low, rmsea_high : float
        With its 90 % interval.
    baseline_chisq, baseline_df : float
        Of the model of independent items.
    """

    chisq: float
    df: float
    p: float
    scaling: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    baseline_chisq: float
    baseline_df: float


@dataclass(frozen=True, slots=True)
class FitIndices:
    """Fit of a model.

    Attributes
    ----------
    standard : ApproximateFit
        From the statistic of normal (or weighted least squares) theory.
    scaled : ApproximateFit or None
        The same indices from the scaled statistic; their population value differs from
        that of `standard`.
    robust : ApproximateFit or None
        Indices that estimate the same population value as complete normal data would;
        these decide where they exist. None where they cannot be had.
    srmr : float
        Standardised root mean square residual, weighted by group size; with the means
        where the model has them.
    log_likelihood, aic, bic : float
        NaN for least squares.
    n_parameters : int
    """

    standard: ApproximateFit
    scaled: ApproximateFit | None
    robust: ApproximateFit | None
    srmr: float
    log_likelihood: float
    aic: float
    bic: float
    n_parameters: int

    def as_frame(self) -> pd.DataFrame:
        """Give all indices as a table: columns kind, statistic, estimate."""
        rows = [
            ("", name, float(getattr(self, name)))
            for name in ("srmr", "log_likelihood", "aic", "bic", "n_parameters")
        ]
        for kind in ("standard", "scaled", "robust"):
            part = getattr(self, kind)
            if part is not None:
                rows += [(kind, name, value) for name, value in asdict(part).items()]
        return pd.DataFrame(rows, columns=["kind", "statistic", "estimate"])


def approximate_fit(chisq: ChiSquare, n: int, n_groups: int) -> ApproximateFit:
    """Build the indices on a statistic that is referred to a chi-square distribution.

    Parameters
    ----------
    chisq : ChiSquare
        With scaling factors for "robust" indices, which use the plain statistic and
        correct its expected value.
    n, n_groups : int

    References
    ----------
    CFI: Bentler (1990), doi:10.1037/0033-2909.107.2.238. TLI: Tucker & Lewis (1973),
    doi:10.1007/BF02291170. RMSEA: Steiger (1990), doi:10.1207/s15327906mbr2502_4;
    several groups: Steiger (1998), doi:10.1080/10705519809540115. Robust:
    Brosseau-Liard & Savalei (2014), doi:10.1080/00273171.2014.933697. Agrees with
    lavaan 0.6-14 `fitMeasures`.
    """
    tested = chisq.value / chisq.scaling
    p = float(chdtrc(chisq.df, max(tested, 0))) if chisq.df > 0 else np.nan
    low, high = _rmsea_interval(tested, chisq.df, n)
    scale = float(np.sqrt(chisq.scaling * n_groups))
    return ApproximateFit(
        chisq=tested,
        df=chisq.df,
        p=p,
        scaling=chisq.scaling,
        cfi=_cfi(chisq),
        tli=_tli(chisq),
        rmsea=_rmsea(chisq, n) * float(np.sqrt(n_groups)),
        rmsea_low=low * scale,
        rmsea_high=high * scale,
        baseline_chisq=chisq.baseline_value / chisq.baseline_scaling,
        baseline_df=chisq.baseline_df,
    )


def refuse_undefined_scaling(*factors: float) -> None:
    """Refuse scaling factors of the model and its baseline that no scaled test can have.

    Raises
    ------
    NotEstimableError
        If a factor is not a number above zero.
    """
    if not all(factor > 0 for factor in factors):
        msg = (
            "The scaled test of fit does not exist for these answers (a scaling factor is "
            f"{min(factors):.3g}; it must be above 0): too few respondents for this model, or "
            "items that are nearly the same."
        )
        raise NotEstimableError(msg)


def rmsea_from_inflated_df(fit: ApproximateFit, chisq: ChiSquare, n: int, g: int) -> ApproximateFit:
    """Replace the RMSEA by that of a plain statistic whose df carry the scaling factor.

    This is lavaan's "scaled" RMSEA of a mean-corrected statistic.
    """
    inflated = ChiSquare(
        chisq.value, chisq.df * chisq.scaling, chisq.baseline_value, chisq.baseline_df
    )
    other = approximate_fit(inflated, n, g)
    parts = {name: getattr(other, name) for name in ("rmsea", "rmsea_low", "rmsea_high")}
    return ApproximateFit(**(asdict(fit) | parts))


def _excess(chisq: ChiSquare) -> tuple[float, float]:
    model = chisq.value - chisq.scaling * chisq.df
    baseline = chisq.baseline_value - chisq.baseline_scaling * chisq.baseline_df
    return model, baseline


def _cfi(chisq: ChiSquare) -> float:
    model, baseline = _excess(chisq)
    largest = max(model, baseline, 0.0)
    return 1.0 if largest <= 0 else 1 - max(model, 0.0) / largest


def _tli(chisq: ChiSquare) -> float:
    model, baseline = _excess(chisq)
    if chisq.df <= 0 or baseline == 0:
        return 1.0
    return 1 - (model * chisq.baseline_df) / (baseline * chisq.df)


def _rmsea(chisq: ChiSquare, n: int) -> float:
    if chisq.df <= 0:
        return 0.0
    return float(np.sqrt(max(chisq.value / chisq.df - chisq.scaling, 0.0) / n))


def _rmsea_interval(value: float, df: float, n: int) -> tuple[float, float]:
    if df < 1:
        return 0.0, 0.0
    tail = (1 - RMSEA_CONFIDENCE) / 2
    low, high = (_noncentrality(value, df, p) for p in (1 - tail, tail))
    return float(np.sqrt(low / (n * df))), float(np.sqrt(high / (n * df)))


def _noncentrality(value: float, df: float, p: float) -> float:
    """Find the noncentrality for which a share p of the distribution lies below value."""
    if value <= 0 or chndtr(value, df, 0.0) < p:
        return 0.0
    limit = max(4 * value, 10.0)
    return float(brentq(lambda nc: chndtr(value, df, nc) - p, 0.0, limit, xtol=1e-10))
