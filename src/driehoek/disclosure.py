"""Small cells withheld from what is published.

Thresholds follow the rule of the UK Office for National Statistics and ACRO: at least
`min_cell` persons behind every published figure, as many residual degrees of freedom behind a
model, and no mean that two persons dominate (Green, Ritchie & Smith, 2020, and the defaults of
ACRO: threshold 10, degrees of freedom 10, two largest at most 90%, p-ratio 10%).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

WITHHELD = "withheld: fewer than {} persons"
COMPLEMENT = "withheld: it would show a withheld cell by subtraction"
DIFFERENCE = "withheld: beside the other result it would show fewer than {} persons"
FEW_DF = "withheld: fewer than {} residual degrees of freedom"
RARE = "other patterns"
DOMINATED = "withheld: one or two persons dominate it"
LARGEST_TWO = 0.9
P_RATIO = 0.1
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
    """Withhold small counts of a distribution, and more where subtraction would show them.

    The sum of what is withheld follows from the total. So the smallest other counts go too, until
    two or more are withheld and their sum is at least `min_cell`.

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
        exposed[_complements(counts, group[small[group]], group, min_cell)] = True
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


def withhold_near_samples(
    statistics: pd.DataFrame, families: pd.Series, min_cell: int
) -> pd.DataFrame:
    """Withhold results on nearly the same people as another: the few who differ would show.

    Parameters
    ----------
    statistics : pandas.DataFrame
        Rows of results; of two that are too near, the one on fewer people is emptied.
    families : pandas.Series
        For each row which others it is the same result as, on other people.
    min_cell : int
        Samples of the same family must have the same n, or differ by so many at least.
    """
    shown: dict[object, list[float]] = {}
    near = np.zeros(len(statistics), dtype=bool)
    n_persons, names = statistics["n"].to_numpy(float), families.to_numpy()
    for place in np.argsort(-n_persons, kind="stable"):
        n, known = n_persons[place], shown.setdefault(names[place], [])
        if any(0 < abs(n - other) < min_cell for other in known):
            near[place] = True
        elif n > 0:
            known.append(n)
    return _empty(statistics, near, DIFFERENCE.format(min_cell), [*VALUES, "n", "n_excluded"])


def withhold_group_means(statistics: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Withhold the means of all groups where those left out as too small are few together.

    The mean of everybody is published elsewhere: less the sums of the groups shown, it would give
    the mean of these few. Differences between groups stay.

    Parameters
    ----------
    statistics : pandas.DataFrame
        One comparison of groups; a group that was left out has its ``n`` and no mean.
    min_cell : int
        1 to ``min_cell - 1`` persons left out are too few.
    """
    means = statistics["statistic"] == "mean"
    is_known = statistics["estimate"].notna()
    left_out = statistics.loc[means & ~is_known, "n"].sum()
    if not 0 < left_out < min_cell:
        return statistics
    described = statistics["statistic"].isin(["mean", "sd"]) & is_known
    return _empty(statistics, described.to_numpy(), COMPLEMENT, list(VALUES))


def rare_together(patterns: Iterable[tuple[str, int]], min_cell: int) -> dict[str, int]:
    """Count the patterns of fewer than `min_cell` together, without what they were.

    Parameters
    ----------
    patterns : iterable of pairs of str and int
        What is missing together, and in how many persons or rows.
    min_cell : int
    """
    found: dict[str, int] = {}
    for name, count in patterns:
        shown = name if count >= min_cell else RARE
        found[shown] = found.get(shown, 0) + count
    return found


def hidden_counts(counts: Sequence[int], min_cell: int) -> list[str]:
    """Say why each count of a distribution is withheld, as `withhold_small_counts` would; or ""."""
    rows = {"estimate": np.asarray(counts, dtype=float), "group": "", "reason": ""}
    table = pd.DataFrame(rows | dict.fromkeys(("se", "df", "ci_low", "ci_high", "p"), np.nan))
    return [str(each) for each in withhold_small_counts(table, min_cell, ["group"])["reason"]]


def _complements(
    counts: np.ndarray, small: np.ndarray, group: np.ndarray, min_cell: int
) -> list[int]:
    """Choose the counts of a distribution that must go with the small ones."""
    hidden = [int(each) for each in small]
    others = sorted(
        (int(each) for each in group if counts[each] > 0 and each not in hidden),
        key=lambda each: counts[each],
    )
    added: list[int] = []
    while hidden and others and (len(hidden) < 2 or counts[hidden].sum() < min_cell):
        added.append(others.pop(0))
        hidden.append(added[-1])
    return added


def withhold_few_df(statistics: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Empty the models whose rows leave too few residual degrees of freedom.

    A model with nearly as many coefficients as rows gives its rows away. Its residual degrees of
    freedom are its n less its coefficients (terms with the statistic ``b``, each once however
    often the model was fitted).

    Parameters
    ----------
    statistics : pandas.DataFrame
        Rows of models; ``wave, role, scale, group`` name a model and its block.
    fewest : int
        Least number of residual degrees of freedom.
    """
    named = ["wave", "role", "scale", "group"]
    slopes = statistics[(statistics["statistic"] == "b") & statistics["n"].notna()]
    by_model = slopes.groupby(named)
    coefficients = slopes.drop_duplicates([*named, "about", "term"]).groupby(named).size()
    left = by_model["n"].max() - coefficients
    few = {key for key, df in left.items() if df < fewest}
    keys = zip(*(statistics[name] for name in named), strict=True)
    exposed = np.array([key in few for key in keys], dtype=bool)
    exposed &= statistics["estimate"].notna().to_numpy()
    return _empty(statistics, exposed, FEW_DF.format(fewest), list(VALUES))


def is_dominated(values: np.ndarray) -> bool:
    """Tell whether one or two persons make up nearly all of a sum.

    Parameters
    ----------
    values : numpy.ndarray
        Numbers of persons, such as hours, without missing ones; signs are left out.

    Returns
    -------
    bool
        Whether the two largest are more than 90% of the sum, or all but the two largest less
        than 10% of the largest (which the second could then tell).
    """
    sizes = np.sort(np.abs(values))[::-1]
    total = sizes.sum()
    if total == 0 or len(sizes) < 2:
        return False
    two = sizes[:2].sum()
    return bool(two > LARGEST_TWO * total or total - two < P_RATIO * sizes[0])


def withhold(statistics: pd.DataFrame, where: np.ndarray, reason: str) -> pd.DataFrame:
    """Empty the figures of some rows, and give the reason."""
    return _empty(statistics, where, reason, list(VALUES))


def _empty(frame: pd.DataFrame, where: np.ndarray, reason: str, columns: list[str]) -> pd.DataFrame:
    changed = frame.copy()
    changed.loc[where, columns] = float("nan")
    changed.loc[where, "reason"] = reason
    return changed
