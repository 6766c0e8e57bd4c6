"""One number with its uncertainty, as a row of a tidy table."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import pandas as pd
from scipy import special


@dataclass(frozen=True, slots=True)
class Statistic:
    """A row of a statistics table; numbers that do not apply are NaN, words are empty.

    Attributes
    ----------
    statistic : str
        What is estimated, such as ``b`` or ``r2_change``.
    estimate, se, df, ci_low, ci_high, p : float
        At full precision. ``df`` is infinite where the normal distribution is used.
    n, n_excluded : int
        Rows the estimate rests on, and rows left out.
    scale, group, term : str
        Of what: variable, block or group, column of the design.
    method : str
        How it was estimated.
    reason : str
        Why a number is not there.
    """

    statistic: str
    estimate: float
    n: int
    n_excluded: int
    method: str
    scale: str = ""
    group: str = ""
    term: str = ""
    se: float = math.nan
    df: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p: float = math.nan
    reason: str = ""


COLUMNS = (
    *("scale", "group", "term", "statistic", "estimate", "se", "df", "ci_low", "ci_high"),
    *("p", "n", "n_excluded", "method", "reason"),
)


def statistics_frame(rows: Iterable[Statistic]) -> pd.DataFrame:
    """Put statistics under one another, in the column order of every statistics table."""
    names = [field.name for field in fields(Statistic)]
    return pd.DataFrame([asdict(row) for row in rows], columns=names)[list(COLUMNS)]


def two_sided_p(ratio: float, df: float) -> float:
    """Give the two-sided p of a ratio under Student's t, or the normal where df is infinite."""
    if math.isinf(df):
        return float(2 * special.ndtr(-abs(ratio)))
    return float(2 * special.stdtr(df, -abs(ratio)))


def critical_value(confidence: float, df: float) -> float:
    """Give the two-sided critical value of t, or of the normal where df is infinite.

    Raises
    ------
    ValueError
        If `confidence` does not lie between 0 and 1.
    """
    if not 0 < confidence < 1:
        msg = f"confidence is {confidence}; it must lie between 0 and 1, such as 0.95."
        raise ValueError(msg)
    upper = (1 + confidence) / 2
    return float(special.ndtri(upper) if math.isinf(df) else special.stdtrit(df, upper))
