"""What non-invariance does: differences of factor means and of answers to items."""

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance import InvarianceLadder


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
    if ladder.highest_level not in {"scalar", "strict"}:
        msg = (
            "Means of groups can be compared only where scalar invariance holds; here the "
            f"highest level that holds is {ladder.highest_level or 'none'}. Release the "
            "intercepts that differ (partial invariance) or do not compare means."
        )
        raise NotEstimableError(msg)
    fit = ladder.fits["scalar"]
    rows = fit.parameters()
    factors = rows["lhs"].isin(list(fit.model.top_factors))
    means = rows[factors & (rows["op"] == "~1") & rows["is_free"]]
    effects = _effect_sizes(fit)
    return pd.DataFrame(
        {
            "group": means["group"].to_numpy(),
            "factor": means["lhs"].to_numpy(),
            "difference": means["estimate"].to_numpy(),
            "se": means["se"].to_numpy(),
            "p": means["p"].to_numpy(),
            "ci_low": means["ci_low"].to_numpy(),
            "ci_high": means["ci_high"].to_numpy(),
            "effect_size": [
                effects[group, factor]
                for group, factor in zip(means["group"], means["lhs"], strict=True)
            ],
            "level": "scalar",
        }
    )


def dmacs(fit: CfaFit) -> pd.DataFrame:
    """Say how far apart groups' answers to an item lie at equal factor values.

    Parameters
    ----------
    fit : CfaFit
        The configural model, measured items, scaled by markers, each item on one factor.
        The marker's intercept and loading tie the groups' factor scales together.

    Returns
    -------
    pandas.DataFrame
        Columns group (compared with the first), factor, item, dmacs (pooled standard
        deviations of the item), is_marker (then 0 by construction).

    Raises
    ------
    FactorModelError
        If the model is of another kind.

    References
    ----------
    Nye & Drasgow (2011), doi:10.1037/a0022955, equation 3, integrated over the factor
    distribution of the compared group in closed form.
    """
    _refuse_other_models(fit)
    lines = [_group_lines(fit, group) for group in range(len(fit.group_names))]
    records = []
    for group, name in enumerate(fit.group_names[1:], start=1):
        for factor, members in fit.model.factors.items():
            for item in members:
                intercept, slope, *_ = lines[0][item]
                other, other_slope, mean, variance = lines[group][item]
                rise = slope - other_slope
                gap = (intercept - other) + rise * mean
                sd = _pooled_sd(fit, group, item)
                records.append(
                    {
                        "group": name,
                        "factor": factor,
                        "item": item,
                        "dmacs": float(np.sqrt(gap**2 + rise**2 * variance) / sd),
                        "is_marker": item == members[0],
                    }
                )
    return pd.DataFrame(records)


def _effect_sizes(fit: CfaFit) -> dict[tuple[str, str], float]:
    parts = fit.matrices()
    sizes = {}
    for group in range(1, len(parts)):
        for k, factor in enumerate(fit.table.factors):
            weights = np.array([fit.n_by_group[0] - 1, fit.n_by_group[group] - 1])
            variances = [part.factor_covariance[k, k] for part in (parts[0], parts[group])]
            pooled = float(weights @ np.array(variances) / weights.sum())
            mean = parts[group].factor_means[k] - parts[0].factor_means[k]
            sizes[fit.group_names[group], factor] = float(mean / np.sqrt(pooled))
    return sizes


def _refuse_other_models(fit: CfaFit) -> None:
    named = [item for members in fit.model.factors.values() for item in members]
    is_simple = len(set(named)) == len(named) == len(fit.table.items)
    has_means = any(row.op == "~1" and row.lhs in fit.table.items for row in fit.table.rows)
    if (
        fit.estimator in ORDINAL
        or fit.model.scaling != "marker"
        or not (is_simple and has_means)
        or len(fit.group_names) < 2
    ):
        msg = (
            "dMACS needs a configural model of measured items in several groups, scaled by "
            "markers, with every item on one factor."
        )
        raise FactorModelError(msg)


def _group_lines(fit: CfaFit, group: int) -> dict[str, tuple[float, float, float, float]]:
    """Give each item's intercept, slope, and its factor's mean and variance in one group.

    The factor is moved so that its marker's intercept is 0 in every group.
    """
    parts = fit.matrices()[group]
    index = {item: k for k, item in enumerate(fit.table.items)}
    lines = {}
    for j, (_, members) in enumerate(fit.model.factors.items()):
        marker = parts.intercepts[index[members[0]]]
        mean = float(marker + parts.factor_means[j])
        variance = float(parts.factor_covariance[j, j])
        for item in members:
            slope = float(parts.loadings[index[item], j])
            intercept = float(parts.intercepts[index[item]] - slope * marker)
            lines[item] = (intercept, slope, mean, variance)
    return lines


def _pooled_sd(fit: CfaFit, group: int, item: str) -> float:
    k = fit.table.items.index(item)
    sizes = [fit.n_by_group[0], fit.n_by_group[group]]
    sums = sum(n * fit.samples[g].sigma[k, k] for n, g in zip(sizes, (0, group), strict=True))
    return float(np.sqrt(sums / (sum(sizes) - 2)))
