"""Indices of careless answering on a matrix of answers: one number for each response.

Answers are numpy arrays of shape (n, k): responses by items in order of presentation, NaN where
missing. An index is NaN where it cannot be had. Nothing here decides who answered carelessly.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc

FEWEST_PAIRS = 3


def run_lengths(answers: np.ndarray, sets: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give the longest and the mean length of the runs of equal answers.

    A run ends at another answer and at an item with other response options; items without an
    answer are passed over. Answers count as given, before reverse-keying.

    Parameters
    ----------
    answers : numpy.ndarray, shape (n, k)
    sets : sequence of str, length k
        Name of each item's response options.

    Returns
    -------
    tuple of numpy.ndarray, shape (n,)
        The longest run, 0 where nothing was answered; the mean run, NaN there.

    References
    ----------
    Johnson (2005), doi:10.1016/j.jrp.2004.09.009; Meade and Craig (2012),
    doi:10.1037/a0028085. They end runs at pages too and average the longest run over pages; the
    mean over all runs is that of the R package careless, ``longstring(avg = TRUE)``.
    """
    n = len(answers)
    last, run, longest = np.full(n, np.nan), np.zeros(n), np.zeros(n)
    n_runs, n_given = np.zeros(n), np.zeros(n)
    last_set = np.full(n, -1)
    codes = {name: i for i, name in enumerate(dict.fromkeys(sets))}
    for column, name in zip(answers.T, sets, strict=True):
        given = ~np.isnan(column)
        same = given & (column == last) & (last_set == codes[name])
        run = np.where(same, run + 1, np.where(given, 1, run))
        n_runs += given & ~same
        n_given += given
        last = np.where(given, column, last)
        last_set = np.where(given, codes[name], last_set)
        longest = np.maximum(longest, run)
    return longest, _ratio(n_given, n_runs)


def variability(answers: np.ndarray) -> np.ndarray:
    """Give the standard deviation (n - 1) of a person's answers; NaN below two answers.

    Low where somebody gives the same answer all the time. Give answers as shares of their range
    where items differ in their response options.

    References
    ----------
    Dunn, Heggestad, Shanock and Theilgard (2018), doi:10.1007/s10869-016-9479-0: intra-individual
    response variability. Agrees with ``apply(x, 1, sd, na.rm = TRUE)`` in R.
    """
    given = ~np.isnan(answers)
    n = given.sum(axis=1)
    mean = _ratio(np.where(given, answers, 0.0).sum(axis=1), n)
    squares = (np.where(given, answers - mean[:, None], 0.0) ** 2).sum(axis=1)
    return np.where(n > 1, np.sqrt(_ratio(squares, n - 1.0)), np.nan)


def mahalanobis(answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the squared Mahalanobis distance of each response, and its chi-squared tail.

    Means and covariances are those of the pairs of items that were answered. A response with
    gaps counts with the items it has: their block of the covariances, as many degrees of freedom.

    Returns
    -------
    tuple of numpy.ndarray, shape (n,)
        D squared, and the probability of one as large or larger under a normal distribution.
        All NaN where the covariances cannot be inverted: fewer responses than items, items never
        answered together, an item without variance, or one that follows from others.

    References
    ----------
    Mahalanobis (1936); Meade and Craig (2012), doi:10.1037/a0028085. For complete responses this
    is ``psych::outlier``; with gaps that function keeps the inverse of all items and takes a gap
    as the mean, which makes people with gaps look ordinary.
    """
    none = np.full(len(answers), np.nan)
    covariance = _pairwise_covariance(answers)
    if covariance is None:
        return none, none.copy()
    given = ~np.isnan(answers)
    centred = np.where(given, answers - np.nanmean(answers, axis=0), 0.0)
    precision = np.linalg.inv(covariance)
    weighted = centred @ precision
    distance = np.where(given.any(axis=1), (centred * weighted).sum(axis=1), np.nan)
    patterns, pattern_of, counts = np.unique(given, axis=0, return_inverse=True, return_counts=True)
    by_pattern = np.split(np.argsort(pattern_of.ravel(), kind="stable"), np.cumsum(counts)[:-1])
    for pattern, rows in zip(patterns, by_pattern, strict=True):
        gaps = ~pattern
        if 0 < gaps.sum() <= pattern.sum():
            distance[rows] -= _quadratic(precision, weighted, rows, gaps)
        elif pattern.any() and gaps.any():
            distance[rows] = _quadratic(covariance, centred, rows, pattern)
    return distance, np.asarray(chdtrc(given.sum(axis=1), distance))


def _quadratic(
    matrix: np.ndarray, values: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Give x' M^-1 x of each of these rows, over these columns.

    Of the precision and the weighted values, over the gaps, it is what the whole distance has too
    much (Schur's complement): a far smaller system to solve than that of the items answered.
    """
    block = values[np.ix_(rows, columns)]
    solved = np.linalg.solve(matrix[np.ix_(columns, columns)], block.T)
    found: np.ndarray = (block * solved.T).sum(axis=1)
    return found


def even_odd(answers: np.ndarray, factors: Sequence[Sequence[int]]) -> np.ndarray:
    """Give the even-odd consistency: how far the two halves of scales go together in a person.

    The mean of the items at odd places and that at even places of each scale are correlated over
    the scales, within a person, and corrected to full length by Spearman and Brown, not below -1.

    Parameters
    ----------
    answers : numpy.ndarray, shape (n, k)
        Keyed, so that a high answer means a high score, in units that scales share.
    factors : sequence of sequence of int
        Columns of each scale, in order.

    Returns
    -------
    numpy.ndarray, shape (n,)
        -1 to 1, high where consistent; NaN below 3 scales with both halves, or no variance.

    References
    ----------
    Jackson (1976), in Johnson (2005), doi:10.1016/j.jrp.2004.09.009. The R package careless gives
    this with its sign turned (since 1.2), and from two scales on.
    """
    odd = [_mean(answers[:, list(columns[::2])]) for columns in factors]
    even = [_mean(answers[:, list(columns[1::2])]) for columns in factors]
    if len(factors) < FEWEST_PAIRS:
        return np.full(len(answers), np.nan)
    r = _within_person(np.column_stack(odd), np.column_stack(even))
    return np.asarray(np.maximum(_ratio(2 * r, 1 + r, at_zero=-np.inf), -1.0))


def synonym_pairs(answers: np.ndarray, critical: float) -> list[tuple[int, int]]:
    """Find the pairs of items whose correlation over all responses goes beyond a limit.

    Parameters
    ----------
    critical : float
        Above it where positive (synonyms), below it where negative (antonyms).
    """
    r = _pairwise_correlation(answers)
    with np.errstate(invalid="ignore"):
        found = r > critical if critical > 0 else r < critical
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(found, 1)), strict=True)]


