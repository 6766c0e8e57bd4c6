"""Which triad, person and crossed unit each row belongs to, and whether they can be told apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Design
from driehoek.models.least_squares import PERFECT, PERFECT_REASON
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
SLOPE_ROWS = 3
WORDS = {3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True, slots=True)
class Nesting:
    """Rows sorted by triad, then person.

    Attributes
    ----------
    order : numpy.ndarray of int, shape (rows,)
        Position in the frame.
    triads, persons : numpy.ndarray of int, shape (rows,)
        Codes from 0 without gaps; a person code belongs to one triad.
    crossed : numpy.ndarray of int, shape (rows,), or None
        Codes of the units that cross triads.
    notes : tuple of str
    """

    order: NDArray[np.intp]
    triads: Codes
    persons: Codes
    crossed: Codes | None
    notes: tuple[str, ...]


def nest(triads: pd.Series, persons: pd.Series, crossed: pd.Series | None) -> Nesting:
    """Sort rows by triad and person, and code who they belong to.

    Parameters
    ----------
    triads, persons : pandas.Series, shape (rows,)
        A person of several triads becomes another person in each.
    crossed : pandas.Series, shape (rows,), or None
        Units that cross triads.

    Raises
    ------
    TooFewDataError
        If the crossed units group the rows as triads or persons do.
    """
    codes = pd.factorize(triads, sort=True)[0]
    people = pd.factorize(persons, sort=True)[0]
    order = np.lexsort([people, codes])
    pairs = np.column_stack([codes, people])[order]
    members = np.unique(pairs, axis=0)
    shared = int((np.bincount(members[:, 1]) > 1).sum())
    is_own = crossed is not None and bool((crossed.to_numpy() == persons.to_numpy()).all())
    note = (
        f"{shared} person(s) stand in several triads; each counts as another person in each "
        "triad, so that what their triads share is not modelled"
    )
    nested = np.concatenate([[0], np.cumsum((np.diff(pairs, axis=0) != 0).any(axis=1))])
    found = Nesting(
        order,
        pairs[:, 0].astype(np.int64),
        nested.astype(np.int64),
        None if crossed is None else pd.factorize(crossed.to_numpy()[order])[0].astype(np.int64),
        (note,) if shared and not is_own else (),
    )
    _check_crossed(found)
    return found


def _check_crossed(nesting: Nesting) -> None:
    if nesting.crossed is None:
        return
    for name, codes in {"triad": nesting.triads, "person": nesting.persons}.items():
        pairs = len(np.unique(np.column_stack([codes, nesting.crossed]), axis=0))
        if pairs == len(np.unique(codes)) == len(np.unique(nesting.crossed)):
            msg = (
                f"each crossed person belongs to one {name} and each {name} to one of them, so "
                "their effects cannot be told apart; leave crossed out."
            )
            raise TooFewDataError(msg)


def check_estimable(
    y: Floats, design: Design, nesting: Nesting, outcome: str, *, has_slopes: bool = False
) -> None:
    """Check that the variances can be told apart, those of persons' slopes too where they have any.

    Raises
    ------
    TooFewDataError
        With the reason in words.
    """
    n, k = design.matrix.shape
    n_persons, n_triads = int(nesting.persons.max()) + 1, int(nesting.triads.max()) + 1
    variances = 5 if has_slopes else 3 if nesting.crossed is None else 4
    basis, _ = np.linalg.qr(design.matrix)
    unexplained = np.sum((y - basis @ (basis.T @ y)) ** 2) / max(
        np.sum((y - y.mean()) ** 2), 1e-300
    )
    reasons = {
        f"{outcome} is {y[0]:g} in all {n} rows used, so there is nothing to explain.": (
            np.ptp(y) == 0
        ),
        f"{n} complete rows cannot carry {k} coefficients and {WORDS[variances]} variances.": (
            n <= k + variances
        ),
        PERFECT_REASON + ".": unexplained < PERFECT,
        "all rows used belong to one triad; at least two are needed.": n_triads < 2,
        "no person has two rows, so persons and occasions cannot be told apart; "
        "use the linear model with clusters for one wave.": n_persons == n,
        "no person has three rows, so changes of persons and of occasions cannot be told apart; "
        "leave slope out.": has_slopes and int(np.bincount(nesting.persons).max()) < SLOPE_ROWS,
        f"{outcome} is the same in all rows of every person, so there is no residual; use the "
        "linear model with one row a person.": bool(
            (_spread_within(y, nesting.persons) == 0).all()
        ),
    }
    for reason, applies in reasons.items():
        if applies:
            raise TooFewDataError(reason)


def _spread_within(values: Floats, persons: Codes) -> Floats:
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    spread: Floats = np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts)
    return spread
