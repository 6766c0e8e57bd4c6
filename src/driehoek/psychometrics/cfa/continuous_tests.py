"""Tests of fit for models of measured items."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from driehoek.psychometrics.cfa.continuous_samples import ContinuousSamples
from driehoek.psychometrics.cfa.fit_indices import (
    ApproximateFit,
    ChiSquare,
    FitIndices,
    approximate_fit,
    refuse_undefined_scaling,
    rmsea_from_inflated_df,
)
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem
from driehoek.psychometrics.cfa.residuals import srmr
from driehoek.psychometrics.cfa.robust import incomplete_correction
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.moments import FloatArray


@dataclass(frozen=True, slots=True)
class ContinuousTests:
    """What the tests of fit of one solution need.

    Attributes
    ----------
    samples : ContinuousSamples
    problem : LikelihoodProblem
    theta : numpy.ndarray, shape (n_free,)
    value : float
        Minus the log-likelihood.
    trace : float or None
        tr(B0 inv(A0)) of the model, for tests that do not assume normal answers.
    """

    samples: ContinuousSamples
    problem: LikelihoodProblem
    theta: FloatArray
    value: float
    trace: float | None

    def indices(self) -> FitIndices:
        """Give plain fit, scaled fit (robust estimators) and robust fit where it exists."""
        counts, n_free = self.samples.counts, self.problem.table.n_free
        n, n_groups = sum(counts), len(counts)
        p = len(self.problem.table.items)
        plain = ChiSquare(
            value=max(2 * (self.value - self.samples.value), 0.0),
            df=self.samples.n_moments - n_free,
            baseline_value=2 * (self.samples.baseline.value - self.samples.value),
            baseline_df=n_groups * p * (p - 1) // 2,
        )
        scaled, robust = None, None
        if self.trace is not None:
            scaled, robust = self._scaled(plain, self.trace)
        if not self.samples.is_complete:
            robust = self._incomplete(plain)
        return FitIndices(
            standard=approximate_fit(plain, n, n_groups),
            scaled=scaled,
            robust=robust,
            srmr=srmr(
                self.samples.moments,
                self.problem.implied(self.theta),
                np.array(counts) / n,
                means=self.samples.means,
            ),
            log_likelihood=-self.value,
            aic=2 * self.value + 2 * n_free,
            bic=2 * self.value + float(np.log(n)) * n_free,
            n_parameters=n_free,
        )

    def _scaled(self, plain: ChiSquare, trace: float) -> tuple[ApproximateFit, ApproximateFit]:
        """Correct the mean of chi-square.

        References
        ----------
        Yuan & Bentler (2000), doi:10.1111/0081-1750.00078, in the form of Asparouhov &
        Muthén (2005): (tr(B1 inv(A1)) - tr(B0 inv(A0))) / df; lavaan's
        "yuan.bentler.mplus".
        """
        n, n_groups = sum(self.samples.counts), len(self.samples.counts)
        scaling = (self.samples.trace - trace) / plain.df if plain.df else 1.0
        baseline = (self.samples.trace - self.samples.baseline.trace) / plain.baseline_df
        refuse_undefined_scaling(scaling, baseline)
        factors = replace(plain, scaling=scaling, baseline_scaling=baseline)
        divided = replace(
            plain, value=plain.value / scaling, baseline_value=plain.baseline_value / baseline
        )
        scaled = approximate_fit(divided, n, n_groups)
        scaled = rmsea_from_inflated_df(scaled, factors, n, n_groups)
        return replace(scaled, scaling=scaling), approximate_fit(factors, n, n_groups)

    def _incomplete(self, plain: ChiSquare) -> ApproximateFit | None:
        counts, n_free = self.samples.counts, self.problem.table.n_free
        implied = self.problem.implied(self.theta)
        delta = np.vstack([part.moment_derivatives(n_free, means=True) for part in implied])
        p = len(self.problem.table.items)
        apart = block_diag(*[_independence_derivatives(p)] * len(counts))
        model, baseline = (
            incomplete_correction(
                counts,
                self.samples.moments,
                self.samples.saturated,
                fitted,
                derivatives,
                robust=self.trace is not None,
            )
            for fitted, derivatives in (
                ([Moments(part.mu, part.sigma) for part in implied], delta),
                (self.samples.baseline.moments, apart),
            )
        )
        corrected = ChiSquare(
            value=model[0],
            df=plain.df,
            baseline_value=baseline[0],
            baseline_df=plain.baseline_df,
            scaling=model[1] / plain.df if plain.df else 1.0,
            baseline_scaling=baseline[1] / plain.baseline_df,
        )
        if not (corrected.scaling > 0 and corrected.baseline_scaling > 0):
            return None
        return approximate_fit(corrected, sum(counts), len(counts))


def _independence_derivatives(p: int) -> FloatArray:
    """Give the derivatives of means and covariances by p means and p variances."""
    i, j = np.tril_indices(p)
    delta = np.zeros((p + len(i), 2 * p))
    delta[:p, :p] = np.eye(p)
    diagonal = np.flatnonzero(i == j)
    delta[p + diagonal, p + i[diagonal]] = 1
    return delta
