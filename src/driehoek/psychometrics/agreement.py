"""How far two or more measurements of the same subjects agree."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri, ndtri, stdtr, stdtrit

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, numeric_items, refuse_level


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """Two-way intraclass correlations of single measurements.

    Attributes
    ----------
    agreement, agreement_low, agreement_high : float
        ICC(A,1): differences between the means of raters (or occasions) count as error.
    consistency, consistency_low, consistency_high : float
        ICC(C,1): they do not.
    sem_agreement, sem_consistency : float
        Standard error of measurement, in the units of the scores.
    confidence : float
    n_subjects, n_excluded : int
        Subjects with every measurement, and the others.
    n_measurements : int
    """

    agreement: float
    agreement_low: float
    agreement_high: float
    consistency: float
    consistency_low: float
    consistency_high: float
    sem_agreement: float
    sem_consistency: float
    confidence: float
    n_subjects: int
    n_excluded: int
    n_measurements: int


@dataclass(frozen=True, slots=True)
class LimitsOfAgreement:
    """Differences between two measurements after Bland and Altman.

    Attributes
    ----------
    difference, difference_low, difference_high, p : float
        Mean of second minus first, its interval and its paired t test.
    sd : float
        Of the differences.
    lower, lower_low, lower_high, upper, upper_low, upper_high : float
        Limits that hold the share `confidence` of the differences, with their intervals.
    slope, slope_p : float
        Of the differences on the means: far from 0, they grow or shrink with the score.
    confidence : float
    n, n_excluded : int
    """

    difference: float
    difference_low: float
    difference_high: float
    p: float
    sd: float
    lower: float
    lower_low: float
    lower_high: float
    upper: float
    upper_low: float
    upper_high: float
    slope: float
    slope_p: float
    confidence: float
    n: int
    n_excluded: int


def intraclass_correlation(
    scores: pd.DataFrame | npt.ArrayLike, *, confidence: float = 0.95
) -> IntraclassCorrelation:
    """Estimate how far single measurements of subjects agree.

    Parameters
    ----------
    scores : pandas.DataFrame or array-like, shape (subjects, measurements)
        One column a rater, role or wave; missing as NaN. Subjects are independent.
    confidence : float

    Raises
    ------
    TooFewDataError
        If fewer than three subjects have every measurement, or no score differs.

    References
    ----------
    McGraw & Wong (1996), doi:10.1037/1082-989X.1.1.30, table 7; errors of measurement: de Vet et
    al. (2006), doi:10.1016/j.jclinepi.2005.10.015. Agrees with psych 2.2.9 `ICC(lmer = FALSE)`.
    """
    refuse_level(confidence)
    values, n_excluded = _complete(scores, least=3)
    n, k = values.shape
    rows, columns, error = _mean_squares(values)
    if rows + columns + error <= 0:
        msg = f"All {n} subjects have one and the same score, so that agreement says nothing."
        raise TooFewDataError(msg)
    consistency = (rows - error) / (rows + (k - 1) * error)
    agreement = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    bias = max((columns - error) / n, 0.0)
    c_low, c_high = _consistency_interval(rows, error, n, k, confidence)
    a_low, a_high = _agreement_interval((rows, columns, error), agreement, n, k, confidence)
    return IntraclassCorrelation(
        agreement=agreement, agreement_low=a_low, agreement_high=a_high,
        consistency=consistency, consistency_low=c_low, consistency_high=c_high,
        sem_agreement=float(np.sqrt(error + bias)), sem_consistency=float(np.sqrt(error)),
        confidence=confidence, n_subjects=n, n_excluded=n_excluded, n_measurements=k,
    )  # fmt: skip


def limits_of_agreement(
    first: npt.ArrayLike, second: npt.ArrayLike, *, confidence: float = 0.95
) -> LimitsOfAgreement:
    """Describe the differences between two measurements of the same subjects.

    Parameters
    ----------
    first, second : array-like, shape (subjects,)
        Scores in one unit, missing as NaN.
    confidence : float
        Share of the differences within the limits, and level of the intervals.

    Raises
    ------
    TooFewDataError
        If fewer than three subjects have both scores.

    References
    ----------
    Bland & Altman (1986), doi:10.1016/S0140-6736(86)90837-8; intervals of the limits: Bland &
    Altman (1999), doi:10.1177/096228029900800204, section 2.2.
    """
    refuse_level(confidence)
    values, n_excluded = _complete(np.column_stack([first, second]), least=3)
    gaps, n = values[:, 1] - values[:, 0], len(values)
    mean, sd = float(gaps.mean()), float(gaps.std(ddof=1))
    z = float(ndtri((1 + confidence) / 2))
    t = float(stdtrit(n - 1, (1 + confidence) / 2))
    error = sd / np.sqrt(n)
    limit_error = sd * np.sqrt(1 / n + z**2 / (2 * (n - 1)))
    lower, upper = mean - z * sd, mean + z * sd
    slope, slope_p = _slope(values.mean(axis=1), gaps)
    return LimitsOfAgreement(
        difference=mean, difference_low=mean - t * error, difference_high=mean + t * error,
        p=float(2 * stdtr(n - 1, -abs(mean) / error)) if error > 0 else float("nan"),
        sd=sd,
        lower=lower, lower_low=lower - t * limit_error, lower_high=lower + t * limit_error,
        upper=upper, upper_low=upper - t * limit_error, upper_high=upper + t * limit_error,
        slope=slope, slope_p=slope_p,
        confidence=confidence, n=n, n_excluded=n_excluded,
    )  # fmt: skip


def _complete(scores: pd.DataFrame | npt.ArrayLike, *, least: int) -> tuple[FloatArray, int]:
    frame = numeric_items(scores)
    kept = frame.dropna()
    if frame.shape[1] < 2 or len(kept) < least:
        msg = (
            f"{len(kept)} subjects have all {frame.shape[1]} measurements; agreement needs {least} "
            "subjects and two measurements."
        )
        raise TooFewDataError(msg)
    return kept.to_numpy(), len(frame) - len(kept)


def _mean_squares(values: FloatArray) -> tuple[float, float, float]:
    """Give the mean squares of subjects, of measurements, and of what is left."""
    n, k = values.shape
    grand = values.mean()
    by_row, by_column = values.mean(axis=1) - grand, values.mean(axis=0) - grand
    rest = values - grand - by_row[:, None] - by_column
    rows = k * float(by_row @ by_row) / (n - 1)
    columns = n * float(by_column @ by_column) / (k - 1)
    return rows, columns, float((rest**2).sum()) / ((n - 1) * (k - 1))


def _consistency_interval(
    rows: float, error: float, n: int, k: int, confidence: float
) -> tuple[float, float]:
    if error <= 0:
        return float("nan"), float("nan")
    share, ratio, other = (1 + confidence) / 2, rows / error, (n - 1) * (k - 1)
    low = ratio / fdtri(n - 1, other, share)
    high = ratio * fdtri(other, n - 1, share)
    return float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))


def _agreement_interval(
    squares: tuple[float, float, float], icc: float, n: int, k: int, confidence: float
) -> tuple[float, float]:
    rows, columns, error = squares
    if error <= 0 or icc >= 1:
        return float("nan"), float("nan")
    share = (1 + confidence) / 2
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    df = (a * columns + b * error) ** 2 / (
        (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    rest = k * columns + (k * n - k - n) * error
    low_f, high_f = fdtri(n - 1, df, share), fdtri(df, n - 1, share)
    low = n * (rows - low_f * error) / (low_f * rest + n * rows)
    high = n * (high_f * rows - error) / (rest + n * high_f * rows)
    return float(low), float(high)


def _slope(means: FloatArray, gaps: FloatArray) -> tuple[float, float]:
    centred, n = means - means.mean(), len(means)
    spread = float(centred @ centred)
    if spread <= 0:
        return float("nan"), float("nan")
    slope = float(centred @ gaps) / spread
    residuals = gaps - gaps.mean() - slope * centred
    error = np.sqrt(float(residuals @ residuals) / (n - 2) / spread)
    return slope, float(2 * stdtr(n - 2, -abs(slope) / error)) if error > 0 else float("nan")
