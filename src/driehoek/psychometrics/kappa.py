"""Weighted kappa: agreement of two answers to one question beyond chance."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.moments import FloatArray, refuse_level

Weights = Literal["quadratic", "linear", "none"]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two raters.

    Attributes
    ----------
    estimate, se, ci_low, ci_high : float
        1 for perfect agreement, 0 for that of chance; the interval is at most 1.
    agreement : float
        Share of subjects with two equal answers.
    weights : str
    confidence : float
    n, n_excluded : int
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    agreement: float
    weights: Weights
    confidence: float
    n: int
    n_excluded: int


def weighted_kappa(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    options: npt.ArrayLike | None = None,
    weights: Weights = "quadratic",
    confidence: float = 0.95,
) -> Kappa:
    """Estimate how far two answers agree beyond chance.

    Parameters
    ----------
    first, second : array-like, shape (subjects,)
        Answers, missing as NaN.
    options : array-like, optional
        Values that could be given; by default those that were. Distances are those of the
        values, so that an option nobody chose does not matter.
    weights : {"quadratic", "linear", "none"}
        Disagreement as the squared or plain distance of the values, or 0 and 1. With quadratic
        weights kappa is close to ICC(A,1).
    confidence : float

    Raises
    ------
    TooFewDataError
        If fewer than three subjects gave both answers, or both raters always gave one and the
        same answer.

    References
    ----------
    Cohen (1968), doi:10.1037/h0026256; standard error: Fleiss, Cohen & Everitt (1969),
    doi:10.1037/h0028106, eq. 9. Agrees with psych 2.2.9 `cohen.kappa`.
    """
    refuse_level(confidence)
    pairs = np.column_stack([np.asarray(first, dtype=float), np.asarray(second, dtype=float)])
    kept = pairs[~np.isnan(pairs).any(axis=1)]
    if len(kept) < 3:
        msg = f"{len(kept)} subjects gave both answers; kappa needs at least 3."
        raise TooFewDataError(msg)
    values = np.unique(kept if options is None else np.asarray(options, dtype=float))
    table = _shares(kept, values)
    weight = _weights(values, weights)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float((weight * np.outer(rows, columns)).sum())
    if 1 - chance < 1e-12:
        msg = f"All {len(kept)} subjects gave one and the same answer twice: no kappa."
        raise TooFewDataError(msg)
    found = float((weight * table).sum())
    estimate = (found - chance) / (1 - chance)
    se = _standard_error(table, weight, estimate, chance, len(kept))
    half = float(ndtri((1 + confidence) / 2)) * se
    return Kappa(
        estimate=estimate, se=se, ci_low=estimate - half, ci_high=min(estimate + half, 1.0),
        agreement=float(np.trace(table)), weights=weights, confidence=confidence,
        n=len(kept), n_excluded=len(pairs) - len(kept),
    )  # fmt: skip


def _shares(kept: FloatArray, values: FloatArray) -> FloatArray:
    place = np.searchsorted(values, kept)
    known = place < len(values)
    if not known.all() or (values[np.where(known, place, 0)] != kept).any():
        msg = "An answer is not among the options."
        raise ValueError(msg)
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (place[:, 0], place[:, 1]), 1)
    return np.asarray(table / len(kept))


def _weights(values: FloatArray, kind: Weights) -> FloatArray:
    apart = np.abs(values[:, None] - values[None, :])
    if kind == "none":
        return np.asarray((apart == 0).astype(float))
    relative = apart / (apart.max() or 1.0)
    return np.asarray(1 - (relative**2 if kind == "quadratic" else relative))


def _standard_error(
    table: FloatArray, weight: FloatArray, kappa: float, chance: float, n: int
) -> float:
    by_row, by_column = weight @ table.sum(axis=0), weight.T @ table.sum(axis=1)
    inner = weight - (by_row[:, None] + by_column[None, :]) * (1 - kappa)
    variance = (table * inner**2).sum() - (kappa - chance * (1 - kappa)) ** 2
    return float(np.sqrt(max(variance, 0.0) / n) / (1 - chance))
