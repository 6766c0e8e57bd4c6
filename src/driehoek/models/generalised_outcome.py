"""What a generalised model explains: its outcome as numbers."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Family = Literal["logistic", "ordinal", "poisson", "negative_binomial", "fractional"]

MOST_CATEGORIES = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome and the family it is taken as.

    Attributes
    ----------
    name : str
    family : {"logistic", "ordinal", "poisson", "negative_binomial", "fractional"}
    levels : tuple
        Levels in order where it is categorical.
    event : hashable, optional
        The level that counts as a yes (logistic).
    bounds : tuple of float, optional
        Lowest and highest possible value (fractional).
    """

    name: str
    family: Family
    levels: tuple[Hashable, ...] = ()
    event: Hashable | None = None
    bounds: tuple[float, float] = (0.0, 1.0)


def prepared(values: pd.Series, outcome: Outcome) -> tuple[Floats, tuple[str, ...]]:
    """Give the outcome as its family takes it, and what a reader must know.

    Raises
    ------
    TooFewDataError
        If its values are not such as the family takes.
    """
    if outcome.family == "ordinal":
        return _ordered(values, outcome)
    if outcome.family == "logistic":
        return _yes_or_no(values, outcome)
    numbers = values.to_numpy(dtype=float)
    if np.ptp(numbers) == 0:
        msg = f"{outcome.name} is {numbers[0]:g} in all {len(numbers)} rows used, so there is "
        msg += "nothing to explain."
        raise TooFewDataError(msg)
    if outcome.family == "fractional":
        return _fraction(numbers, outcome)
    return _counts(numbers, outcome)


def _yes_or_no(values: pd.Series, outcome: Outcome) -> tuple[Floats, tuple[str, ...]]:
    yes = 1 if outcome.event is None else outcome.event
    if outcome.event is None and not values.isin([0, 1]).all():
        msg = f"{outcome.name} has other values than 0 and 1; name the answer that counts (event:)."
        raise TooFewDataError(msg)
    numbers: Floats = (values == yes).to_numpy().astype(np.float64)
    if np.ptp(numbers) == 0:
        word = "is" if numbers[0] else "is not"
        msg = f"{outcome.name} {word} {yes} in every row used, so there is nothing to explain."
        raise TooFewDataError(msg)
    return numbers, (f"{outcome.name} counts where it is {yes}",)


def _ordered(values: pd.Series, outcome: Outcome) -> tuple[Floats, tuple[str, ...]]:
    present = set(values)
    levels = [level for level in outcome.levels if level in present] or sorted(present)
    if len(levels) < 2:
        msg = f"{outcome.name} has one value in every row used, so there is nothing to explain."
        raise TooFewDataError(msg)
    if len(levels) > MOST_CATEGORIES:
        msg = f"{outcome.name} has {len(levels)} values; an ordered outcome has at most "
        msg += f"{MOST_CATEGORIES}: use kind: linear or fractional."
        raise TooFewDataError(msg)
    places = {level: place for place, level in enumerate(levels)}
    notes = [f"no row used has {outcome.name} = {x}" for x in outcome.levels if x not in present]
    return values.map(places).to_numpy(dtype=float), tuple(notes)


def _fraction(numbers: Floats, outcome: Outcome) -> tuple[Floats, tuple[str, ...]]:
    low, high = outcome.bounds
    if numbers.min() < low or numbers.max() > high:
        msg = f"{outcome.name} has values outside its range from {low:g} to {high:g}."
        raise TooFewDataError(msg)
    note = f"{outcome.name} is taken as a share of its range from {low:g} to {high:g}"
    return (numbers - low) / (high - low), (note,)


def _counts(numbers: Floats, outcome: Outcome) -> tuple[Floats, tuple[str, ...]]:
    if numbers.min() < 0:
        msg = f"{outcome.name} has values below zero, so it is no count."
        raise TooFewDataError(msg)
    if (numbers != np.round(numbers)).any() and outcome.family == "negative_binomial":
        msg = f"{outcome.name} has values that are not whole; use family: poisson, which with "
        msg += "robust errors needs no whole numbers."
        raise TooFewDataError(msg)
    return numbers, ()
