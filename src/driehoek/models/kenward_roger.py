"""Small-sample tests of fixed effects under an estimated covariance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from driehoek.models.patterns import Pattern
from driehoek.models.restricted import likelihood

Floats = NDArray[np.float64]

CONDITION = 1e12  # of the information of V, beyond which it carries no digits
STEP = 1e-4  # of the largest variance, at which the gradient's differences are taken


@dataclass(frozen=True, slots=True)
class SmallSample:
    """What tests of fixed effects need beside the estimates.

    Attributes
    ----------
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X at the REML estimates.
    adjusted : numpy.ndarray, shape (columns, columns)
        The same with Kenward and Roger's correction for the uncertainty of V.
    slopes : numpy.ndarray, shape (parameters, columns, columns)
        P_i = -X' V^-1 V_i V^-1 X for each parameter of V.
    parameters : numpy.ndarray, shape (parameters, parameters)
        Covariance of the estimated parameters of V (inverse expected information).
    """

    covariance: Floats
    adjusted: Floats
    slopes: Floats
    parameters: Floats

    def transformed(self, matrix: Floats) -> "SmallSample":
        """Give the same for coefficients c = matrix @ b, matrix square and of full rank."""
        back = np.linalg.inv(matrix)
        return SmallSample(
            matrix @ self.covariance @ matrix.T,
            matrix @ self.adjusted @ matrix.T,
            back.T @ self.slopes @ back,
            self.parameters,
        )


@dataclass(frozen=True, slots=True)
class FTest:
    """A test that some contrasts are all zero: F with df1 and df2."""

    f: float
    df1: int
    df2: float
    p: float


def small_sample(
    patterns: Sequence[Pattern],
    covariances: Sequence[Floats],
    derivatives: Sequence[Floats],
    covariance: Floats,
) -> SmallSample | None:
    """Give the Kenward-Roger quantities of a model whose V is linear in its parameters.

    Parameters
    ----------
    patterns : sequence of Pattern
        Sums of the columns of X, other columns after them.
    covariances : sequence of numpy.ndarray, shape (m, m)
        V of each pattern at the REML estimates.
    derivatives : sequence of numpy.ndarray, shape (parameters, m, m)
        V_i of each pattern.
    covariance : numpy.ndarray, shape (columns, columns)
        Inverse of X' V^-1 X.

    Returns
    -------
    SmallSample or None
        None where the parameters of V have no information matrix that can be inverted, as on
        the boundary of a singular fit.

    References
    ----------
    Kenward & Roger (1997), doi:10.2307/2533558; for a linear V the term R_ij is zero.
    """
    k, r = len(covariance), len(derivatives[0])
    slopes, products, information = np.zeros((r, k, k)), np.zeros((r, r, k, k)), np.zeros((r, r))
    for pattern, value, changes in zip(patterns, covariances, derivatives, strict=True):
        inverse = np.linalg.inv(value)
        m = len(inverse)
        design = pattern.cross[:, :, :k, :k].reshape(m * m, k * k)
        left = inverse @ changes
        once = left @ inverse
        twice = left[:, None] @ once[None]
        slopes -= (once.reshape(r, m * m) @ design).reshape(r, k, k)
        products += (twice.reshape(r * r, m * m) @ design).reshape(r, r, k, k)
        information += pattern.n * np.einsum("iab,jba->ij", left, left)
    return corrected(covariance, slopes, products, information)


def corrected(
    covariance: Floats, slopes: Floats, products: Floats, traces: Floats
) -> SmallSample | None:
    """Correct the covariance of the fixed effects for the uncertainty of V.

    Parameters
    ----------
    covariance, slopes
        As `SmallSample` holds them.
    products : numpy.ndarray, shape (parameters, parameters, columns, columns)
        Q_ij = X' V^-1 V_i V^-1 V_j V^-1 X.
    traces : numpy.ndarray, shape (parameters, parameters)
        Of V^-1 V_i V^-1 V_j.
    """
    information = expected_information(covariance, slopes, products, traces)
    if np.linalg.cond(information) > CONDITION:
        return None
    parameters = 2 * np.linalg.inv(information).astype(np.float64)
    correction = np.einsum("ij,ijpq->pq", parameters, products)
    correction -= np.einsum("ij,ipq,jqs->ps", parameters, slopes, covariance @ slopes)
    adjusted = covariance + 2 * covariance @ correction @ covariance
    return SmallSample(covariance, (adjusted + adjusted.T) / 2, slopes, parameters)


def expected_information(
    covariance: Floats, slopes: Floats, products: Floats, traces: Floats
) -> Floats:
    """Give twice the expected information of the parameters of V under REML.

    Parameters are those of `corrected`.
    """
    moved = covariance @ slopes
    information: Floats = traces - 2 * np.einsum("pq,ijqp->ij", covariance, products)
    information += np.einsum("ipq,jqp->ij", moved, moved)
    return information


def observed_sample(
    patterns: Sequence[Pattern],
    covariances: Sequence[Floats],
    derivatives: Sequence[Floats],
    covariance: Floats,
) -> SmallSample | None:
    """Give Satterthwaite's quantities: no correction, and the observed information of V.

    Parameters
    ----------
    patterns : sequence of Pattern
        Sums of the columns of X and, last, the outcome.
    covariances, derivatives, covariance
        As `small_sample` takes them.

    Returns
    -------
    SmallSample or None
        ``adjusted`` is ``covariance``. None where the information cannot be inverted.

    Notes
    -----
    The Hessian is taken by central differences of the exact gradient.
    """
    k, r = len(covariance), len(derivatives[0])
    slopes = np.zeros((r, k, k))
    for pattern, value, changes in zip(patterns, covariances, derivatives, strict=True):
        inverse = np.linalg.inv(value)
        once = inverse @ changes @ inverse
        slopes -= np.einsum("iab,abpq->ipq", once, pattern.cross[:, :, :k, :k])
    scale = max(float(np.diag(value).max()) for value in covariances)
    step = scale * STEP

    def gradient(place: int, by: float) -> Floats:
        moved = [
            value + by * changes[place]
            for value, changes in zip(covariances, derivatives, strict=True)
        ]
        found = likelihood(patterns, moved, is_restricted=True)
        return np.array(
            [
                sum((s * d[i]).sum() for s, d in zip(found.slopes, derivatives, strict=True))
                for i in range(r)
            ]
        )

    hessian = np.array([gradient(i, step) - gradient(i, -step) for i in range(r)]) / (2 * step)
    hessian = (hessian + hessian.T) / 2
    if np.linalg.eigvalsh(hessian)[0] <= 0:
        return None
    parameters = 2 * np.linalg.inv(hessian).astype(np.float64)
    return SmallSample(covariance, covariance, slopes, parameters)


def contrast_df(found: SmallSample, contrast: Floats) -> float:
    """Give the degrees of freedom of one contrast of the fixed effects.

    For one contrast Kenward and Roger's df equal Satterthwaite's with the expected information,
    2 v^2 / var(v), and the scale of t is 1.

    References
    ----------
    Kenward & Roger (1997), doi:10.2307/2533558; Satterthwaite (1946), doi:10.2307/3002019.
    """
    seen = found.covariance @ contrast
    variance = float(contrast @ seen)
    gradient = -np.einsum("p,ipq,q->i", seen, found.slopes, seen)
    spread = float(gradient @ found.parameters @ gradient)
    return math.inf if spread <= 0 else 2 * variance**2 / spread


def wald_test(found: SmallSample, b: Floats, contrasts: Floats) -> FTest:
    """Test that several contrasts of the fixed effects are all zero.

    Parameters
    ----------
    found : SmallSample
    b : numpy.ndarray, shape (columns,)
    contrasts : numpy.ndarray, shape (q, columns)
        Of full rank.

    References
    ----------
    Kenward & Roger (1997), doi:10.2307/2533558, section 3: the scaled F.
    """
    q = len(contrasts)
    value = contrasts @ b
    wald = float(value @ np.linalg.solve(contrasts @ found.adjusted @ contrasts.T, value)) / q
    middle = contrasts.T @ np.linalg.solve(contrasts @ found.covariance @ contrasts.T, contrasts)
    moved = middle @ found.covariance @ found.slopes @ found.covariance
    traces = np.einsum("ipp->i", moved)
    first = float(traces @ found.parameters @ traces)
    second = float(np.einsum("ij,ipq,jqp->", found.parameters, moved, moved))
    scale, df = _scale_and_df(first, second, q)
    f = scale * wald
    return FTest(f, q, df, float(special.fdtrc(q, df, f)))


def _scale_and_df(first: float, second: float, q: int) -> tuple[float, float]:
    if second <= 0:
        return 1.0, math.inf
    b = (first + 6 * second) / (2 * q)
    g = ((q + 1) * first - (q + 4) * second) / ((q + 2) * second)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    expected = 1 / (1 - second / q)
    variance = (2 / q) * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    rho = variance / (2 * expected**2)
    df = 4 + (q + 2) / (q * rho - 1)
    return df / (expected * (df - 2)), df
