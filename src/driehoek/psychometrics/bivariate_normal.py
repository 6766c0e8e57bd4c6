"""The standard bivariate normal distribution on whole arrays."""

import numpy as np
from scipy.special import ndtr, owens_t

from driehoek.psychometrics.moments import FloatArray

_ALMOST_ZERO = 1e-100  # Owen's formula divides by the limits


def bivariate_cdf(h: FloatArray, k: FloatArray, rho: FloatArray) -> FloatArray:
    """Give the probability that two standard normal variables lie below h and k.

    Parameters
    ----------
    h, k : array
        Finite limits; 30 stands for infinity.
    rho : array
        Correlations strictly between -1 and 1, broadcast against the limits.

    References
    ----------
    Owen (1956), doi:10.1214/aoms/1177728074, equation 2.1.
    """
    h = np.where(h == 0, _ALMOST_ZERO, h)
    k = np.where(k == 0, _ALMOST_ZERO, k)
    root = np.sqrt((1 - rho) * (1 + rho))
    opposite = np.where(h * k < 0, 0.5, 0.0)
    tails = owens_t(h, (k - rho * h) / (h * root)) + owens_t(k, (h - rho * k) / (k * root))
    return np.asarray(0.5 * (ndtr(h) + ndtr(k)) - tails - opposite)


def bivariate_density(h: FloatArray, k: FloatArray, rho: FloatArray) -> FloatArray:
    """Give the density at (h, k); it is also the derivative of the cdf by rho."""
    remainder = (1 - rho) * (1 + rho)
    exponent = (h * h - 2 * rho * h * k + k * k) / (2 * remainder)
    return np.asarray(np.exp(-exponent) / (2 * np.pi * np.sqrt(remainder)))


def normal_density(x: FloatArray) -> FloatArray:
    """Give the density of the standard normal distribution."""
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi))
