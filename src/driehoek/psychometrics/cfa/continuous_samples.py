"""What every model of the same measured items needs of the answers, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from driehoek.psychometrics.cfa.data import GroupedAnswers, refuse_singular
from driehoek.psychometrics.cfa.moment_information import likelihood_slopes, moment_score_products
from driehoek.psychometrics.cfa.robust import Saturated, saturated_information
from driehoek.psychometrics.cfa.sample import (
    Moments,
    PatternMoments,
    pattern_moments,
    saturated_moments,
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The model of independent items.

    Attributes
    ----------
    value : float
        Minus its log-likelihood.
    moments : tuple of Moments
    trace : float
        tr(B0 inv(A0)) of its own score products and information.
    """

    value: float
    moments: tuple[Moments, ...]
    trace: float


@dataclass(frozen=True, slots=True)
class ContinuousSamples:
    """Answers of all groups with the models that restrict nothing and everything.

    Attributes
    ----------
    patterns : tuple of PatternMoments, one a group
    moments : tuple of Moments, one a group
    value : float
        Minus the log-likelihood of the model without restrictions.
    saturated : tuple of Saturated
        Empty where answers are complete and taken as normal.
    trace : float
        tr(B1 inv(A1)), summed over the groups; 0 where `saturated` is empty.
    baseline : Baseline
    means : bool
        Whether means are among the moments.
    """

    patterns: tuple[PatternMoments, ...]
    moments: tuple[Moments, ...]
    value: float
    saturated: tuple[Saturated, ...]
    trace: float
    baseline: Baseline
    means: bool

    @property
    def is_complete(self) -> bool:
        """Say whether everybody answered every item."""
        return all(group.is_complete for group in self.patterns)

    @property
    def counts(self) -> tuple[int, ...]:
        """Respondents of each group."""
        return tuple(group.n for group in self.patterns)

    @property
    def n_independent(self) -> int:
        """Number of independent units: clusters, or else respondents."""
        return sum(group.n_independent for group in self.patterns)

    @property
    def n_moments(self) -> int:
        """Number of means, variances and covariances in all groups."""
        p = len(self.moments[0].mu)
        return len(self.moments) * (p * (p + 1) // 2 + (p if self.means else 0))


def continuous_samples(
    answers: GroupedAnswers, items: Sequence[str], *, means: bool, robust: bool
) -> ContinuousSamples:
    """Take the moments of every group.

    Raises
    ------
    NotEstimableError
        If a covariance matrix is singular, or too many answers are missing.
    """
    clusters = answers.clusters or (None,) * len(answers.answers)
    patterns = tuple(
        pattern_moments(group, codes)
        for group, codes in zip(answers.answers, clusters, strict=True)
    )
    moments = tuple(saturated_moments(group) for group in patterns)
    for sample, name in zip(moments, answers.names, strict=True):
        refuse_singular(sample.sigma, items, name)
    pairs = list(zip(patterns, moments, strict=True))
    saturated: tuple[Saturated, ...] = ()
    if robust or not all(group.is_complete for group in patterns):
        saturated = tuple(saturated_information(*pair, means=means) for pair in pairs)
    return ContinuousSamples(
        patterns=patterns,
        moments=moments,
        value=sum(likelihood_slopes(group, part.sigma, part.mu).value for group, part in pairs),
        saturated=saturated,
        trace=sum(
            float(np.trace(np.linalg.solve(part.information, part.products))) for part in saturated
        ),
        baseline=_baseline(patterns, means=means),
        means=means,
    )


def _baseline(patterns: Sequence[PatternMoments], *, means: bool) -> Baseline:
    moments, value, trace = [], 0.0, 0.0
    for group in patterns:
        mu = np.nanmean(group.answers, axis=0)
        squares = (group.answers - mu) ** 2
        variances = np.nanmean(squares, axis=0)
        moments.append(Moments(mu, np.diag(variances)))
        value += likelihood_slopes(group, moments[-1].sigma, mu).value
        if group.clusters is None:
            kurtosis = np.nanmean(squares**2, axis=0) / variances**2
            trace += float((kurtosis - 1).sum() / 2) + (len(mu) if means else 0)
        else:
            trace += _clustered_trace(group, moments[-1], means=means)
    return Baseline(value, tuple(moments), trace)


def _clustered_trace(group: PatternMoments, moments: Moments, *, means: bool) -> float:
    """Give tr(B0 inv(A0)) of independent items answered by people in clusters."""
    products = np.diag(moment_score_products(group, moments.sigma, moments.mu, means=means))
    p, counts = len(moments.mu), group.counts @ group.observed
    variances = np.diag(moments.sigma)
    i, j = np.tril_indices(p)
    start = p if means else 0
    trace = float(products[start:][i == j] @ (2 * variances**2 / counts))
    return trace + (float(products[:p] @ (variances / counts)) if means else 0.0)
