"""Small cells withheld from what is published.

Thresholds follow the rule of the UK Office for National Statistics and ACRO: at least
`min_cell` persons behind every published figure.
"""

import numpy as np
import pandas as pd

WITHHELD = "withheld: fewer than {} persons"
COMPLEMENT = "withheld: it would show a withheld cell by subtraction"
DIFFERENCE = "withheld: beside the other result it would show fewer than {} persons"
VALUES = ("estimate", "se", "df", "ci_low", "ci_high", "p")


def withhold_small_samples(statistics: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Empty the figures that rest on fewer than `min_cell` persons, and say so.

    Parameters
    ----------
    statistics : pandas.DataFrame
        Statistics rows; ``n`` is the number of persons behind a figure.
    min_cell : int
        Smallest number of persons that may stand behind a figure.

    Returns
    -------
    pandas.DataFrame
        The same rows; ``n`` is withheld too where it lies between 1 and `min_cell`.
    """
    persons = statistics["n"].to_numpy()
    small = (persons > 0) & (persons < min_cell)
    return _empty(statistics, small, WITHHELD.format(min_cell), [*VALUES, "n"])


def withhold_small_counts(
    statistics: pd.DataFrame, min_cell: int, within: list[str]
) -> pd.DataFrame:
    """Withhold small counts of a distribution, and one more where subtraction would show it.

    Parameters
    ----------
    statistics : pandas.DataFrame
        Rows whose ``estimate`` is a count of persons.
    min_cell : int
        Counts from 1 to ``min_cell - 1`` are withheld; a zero stays.
    within : list of str
        Columns that define one distribution, whose total is known.
    """
    counts = statistics["estimate"].to_numpy()
    small = (counts > 0) & (counts < min_cell)
    exposed = np.zeros(len(counts), dtype=bool)
    distributions = statistics.groupby(within, sort=False).ngroup().to_numpy()
    for number in range(distributions.max(initial=-1) + 1):
        group = np.flatnonzero(distributions == number)
        others = group[(counts[group] > 0) & ~small[group]]
        if small[group].sum() == 1 and len(others):
            exposed[others[counts[others].argmin()]] = True
    hidden = _empty(statistics, small, WITHHELD.format(min_cell), list(VALUES))
    return _empty(hidden, exposed, COMPLEMENT, list(VALUES))


def withhold_small_differences(
    statistics: pd.DataFrame, n_fewer: np.ndarray, min_cell: int
) -> pd.DataFrame:
    """Withhold results on part of the people, where the others are few.

    Subtraction from the result on everyone would show what these few answered.

    Parameters
    ----------
    statistics : pandas.DataFrame
        Results on part of the people.
    n_fewer : numpy.ndarray, shape (rows,)
        How many persons stand behind the published result on everyone and not behind this one.
    min_cell : int
        1 to ``min_cell - 1`` of them are too few.
    """
    few = (n_fewer > 0) & (n_fewer < min_cell)
    return _empty(statistics, few, DIFFERENCE.format(min_cell), [*VALUES, "n", "n_excluded"])


def withhold(statistics: pd.DataFrame, where: np.ndarray, reason: str) -> pd.DataFrame:
    """Empty the figures of some rows, and give the reason."""
    return _empty(statistics, where, reason, list(VALUES))


def _empty(frame: pd.DataFrame, where: np.ndarray, reason: str, columns: list[str]) -> pd.DataFrame:
    changed = frame.copy()
    changed.loc[where, columns] = float("nan")
    changed.loc[where, "reason"] = reason
    return changed
