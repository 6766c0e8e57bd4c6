"""Error in the scores themselves: their reliability as scored, and what it means for one person."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.analysis.reliability_sample import ReliabilitySample
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.measurement_error import (
    smallest_detectable_change,
    standard_error_of_measurement,
    stratified_reliability,
)
from driehoek.psychometrics.omega import Missing, omega_total
from driehoek.psychometrics.reliability import cronbach_alpha

Fields = dict[str, object]
SINGLE_ITEM = "a facet of one item: the error of its score cannot be known"


def score_error_rows(sample: ReliabilitySample) -> Iterator[Fields]:
    """Give the reliability of the score as it is scored, its SEM and its smallest change.

    None where persons stand in several rows: changes over the waves would count as differences
    between persons.
    """
    if sample.is_repeated:
        return
    scored = sample.score.dropna()
    head: Fields = {"n": len(scored), "n_excluded": len(sample.score) - len(scored)}
    try:
        error = score_error(sample)
    except TooFewDataError as fault:
        method = "stratified omega of the facets" if _is_stratified(sample) else "omega total"
        yield head | {"statistic": "score_reliability", "method": method, "reason": str(fault)}
        return
    change = smallest_detectable_change(error.sem, confidence=sample.confidence)
    head |= {"method": error.method}
    yield head | {"statistic": "score_reliability", "estimate": error.reliability}
    yield head | {"statistic": "sem", "estimate": error.sem}
    yield head | {"statistic": "smallest_detectable_change", "estimate": change}


@dataclass(frozen=True, slots=True)
class ScoreError:
    """Reliability of a score as it is scored, its standard error of measurement, and how."""

    reliability: float
    sem: float
    method: str


def score_error(sample: ReliabilitySample) -> ScoreError:
    """Estimate how much error there is in a score.

    Raises
    ------
    TooFewDataError
        If the reliability of the score cannot be had.
    """
    scored = sample.score.dropna()
    _refuse_few(len(scored), "scores")
    if _is_stratified(sample):
        value, is_alpha = _stratified(sample)
        method = f"stratified {'alpha' if is_alpha else 'omega'} of the facets"
    else:
        value, is_alpha = _of_items(sample, sample.items)
        method = "alpha" if is_alpha else "omega total"
    return ScoreError(
        value, standard_error_of_measurement(float(scored.std(ddof=1)), value), method
    )


def _is_stratified(sample: ReliabilitySample) -> bool:
    return sample.facet_scores.shape[1] > 1


def _of_items(sample: ReliabilitySample, items: pd.DataFrame) -> tuple[float, bool]:
    """Give omega total, or alpha where there is no omega, and whether it is alpha."""
    missing: Missing = "fiml" if sample.is_planned else "complete"
    try:
        # No samples are drawn, so that the generator is not used.
        omega = omega_total(items, rng=sample.rng("score"), n_boot=0, missing=missing)
    except TooFewDataError:
        return cronbach_alpha(items, use=sample.use).estimate, True
    return omega.estimate, False


def _stratified(sample: ReliabilitySample) -> tuple[float, bool]:
    if min(len(ids) for ids in sample.facets.values()) < 2:
        raise TooFewDataError(SINGLE_ITEM)
    scores = sample.facet_scores.dropna()
    _refuse_few(len(scores), "rows with every facet score")
    found = [_of_items(sample, sample.items[ids]) for ids in sample.facets.values()]
    covariance = np.cov(scores.to_numpy(float).T)
    value = stratified_reliability(covariance, [each for each, _ in found])
    return value, any(is_alpha for _, is_alpha in found)


def _refuse_few(n: int, what: str) -> None:
    if n < 2:
        message = f"Found {n} {what}; an error of measurement needs at least 2."
        raise TooFewDataError(message)
