"""Differences of factor means, where invariance allows them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance import InvarianceLadder
from driehoek.psychometrics.invariance_within import Occasions

_COLUMNS = {
    "estimate": "difference",
    "se": "se",
    "p": "p",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
}


def latent_means(ladder: InvarianceLadder) -> pd.DataFrame:
    """Compare the factor means of groups with those of the first group.

    Returns
    -------
    pandas.DataFrame
        Columns group, factor, difference, se, p, ci_low, ci_high, effect_size (difference
        in pooled standard deviations of the factor), level.

    Raises
    ------
    NotEstimableError
        If scalar invariance does not hold: means of groups would then not be on one
        scale.
    """
    fit = _scalar(ladder, "groups")
    return pd.DataFrame(list(_group_rows(fit)))


def latent_means_within(ladder: InvarianceLadder, occasions: Occasions) -> pd.DataFrame:
    """Compare the factor means of waves, or of roles within the triad, with the first.

    Standard errors allow for the answers of one row being dependent.

    Parameters
    ----------
    ladder : InvarianceLadder
        Of `within_ladder`.
    occasions : Occasions
        As given there.

    Returns
    -------
    pandas.DataFrame
        As of `latent_means`; group is the wave or role.

    Raises
    ------
    NotEstimableError
        If scalar invariance does not hold.
    """
    fit = _scalar(ladder, "waves or roles")
    return pd.DataFrame(list(_occasion_rows(fit, occasions)))


def _scalar(ladder: InvarianceLadder, compared: str) -> CfaFit:
    if ladder.highest_level not in {"scalar", "strict"}:
        msg = (
            f"Means of {compared} can be compared only where scalar invariance holds; here the "
            f"highest level that holds is {ladder.highest_level or 'none'}. Release the "
            "intercepts that differ (partial invariance) or do not compare means."
        )
        raise NotEstimableError(msg)
    return ladder.fits["scalar"]


def _group_rows(fit: CfaFit) -> Iterator[dict[str, object]]:
    table, parts = fit.parameters(), fit.matrices()
    for position, group in enumerate(fit.group_names[1:], start=1):
        own = table[table["group"] == group].set_index("name")
        weights = np.array([fit.n_by_group[0] - 1, fit.n_by_group[position] - 1])
        for factor in fit.model.top_factors:
            k = fit.table.factors.index(factor)
            variances = [part.factor_covariance[k, k] for part in (parts[0], parts[position])]
            yield _row(own, f"{factor} ~1", group, factor, np.average(variances, weights=weights))


def _occasion_rows(fit: CfaFit, occasions: Occasions) -> Iterator[dict[str, object]]:
    table, spread = fit.parameters().set_index("name"), fit.matrices()[0].factor_covariance
    first, *later = occasions.columns
    for occasion in later:
        for factor in occasions.factors:
            places = [fit.table.factors.index(f"{factor}@{at}") for at in (first, occasion)]
            pooled = np.mean([spread[k, k] for k in places])
            yield _row(table, f"{factor}@{occasion} ~1", occasion, factor, pooled)


def _row(
    table: pd.DataFrame, name: str, group: str, factor: str, variance: float
) -> dict[str, object]:
    difference, se, p, low, high = (float(table[column][name]) for column in _COLUMNS)
    return {
        "group": group,
        "factor": factor,
        "difference": difference,
        "se": se,
        "p": p,
        "ci_low": low,
        "ci_high": high,
        "effect_size": difference / float(np.sqrt(variance)),
        "level": "scalar",
    }
