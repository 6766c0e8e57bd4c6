"""Hierarchical linear regression with robust intervals."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.design import Centre, Design, Levels, design_matrix, outcome_values
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.influence import influence_rows
from driehoek.models.least_squares import ClusterKind, Robust, least_squares
from driehoek.models.linear_tables import Step, block_table, coefficient_table
from driehoek.models.rows import complete_rows
from driehoek.models.simple_slopes import Probe, slope_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.terms import parse_blocks
from driehoek.psychometrics.errors import TooFewDataError

FEW_CLUSTERS = 40


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A hierarchical linear model; every block rests on the same rows.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        One row a ``group`` (``block_1``, ...), ``term`` and ``statistic``: ``b`` (units of the
        outcome), ``t``, ``part_r``, ``partial_r``, ``beta`` (b * sd(x) / sd(y) on the columns of
        the design, so that for a dummy or a product it is the SD of that column; its interval
        takes the SDs as known),
        ``vif`` (terms with one column), ``gvif`` and ``gvif_per_df`` = gvif^(1 / (2 columns))
        (terms with several). A column without coefficient has a ``b`` of NaN with its reason.
    blocks : pandas.DataFrame
        One row a ``group`` and ``statistic``: ``r2``, ``r2_adjusted``, ``residual_sd``,
        ``f_model``, ``r2_change``, ``f2_change`` = r2_change / (1 - r2),
        ``f_change`` (classical; against the residual of the block's own model) and
        ``wald_change`` (the block's new coefficients all zero, by the robust covariance).
        ``df`` holds the first degrees of freedom of an F, the row ``..._df2`` the second.
    slopes : pandas.DataFrame
        Of the probed interactions (`driehoek.models.simple_slopes`).
    influence : pandas.DataFrame
        Of the last block: ``leverage_max``, ``leverage_over``, ``cook_max``, ``cook_over``.
    added : mapping of str to tuple of numpy.ndarray
        By ``group``, the coefficients that the block adds, and their covariance.
    excluded : pandas.DataFrame
        ``reason`` and ``n``; each row left out counts once.
    block_terms : tuple of tuples of str
        The terms that each block adds.
    design : Design
        Columns, centres, reference levels of the last block.
    n, n_excluded : int
        Rows used and rows left out.
    n_clusters : int or None
        Clusters in the rows used; None without clusters.
    notes : tuple of str
        What a reader must know, in words.
    """

    coefficients: pd.DataFrame
    blocks: pd.DataFrame
    slopes: pd.DataFrame
    influence: pd.DataFrame
    added: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
    excluded: pd.DataFrame
    block_terms: tuple[tuple[str, ...], ...]
    design: Design
    n: int
    n_excluded: int
    n_clusters: int | None
    notes: tuple[str, ...]


