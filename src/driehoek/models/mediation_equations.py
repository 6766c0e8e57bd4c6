"""The equations of a mediation, solved for many samples at once from sums of cross-products."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Moderated = Literal["a", "b", "direct"]

RANK = 1e-10


class PathsError(ValueError):
    """Equations that have no solution."""


@dataclass(frozen=True, slots=True)
class MediationTerms:
    """What stands in which equation.

    Attributes
    ----------
    outcome, predictor : str
    mediators : tuple of str
    moderator : str or None
    moderated : tuple of {"a", "b", "direct"}
        Paths that depend on the moderator.
    covariates : tuple of str
        Labels of the columns that stand in every equation.
    """

    outcome: str
    predictor: str
    mediators: tuple[str, ...]
    moderator: str | None
    moderated: tuple[Moderated, ...]
    covariates: tuple[str, ...]

    def columns(self, values: dict[str, Floats], extra: Floats) -> dict[str, Floats]:
        """Give every column by its label, products included."""
        found = {"intercept": np.ones(len(extra))} | values
        if self.moderator is not None:
            w = values[self.moderator]
            for name in (self.predictor, *self.mediators):
                found[f"{name}:{self.moderator}"] = values[name] * w
        return found | {name: extra[:, i] for i, name in enumerate(self.covariates)}

    def right(self, equation: str) -> list[str]:
        """Give the columns that explain a mediator, the outcome, or the outcome in ``total``."""
        x, w = self.predictor, self.moderator
        is_outcome = equation == self.outcome
        names = ["intercept", x]
        if is_outcome:
            names += self.mediators
        if w is not None:
            names.append(w)
            if ("direct" if is_outcome else "a") in self.moderated:
                names.append(f"{x}:{w}")
            if is_outcome and "b" in self.moderated:
                names += [f"{m}:{w}" for m in self.mediators]
        return [*names, *self.covariates]

    @property
    def equations(self) -> dict[str, tuple[str, list[str]]]:
        """By name: the explained column and the columns that explain it."""
        found = {m: (m, self.right(m)) for m in self.mediators}
        found[self.outcome] = (self.outcome, self.right(self.outcome))
        if self.moderator is None:
            names = ["intercept", self.predictor, *self.covariates]
            found["total"] = (self.outcome, names)
        return found


@dataclass(frozen=True, slots=True)
class Equations:
    """Solved equations, and what is needed to solve them again in other samples.

    Attributes
    ----------
    terms : MediationTerms
    places : dict
        Place in `theta` of each (equation, column).
    theta : numpy.ndarray, shape (k,)
        Coefficients of all equations.
    covariance : numpy.ndarray, shape (k, k)
        Joint sandwich over units times G / (G - 1).
    df : dict of str to int
        Rows less columns, by equation.
    products : numpy.ndarray, shape (distinct units, p, p)
        Cross-products of all columns within a unit.
    copies : numpy.ndarray of int, shape (distinct units,)
        How often a unit with these products occurs.
    """

    terms: MediationTerms
    labels: tuple[str, ...]
    places: dict[tuple[str, str], int]
    theta: Floats
    covariance: Floats
    products: Floats
    copies: NDArray[np.int64]

    @property
    def n_units(self) -> int:
        """Units that are resampled."""
        return int(self.copies.sum())

    @classmethod
    def fitted(
        cls, terms: MediationTerms, columns: dict[str, Floats], units: NDArray[np.int64]
    ) -> Self:
        """Solve the equations.

        Raises
        ------
        PathsError
            If columns determine one another, or there are too few rows.
        """
        labels = tuple(columns)
        matrix = np.column_stack(list(columns.values()))
        products = _products(matrix, units)
        # Units with the same sums are one: the result then does not hang on the order of rows.
        flat, copies = np.unique(products.reshape(len(products), -1), axis=0, return_counts=True)
        places: dict[tuple[str, str], int] = {}
        theta: list[float] = []
        influences = []
        for name, (left, right) in terms.equations.items():
            x, y = matrix[:, [labels.index(each) for each in right]], columns[left]
            _check(x, y, right, left)
            b, *_ = np.linalg.lstsq(x, y, rcond=None)
            scores = np.zeros((int(units.max()) + 1, len(right)))
            np.add.at(scores, units, x * (y - x @ b)[:, None])
            influences.append(scores @ np.linalg.inv(x.T @ x))
            places |= {(name, each): len(theta) + i for i, each in enumerate(right)}
            theta += list(b)
        whole = np.hstack(influences)
        factor = len(whole) / (len(whole) - 1)
        p = len(labels)
        return cls(terms, labels, places, np.array(theta), factor * whole.T @ whole,
                   flat.reshape(-1, p, p), np.asarray(copies, dtype=np.int64))  # fmt: skip

    def moments(self, drawn: Floats) -> Floats:
        """Sum cross-products over units, shape (samples, p, p)."""
        p = len(self.labels)
        summed: Floats = (drawn @ self.products.reshape(len(self.products), -1)).reshape(-1, p, p)
        return summed

    def solve(self, drawn: Floats) -> Floats:
        """Solve every equation in samples of units.

        Parameters
        ----------
        drawn : numpy.ndarray, shape (samples, distinct units)

        Returns
        -------
        numpy.ndarray, shape (samples, k)
            NaN where an equation of a sample has no solution.
        """
        sums = self.moments(drawn)
        parts = []
        for left, right in self.terms.equations.values():
            own, y = [self.labels.index(each) for each in right], self.labels.index(left)
            parts.append(_solved(sums[:, own][:, :, own], sums[:, own, y]))
        return np.hstack(parts)

    def get(self, theta: Floats, equation: str, column: str) -> Floats:
        """Give a coefficient in one sample or in many; zero where it is in no equation."""
        place = self.places.get((equation, column))
        return np.zeros(theta.shape[:-1]) if place is None else theta[..., place]


def _products(matrix: Floats, units: NDArray[np.int64]) -> Floats:
    found = np.zeros((int(units.max()) + 1, matrix.shape[1], matrix.shape[1]))
    np.add.at(found, units, matrix[:, :, None] * matrix[:, None, :])
    return found


def _solved(left: Floats, right: Floats) -> Floats:
    size = np.sqrt(np.maximum(np.einsum("sii->si", left), np.finfo(float).tiny))
    scaled = left / size[:, :, None] / size[:, None, :]
    is_regular = np.linalg.eigvalsh(scaled)[:, 0] > RANK
    found = np.full(right.shape, np.nan)
    solved = np.linalg.solve(scaled[is_regular], (right / size)[is_regular][:, :, None])[:, :, 0]
    found[is_regular] = solved / size[is_regular]
    return found


def _check(x: Floats, y: Floats, right: list[str], left: str) -> None:
    n, k = x.shape
    if n <= k + 1:
        msg = f"{n} complete rows cannot carry {k} coefficients; at least {k + 2} are needed."
        raise PathsError(msg)
    if np.ptp(y) == 0:
        msg = f"{left} is the same in all {n} rows used, so there is nothing to explain."
        raise PathsError(msg)
    sizes = np.linalg.norm(x, axis=0)
    scaled = x / np.where(sizes, sizes, 1)
    if np.linalg.eigvalsh(scaled.T @ scaled)[0] < RANK:
        msg = f"{' and '.join(right[1:])} determine one another, so that their paths cannot be "
        msg += "told apart."
        raise PathsError(msg)
