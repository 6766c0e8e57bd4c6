"""What a reliability means for the score of one person."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, refuse_level


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """Give the standard deviation of the error in a score: sd x sqrt(1 - reliability).

    Parameters
    ----------
    sd : float
        Of the scores, in their own units.
    reliability : float
        At most 1; a negative one counts as 0 (all of the score is error).

    References
    ----------
    Lord & Novick (1968), Statistical theories of mental test scores, eq. 3.3.8.
    """
    return float(sd * np.sqrt(1 - np.clip(reliability, 0.0, 1.0)))


def smallest_detectable_change(sem: float, *, n: int = 1, confidence: float = 0.95) -> float:
    """Give the change that error alone exceeds with probability 1 - confidence.

    Parameters
    ----------
    sem : float
        Standard error of measurement; both measurements have it.
    n : int
        Persons whose mean change is judged; 1 for a single person.
    confidence : float

    References
    ----------
    de Vet et al. (2006), doi:10.1016/j.jclinepi.2005.10.015.
    """
    refuse_level(confidence)
    return float(ndtri((1 + confidence) / 2) * np.sqrt(2) * sem / np.sqrt(n))


def reliable_change(
    before: npt.ArrayLike, after: npt.ArrayLike, sem: float, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Divide each person's change by the error of a difference.

    Parameters
    ----------
    before, after : array-like, shape (persons,)
        Scores, missing as NaN.
    sem : float
        Standard error of measurement, above 0.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        ``change``, ``index`` (change / (sem x sqrt 2)) and ``direction``: 1 reliably higher, -1
        reliably lower, 0 neither, missing where a score is.

    References
    ----------
    Jacobson & Truax (1991), doi:10.1037/0022-006X.59.1.12.
    """
    refuse_level(confidence)
    if not sem > 0:
        msg = f"Reliable change needs a standard error of measurement above 0; got {sem}."
        raise TooFewDataError(msg)
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    index = change / (sem * np.sqrt(2))
    beyond = np.abs(index) > ndtri((1 + confidence) / 2)
    direction = pd.Series(np.where(beyond, np.sign(index), 0.0)).mask(np.isnan(index))
    return pd.DataFrame({"change": change, "index": index, "direction": direction.astype("Int8")})


def stratified_reliability(
    covariance: FloatArray, reliabilities: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Give the reliability of a weighted sum of facet scores (stratified alpha).

    Parameters
    ----------
    covariance : numpy.ndarray, shape (facets, facets)
        Of the facet scores.
    reliabilities : array-like, shape (facets,)
        Of each facet score, such as its alpha.
    weights : array-like, shape (facets,), optional
        Default 1: the sum, whose reliability is also that of the mean.

    Raises
    ------
    TooFewDataError
        If the sum does not vary.

    References
    ----------
    Cronbach, Schönemann & McKie (1965), doi:10.1177/001316446502500201; weights: Feldt & Brennan
    (1989), Reliability, in Educational measurement (3rd ed.), p. 117.
    """
    weight = np.ones(len(covariance)) if weights is None else np.asarray(weights, dtype=float)
    whole = float(weight @ covariance @ weight)
    if whole <= 0:
        msg = "The sum of the facets does not vary, so that it has no reliability."
        raise TooFewDataError(msg)
    error = np.diag(covariance) * (1 - np.asarray(reliabilities, dtype=float))
    return float(1 - (weight**2) @ error / whole)
