"""Asymptotic covariance of thresholds and polychoric correlations, as WLSMV needs it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from driehoek.psychometrics.bivariate_normal import normal_density
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray, OrdinalTables
from driehoek.psychometrics.polychoric import (
    SMALLEST_CELL,
    cell_probabilities,
    pair_correlations,
)

_CELLS_AT_ONCE = 20_000_000


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """Thresholds and polychoric correlations of one group with their covariance.

    Attributes
    ----------
    names : tuple of str
    threshold_item : numpy.ndarray, shape (thresholds,)
        Position of the item of each threshold, item after item.
    threshold_position : numpy.ndarray, shape (thresholds,)
        1 for the lowest threshold of an item.
    thresholds : numpy.ndarray, shape (thresholds,)
    pairs : numpy.ndarray, shape (pairs, 2)
        Positions of the items of each correlation.
    correlations : numpy.ndarray, shape (pairs,)
    gamma : numpy.ndarray, shape (thresholds + pairs, thresholds + pairs)
        n times the covariance matrix of thresholds and correlations.
    spread : numpy.ndarray, shape (thresholds + pairs,)
        n times their variances with rows taken as independent: the diagonal of gamma, unless
        rows are nested in clusters. Weights come from these.
    n : int
        Respondents used.
    """

    names: tuple[str, ...]
    threshold_item: IntArray
    threshold_position: IntArray
    thresholds: FloatArray
    pairs: IntArray
    correlations: FloatArray
    gamma: FloatArray
    spread: FloatArray
    n: int


def ordinal_moments(tables: OrdinalTables, clusters: IntArray | None = None) -> OrdinalMoments:
    """Estimate thresholds and correlations with their asymptotic covariance.

    Parameters
    ----------
    tables : OrdinalTables
    clusters : numpy.ndarray of int, shape (respondents,), optional
        Cluster (triad) of each row, from 0: scores are then summed within it, so that gamma
        allows for the dependence.

    Notes
    -----
    The two steps are stacked as one set of estimating equations: with U the
    casewise scores (zero where an answer is missing) and A their lower block
    triangular derivative, estimated by products of scores, gamma is
    n inv(A) U'U inv(A)'.

    References
    ----------
    Muthén (1984), doi:10.1007/BF02294210. Agrees with lavaan 0.6-14
    `lavInspect(fit, "gamma")`.
    """
    estimates = pair_correlations(tables)
    rows, columns = tables.thresholds[tables.pairs].transpose(1, 0, 2)
    probabilities, slopes = cell_probabilities(rows, columns, estimates)
    scores = slopes / probabilities
    item, position = tables.threshold_rows()
    margins = _margin_scores(tables)
    first = _threshold_information(tables, margins)
    cross = _cross_information(tables, estimates, probabilities, scores)
    last = (tables.tables * scores**2).sum(axis=(1, 2))
    bread = _inverse_slopes(first, cross, last)
    gamma = _sandwich(bread, _score_products(tables, margins, scores, None))
    spread = np.diag(gamma)
    if clusters is not None:
        gamma = _sandwich(bread, _score_products(tables, margins, scores, clusters))
    n = len(tables.codes)
    return OrdinalMoments(
        names=tables.names,
        threshold_item=item,
        threshold_position=position,
        thresholds=tables.thresholds[item, position],
        pairs=tables.pairs,
        correlations=estimates,
        gamma=n * gamma,
        spread=n * spread,
        n=n,
    )


def _margin_scores(tables: OrdinalTables) -> FloatArray:
    """Give the score of every threshold for every category code, missing included.

    Returns
    -------
    numpy.ndarray, shape (thresholds, n_categories + 1)
    """
    item, position = tables.threshold_rows()
    shares = np.maximum(np.diff(ndtr(tables.thresholds), axis=1), SMALLEST_CELL)
    density = normal_density(tables.thresholds[item, position])
    scores = np.zeros((len(item), tables.n_categories + 1))
    each = np.arange(len(item))
    scores[each, position - 1] = density / shares[item, position - 1]
    scores[each, position] = -density / shares[item, position]
    return scores


def _threshold_information(tables: OrdinalTables, margins: FloatArray) -> FloatArray:
    item, _ = tables.threshold_rows()
    weighted = margins[:, :-1] * tables.frequencies[item]
    same_item = item[:, None] == item[None, :]
    return np.asarray(weighted @ margins[:, :-1].T * same_item)


def _cross_information(
    tables: OrdinalTables, rho: FloatArray, probabilities: FloatArray, scores: FloatArray
) -> FloatArray:
    """Give the sum of score products of each correlation with the thresholds of its items."""
    rows, columns = tables.thresholds[tables.pairs].transpose(1, 0, 2)
    weight = tables.tables * scores / probabilities
    by_row = _threshold_products(rows, columns, rho, weight)
    by_column = _threshold_products(columns, rows, rho, weight.transpose(0, 2, 1))
    item, position = tables.threshold_rows()
    cross = np.zeros((len(tables.pairs), len(item)))
    for side, products in ((0, by_row), (1, by_column)):
        belongs = tables.pairs[:, side, None] == item[None, :]
        pair, threshold = np.nonzero(belongs)
        cross[pair, threshold] = products[pair, position[threshold] - 1]
    return cross


def _threshold_products(
    own: FloatArray, other: FloatArray, rho: FloatArray, weight: FloatArray
) -> FloatArray:
    inner = own[:, 1:-1, None]
    root = np.sqrt((1 - rho) * (1 + rho))[:, None, None]
    conditional = ndtr((other[:, None, :] - rho[:, None, None] * inner) / root)
    slope = normal_density(inner) * np.diff(conditional, axis=2)
    return np.asarray((slope * (weight[:, :-1] - weight[:, 1:])).sum(axis=2))


def _score_products(
    tables: OrdinalTables, margins: FloatArray, scores: FloatArray, clusters: IntArray | None
) -> FloatArray:
    """Give the sum of products of the scores of rows, or of clusters."""
    item, _ = tables.threshold_rows()
    size = tables.n_categories
    with_missing = np.zeros((len(scores), size + 1, size + 1))
    with_missing[:, :size, :size] = scores
    lookup = with_missing.reshape(len(scores), -1)
    width = len(item) + len(lookup)
    products = np.zeros((width, width))
    totals = np.zeros((0 if clusters is None else int(clusters.max()) + 1, width))
    step = max(1, _CELLS_AT_ONCE // width)
    for start in range(0, len(tables.codes), step):
        codes = tables.codes[start : start + step].T.astype(np.intp)
        cell = codes[tables.pairs[:, 0]] * (size + 1) + codes[tables.pairs[:, 1]]
        casewise = np.concatenate(
            [
                np.take_along_axis(margins, codes[item], axis=1),
                np.take_along_axis(lookup, cell, axis=1),
            ]
        )
        if clusters is None:
            products += casewise @ casewise.T
        else:
            np.add.at(totals, clusters[start : start + step], casewise.T)
    return products + totals.T @ totals


def _inverse_slopes(first: FloatArray, cross: FloatArray, last: FloatArray) -> FloatArray:
    """Give inv(A) for A = [[first, 0], [cross, diag(last)]]."""
    n_thresholds, width = len(first), len(first) + len(last)
    lower = np.zeros((width, width))
    lower[:n_thresholds, :n_thresholds] = np.linalg.inv(first)
    scaled = 1 / np.maximum(last, np.finfo(float).tiny)
    lower[n_thresholds:, :n_thresholds] = -scaled[:, None] * (
        cross @ lower[:n_thresholds, :n_thresholds]
    )
    lower[n_thresholds:, n_thresholds:] = np.diag(scaled)
    return lower


def _sandwich(bread: FloatArray, products: FloatArray) -> FloatArray:
    return np.asarray(bread @ products @ bread.T)