def synonyms(answers: np.ndarray, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """Correlate, within each person, the first with the second items of pairs.

    Parameters
    ----------
    answers : numpy.ndarray, shape (n, k)
        As given, not reverse-keyed, in units that items share.
    pairs : sequence of tuple
        Columns, as `synonym_pairs` finds them.

    Returns
    -------
    numpy.ndarray, shape (n,)
        NaN below 3 pairs that were answered, or no variance.

    References
    ----------
    Meade and Craig (2012), doi:10.1037/a0028085: psychometric synonyms and antonyms. Equal to
    ``careless::psychsyn(resample_na = FALSE)``; its default draws at random where there is no
    variance.
    """
    if len(pairs) < FEWEST_PAIRS:
        return np.full(len(answers), np.nan)
    first, second = (list(columns) for columns in zip(*pairs, strict=True))
    return _within_person(answers[:, first], answers[:, second])


def _within_person(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Correlate two matrices row by row over the columns known in both."""
    known = ~np.isnan(x) & ~np.isnan(y)
    n = known.sum(axis=1)
    dx, dy = (np.where(known, v - _mean(np.where(known, v, np.nan))[:, None], 0.0) for v in (x, y))
    scale = np.sqrt((dx**2).sum(axis=1) * (dy**2).sum(axis=1))
    usable = (n >= FEWEST_PAIRS) & (scale > 1e-12)
    return np.where(usable, np.clip(_ratio((dx * dy).sum(axis=1), scale), -1, 1), np.nan)


def _pairwise_covariance(answers: np.ndarray) -> np.ndarray | None:
    """Give the covariances of the pairs answered; None where they cannot be inverted."""
    given = ~np.isnan(answers)
    counts = given.T.astype(float) @ given
    if len(answers) <= answers.shape[1] or counts.min(initial=np.inf) < FEWEST_PAIRS:
        return None
    covariance, _ = _moments(answers, given, counts)
    values = np.linalg.eigvalsh(covariance)
    return covariance if values[0] > 1e-10 * values[-1] else None


def _pairwise_correlation(answers: np.ndarray) -> np.ndarray:
    given = ~np.isnan(answers)
    counts = given.T.astype(float) @ given
    covariance, variance = _moments(answers, given, np.maximum(counts, 2))
    scale = np.sqrt(variance * variance.T)
    usable = (counts >= FEWEST_PAIRS) & (scale > 1e-12)
    return np.where(usable, covariance / np.where(usable, scale, 1.0), np.nan)


def _moments(
    answers: np.ndarray, given: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give covariances over the rows of each pair, and the variance of the row item over them."""
    filled = np.where(given, answers, 0.0)
    sums = filled.T @ given
    cross = filled.T @ filled - sums * sums.T / counts
    squares = (filled**2).T @ given - sums**2 / counts
    return cross / (counts - 1), squares / (counts - 1)


def _mean(values: np.ndarray) -> np.ndarray:
    given = ~np.isnan(values)
    return _ratio(np.where(given, values, 0.0).sum(axis=1), given.sum(axis=1))


def _ratio(numerator: np.ndarray, denominator: np.ndarray, at_zero: float = np.nan) -> np.ndarray:
    known = denominator != 0
    return np.where(known, numerator / np.where(known, denominator, 1), at_zero)
