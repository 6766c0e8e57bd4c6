"""Post-stratification weights by raking to known margins."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
MOST_ROUNDS, TOLERANCE = 1_000, 1e-12


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights with a mean of 1.

    Attributes
    ----------
    weights : numpy.ndarray, shape (persons,)
        NaN for who lacks an answer on a margin.
    n, n_trimmed : int
        Persons with a weight, and those whose weight was cut.
    rounds : int
        Until the margins fitted.
    """

    weights: Floats
    n: int
    n_trimmed: int
    rounds: int

    @property
    def design_effect(self) -> float:
        """Kish's loss of precision by unequal weights: n sum(w^2) / sum(w)^2, at least 1."""
        used = self.weights[~np.isnan(self.weights)]
        return float(len(used) * (used**2).sum() / used.sum() ** 2)


def rake(
    people: pd.DataFrame,
    margins: Mapping[str, Mapping[str, float]],
    *,
    trim: float | None = None,
) -> Raked:
    """Weight persons so that the shares of every option are those of the population.

    Parameters
    ----------
    people : pandas.DataFrame, shape (persons, ...)
        A column for each margin.
    margins : mapping of mappings
        By column, the share of each level in the population; scaled to add up to 1.
    trim : float, optional
        Weights above this multiple of the mean are cut to it, and what is cut off is divided
        equally over the others, until none is above it. Trimmed margins fit nearly only.

    Raises
    ------
    TooFewDataError
        If nobody has every margin, a level of the population is absent from the sample (or one
        of the sample from the population), or the margins cannot be met together.

    References
    ----------
    Deming & Stephan (1940), doi:10.1214/aoms/1177731829. Kish (1965), Survey sampling, 11.7.
    Agrees with: R survey ``rake`` and ``trimWeights(strict = TRUE)`` (1e-9).
    """
    columns = list(margins)
    known = people[columns].notna().all(axis=1).to_numpy(bool)
    used = people.loc[known, columns]
    if not len(used):
        msg = "nobody has an answer on every margin."
        raise TooFewDataError(msg)
    steps = [_step(used[name], margins[name], name) for name in columns]
    weights, rounds = _iterated(steps, len(used))
    n_trimmed = 0
    if trim is not None:
        weights, n_trimmed = _trimmed(weights, trim)
    found = np.full(len(people), np.nan)
    found[known] = weights
    return Raked(found, len(used), n_trimmed, rounds)


def _step(
    answers: pd.Series, shares: Mapping[str, float], name: str
) -> tuple[NDArray[np.intp], Floats]:
    """Give the level of each person and the share wanted of each level."""
    levels = list(shares)
    present = set(answers.unique())
    if strange := sorted(map(str, present - set(levels))):
        msg = f"{name} has no share in the population for {', '.join(strange)}."
        raise TooFewDataError(msg)
    if absent := [str(level) for level in levels if level not in present]:
        msg = f"nobody in the sample has {name} = {', '.join(absent)}; join options."
        raise TooFewDataError(msg)
    wanted = np.array([shares[level] for level in levels], dtype=float)
    codes = pd.Index(levels).get_indexer(pd.Index(answers)).astype(np.intp)
    return codes, wanted / wanted.sum()


def _iterated(steps: list[tuple[NDArray[np.intp], Floats]], n: int) -> tuple[Floats, int]:
    weights = np.ones(n)
    for rounds in range(1, MOST_ROUNDS + 1):
        for codes, wanted in steps:
            now = np.bincount(codes, weights, len(wanted))
            weights = weights * (wanted * n / now)[codes]
        # Weights that stand still are not enough: margins that contradict one another make them
        # go round the same circle.
        misfits = [np.abs(np.bincount(c, weights, len(w)) / n - w).max() for c, w in steps]
        if max(misfits) < TOLERANCE:
            return weights, rounds
    msg = "the margins cannot be met together in this sample; join options or leave a margin out."
    raise TooFewDataError(msg)


def _trimmed(weights: Floats, trim: float) -> tuple[Floats, int]:
    most = trim * float(weights.mean())
    is_cut = np.zeros(len(weights), dtype=bool)
    while (weights > most * (1 + TOLERANCE)).any():
        above = weights > most
        is_cut |= above
        excess = float((weights[above] - most).sum())
        weights = np.where(above, most, weights)
        free = ~is_cut
        if not free.any():
            break
        weights[free] += excess / int(free.sum())
    return weights, int(is_cut.sum())
