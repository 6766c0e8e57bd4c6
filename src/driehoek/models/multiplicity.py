"""Several tests as one family, and tests of equivalence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from statsmodels.stats.multitest import multipletests

from driehoek.models.statistic import critical_value

Adjustment = Literal["holm", "bh"]
METHODS = {"holm": "holm", "bh": "fdr_bh"}


def adjusted(ps: Sequence[float], adjustment: Adjustment) -> NDArray[np.float64]:
    """Adjust the p values of one family; those that are not there (NaN) do not count.

    Parameters
    ----------
    ps : sequence of float
    adjustment : {"holm", "bh"}
        Holm keeps the chance of one wrong rejection or more in the family; Benjamini and Hochberg
        the expected share of wrong ones among the rejections.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70. Benjamini & Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x. Agrees with: R ``p.adjust``.
    """
    given = np.asarray(ps, dtype=float)
    found = np.full(len(given), math.nan)
    known = ~np.isnan(given)
    if known.any():
        found[known] = multipletests(given[known], method=METHODS[adjustment])[1]
    return found


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests of an estimate against bounds.

    Attributes
    ----------
    p_low, p_high : float
        Of the tests that it lies above the lower, and below the upper bound.
    ci_low, ci_high : float
        Interval of level 1 - 2 alpha: it lies between the bounds where both tests reject.
    """

    p_low: float
    p_high: float
    ci_low: float
    ci_high: float

    @property
    def p(self) -> float:
        """The larger of the two: that of the test of equivalence."""
        return max(self.p_low, self.p_high)


def equivalence(
    estimate: float, se: float, df: float, bounds: tuple[float, float], alpha: float
) -> Equivalence:
    """Test that an estimate lies between two bounds.

    Parameters
    ----------
    estimate, se, df : float
        df is infinite where the normal distribution is used.
    bounds : tuple of float
        What lies between them is too small to matter.
    alpha : float
        Level of each of the two tests.

    References
    ----------
    Schuirmann (1987), doi:10.1007/BF01068419; Lakens, Scheel & Isager (2018),
    doi:10.1177/2515245918770963.
    """
    low, high = bounds
    reach = critical_value(1 - 2 * alpha, df) * se
    return Equivalence(
        p_low=_upper((estimate - low) / se, df),
        p_high=_upper((high - estimate) / se, df),
        ci_low=estimate - reach,
        ci_high=estimate + reach,
    )


def _upper(t: float, df: float) -> float:
    return float(special.ndtr(-t) if math.isinf(df) else special.stdtr(df, -t))