def fit_blocks(
    frame: pd.DataFrame,
    outcome: str,
    blocks: Sequence[Sequence[str]],
    *,
    categorical: Levels | None = None,
    robust: Robust = "HC3",
    clusters: str | None = None,
    cluster_kind: ClusterKind = "CR2",
    probes: Sequence[Probe] = (),
    hinges: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    centre: Centre = "products",
) -> LinearFit:
    """Fit a linear model block by block on the complete rows of the last block.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
        One row an observation; missing values as NaN, None or NA.
    outcome : str
        A numeric variable.
    blocks : sequence of sequences of str
        The terms that each block adds (`driehoek.models.terms`).
    categorical : mapping of str to sequence, optional
        Levels of each categorical variable in order, the first being the reference.
    robust : {"HC3", "HC4", "HC2", "HC1", "HC0", "classical"}
        Covariance of the coefficients where there are no clusters; t with n - k df.
    clusters : str, optional
        A variable that names the cluster of each row.
    cluster_kind : {"CR2", "CR1S"}
        Covariance with clusters: CR2 with Satterthwaite's df and Hotelling's T2 for several
        coefficients, or CR1S with G - 1 df.
    probes : sequence of Probe
        Interactions to look into.
    hinges : mapping of str to float, optional
        Variables whose slope may differ below and above a value.
    confidence : float
        Level of the intervals, between 0 and 1.
    centre : {"products", "none"}
        See `driehoek.models.design.design_matrix`.

    Raises
    ------
    TermError
        If terms, outcome or variables cannot be used as they stand; all faults together.
    TooFewDataError
        If no model can be fitted: no complete row, no more rows than coefficients, a constant
        outcome, fewer than two clusters.

    References
    ----------
    Change in R2: Cohen, Cohen, West & Aiken (2003), Applied Multiple Regression, 3rd ed.,
    chapter 5. (R's ``anova`` of more than two models tests each step against the residual of
    the largest one; here, as in SPSS, each step has its own.) HC3 in small samples:
    Long & Ervin (2000), doi:10.1080/00031305.2000.10474549.
    """
    terms = parse_blocks(blocks, known=list(frame.columns))
    flat = [term for block in terms for term in block]
    predictors = [name for term in flat for name in term.names]
    needed = [outcome, *predictors, *([clusters] if clusters else [])]
    _check_roles(frame, outcome, predictors, clusters)
    rows = complete_rows(frame, needed)
    if not rows.n:
        msg = f"no row has a value in all of {', '.join(dict.fromkeys(needed))}."
        raise TooFewDataError(msg)
    used = frame.loc[rows.mask]
    design = design_matrix(used, flat, categorical=categorical, centre=centre, hinges=hinges)
    y = outcome_values(used, outcome)
    codes = None if clusters is None else pd.factorize(used[clusters])[0].astype(np.int64)
    _check_estimable(y, design, codes, outcome)
    labels = tuple(tuple(term.label for term in block) for block in terms)
    kind = (robust, cluster_kind)
    steps = list(_steps(y, design, labels, kind, codes))
    n_clusters = None if codes is None else int(codes.max()) + 1
    blank = Statistic(
        statistic="",
        estimate=math.nan,
        n=rows.n,
        n_excluded=rows.n_excluded,
        method=f"ols_{(robust if codes is None else cluster_kind).lower()}",
    )
    whole = least_squares(
        y, design.matrix, robust=robust, clusters=codes, cluster_kind=cluster_kind
    )
    return LinearFit(
        coefficients=coefficient_table(steps, y, design, blank, confidence),
        blocks=block_table(steps, blank),
        slopes=statistics_frame(slope_rows(whole, design, used, probes, blank, confidence)),
        influence=statistics_frame(
            influence_rows(y, design.matrix, whole, replace(blank, method="ols"))
        ),
        added={
            s.group: (s.fit.b[-s.n_new :], s.fit.covariance[-s.n_new :, -s.n_new :])
            for s in steps
            if s.n_new
        },
        excluded=rows.excluded,
        block_terms=labels,
        design=design,
        n=rows.n,
        n_excluded=rows.n_excluded,
        n_clusters=n_clusters,
        notes=(
            *design.notes,
            *(a.reason for a in design.aliased),
            *_cluster_note(n_clusters, cluster_kind),
        ),
    )


def _check_roles(
    frame: pd.DataFrame, outcome: str, predictors: Sequence[str], clusters: str | None
) -> None:
    problems = [
        TermProblem(name, "the data have no such variable", "use a variable of the data")
        for name in (outcome, clusters)
        if name is not None and name not in frame.columns
    ]
    if outcome in predictors:
        found = "the outcome stands among its own predictors"
        problems.append(TermProblem(outcome, found, "take it out of the blocks"))
    if problems:
        raise TermError(problems)


def _check_estimable(
    y: NDArray[np.float64], design: Design, codes: NDArray[np.int64] | None, outcome: str
) -> None:
    n, k = design.matrix.shape
    if n <= k:
        msg = f"{n} complete rows cannot carry {k} coefficients; at least {k + 1} are needed."
        raise TooFewDataError(msg)
    if np.ptp(y) == 0:
        msg = f"{outcome} is {y[0]:g} in all {n} rows used, so there is nothing to explain."
        raise TooFewDataError(msg)
    if codes is not None and codes.max() == 0:
        msg = "all rows used belong to one cluster; at least two are needed."
        raise TooFewDataError(msg)


def _cluster_note(n_clusters: int | None, kind: ClusterKind) -> tuple[str, ...]:
    if n_clusters is None:
        return ()
    plain = "f_model and f_change take rows as independent; wald_change respects the clusters"
    if n_clusters >= FEW_CLUSTERS or kind == "CR2":
        return (plain,)
    return (
        plain,
        f"there are only {n_clusters} clusters; below about {FEW_CLUSTERS} the CR1S intervals "
        "tend to be too narrow",
    )


def _steps(
    y: NDArray[np.float64],
    design: Design,
    labels: Sequence[Sequence[str]],
    kind: tuple[Robust, ClusterKind],
    codes: NDArray[np.int64] | None,
) -> Iterator[Step]:
    columns, known, before = [0], set[str](), 0.0
    for number, block in enumerate(labels, start=1):
        new = [j for j, term in enumerate(design.terms) if term in block]
        columns, known = [*columns, *new], known | set(block)
        part = design.matrix[:, columns]
        fit = least_squares(y, part, robust=kind[0], clusters=codes, cluster_kind=kind[1])
        yield Step(f"block_{number}", fit, columns, len(new), frozenset(known), before)
        before = fit.r2
