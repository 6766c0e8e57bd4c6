"""Tests of the difference in fit between nested models."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import chdtrc

from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.ordinal_tests import score_covariance, shifted
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.moments import FloatArray

Method = Literal["plain", "satorra-bentler-2001", "satorra-2000"]


@dataclass(frozen=True, slots=True)
class ChiSquareDifference:
    """Test of the restrictions that one model adds to another.

    Attributes
    ----------
    chisq : float
        NaN where the scaling factor of the difference is not positive.
    df : int
    p : float
    method : {"plain", "satorra-bentler-2001", "satorra-2000"}
    """

    chisq: float
    df: int
    p: float
    method: Method


def chi_square_difference(free: CfaFit, restricted: CfaFit) -> ChiSquareDifference:
    """Test whether a restricted model fits worse than the model it is nested in.

    Plain difference for ML and FIML, scaled for MLR, scaled and shifted for WLSMV.

    Parameters
    ----------
    free, restricted : CfaFit
        Fitted to the same answers with the same estimator.

    Raises
    ------
    FactorModelError
        If the models rest on other answers or estimators, or the restricted model has
        not more degrees of freedom.

    References
    ----------
    Satorra & Bentler (2001), doi:10.1007/BF02296192; Satorra (2000), in Heijmans, Pollock
    & Satorra (eds), Innovations in multivariate statistical analysis, pp. 233-247.
    Agrees with lavaan 0.6-14 `lavTestLRT`.
    """
    df = int(restricted.fit.standard.df - free.fit.standard.df)
    is_same = (free.estimator, free.n_by_group) == (restricted.estimator, restricted.n_by_group)
    if df <= 0 or not is_same:
        msg = (
            "Two models can be compared only if they rest on the same answers and estimator and "
            f"the second is the more restricted one (it has {df} degrees of freedom more)."
        )
        raise FactorModelError(msg)
    plain = restricted.fit.standard.chisq - free.fit.standard.chisq
    if isinstance(free.problem, LeastSquaresProblem):
        chisq, _ = shifted(plain, df, *_restriction_traces(free, restricted))
        return _test(chisq, df, "satorra-2000")
    if free.fit.scaled is None or restricted.fit.scaled is None:
        return _test(plain, df, "plain")
    scaling = (_weighted_df(restricted) - _weighted_df(free)) / df
    return _test(plain / scaling if scaling > 0 else np.nan, df, "satorra-bentler-2001")


def _test(chisq: float, df: int, method: Method) -> ChiSquareDifference:
    return ChiSquareDifference(chisq, df, float(chdtrc(df, max(chisq, 0.0))), method)


def _weighted_df(fit: CfaFit) -> float:
    """Give the degrees of freedom times the scaling factor."""
    return fit.fit.standard.df * fit.fit.scaled.scaling if fit.fit.scaled else 0.0


def _restriction_traces(free: CfaFit, restricted: CfaFit) -> tuple[float, float]:
    """Give tr(U gamma) and tr(U gamma U gamma) of the restrictions alone.

    The restrictions A on the free model's parameters span what its derivatives have and
    those of the restricted model have not.
    """
    own = np.vstack(_least_squares(free).jacobians(free.theta))
    other = np.vstack(_least_squares(restricted).jacobians(restricted.theta))
    kept = np.linalg.pinv(own) @ other
    rows = _orthogonal_complement(kept).T
    bread = np.linalg.inv(_least_squares(free).information(free.theta))
    middle = np.linalg.pinv(rows @ bread @ rows.T, hermitian=True)
    projector = bread @ rows.T @ middle @ rows @ bread
    inner = projector @ score_covariance(_least_squares(free), free.theta)
    return float(np.trace(inner)), float(np.sum(inner * inner.T))


def _orthogonal_complement(columns: FloatArray) -> FloatArray:
    left, _ = np.linalg.qr(columns, mode="complete")
    return np.asarray(left[:, columns.shape[1] :])


def _least_squares(fit: CfaFit) -> LeastSquaresProblem:
    if not isinstance(fit.problem, LeastSquaresProblem):
        msg = "Both models must rest on polychoric correlations."
        raise FactorModelError(msg)
    return fit.problem
