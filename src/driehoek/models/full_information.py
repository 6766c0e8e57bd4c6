"""Linear regression by full-information maximum likelihood: every row with any value counts."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from driehoek.models.collinear import redundant_columns
from driehoek.models.design import Centre, Design, Levels, design_matrix
from driehoek.models.joint_df import weighing
from driehoek.models.joint_normal import (
    JointErrors,
    JointNormal,
    JointRegression,
    fit_joint_normal,
)
from driehoek.models.least_squares import wald
from driehoek.models.linear import FEW_CLUSTERS
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p
from driehoek.models.terms import Term, parse_blocks
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Degrees = Callable[[list[int], list[int]], float]
CLUSTER = "_cluster"  # how the method of clustered errors ends
ROWS_A_HELPER = 10  # with an outcome; as imputation admits predictors


@dataclass(frozen=True, slots=True)
class FullInformationFit:
    """A hierarchical linear model under the joint normal model of outcome and predictors.

    Attributes
    ----------
    statistics : pandas.DataFrame
        One row a ``group`` (``block_1``, ...), ``term`` and ``statistic``: ``b`` (units of the
        outcome; t with the rows that have an outcome less the coefficients as degrees of freedom,
        with clusters those of `driehoek.models.joint_df`, or for their sandwich clusters less one),
        ``r2``, and ``wald_change`` (the block's new coefficients all zero; F, for clusters by way
        of Hotelling's T2; ``wald_change_df2`` holds its second degrees of freedom). A column
        without coefficient has a ``b`` of NaN with its reason.
    n, n_excluded : int
        Rows used, and rows left out: those without any value.
    auxiliary : tuple of str
        The auxiliary variables that took part.
    notes : tuple of str
        What a reader must know, in words.
    """

    statistics: pd.DataFrame
    n: int
    n_excluded: int
    auxiliary: tuple[str, ...]
    notes: tuple[str, ...]


def fit_full_information(
    frame: pd.DataFrame,
    outcome: str,
    blocks: Sequence[Sequence[str]],
    *,
    auxiliary: Sequence[str] = (),
    categorical: Levels | None = None,
    errors: JointErrors = "jackknife",
    clusters: str | None = None,
    hinges: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    centre: Centre = "products",
) -> FullInformationFit:
    """Fit a linear model block by block to every row that has any of the values.

    Outcome, columns of the design and auxiliary variables are taken as jointly normal, without
    restrictions; a block is the regression of the outcome on its own columns within that model,
    so that all blocks rest on the same rows. Dummies count as normal variables too, products,
    squares and hinges as variables of their own.

    Parameters
    ----------
    frame, outcome, blocks, categorical, hinges, confidence, centre
        As `driehoek.models.linear.fit_blocks` has them; means that are taken off are those of the
        values at hand.
    auxiliary : sequence of str
        Numeric variables that may tell what is missing, the most important first. At most one for
        every ten rows with an outcome takes part.
    errors : {"jackknife", "sandwich", "model"}
        As `driehoek.models.joint_normal.fit_joint_normal` has them.
    clusters : str, optional
        A variable that names the cluster of each row.

    Raises
    ------
    TermError
        With every fault of the terms or of what they name.
    TooFewDataError
        If the rows cannot carry the model; the message says why.

    References
    ----------
    Enders (2010), Applied missing data analysis, chapter 4; auxiliary variables: Graham (2003),
    doi:10.1207/S15328007SEM1001_4, the saturated correlates model; products as variables of their
    own: Seaman, Bartlett & White (2012), doi:10.1186/1471-2288-12-46. The jackknife of clusters:
    MacKinnon, Nielsen & Webb (2023), doi:10.1002/jae.2969.
    """
    terms = parse_blocks(blocks, known=list(frame.columns))
    flat = [term for block in terms for term in block]
    names = list(dict.fromkeys([outcome, *(name for term in flat for name in term.names)]))
    _refuse_absent(frame, [(outcome,), *(term.names for term in flat)])
    design = design_matrix(
        frame, flat, categorical=categorical, centre=centre, hinges=hinges, allow_missing=True
    )
    values = np.column_stack([frame[outcome].to_numpy(dtype=float), design.matrix[:, 1:]])
    helpers = _helpers(frame, [name for name in auxiliary if name not in names], values)
    whole = np.column_stack([values, frame[list(helpers)].to_numpy(dtype=float)])
    there = ~np.isnan(whole).all(axis=1)
    n = int(there.sum())
    _refuse_thin(values[there], outcome)
    codes = None if clusters is None else _codes(frame.loc[there, clusters])
    n_outcomes = int(frame[outcome].count())
    if n_outcomes <= len(design.labels):
        msg = f"{n_outcomes} rows with an outcome cannot carry {len(design.labels)} coefficients."
        raise TooFewDataError(msg)
    joint = fit_joint_normal(whole[there], errors=errors, clusters=codes)
    df_of = _degrees(n_outcomes, codes, joint, whole[there])
    method = f"full_information_{errors}{'' if codes is None else CLUSTER}"
    blank = Statistic("", math.nan, n, len(frame) - n, method, reason=joint.reason)
    return FullInformationFit(
        statistics=statistics_frame(_rows(joint, design, terms, df_of, blank, confidence)),
        n=n,
        n_excluded=len(frame) - n,
        auxiliary=helpers,
        notes=(
            *design.notes,
            *(a.reason for a in design.aliased),
            *_own(design, values),
            *_few(codes, errors),
        ),
    )


def _refuse_absent(frame: pd.DataFrame, together: Sequence[Sequence[str]]) -> None:
    for names in together:
        if not frame[list(names)].notna().all(axis="columns").any():
            msg = f"no row has a value in all of {', '.join(names)}."
            raise TooFewDataError(msg)


def _codes(clusters: pd.Series) -> NDArray[np.int64]:
    codes = pd.factorize(clusters)[0].astype(np.int64)
    if codes.max() == 0:
        msg = "all rows used belong to one cluster; at least two are needed."
        raise TooFewDataError(msg)
    return codes


def _refuse_thin(values: Floats, outcome: str) -> None:
    n, k = values.shape
    given = values[~np.isnan(values[:, 0]), 0]
    if n <= k:
        msg = f"{n} rows cannot carry the covariances of {k} variables."
        raise TooFewDataError(msg)
    if np.ptp(given) == 0:
        rows = f"in all {len(given)} rows used"
        msg = f"{outcome} is {given[0]:g} {rows}, so there is nothing to explain."
        raise TooFewDataError(msg)


def _helpers(frame: pd.DataFrame, auxiliary: Sequence[str], values: Floats) -> tuple[str, ...]:
    """Admit auxiliary variables in order: those with something of their own, one for ten rows.

    Rows with an outcome count, as answers do in imputation.
    """
    most = int((~np.isnan(values[:, 0])).sum()) // ROWS_A_HELPER
    kept: list[str] = []
    for name in auxiliary:
        tried = np.column_stack([values, frame[[*kept, name]].to_numpy(dtype=float)])
        whole = tried[~np.isnan(tried).any(axis=1)]
        n, k = whole.shape
        if n > k and k - 1 not in redundant_columns(whole, [str(place) for place in range(k)]):
            kept.append(name)
    return tuple(kept[:most])


def _rows(
    joint: JointNormal,
    design: Design,
    blocks: Sequence[Sequence[Term]],
    df_of: Degrees,
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    columns: list[int] = []
    known: set[str] = set()
    for number, block in enumerate(blocks, start=1):
        labels = {term.label for term in block}
        known |= labels
        new = [j for j, term in enumerate(design.terms) if term in labels]
        columns += new
        found = joint.regression(0, columns)
        row = replace(blank, group=f"block_{number}")
        for place, column in enumerate([0, *columns]):
            b, se = float(found.b[place]), math.sqrt(found.covariance[place, place])
            df = df_of(columns, [place])
            reach = critical_value(confidence, df)
            yield replace(
                row, statistic="b", term=design.labels[column], estimate=b, se=se, df=df,
                ci_low=b - reach * se, ci_high=b + reach * se, p=two_sided_p(b / se, df),
            )  # fmt: skip
        for aliased in design.aliased:
            if aliased.term in known:
                yield replace(row, statistic="b", term=aliased.label, reason=aliased.reason)
        yield replace(row, statistic="r2", estimate=found.r2, reason="")
        places = [1 + columns.index(column) for column in new]
        yield from _wald_rows(found, places, df_of(columns, places) if new else math.nan, row)


def _wald_rows(
    found: JointRegression, places: list[int], df: float, blank: Statistic
) -> Iterator[Statistic]:
    """Test that some coefficients are all zero; with clusters by way of Hotelling's T2."""
    q, f, below, reason = len(places), math.nan, df, blank.reason
    if blank.method.endswith(CLUSTER):
        below = df - q + 1
    if not places:
        reason = reason or "none of the terms has a coefficient of its own in these data"
    elif below <= 0:
        reason = f"too few clusters test {q} coefficients together"
    elif not reason:
        f = wald(found.b[places], found.covariance[np.ix_(places, places)]) * below / (df * q)
    p = float(special.fdtrc(q, below, f))
    row = replace(blank, statistic="wald_change", reason=reason)
    yield replace(row, estimate=f, df=float(q), p=p)
    yield replace(row, statistic="wald_change_df2", estimate=below)


def _degrees(
    n_outcomes: int, codes: NDArray[np.int64] | None, joint: JointNormal, values: Floats
) -> Degrees:
    """Give what the degrees of freedom are of some coefficients of a block, by its columns."""
    if codes is None:
        return lambda columns, _: float(n_outcomes - 1 - len(columns))
    if joint.without is None:
        return lambda *_: float(codes.max())
    weights = weighing(values, codes, joint)
    return lambda columns, places: weights.df(
        weights.loads([column - 1 for column in columns])[:, places]
    )


def _few(codes: NDArray[np.int64] | None, errors: JointErrors) -> tuple[str, ...]:
    n_clusters = FEW_CLUSTERS if codes is None else int(codes.max()) + 1
    if n_clusters >= FEW_CLUSTERS or errors == "jackknife":
        return ()
    return (
        f"there are only {n_clusters} clusters; below about {FEW_CLUSTERS} the intervals of this "
        "sandwich tend to be too narrow",
    )


def _own(design: Design, values: Floats) -> tuple[str, ...]:
    """Say which columns with values missing are not normal by their making."""
    made = [
        label
        for label, column in zip(design.labels[1:], values.T[1:], strict=True)
        if np.isnan(column).any() and any(sign in label for sign in ":^[")
    ]
    if not made:
        return ()
    return (
        f"{', '.join(made)} have values missing and count as normal variables of their own, which "
        "they are not: compare with imputation",
    )
