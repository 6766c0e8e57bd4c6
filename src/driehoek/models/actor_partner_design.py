"""Columns of an actor-partner model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.collinear import redundant_columns
from driehoek.models.design import INTERCEPT, Levels, design_matrix
from driehoek.models.member_rows import MemberRows
from driehoek.models.terms import parse_terms
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]

PARTS = ("between", "within")


@dataclass(frozen=True, slots=True)
class MemberDesign:
    """One column a member and term.

    Attributes
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
    groups, terms : tuple of str
        Whose outcome a column explains, and by what.
    notes : tuple of str
    """

    matrix: Floats
    groups: tuple[str, ...]
    terms: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Terms with every partner called partner: what columns mean whoever the member is."""
        return tuple(_kind(term) for term in self.terms)


def member_design(
    rows: MemberRows,
    frame: pd.DataFrame,
    members: Sequence[str],
    waves: Sequence[str],
    covariates: Sequence[str],
    categorical: Levels | None,
    *,
    has_parts: bool,
) -> MemberDesign:
    """Build the columns of distinguishable members.

    Predictors are taken from their mean over all members and rows, so that an intercept holds
    where every member has that mean.
    """
    terms: dict[str, Floats] = {INTERCEPT: np.ones(rows.n)}
    terms |= {f"wave[{w}]": (rows.waves == i).astype(float) for i, w in enumerate(waves) if i}
    notes: list[str] = []
    if covariates:
        used = frame.iloc[rows.source]
        found = design_matrix(used, parse_terms(covariates), categorical=categorical)
        terms |= {
            label: found.matrix[:, place]
            for place, label in enumerate(found.labels)
            if label != INTERCEPT
        }
        notes += [*found.notes, *(each.reason for each in found.aliased)]
    centre = float(rows.predictors.mean())
    notes.append(f"predictors are taken from their mean over all members ({centre:.6g})")
    parts = _parts(rows, centre) if has_parts else {"": rows.predictors - centre}
    columns, groups, labels = [], [], []
    for place, member in enumerate(members):
        own = (rows.members == place).astype(float)
        effects = {
            _effect(members[other], is_own=other == place, part=part): values[:, other]
            for other in (place, *(o for o in range(len(members)) if o != place))
            for part, values in parts.items()
        }
        for term, values in (terms | effects).items():
            columns.append(own * values)
            groups.append(member)
            labels.append(term)
    matrix = np.column_stack(columns)
    _check_rank(rows, matrix, members, groups, labels)
    return MemberDesign(matrix, tuple(groups), tuple(labels), tuple(notes))


def common_design(design: MemberDesign) -> Floats:
    """Give the columns of members that do not differ: one effect for each kind of term."""
    kinds = list(dict.fromkeys(design.kinds))
    parts = [
        design.matrix[:, [place for place, each in enumerate(design.kinds) if each == kind]]
        for kind in kinds
    ]
    return np.column_stack([part.sum(axis=1) for part in parts])


def _effect(member: str, *, is_own: bool, part: str) -> str:
    return ("actor" if is_own else f"partner_{member}") + (f"_{part}" if part else "")


def _kind(term: str) -> str:
    if not term.startswith("partner_"):
        return term
    part = next((each for each in PARTS if term.endswith(f"_{each}")), "")
    return "partner" + (f"_{part}" if part else "")


def _parts(rows: MemberRows, centre: float) -> dict[str, Floats]:
    """Part predictors into a triad's mean over its waves and the deviation from it."""
    times = rows.triads * (int(rows.waves.max()) + 1) + rows.waves
    _, first = np.unique(times, return_index=True)
    means = np.zeros((rows.n_triads, rows.predictors.shape[1]))
    np.add.at(means, rows.triads[first], rows.predictors[first])
    means /= np.bincount(rows.triads[first])[:, None]
    between = means[rows.triads]
    return {"between": between - centre, "within": rows.predictors - between}


def _check_rank(
    rows: MemberRows,
    matrix: Floats,
    members: Sequence[str],
    groups: Sequence[str],
    labels: Sequence[str],
) -> None:
    reasons = []
    for place, member in enumerate(members):
        own = [j for j, each in enumerate(groups) if each == member]
        names = [labels[j] for j in own[1:]]
        part = matrix[rows.members == place][:, own[1:]]
        if len(part) <= len(own):
            reasons.append(f"{len(part)} rows of the {member} cannot carry {len(own)} effects")
            continue
        reasons += [f"{member}: {why}" for why in redundant_columns(part, names).values()]
    if reasons:
        raise TooFewDataError("; ".join(reasons) + ".")
