"""Chained equations over items, scores and rows that refer to one another."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.imputation.matching import DONORS, Floats, Method, Places, matched, quantified
from driehoek.models.imputation.ordinal import drawn_categories

# ASSUME: long after the start, the rounds of the demo correlate .1 and at most .28 with the next.
CARRIED_ON = 0.3
BY_CHANCE, WELL_MIXED = 0.01, 1.1


@dataclass(frozen=True, slots=True)
class Source:
    """A predictor of a variable, as it stands in the current imputation.

    Attributes
    ----------
    kind : str
        ``cell``: a column; ``score``: the mean of a set of columns; ``rest``: that mean without
        the variable itself; ``level``: 1 where a column has `value`, else 0; ``absent``: 1 where
        `at` names no row, else 0.
    at : numpy.ndarray of int, shape (n,)
        For each row of the variable, first those observed, the row it is taken from; -1 where
        there is none: the mean of the others stands in.
    place : int
        Number of the column or score.
    value : float
        For ``level``.
    """

    kind: Literal["cell", "score", "rest", "level", "absent"]
    at: Places
    place: int = -1
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """A variable with missing values: one column for some of the rows.

    Attributes
    ----------
    name : str
        Unique; its random numbers follow from it.
    column : int
    observed, missing : numpy.ndarray of int
        Rows with a value, and rows to be imputed.
    sources : tuple of Source
    method : {"pmm", "nominal", "ordinal"}
    """

    name: str
    column: int
    observed: Places
    missing: Places
    sources: tuple[Source, ...]
    method: Method = "pmm"


@dataclass(frozen=True, slots=True)
class Chains:
    """What chained equations came to.

    Attributes
    ----------
    values : list of numpy.ndarray, shape (m, missing of the target)
        Imputed values by target.
    means, sds : numpy.ndarray, shape (iterations, m, targets)
        Of the imputed values after each iteration.
    """

    values: list[Floats]
    means: Floats
    sds: Floats


def chained_equations(
    cells: Floats,
    targets: Sequence[Target],
    scores: Sequence[Sequence[int]],
    *,
    m: int,
    iterations: int,
    rng_of: Callable[[str], np.random.Generator],
    donors: int = DONORS,
) -> Chains:
    """Impute m times.

    Parameters
    ----------
    cells : numpy.ndarray, shape (columns, rows)
        Values, items keyed so that high means a high score; NaN where missing or where the cell
        does not exist.
    targets : sequence of Target
        In the order in which they are visited. Cells that are missing and belong to no target
        count as cells that do not exist.
    scores : sequence of sequences of int
        Columns of each passive score: the mean of the cells that exist, kept up to date.
    m, iterations : int
    rng_of : callable
        Random numbers by the name of a target: adding a variable moves no draws of another.
    donors : int
        See `driehoek.models.imputation.matching.matched`.

    References
    ----------
    Van Buuren & Groothuis-Oudshoorn (2011), doi:10.18637/jss.v045.i03.
    """
    state = _State(cells, targets, scores, m, [rng_of(target.name) for target in targets])
    shape = (iterations, m, len(targets))
    means, sds = np.zeros(shape), np.zeros(shape)
    for iteration in range(iterations):
        for number, target in enumerate(targets):
            state.visit(number, donors)
            values = state.cells[target.column][:, target.missing]
            means[iteration, :, number] = values.mean(axis=1)
            sds[iteration, :, number] = values.std(axis=1)
        state.refresh()
    return Chains([state.cells[t.column][:, t.missing] for t in targets], means, sds)


class _State:
    """The values of all imputations, and the scores that follow from them."""

    def __init__(
        self,
        cells: Floats,
        targets: Sequence[Target],
        scores: Sequence[Sequence[int]],
        m: int,
        rngs: Sequence[np.random.Generator],
    ) -> None:
        self.targets, self.rngs, self.m = targets, rngs, m
        self.cells = np.repeat(cells[:, None, :], m, axis=1)
        self.members = [np.asarray(columns, dtype=np.intp) for columns in scores]
        for target, rng in zip(targets, rngs, strict=True):
            start = rng.choice(cells[target.column, target.observed], (m, len(target.missing)))
            self.cells[target.column][:, target.missing] = start
        exists = ~np.isnan(self.cells[:, 0])
        self.counts = [exists[columns].sum(axis=0) for columns in self.members]
        self.scores_of = {
            target.column: [s for s, columns in enumerate(self.members) if target.column in columns]
            for target in targets
        }
        self.refresh()

    def refresh(self) -> None:
        """Take the sums of the scores anew, so that rounding does not build up."""
        self.sums = [np.nansum(self.cells[columns], axis=0) for columns in self.members]

    def visit(self, number: int, donors: int) -> None:
        """Impute one variable anew."""
        target, rng = self.targets[number], self.rngs[number]
        x, n = self._design(target), len(target.observed)
        observed, missing = x[:, :, :n], x[:, :, n:]
        y = self.cells[target.column, 0, target.observed]
        if target.method == "ordinal":
            new = drawn_categories(y, observed, missing, rng)
        else:
            if target.method == "nominal":
                levels, codes = np.unique(y, return_inverse=True)
                places = matched(
                    quantified(codes, len(levels), observed), observed, missing, donors, rng
                )
            else:
                places = matched(y, observed, missing, donors, rng)
            new = y[places]
        old = self.cells[target.column][:, target.missing]
        for score in self.scores_of[target.column]:
            self.sums[score][:, target.missing] += new - old
        self.cells[target.column][:, target.missing] = new

    def _design(self, target: Target) -> Floats:
        n = len(target.observed) + len(target.missing)
        x = np.ones((self.m, len(target.sources) + 1, n))
        for place, source in enumerate(target.sources, start=1):
            x[:, place] = self._values(source, target)
        return x

    def _values(self, source: Source, target: Target) -> Floats:
        absent = source.at < 0
        if source.kind == "absent":
            return np.broadcast_to(absent.astype(float), (self.m, len(absent)))
        found = self._taken(source, target, np.where(absent, 0, source.at))
        if absent.any():
            found[:, absent] = found[:, ~absent].mean(axis=1, keepdims=True)
        return found

    def _taken(self, source: Source, target: Target, at: Places) -> Floats:
        if source.kind in {"cell", "level"}:
            values: Floats = self.cells[source.place][:, at]
            return (values == source.value).astype(float) if source.kind == "level" else values
        sums, counts = self.sums[source.place][:, at], self.counts[source.place][at]
        if source.kind == "rest":
            sums, counts = sums - self.cells[target.column][:, at], counts - 1
        mean: Floats = sums / np.maximum(counts, 1)
        return mean


def largest_by_chance(iterations: int, m: int, quantities: int) -> float:
    """Give the R-hat below which the worst of some quantities of chains that agree stays.

    In 99 of 100 imputations (Bonferroni's bound over the quantities, F for one), where
    consecutive rounds correlate `CARRIED_ON`; never less than `WELL_MIXED`.

    Parameters
    ----------
    iterations, m, quantities : int
        All rounds, of which the second half counts; chains; quantities that are looked at.
    """
    n = iterations - iterations // 2
    if n < 2 or m < 2:
        return math.nan
    lags = np.arange(1, n)
    spread = 1 + 2 * float(((1 - lags / n) * CARRIED_ON**lags).sum())  # n Var(mean of n rounds)
    within = (n - spread) / (n - 1)
    f = float(special.fdtri(m - 1, m * (n - 1), 1 - BY_CHANCE / quantities))
    return max(math.sqrt((n - 1) / n + spread / within * f / n), WELL_MIXED)


def potential_scale_reduction(traces: NDArray[np.float64]) -> Floats:
    """Tell whether chains mix: R-hat of each quantity over the second half of the iterations.

    Parameters
    ----------
    traces : numpy.ndarray, shape (iterations, m, quantities)

    Returns
    -------
    numpy.ndarray, shape (quantities,)
        About 1 where chains agree; NaN where nothing varies or fewer than four iterations ran.

    References
    ----------
    Gelman et al. (2013), Bayesian data analysis, 3rd ed., equations 11.1-11.4, chains not split.
    """
    kept = traces[len(traces) // 2 :]
    n = len(kept)
    if n < 2 or traces.shape[1] < 2:
        return np.full(traces.shape[2], np.nan)
    within = kept.var(axis=0, ddof=1).mean(axis=0)
    between = kept.mean(axis=0).var(axis=0, ddof=1)
    usable = within > 0
    ratio = np.divide(between, within, out=np.full(len(within), np.nan), where=usable)
    found: Floats = np.sqrt((n - 1) / n + ratio)
    return found
