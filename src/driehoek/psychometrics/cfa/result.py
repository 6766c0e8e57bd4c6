"""A fitted factor model."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import erfc

from driehoek.psychometrics.cfa.fit_indices import FitIndices
from driehoek.psychometrics.cfa.implied import GroupStructure, Implied, Matrices
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.cfa.likelihood import LikelihoodProblem
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import ParameterTable
from driehoek.psychometrics.cfa.sample import Moments
from driehoek.psychometrics.cfa.standardised import standardised
from driehoek.psychometrics.moments import FloatArray

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class CfaFit:
    """Estimates, standard errors and fit of a factor model.

    Attributes
    ----------
    model : FactorModel
    estimator : str
    group_names : tuple of str
        One empty name without groups.
    n, n_excluded : int
        Respondents used and left out.
    n_by_group : tuple of int
    n_clusters : int or None
        Clusters (triads) of all groups, where respondents are nested in them.
    table : ParameterTable
        Which parameters are free, fixed or equal.
    theta : numpy.ndarray, shape (n_free,)
        Estimates of the free parameters.
    covariance : numpy.ndarray, shape (n_free, n_free)
        Their sampling covariance matrix.
    fit : FitIndices
    warnings : tuple of str
        Reasons not to trust the solution, in words; empty if none was found.
    n_steps : int
        Steps of the search.
    samples : tuple of Moments
        Sample moments of each group; polychoric correlations for ordered items.
    problem : LikelihoodProblem or LeastSquaresProblem
        The function that was minimised.
    """

    model: FactorModel
    estimator: str
    group_names: tuple[str, ...]
    n: int
    n_excluded: int
    n_by_group: tuple[int, ...]
    n_clusters: int | None
    table: ParameterTable
    theta: FloatArray
    covariance: FloatArray
    fit: FitIndices
    warnings: tuple[str, ...]
    n_steps: int
    samples: tuple[Moments, ...]
    problem: LikelihoodProblem | LeastSquaresProblem

    def parameters(self) -> pd.DataFrame:
        """List all parameters.

        Returns
        -------
        pandas.DataFrame
            Columns group, name, lhs, op, rhs, is_free, estimate, se, z, p, ci_low,
            ci_high (95 %), standardised, standardised_se. Fixed parameters have no se.
        """
        spread = np.sqrt(np.maximum(np.diag(self.covariance), 0))
        is_free = self.table.free >= 0
        se = np.where(is_free, spread[np.maximum(self.table.free, 0)], np.nan)
        estimate = self.table.values(self.theta)
        standard, standard_se = standardised(self.table, self.theta, self.covariance)
        z = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
        rows = self.table.rows
        return pd.DataFrame(
            {
                "group": [self.group_names[row.group] for row in rows],
                "name": [row.name for row in rows],
                "lhs": [row.lhs for row in rows],
                "op": [row.op for row in rows],
                "rhs": [row.rhs for row in rows],
                "is_free": is_free,
                "estimate": estimate,
                "se": se,
                "z": z,
                "p": erfc(np.abs(z) / np.sqrt(2)),
                "ci_low": estimate - _Z95 * se,
                "ci_high": estimate + _Z95 * se,
                "standardised": standard,
                "standardised_se": standard_se,
            }
        )

    def implied(self) -> list[Implied]:
        """Give the implied moments of every group."""
        return self.problem.implied(self.theta)

    def matrices(self) -> list[Matrices]:
        """Give the model matrices of every group."""
        values = self.table.values(self.theta)
        groups = range(len(self.group_names))
        return [GroupStructure(self.table, group).matrices(values) for group in groups]

    def residual_correlations(self) -> dict[str, pd.DataFrame]:
        """Give sample minus implied correlations, one matrix a group."""
        items = list(self.table.items)
        return {
            name: pd.DataFrame(
                _correlations(sample.sigma) - _correlations(part.sigma), index=items, columns=items
            )
            for name, sample, part in zip(
                self.group_names, self.samples, self.implied(), strict=True
            )
        }


def _correlations(sigma: FloatArray) -> FloatArray:
    sd = np.sqrt(np.diag(sigma))
    return np.asarray(sigma / np.outer(sd, sd))
