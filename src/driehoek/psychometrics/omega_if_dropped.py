"""Omega total of a scale without each of its items."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from driehoek.psychometrics.moments import numeric_items
from driehoek.psychometrics.omega import Missing
from driehoek.psychometrics.one_factor import OneFactorFits, fit_one_factor
from driehoek.psychometrics.one_factor_scoring import PatternMoments
from driehoek.psychometrics.resampling_units import pattern_moments, rows_and_units

NO_SOLUTION = "without this item the one-factor model has no admissible solution"
TOO_FEW_ITEMS = "fewer than three items would be left: no omega without this item"


def omega_if_dropped(
    items: pd.DataFrame | npt.ArrayLike, *, missing: Missing = "complete"
) -> pd.DataFrame:
    """Estimate omega total without each item, on the rows used for the whole scale.

    Parameters
    ----------
    items : pandas.DataFrame or array-like, shape (respondents, items)
        Items for which `driehoek.psychometrics.omega.omega_total` exists.
    missing : {"complete", "fiml"}
        As there.

    Returns
    -------
    pandas.DataFrame
        One row an item: ``item, omega_if_dropped, n, reason`` (why it is NaN).
    """
    frame = numeric_items(items)
    kept = frame.dropna(how="any" if missing == "complete" else "all")
    k, found = kept.shape[1], np.full(kept.shape[1], np.nan)
    reason = TOO_FEW_ITEMS
    if k > 3:
        answers = rows_and_units(kept.to_numpy(), None)
        moments = pattern_moments(answers, answers.copies[None, :].astype(float))
        whole = fit_one_factor(moments)
        for item in range(k):
            rest = np.delete(np.arange(k), item)
            fit = fit_one_factor(_without(moments, rest), start=_start(whole, rest))
            found[item] = fit.omega[0] if fit.admissible[0] else np.nan
        reason = NO_SOLUTION
    return pd.DataFrame(
        {
            "item": kept.columns,
            "omega_if_dropped": found,
            "n": len(kept),
            "reason": np.where(np.isnan(found), reason, ""),
        }
    )


def _without(moments: PatternMoments, rest: npt.NDArray[np.int64]) -> PatternMoments:
    """Keep some of the items, and the patterns that have any of them."""
    seen = moments.observed[:, rest].any(axis=1)
    return PatternMoments(
        moments.observed[seen][:, rest],
        moments.counts[:, seen],
        moments.sums[:, seen][:, :, rest],
        moments.products[:, seen][:, :, rest][:, :, :, rest],
    )


def _start(whole: OneFactorFits, rest: npt.NDArray[np.int64]) -> OneFactorFits | None:
    if not whole.admissible[0]:
        return None
    return OneFactorFits(
        whole.loadings[:, rest],
        whole.error_variances[:, rest],
        whole.means[:, rest],
        whole.converged,
        whole.heywood[:, rest],
    )
