"""What every model that is fitted by maximum likelihood gives, and its covariance."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Errors = Literal["model", "robust", "cluster"]


@dataclass(frozen=True, slots=True)
class LikelihoodFit:
    """A model at the maximum of its likelihood.

    Attributes
    ----------
    labels : tuple of str
        What each parameter is called: columns of the design, then thresholds or a dispersion.
    estimates : numpy.ndarray, shape (k,)
    information : numpy.ndarray, shape (k, k)
        Minus the second derivatives.
    scores : numpy.ndarray, shape (n, k)
        First derivatives of each row.
    log_likelihood : float
        NaN for a quasi-likelihood.
    fitted : numpy.ndarray, shape (n,)
        Expected outcome of each row; empty for an ordinal outcome.
    """

    labels: tuple[str, ...]
    estimates: Floats
    information: Floats
    scores: Floats
    log_likelihood: float
    fitted: Floats

    def covariance(self, errors: Errors, clusters: NDArray[np.int64] | None) -> Floats:
        """Give the covariance of the estimates.

        ``model``: the inverse of the information. ``robust``: the sandwich of single rows times
        n / (n - 1). ``cluster``: the sandwich of cluster sums times G / (G - 1).

        References
        ----------
        White (1982), doi:10.2307/1912526. Agrees with: R sandwich ``vcovCL(type = "HC0",
        cadjust = TRUE)``.
        """
        bread = np.linalg.inv(self.information)
        if errors == "model":
            return np.asarray(bread, dtype=np.float64)
        sums = self.scores
        if errors == "cluster" and clusters is not None:
            sums = np.zeros((int(clusters.max()) + 1, self.scores.shape[1]))
            np.add.at(sums, clusters, self.scores)
        factor = len(sums) / (len(sums) - 1)
        covariance: Floats = factor * bread @ (sums.T @ sums) @ bread
        return covariance
