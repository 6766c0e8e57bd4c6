"""How many dimensions a set of items has, and whether factoring them makes sense."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import (
    FloatArray,
    numeric_items,
    refuse_constant,
    refuse_undefined,
)
from driehoek.psychometrics.ordinal_tables import ordinal_tables, two_way_counts
from driehoek.psychometrics.polychoric import pair_correlations, polychoric

Kind = Literal["pearson", "polychoric"]

_CELLS_AT_ONCE = 1_000_000  # of two-way tables, to bound the memory


@dataclass(frozen=True, slots=True)
class SamplingAdequacy:
    """Kaiser-Meyer-Olkin measure.

    Attributes
    ----------
    overall : float
        Between 0 and 1; below .5 factoring is hopeless by the author's words.
    by_item : pandas.Series
    """

    overall: float
    by_item: pd.Series


@dataclass(frozen=True, slots=True)
class SphericityTest:
    """Bartlett's test that all items are uncorrelated.

    Attributes
    ----------
    chisq, p : float
    df : int
    n : int
    """

    chisq: float
    df: int
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class ParallelAnalysis:
    """Eigenvalues of the items beside those of unrelated items.

    Attributes
    ----------
    n_components : int
        Leading eigenvalues that exceed the quantile of unrelated items.
    table : pandas.DataFrame
        Columns component, eigenvalue, random_mean, random_quantile.
    kind : {"pearson", "polychoric"}
    quantile : float
    n_samples : int
    n_respondents, n_excluded : int
    """

    n_components: int
    table: pd.DataFrame
    kind: Kind
    quantile: float
    n_samples: int
    n_respondents: int
    n_excluded: int


def sampling_adequacy(correlations: pd.DataFrame) -> SamplingAdequacy:
    """Compare correlations with partial correlations.

    Parameters
    ----------
    correlations : pandas.DataFrame, shape (items, items)

    Raises
    ------
    TooFewDataError
        If the matrix is singular or a correlation is missing.

    References
    ----------
    Kaiser (1974), doi:10.1007/BF02291575. Agrees with psych 2.2.9 `KMO`.
    """
    refuse_undefined(correlations)
    matrix = correlations.to_numpy(float)
    partial = _partial_correlations(matrix)
    off = ~np.eye(len(matrix), dtype=bool)
    squares, partial_squares = matrix**2 * off, partial**2 * off
    total = squares.sum() + partial_squares.sum()
    by_item = squares.sum(axis=0) / (squares + partial_squares).sum(axis=0)
    return SamplingAdequacy(
        float(squares.sum() / total), pd.Series(by_item, index=correlations.columns)
    )


def sphericity_test(correlations: pd.DataFrame, n: int) -> SphericityTest:
    """Test whether all items are uncorrelated (normal answers assumed).

    Parameters
    ----------
    correlations : pandas.DataFrame, shape (items, items)
    n : int
        Respondents behind them.

    Raises
    ------
    TooFewDataError
        If the matrix is not positive definite or a correlation is missing.

    References
    ----------
    Bartlett (1951), doi:10.1093/biomet/38.3-4.337. Agrees with psych 2.2.9
    `cortest.bartlett`.
    """
    refuse_undefined(correlations)
    p = len(correlations)
    sign, logarithm = np.linalg.slogdet(correlations.to_numpy(float))
    if sign <= 0:
        msg = "The correlation matrix is not positive definite; Bartlett's test needs one that is."
        raise TooFewDataError(msg)
    chisq = float(-logarithm * (n - 1 - (2 * p + 5) / 6))
    df = p * (p - 1) // 2
    return SphericityTest(chisq, df, float(chdtrc(df, chisq)), n)


def minimum_average_partial(correlations: pd.DataFrame) -> pd.DataFrame:
    """Average the squared partial correlations left by each number of components.

    Returns
    -------
    pandas.DataFrame
        Columns n_components, average_squared_partial, is_minimum. The minimum is the
        number of components to keep. Stops before the last component.

    Raises
    ------
    TooFewDataError
        If a correlation is missing.

    References
    ----------
    Velicer (1976), doi:10.1007/BF02293557. Agrees with psych 2.2.9 `VSS(...)$map`.
    """
    refuse_undefined(correlations)
    matrix = correlations.to_numpy(float)
    values, vectors = np.linalg.eigh(matrix)
    loadings = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    averages = []
    for m in range(len(matrix) - 1):
        rest = matrix - loadings[:, :m] @ loadings[:, :m].T
        sd = np.sqrt(np.maximum(np.diag(rest), 1e-12))
        partial = rest / np.outer(sd, sd)
        averages.append(float((partial[np.tril_indices(len(matrix), -1)] ** 2).mean()))
    return pd.DataFrame(
        {
            "n_components": np.arange(len(averages)),
            "average_squared_partial": averages,
            "is_minimum": np.arange(len(averages)) == int(np.argmin(averages)),
        }
    )


def parallel_analysis(
    items: pd.DataFrame,
    *,
    rng: np.random.Generator,
    kind: Kind = "pearson",
    n_samples: int = 500,
    quantile: float = 0.95,
) -> ParallelAnalysis:
    """Compare the eigenvalues of the items with those of unrelated items.

    Parameters
    ----------
    items : pandas.DataFrame, shape (respondents, items)
        Complete rows are used.
    rng : numpy.random.Generator
    kind : {"pearson", "polychoric"}
        Unrelated items are normal (pearson), or the same answers shuffled within each
        item, so that their distributions stay (polychoric).
    n_samples : int
        About 100 suffice for polychoric correlations, which take longer.
    quantile : float

    Raises
    ------
    TooFewDataError
        If there are fewer than two items, not more complete rows than items, or an item is
        constant in them.

    References
    ----------
    Horn (1965), doi:10.1007/BF02289447; quantile: Glorfeld (1995),
    doi:10.1177/0013164495055003002. Correlation matrices of normal samples are drawn
    directly, by the decomposition of Bartlett (1934).
    """
    frame = numeric_items(items)
    complete = frame.dropna()
    n, p = complete.shape
    if n <= p or p < 2:
        msg = f"{n} complete rows of {p} items: parallel analysis needs more rows than items."
        raise TooFewDataError(msg)
    refuse_constant(tuple(complete.columns[complete.nunique() < 2]), n)
    if kind == "pearson":
        eigenvalues = np.linalg.eigvalsh(np.corrcoef(complete.to_numpy().T))[::-1]
        random = _normal_eigenvalues(n, p, n_samples, rng)
    else:
        eigenvalues = _polychoric_eigenvalues(complete)
        random = _shuffled_eigenvalues(complete, n_samples, rng)
    limit = np.quantile(random, quantile, axis=0)
    exceeds = eigenvalues > limit
    return ParallelAnalysis(
        n_components=int(np.argmin(exceeds)) if not exceeds.all() else p,
        table=pd.DataFrame(
            {
                "component": np.arange(1, p + 1),
                "eigenvalue": eigenvalues,
                "random_mean": random.mean(axis=0),
                "random_quantile": limit,
            }
        ),
        kind=kind,
        quantile=quantile,
        n_samples=n_samples,
        n_respondents=n,
        n_excluded=len(frame) - n,
    )


def _partial_correlations(matrix: FloatArray) -> FloatArray:
    if np.linalg.eigvalsh(matrix)[0] < 1e-10:
        msg = "The correlation matrix is singular: some items determine others. Leave one out."
        raise TooFewDataError(msg)
    inverse = np.linalg.inv(matrix)
    scale = np.sqrt(np.diag(inverse))
    return np.asarray(-inverse / np.outer(scale, scale))


def _normal_eigenvalues(n: int, p: int, n_samples: int, rng: np.random.Generator) -> FloatArray:
    """Draw the eigenvalues of correlation matrices of unrelated normal variables."""
    roots = np.tril(rng.standard_normal((n_samples, p, p)), -1)
    diagonal = np.arange(p)
    roots[:, diagonal, diagonal] = np.sqrt(rng.chisquare(n - 1 - diagonal, (n_samples, p)))
    scatter = roots @ roots.transpose(0, 2, 1)
    sd = np.sqrt(scatter[:, diagonal, diagonal])
    return np.asarray(np.linalg.eigvalsh(scatter / (sd[:, :, None] * sd[:, None, :]))[:, ::-1])


def _shuffled_eigenvalues(
    complete: pd.DataFrame, n_samples: int, rng: np.random.Generator
) -> FloatArray:
    """Shuffle the answers within each item; its thresholds stay as they are."""
    answers = ordinal_tables(complete)
    n_pairs, at_once = len(answers.pairs), max(1, _CELLS_AT_ONCE // answers.tables.size)
    found = []
    for first in range(0, n_samples, at_once):
        n = min(at_once, n_samples - first)
        tables = [
            two_way_counts(rng.permuted(answers.codes, axis=0), answers.n_categories, answers.pairs)
            for _ in range(n)
        ]
        together = replace(
            answers, pairs=np.tile(answers.pairs, (n, 1)), tables=np.concatenate(tables)
        )
        matrices = np.tile(np.eye(len(answers.names)), (n, 1, 1))
        i, j = answers.pairs.T
        matrices[:, i, j] = matrices[:, j, i] = pair_correlations(together).reshape(n, n_pairs)
        found.append(np.linalg.eigvalsh(matrices)[:, ::-1])
    return np.concatenate(found)


def _polychoric_eigenvalues(complete: pd.DataFrame) -> FloatArray:
    matrix = polychoric(complete, use="complete", smooth=False).correlations
    return np.asarray(np.linalg.eigvalsh(matrix.to_numpy())[::-1])
