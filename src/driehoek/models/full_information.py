"""Linear regression by full-information maximum likelihood: every row with any value counts."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.collinear import redundant_columns
from driehoek.models.design import Centre, Design, Levels, design_matrix
from driehoek.models.joint_normal import JointNormal, fit_joint_normal
from driehoek.models.likelihood import Errors
from driehoek.models.linear import FEW_CLUSTERS
from driehoek.models.statistic import Statistic, critical_value, statistics_frame, two_sided_p
from driehoek.models.terms import Term, parse_blocks
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
ROWS_A_HELPER = 10  # with an outcome; as imputation admits predictors


@dataclass(frozen=True, slots=True)
class FullInformationFit:
    """A hierarchical linear model under the joint normal model of outcome and predictors.

    Attributes
    ----------
    statistics : pandas.DataFrame
        One row a ``group`` (``block_1``, ...), ``term`` and ``statistic``: ``b`` (units of the
        outcome; t with the rows that have an outcome less the coefficients, or with clusters less
        one, as degrees of freedom) and ``r2``. A column without coefficient has a ``b`` of NaN
        with its reason.
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
    errors: Errors = "robust",
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
    errors : {"model", "robust", "cluster"}
        As `driehoek.models.joint_normal.fit_joint_normal` has them.
    clusters : str, optional
        A variable that names the cluster of each row, for ``cluster``.

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
    own: Seaman, Bartlett & White (2012), doi:10.1186/1471-2288-12-46.
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
    df_of = _degrees(int(frame[outcome].count()), len(design.labels), codes)
    joint = fit_joint_normal(whole[there], errors=errors, clusters=codes)
    blank = Statistic("", math.nan, n, len(frame) - n, f"full_information_{errors}")
    return FullInformationFit(
        statistics=statistics_frame(_rows(joint, design, terms, df_of, blank, confidence)),
        n=n,
        n_excluded=len(frame) - n,
        auxiliary=helpers,
        notes=(
            *design.notes,
            *(a.reason for a in design.aliased),
            *_own(design, values),
            *_few(codes),
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
    df_of: Callable[[int], float],
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    columns: list[int] = []
    known: set[str] = set()
    for number, block in enumerate(blocks, start=1):
        labels = {term.label for term in block}
        known |= labels
        columns += [j for j, term in enumerate(design.terms) if term in labels]
        found, df = joint.regression(0, columns), df_of(1 + len(columns))
        row = replace(blank, group=f"block_{number}")
        reach = critical_value(confidence, df)
        for place, column in enumerate([0, *columns]):
            b, se = float(found.b[place]), math.sqrt(found.covariance[place, place])
            yield replace(
                row, statistic="b", term=design.labels[column], estimate=b, se=se, df=df,
                ci_low=b - reach * se, ci_high=b + reach * se, p=two_sided_p(b / se, df),
            )  # fmt: skip
        for aliased in design.aliased:
            if aliased.term in known:
                yield replace(row, statistic="b", term=aliased.label, reason=aliased.reason)
        yield replace(row, statistic="r2", estimate=found.r2)


def _degrees(
    n_outcomes: int, n_columns: int, codes: NDArray[np.int64] | None
) -> Callable[[int], float]:
    """Give what the degrees of freedom of a block are, by its coefficients."""
    if n_outcomes <= n_columns:
        msg = f"{n_outcomes} rows with an outcome cannot carry {n_columns} coefficients."
        raise TooFewDataError(msg)
    n_clusters = None if codes is None else int(codes.max()) + 1
    return lambda k: float(n_outcomes - k if n_clusters is None else n_clusters - 1)


def _few(codes: NDArray[np.int64] | None) -> tuple[str, ...]:
    n_clusters = FEW_CLUSTERS if codes is None else int(codes.max()) + 1
    if n_clusters >= FEW_CLUSTERS:
        return ()
    return (
        f"there are only {n_clusters} clusters; below about {FEW_CLUSTERS} the intervals of full "
        "information tend to be too narrow",
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
