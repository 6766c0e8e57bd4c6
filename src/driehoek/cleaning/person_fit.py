"""Person-fit without a model: Guttman errors of answers in ordered options."""

import numpy as np


def guttman_errors(levels: np.ndarray, n_levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the Guttman errors of each response, and the most that its total could have.

    Every step of an item (from one option to the next) has a popularity: the share of responses
    that took it. An error is a pair of steps of which the harder one was taken and the easier one
    was not. Equally popular steps keep the order of the items.

    Parameters
    ----------
    levels : numpy.ndarray, shape (n, k)
        Keyed answers as the number of steps taken, from 0; NaN where missing.
    n_levels : numpy.ndarray of int, shape (k,)
        Options of each item.

    Returns
    -------
    tuple of numpy.ndarray, shape (n,)
        Errors, and the most that a response with the same total could have made; both NaN where
        an answer is missing. The most is 0 where a response took no step or every step.

    References
    ----------
    Molenaar (1991); Emons (2008), Applied Psychological
    Measurement 32, 224-247, doi:10.1177/0146621607302479: errors over the most is the normed
    number of Guttman errors, ``PerFit::Gnormed.poly``.
    """
    complete = ~np.isnan(levels).any(axis=1)
    errors, most = np.full(len(levels), np.nan), np.full(len(levels), np.nan)
    if not complete.any():
        return errors, most
    taken = levels[complete].astype(np.int64)
    ranks = _step_ranks(taken, n_levels)
    total = taken.sum(axis=1)
    fewest = total * (total + 1) / 2
    sums = sum(_rank_sums(rank)[taken[:, item]] for item, rank in enumerate(ranks))
    errors[complete] = sums - fewest
    most[complete] = _largest_rank_sums(ranks)[total] - fewest
    return errors, most


def _step_ranks(taken: np.ndarray, n_levels: np.ndarray) -> list[np.ndarray]:
    """Give the place of each item's steps among all steps, 1 the most popular."""
    steps = [(item, step) for item, n in enumerate(n_levels) for step in range(1, int(n))]
    popularity = np.array([(taken[:, item] >= step).sum() for item, step in steps])
    rank = np.empty(len(steps))
    rank[np.argsort(-popularity, kind="stable")] = np.arange(1, len(steps) + 1)
    item_of = np.array([item for item, _ in steps])
    return [rank[item_of == item] for item in range(len(n_levels))]


def _rank_sums(rank: np.ndarray) -> np.ndarray:
    """Give the sum of the ranks of the steps taken, by the number of steps taken."""
    return np.concatenate([[0.0], np.cumsum(rank)])


def _largest_rank_sums(ranks: list[np.ndarray]) -> np.ndarray:
    """Give the largest sum of ranks for each total.

    The steps of a response are those of its items, each from the first on. The errors are the
    sum of their ranks less the smallest sum of as many ranks, so they add up over items.
    """
    best = np.zeros(1)
    for rank in ranks:
        sums = _rank_sums(rank)
        wider = np.full(len(best) + len(sums) - 1, -np.inf)
        for step, value in enumerate(sums):
            here = slice(step, step + len(best))
            wider[here] = np.maximum(wider[here], best + value)
        best = wider
    return best
