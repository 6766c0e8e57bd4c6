"""The kernel of multiple imputation."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.kernel import Figures, Kernel, Run
from driehoek.job import generator
from driehoek.models.imputation.chained import Source, Target, chained_equations

ITEMS, SETS, ITERATIONS, MISSING = 20, 20, 5, 0.1


def imputation_kernels() -> Iterator[Kernel]:
    """Give the kernel: one factor, five ordered answers, a tenth missing at random."""
    # Two runs of 20 imputations differ by chance: by some 0.002 here.
    bounds = {"means": 0.02, "correlations": 0.02}
    yield Kernel("imputation", 2_000, _prepare, _figures, bounds)


def _prepare(folder: Path, rows: int) -> Run:
    rng = np.random.default_rng(20261122)
    latent = 0.6 * rng.normal(size=(1, rows)) + rng.normal(size=(ITEMS, rows))
    cells = np.digitize(latent, [-1.2, -0.4, 0.4, 1.2]) + 1.0
    cells[rng.random(cells.shape) < MISSING] = np.nan
    names = [f"q{number}" for number in range(1, ITEMS + 1)]
    pd.DataFrame(cells.T, columns=names).to_csv(folder / "ordered.csv", index=False)
    targets = [_target(cells, column) for column in range(ITEMS)]

    def run() -> list[np.ndarray]:
        chains = chained_equations(
            cells, targets, [], m=SETS, iterations=ITERATIONS,
            rng_of=lambda name: generator(1, name),
        )  # fmt: skip
        sets = np.repeat(cells[None], SETS, axis=0)
        for target, values in zip(targets, chains.values, strict=True):
            sets[:, target.column, target.missing] = values
        return list(sets)

    return run


def _target(cells: np.ndarray, column: int) -> Target:
    gone = np.isnan(cells[column])
    observed, missing = np.flatnonzero(~gone), np.flatnonzero(gone)
    rows = np.concatenate([observed, missing])
    sources = tuple(Source("cell", rows, other) for other in range(ITEMS) if other != column)
    return Target(f"q{column + 1}", column, observed, missing, sources)


def _figures(sets: list[np.ndarray]) -> Figures:
    # In the order of R: column by column of the upper triangle.
    rows, columns = np.tril_indices(ITEMS, -1)
    return {
        "means": np.mean([each.mean(axis=1) for each in sets], axis=0).tolist(),
        "correlations": np.mean(
            [np.corrcoef(each)[columns, rows] for each in sets], axis=0
        ).tolist(),
    }
