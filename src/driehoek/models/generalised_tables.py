"""The tidy tables of a model that is fitted by maximum likelihood."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.design import INTERCEPT, Design
from driehoek.models.generalised_outcome import Outcome
from driehoek.models.likelihood import LikelihoodFit
from driehoek.models.likelihood_models import fit_poisson
from driehoek.models.proportional_odds import brant
from driehoek.models.statistic import Statistic, critical_value, two_sided_p

Floats = NDArray[np.float64]

RATIOS = {"poisson": "rate_ratio", "negative_binomial": "rate_ratio"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The model up to one block.

    Attributes
    ----------
    group : str
        ``block_1`` and so on; ``null`` for the model without terms.
    fit : LikelihoodFit
    covariance : numpy.ndarray
        Of its estimates.
    columns : list of int
        Columns of the design in it, the block's own last.
    n_new : int
        How many of them the block adds.
    """

    group: str
    fit: LikelihoodFit
    covariance: Floats
    columns: list[int]
    n_new: int


def coefficient_rows(
    stages: Sequence[Stage], design: Design, outcome: Outcome, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give b and its ratio for every column, thresholds and what has no coefficient."""
    reach = critical_value(confidence, math.inf)
    ratio = RATIOS.get(outcome.family, "odds_ratio")
    known: set[str] = set()
    for stage in stages[1:]:
        known |= {design.terms[column] for column in stage.columns}
        labels = {design.labels[column] for column in stage.columns}
        for place, label in enumerate(stage.fit.labels):
            b, se = float(stage.fit.estimates[place]), _se(stage.covariance, place)
            low, high = b - reach * se, b + reach * se
            row = replace(blank, group=stage.group, term=label, df=math.inf)
            if label.startswith("threshold_"):
                yield replace(row, statistic="threshold", estimate=b, se=se, ci_low=low,
                              ci_high=high)  # fmt: skip
            elif label in labels:
                row = replace(row, p=two_sided_p(b / se, math.inf))
                yield replace(row, statistic="b", estimate=b, se=se, ci_low=low, ci_high=high)
                if label != INTERCEPT:
                    ends = {"ci_low": _exp(low), "ci_high": _exp(high)}
                    yield replace(row, statistic=ratio, estimate=_exp(b), **ends)  # type: ignore[arg-type]
    for aliased in design.aliased:
        yield replace(blank, group=stages[-1].group, statistic="b", term=aliased.label,
                      reason=aliased.reason)  # fmt: skip


def fit_rows(
    stages: Sequence[Stage], y: Floats, outcome: Outcome, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give the likelihood of each block, what it adds, and the dispersion of counts."""
    null = stages[0].fit.log_likelihood
    for before, stage in pairwise(stages):
        fit, row = stage.fit, replace(blank, group=stage.group)
        plain = replace(row, method="ml")
        if not math.isnan(fit.log_likelihood):
            gained = 2 * (fit.log_likelihood - before.fit.log_likelihood)
            yield replace(plain, statistic="log_likelihood", estimate=fit.log_likelihood)
            mcfadden = 1 - fit.log_likelihood / null
            yield replace(plain, statistic="r2_mcfadden", estimate=mcfadden)
            yield _chi2(gained, stage.n_new, replace(plain, statistic="lr_change"))
        if outcome.family == "logistic":
            tjur = float(fit.fitted[y == 1].mean() - fit.fitted[y == 0].mean())
            yield replace(plain, statistic="r2_tjur", estimate=tjur)
        yield _wald(stage, replace(row, statistic="wald_change"))
        if "dispersion" in fit.labels:
            place = fit.labels.index("dispersion")
            b, se = float(fit.estimates[place]), _se(stage.covariance, place)
            reach = critical_value(confidence, math.inf) * se
            yield replace(row, statistic="dispersion", estimate=b, se=se, df=math.inf,
                          ci_low=b - reach, ci_high=b + reach)  # fmt: skip


def test_rows(
    stage: Stage,
    y: Floats,
    design: Design,
    outcome: Outcome,
    clusters: NDArray[np.int64] | None,
    blank: Statistic,
) -> Iterator[Statistic]:
    """Test what the model of the last block takes for granted."""
    row, matrix = replace(blank, group=stage.group), design.matrix[:, stage.columns]
    labels = tuple(design.labels[column] for column in stage.columns)
    if outcome.family == "ordinal":
        yield from _brant_rows(y, matrix, labels, clusters, replace(row, statistic="brant"))
    if outcome.family == "poisson":
        spread = float((((y - stage.fit.fitted) ** 2) / stage.fit.fitted).sum())
        ratio = spread / (len(y) - len(labels))
        yield replace(row, statistic="pearson_ratio", estimate=ratio, method="ml")
    if outcome.family == "negative_binomial":
        alike = fit_poisson(y, matrix, labels)
        chi2 = 2 * (stage.fit.log_likelihood - alike.log_likelihood)
        p = float(special.chdtrc(1, max(chi2, 0.0))) / 2  # the dispersion cannot be negative
        yield replace(row, statistic="lr_poisson", estimate=chi2, df=1.0, p=p, method="ml")


def _brant_rows(
    y: Floats,
    matrix: Floats,
    labels: tuple[str, ...],
    clusters: NDArray[np.int64] | None,
    row: Statistic,
) -> Iterator[Statistic]:
    if y.max() < 2:
        yield replace(row, reason="two categories have one cut, so there is nothing to compare")
        return
    tests, reason = brant(y.astype(np.int64), matrix[:, 1:], labels[1:], clusters)
    if reason:
        yield replace(row, reason=reason)
    for term, (chi2, df, p) in tests.items():
        yield replace(row, term=term, estimate=chi2, df=float(df), p=p)


def _wald(stage: Stage, row: Statistic) -> Statistic:
    last = [i for i, label in enumerate(stage.fit.labels) if not _is_extra(label)]
    own = last[len(last) - stage.n_new :]
    if not own:
        why = "none of the terms has a coefficient of its own in these data"
        return replace(row, df=0.0, reason=why)
    b, covariance = stage.fit.estimates[own], stage.covariance[np.ix_(own, own)]
    if np.linalg.matrix_rank(covariance) < len(own):
        return replace(row, reason=f"too few clusters test {len(own)} coefficients together")
    return _chi2(float(b @ np.linalg.solve(covariance, b)), len(own), row)


def _is_extra(label: str) -> bool:
    return label == "dispersion" or label.startswith("threshold_")


def _chi2(chi2: float, df: int, row: Statistic) -> Statistic:
    if not df:
        return replace(row, df=0.0, reason="none of the terms has a coefficient of its own in "
                       "these data")  # fmt: skip
    p = float(special.chdtrc(df, max(chi2, 0.0)))
    return replace(row, estimate=chi2, df=float(df), p=p)


def _se(covariance: Floats, place: int) -> float:
    return math.sqrt(float(covariance[place, place]))


def _exp(value: float) -> float:
    return float(np.exp(min(value, 700.0)))
