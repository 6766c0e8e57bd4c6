"""Robust fit of ordered items: what normal theory would say of the latent responses."""

from collections.abc import Sequence

import numpy as np

from driehoek.psychometrics.cfa.fit_indices import ApproximateFit, ChiSquare, approximate_fit
from driehoek.psychometrics.cfa.least_squares import LeastSquaresProblem
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.polychoric_covariance import OrdinalMoments

_SMALLEST_EIGENVALUE = 1e-8


def robust_ordinal_fit(
    problem: LeastSquaresProblem, theta: FloatArray, bread: FloatArray, df: int
) -> ApproximateFit | None:
    """Compare the fitted with the polychoric correlations by the normal discrepancy.

    Its average under a true model comes from gamma, so that the indices estimate what
    they would be for continuous, normal, complete answers.

    Parameters
    ----------
    problem : LeastSquaresProblem
        Of a model that leaves the thresholds free.
    theta : numpy.ndarray, shape (n_free,)
    bread : numpy.ndarray, shape (n_free, n_free)
        Inverse curvature.
    df : int

    Returns
    -------
    ApproximateFit or None
        None if a matrix of polychoric correlations is not positive definite, or a scaling factor
        not positive.

    References
    ----------
    Savalei (2021), doi:10.1080/00273171.2020.1717922. Agrees with lavaan 0.6-14
    `cfi.robust` in one group; with several groups lavaan divides the baseline's trace by
    the groups' shares, which its model's trace is not, and its robust CFI differs.
    """
    groups, implied = problem.groups, problem.implied(theta)
    samples = [_square(group.correlations, group) for group in groups]
    if min(np.linalg.eigvalsh(sample)[0] for sample in samples) < _SMALLEST_EIGENVALUE:
        return None
    fitted = [_correlations(part.sigma) for part in implied]
    n = sum(group.n for group in groups)
    value = sum(
        group.n * _discrepancy(sample, model)
        for group, sample, model in zip(groups, samples, fitted, strict=True)
    )
    baseline = sum(
        group.n * _discrepancy(sample, np.eye(len(sample)))
        for group, sample in zip(groups, samples, strict=True)
    )
    baseline_df = sum(len(group.correlations) for group in groups)
    baseline_trace = sum(
        float(np.diag(group.gamma)[-len(group.correlations) :].sum()) for group in groups
    )
    trace = _model_trace(problem, theta, bread, fitted)
    corrected = ChiSquare(
        value,
        df,
        baseline,
        baseline_df,
        trace / df if df else 1.0,
        baseline_trace / baseline_df,
    )
    if not (corrected.scaling > 0 and corrected.baseline_scaling > 0):
        return None
    return approximate_fit(corrected, n - len(groups), len(groups))


def _model_trace(
    problem: LeastSquaresProblem,
    theta: FloatArray,
    bread: FloatArray,
    fitted: Sequence[FloatArray],
) -> float:
    """Give tr(P' V P gamma), with P what the model leaves of the correlations."""
    groups = problem.groups
    jacobians = [
        jacobian[-len(group.correlations) :]
        for jacobian, group in zip(problem.jacobians(theta), groups, strict=True)
    ]
    weights = [
        group.n * weight[-len(group.correlations) :]
        for group, weight in zip(groups, problem.weights, strict=True)
    ]
    normal = [
        group.n * _normal_information(model, group)
        for group, model in zip(groups, fitted, strict=True)
    ]
    inner = sum(j.T @ v @ j for j, v in zip(jacobians, normal, strict=True))
    trace = 0.0
    for group, jacobian, weight, information in zip(
        groups, jacobians, weights, normal, strict=True
    ):
        gamma = group.gamma[-len(weight) :, -len(weight) :] / group.n
        back = bread @ (weight[:, None] * jacobian).T
        cross = information @ jacobian @ back
        trace += float(np.sum(gamma * (information - cross - cross.T + back.T @ inner @ back)))
    return trace


def _normal_information(correlations: FloatArray, group: OrdinalMoments) -> FloatArray:
    inverse = np.linalg.inv(correlations)
    i, j = group.pairs.T
    return np.asarray(
        inverse[np.ix_(i, i)] * inverse[np.ix_(j, j)]
        + inverse[np.ix_(i, j)] * inverse[np.ix_(j, i)]
    )


def _discrepancy(sample: FloatArray, model: FloatArray) -> float:
    logarithms = np.linalg.slogdet(model)[1] - np.linalg.slogdet(sample)[1]
    return float(logarithms + np.sum(np.linalg.inv(model) * sample) - len(sample))


def _square(correlations: FloatArray, group: OrdinalMoments) -> FloatArray:
    matrix = np.eye(len(group.names))
    i, j = group.pairs.T
    matrix[i, j] = matrix[j, i] = correlations
    return matrix


def _correlations(sigma: FloatArray) -> FloatArray:
    sd = np.sqrt(np.diag(sigma))
    return np.asarray(sigma / np.outer(sd, sd))
