"""Scoring steps to the minimum of a fit function."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.moments import FloatArray

_TOLERANCE = 1e-9  # in log-likelihood points: far below any printed digit
_ACCEPTABLE = 1e-4
_FAR = 1.0  # log-likelihood points to go beyond which the curvature is computed anew
_MAX_STEPS = 500
_MAX_DAMPING = 1e8


class Problem(Protocol):
    """A fit function with its gradient and an approximation of its curvature."""

    def evaluate(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Give the function to be minimised and its gradient."""
        ...

    def information(self, theta: FloatArray) -> FloatArray:
        """Give a positive semi-definite curvature."""
        ...


@dataclass(frozen=True, slots=True)
class Solution:
    """Where the search ended.

    Attributes
    ----------
    theta : numpy.ndarray, shape (n_free,)
    value : float
    information : numpy.ndarray, shape (n_free, n_free)
        The curvature there.
    n_steps : int
    is_settled : bool
        Whether the search ended at a minimum, not merely close to one.
    """

    theta: FloatArray
    value: float
    information: FloatArray
    n_steps: int
    is_settled: bool


def minimise(problem: Problem, start: FloatArray) -> Solution:
    """Search the minimum by scoring steps, near the end by quasi-Newton steps.

    Scoring steps use the curvature at hand, damped where they do not lower the
    function. Close to the minimum its inverse is only updated from the gradients
    (BFGS), which is cheaper and converges faster.

    Raises
    ------
    NotEstimableError
        If the search ends elsewhere than at a minimum.

    References
    ----------
    Marquardt (1963), doi:10.1137/0111030; Nocedal & Wright (2006), Numerical
    optimization, equation 6.17.
    """
    theta, damping = start, 0.0
    value, gradient = problem.evaluate(theta)
    if not np.isfinite(value):
        msg = "The model's starting values imply an impossible covariance matrix."
        raise NotEstimableError(msg)
    inverse, decrement = None, np.inf
    for n_steps in range(1, _MAX_STEPS + 1):
        is_fresh = inverse is None
        if inverse is None:
            inverse = _damped_inverse(problem.information(theta), damping)
        step = inverse @ gradient
        decrement = float(gradient @ step)
        if decrement < _TOLERANCE and damping <= 1:
            return Solution(theta, value, problem.information(theta), n_steps, is_settled=True)
        proposed, slope = problem.evaluate(theta - step)
        if proposed <= value + 1e-12 * abs(value):
            inverse = None if decrement > _FAR else _updated(inverse, -step, slope - gradient)
            theta, value, gradient = theta - step, proposed, slope
            damping = damping / 10 if damping > 1e-6 else 0.0
        else:
            inverse = None
            damping = max(10 * damping, 1e-4) if is_fresh else damping
        if damping > _MAX_DAMPING:
            break
    if decrement < _ACCEPTABLE:
        return Solution(theta, value, problem.information(theta), n_steps, is_settled=False)
    msg = (
        f"The search for the estimates found no minimum in {n_steps} steps. Usual causes: too few "
        "respondents for this model, an item that hardly correlates with its factor, or two "
        "factors that cannot be told apart."
    )
    raise NotEstimableError(msg)


def _damped_inverse(information: FloatArray, damping: float) -> FloatArray:
    scale = np.diag(information)
    ridge = (damping + 1e-12) * np.maximum(scale, 1e-12 * scale.max())
    damped = information + np.diag(ridge)
    try:
        return np.asarray(cho_solve(cho_factor(damped), np.eye(len(damped))))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(damped, rcond=1e-10, hermitian=True))


def _updated(inverse: FloatArray, step: FloatArray, change: FloatArray) -> FloatArray:
    """Update the inverse curvature so that it explains the change of the gradient."""
    product = float(step @ change)
    if product <= 1e-10 * float(np.sqrt((step @ step) * (change @ change))):
        return inverse
    pulled = inverse @ change
    weight = (1 + float(change @ pulled) / product) / product
    cross = np.outer(pulled, step) / product
    return np.asarray(inverse + weight * np.outer(step, step) - cross - cross.T)
