"""Cluster-robust covariance with its small-sample correction (CR2) and degrees of freedom."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Covariance of the rows of clusters of one size: (clusters, size) to (clusters, size, size).
Working = Callable[[NDArray[np.intp]], Floats]

ALONE = 1e-10  # eigenvalue of I - H below which a cluster alone determines a coefficient


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """The CR2 covariance of coefficients by (generalised) least squares.

    Attributes
    ----------
    covariance, bread : numpy.ndarray, shape (k, k)
        Of the coefficients; the inverse of X'WX, W being the inverse of the working covariance V.
    cross, square : numpy.ndarray, shape (G, k, k)
        For each cluster X'AWX and X'WAVAWX, A being its adjustment.
    """

    covariance: Floats
    bread: Floats
    cross: Floats
    square: Floats

    def df(self, contrast: Floats) -> float:
        """Give Satterthwaite's degrees of freedom of a contrast of the coefficients.

        Under the working model; 2 E(v)^2 / Var(v), v being the estimated variance.
        """
        m = self.bread @ contrast
        sizes = np.einsum("i,gij,j->g", m, self.square, m)
        ends = self.cross @ m
        apart = np.einsum("gi,ij,gj->g", ends, self.bread, ends)
        total = self.bread @ (ends.T @ ends)
        spread = (sizes**2).sum() - 2 * (sizes * apart).sum() + np.trace(total @ total)
        return float((sizes - apart).sum() ** 2 / spread)

    def carried(self, back: Floats) -> "ClusterRobust":
        """Give the same for coefficients ``back @ b``, `back` having an inverse."""
        inverse = np.linalg.inv(back)
        return ClusterRobust(
            back @ self.covariance @ back.T,
            back @ self.bread @ back.T,
            inverse.T @ self.cross @ inverse,
            inverse.T @ self.square @ inverse,
        )

    def hotelling(self, b: Floats, contrasts: Floats) -> tuple[float, float]:
        """Test that some contrasts are all zero (Hotelling's T2 approximation, HTZ).

        Parameters
        ----------
        b : numpy.ndarray, shape (k,)
        contrasts : numpy.ndarray, shape (q, k)
            Those that are tested together.

        Returns
        -------
        tuple of float
            F and its second degrees of freedom; the first are q. The latter are not positive
            where there are too few clusters for q contrasts.
        """
        q = len(contrasts)
        m = self.bread @ contrasts.T
        ends = self.cross @ m
        sizes = m.T @ self.square @ m
        apart = ends.transpose(0, 2, 1) @ self.bread @ ends
        values, vectors = np.linalg.eigh((sizes - apart).sum(axis=0))
        root = vectors / np.sqrt(values)  # columns: contrasts of unit working variance
        sizes, apart = root.T @ sizes @ root, root.T @ apart @ root
        ends = ends @ root
        sums = np.einsum("gis,gjt->stij", ends, ends)
        total = 0.0
        for s in range(q):
            for t in range(q):
                total += _product(sizes, apart, sums, self.bread, (s, s, t, t))
                total += _product(sizes, apart, sums, self.bread, (s, t, t, s))
        eta = q * (q + 1) / total
        value = contrasts @ b
        statistic = float(value @ np.linalg.solve(contrasts @ self.covariance @ contrasts.T, value))
        below = eta - q + 1
        return statistic * below / (eta * q), below


def _product(
    sizes: Floats, apart: Floats, sums: Floats, bread: Floats, pair: tuple[int, int, int, int]
) -> float:
    """Sum (p_sg p_th)(p_ug p_vh) over clusters g and h, p being residual contrasts."""
    s, t, u, v = pair
    own = sizes[:, s, t] * sizes[:, u, v]
    own = own - sizes[:, s, t] * apart[:, u, v] - sizes[:, u, v] * apart[:, s, t]
    across = np.trace(bread @ sums[t, v] @ bread @ sums[u, s])
    return float(own.sum() + across)


def cluster_robust(
    matrix: Floats,
    residuals: Floats,
    clusters: NDArray[np.int64],
    *,
    working: Working | None = None,
) -> ClusterRobust:
    """Estimate the CR2 covariance of ordinary or generalised least squares.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (n, k)
        Of full rank.
    residuals : numpy.ndarray, shape (n,)
    clusters : numpy.ndarray of int, shape (n,)
        Number of each row's cluster, from 0.
    working : callable, optional
        From the rows of clusters to the working covariance that their weights are the inverse of;
        left out, rows are independent with one variance.

    References
    ----------
    Bell & McCaffrey (2002), Survey Methodology 28, 169-181. Pustejovsky & Tipton (2018),
    doi:10.1080/07350015.2016.1247004. Agrees with: R clubSandwich ``vcovCR(type = "CR2")`` of
    ``lm`` and ``gls``, ``coef_test`` (Satterthwaite) and ``Wald_test`` (HTZ).
    """
    order = np.argsort(clusters, kind="stable")
    sizes = np.bincount(clusters)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    n_clusters, k = len(sizes), matrix.shape[1]
    cross, square = np.empty((n_clusters, k, k)), np.empty((n_clusters, k, k))
    scores = np.empty((n_clusters, k))
    alike_sizes = [np.flatnonzero(sizes == size) for size in np.unique(sizes)]
    groups = [
        (alike, order[starts[alike][:, None] + np.arange(sizes[alike[0]])]) for alike in alike_sizes
    ]
    bread = _bread(matrix, [rows for _, rows in groups], working)
    for alike, rows in groups:
        x = matrix[rows]
        own = None if working is None else working(rows)
        adjusted, square[alike] = _adjusted(x, bread, own)
        cross[alike] = x.transpose(0, 2, 1) @ adjusted
        scores[alike] = np.einsum("gri,gr->gi", adjusted, residuals[rows])
    covariance: Floats = bread @ (scores.T @ scores) @ bread
    return ClusterRobust(covariance, bread, cross, square)


def _bread(matrix: Floats, groups: list[NDArray[np.intp]], working: Working | None) -> Floats:
    """Give the inverse of X'WX."""
    if working is None:
        information = matrix.T @ matrix
    else:
        parts = [
            np.linalg.solve(np.linalg.cholesky(working(rows)), matrix[rows]) for rows in groups
        ]
        information = np.sum([np.einsum("gri,grj->ij", each, each) for each in parts], axis=0)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _adjusted(x: Floats, bread: Floats, own: Floats | None) -> tuple[Floats, Floats]:
    """Give AWX of each cluster, and X'WAVAWX.

    With V = RR', R lower triangular, A is R (R'(V - X bread X')R)^-1/2 R'.
    """
    taken = x @ bread @ x.transpose(0, 2, 1)
    if own is None:
        adjusted = _inverse_root(np.eye(x.shape[1]) - taken) @ x
        return adjusted, adjusted.transpose(0, 2, 1) @ adjusted
    root = np.linalg.cholesky(own)
    inner = _inverse_root(root.transpose(0, 2, 1) @ (own - taken) @ root)
    adjusted = root @ inner @ np.linalg.solve(root, x)
    return adjusted, adjusted.transpose(0, 2, 1) @ own @ adjusted


def _inverse_root(own: Floats) -> Floats:
    """Give the symmetric inverse square root of each matrix, as far as it has one."""
    values, vectors = np.linalg.eigh(own)
    roots = np.where(values > ALONE, 1 / np.sqrt(np.maximum(values, ALONE)), 0.0)
    root: Floats = (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
    return root
