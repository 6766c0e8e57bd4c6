"""Convergent and discriminant validity of the factors of a model."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.moments import FloatArray


def factor_quality(fit: CfaFit) -> pd.DataFrame:
    """Give composite reliability and average variance extracted of every factor.

    Returns
    -------
    pandas.DataFrame
        Columns group, factor, reliability (omega of the sum of the items: share of the
        observed variance of the sum that its factor explains), ave (share of the items'
        variance that the factor explains), n_items.

    Raises
    ------
    FactorModelError
        If an item belongs to several factors, or a factor explains factors: the sum of
        items then has more than one source.

    Notes
    -----
    The denominator of reliability is the sample's variance of the sum, as in semTools;
    the variance implied by the model would differ where the model misfits. For ordered
    items both figures describe the latent responses, not the sum of the codes.

    References
    ----------
    Fornell & Larcker (1981), doi:10.1177/002224378101800104; Jöreskog (1971),
    doi:10.1007/BF02291393. Agrees with semTools 0.5-6 `AVE` and `compRelSEM`.
    """
    named = [item for members in fit.model.factors.values() for item in members]
    if len(set(named)) < len(named) or set(named) - set(fit.table.items):
        msg = (
            "Composite reliability and AVE are given for factors with items of their own; this "
            "model has items of several factors or a higher-order factor."
        )
        raise FactorModelError(msg)
    index = {item: k for k, item in enumerate(fit.table.items)}
    records = []
    parts = zip(fit.group_names, fit.matrices(), fit.samples, strict=True)
    for group, matrices, sample in parts:
        for j, (factor, members) in enumerate(fit.model.factors.items()):
            chosen = [index[item] for item in members]
            loadings = matrices.loadings[chosen, j]
            variance = matrices.factor_covariance[j, j]
            observed = sample.sigma[np.ix_(chosen, chosen)]
            residuals = np.diag(matrices.residual_covariance)[chosen]
            explained = variance * loadings**2
            records.append(
                {
                    "group": group,
                    "factor": factor,
                    "reliability": float(loadings.sum() ** 2 * variance / observed.sum()),
                    "ave": float(explained.sum() / (explained.sum() + residuals.sum())),
                    "n_items": len(members),
                }
            )
    return pd.DataFrame(records)


def htmt(correlations: pd.DataFrame, factors: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Give the heterotrait-monotrait ratio of every pair of factors.

    Parameters
    ----------
    correlations : pandas.DataFrame, shape (items, items)
        Pearson or polychoric correlations; absolute values are taken.
    factors : mapping of str to sequence of str
        At least two items each.

    Returns
    -------
    pandas.DataFrame, shape (factors, factors)
        1 on the diagonal. Above .85 (or .90) two factors are hard to tell apart.

    Raises
    ------
    NotEstimableError
        If a factor has a single item.

    References
    ----------
    Henseler, Ringle & Sarstedt (2015), doi:10.1007/s11747-014-0403-8. Agrees with
    semTools 0.5-6 `htmt(htmt2 = FALSE)`.
    """
    lonely = [factor for factor, members in factors.items() if len(members) < 2]
    if lonely:
        msg = f"HTMT needs two items a factor; {', '.join(lonely)} has one."
        raise NotEstimableError(msg)
    size = correlations.abs()
    within = {
        factor: _mean_below_diagonal(size.loc[list(members), list(members)].to_numpy())
        for factor, members in factors.items()
    }
    names = list(factors)
    ratios = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    for first, second in combinations(names, 2):
        across = size.loc[list(factors[first]), list(factors[second])].to_numpy().mean()
        value = across / np.sqrt(within[first] * within[second])
        ratios.loc[first, second] = ratios.loc[second, first] = value
    return ratios


def _mean_below_diagonal(matrix: FloatArray) -> float:
    return float(matrix[np.tril_indices(len(matrix), -1)].mean())
