"""From keyed answers to one number: how many must be answered, mean or sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

ROUNDING = 1e-9  # 0.7 * 10 is 7.000000000000001 in binary and still means seven


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of n responses on one scale or facet.

    Attributes
    ----------
    score : numpy.ndarray, shape (n,)
        In the metric of the rule; NaN where too little was answered.
    n_answered, n_items : numpy.ndarray of int, shape (n,)
        Items answered, and items presented.
    low, high : float
        Possible range of the score.
    rule : str
        The rule in words.
    """

    score: np.ndarray
    n_answered: np.ndarray
    n_items: np.ndarray
    low: float
    high: float
    rule: str

    @property
    def score_100(self) -> np.ndarray:
        """Scores from 0 (lowest possible) to 100 (highest possible)."""
        return (self.score - self.low) / (self.high - self.low) * 100


def least_answered(share: float, presented: np.ndarray) -> np.ndarray:
    """Give how many of the presented items must be answered for a share of them."""
    return np.ceil(share * presented - ROUNDING).astype(np.int64)


def score_items(
    values: np.ndarray,
    is_presented: np.ndarray,
    value_range: tuple[float, float],
    *,
    method: Literal["mean", "sum"],
    min_answered: float,
) -> Scored:
    """Score items as the mean or sum of those answered.

    A sum is the mean of the answered items times the number of items, so that an unanswered
    or unpresented item counts as the person's own mean and never as zero.

    Parameters
    ----------
    values : numpy.ndarray, shape (n, k)
        Keyed answers; NaN where missing.
    is_presented : numpy.ndarray of bool, shape (n, k)
    value_range : tuple of float
        Declared range of each of the items.
    min_answered : float
        Least share of the presented items that must be answered, above 0 and at most 1.
    """
    is_answered = ~np.isnan(values)
    n_answered = is_answered.sum(axis=1)
    n_items = (is_presented | is_answered).sum(axis=1)
    enough = (n_answered >= least_answered(min_answered, n_items)) & (n_answered > 0)
    total = np.where(is_answered, values, 0.0).sum(axis=1)
    mean = np.where(enough, total / np.maximum(n_answered, 1), np.nan)
    low, high = value_range
    times = values.shape[1] if method == "sum" else 1
    share = f"if {min_answered:.0%} of the items are answered".replace("%", " %")
    rule = {
        "mean": f"mean of the items, {share}",
        "sum": f"sum of the items, unanswered ones as the person's mean, {share}",
    }[method]
    return Scored(mean * times, n_answered, n_items, low * times, high * times, rule)


def combine_facets(
    facets: Sequence[Scored], *, method: Literal["mean", "sum"], min_answered: float
) -> Scored:
    """Score a scale from its facets: every facet must be scored, each counts the same."""
    scores = np.column_stack([facet.score for facet in facets])
    divisor = len(facets) if method == "mean" else 1
    share = f"{min_answered:.0%}".replace("%", " %")
    return Scored(
        scores.sum(axis=1) / divisor,
        np.sum([facet.n_answered for facet in facets], axis=0),
        np.sum([facet.n_items for facet in facets], axis=0),
        sum(facet.low for facet in facets) / divisor,
        sum(facet.high for facet in facets) / divisor,
        f"{method} of facet {method}s, every facet scored, {share} of the items of each facet",
    )
