"""How uncertain the covariances of two levels are: robust to answers that are not normal."""

import numpy as np
import numpy.typing as npt

from driehoek.psychometrics.moments import FloatArray


def two_level_covariance(
    values: FloatArray,
    codes: npt.NDArray[np.intp],
    between: FloatArray,
    within: FloatArray,
) -> FloatArray:
    """Estimate the sampling covariance of the covariances between and within clusters.

    Parameters
    ----------
    values : numpy.ndarray, shape (members, items)
        Complete answers.
    codes : numpy.ndarray of int, shape (members,)
        Cluster of each member, from 0.
    between, within : numpy.ndarray, shape (items, items)
        Maximum likelihood estimates of a saturated model.

    Returns
    -------
    numpy.ndarray, shape (2 * items * (items + 1) / 2,) * 2
        Of the lower triangles, row by row, of `between` and then `within`: inverse expected
        information around the products of the clusters' scores (the sandwich), which needs no
        normal answers, only independent clusters.

    References
    ----------
    Likelihood: Muthén (1994), doi:10.1177/0049124194022003006, eq. 11; sandwich: White (1982),
    doi:10.2307/1912526.
    """
    sizes = np.bincount(codes).astype(float)
    sums = np.array([np.bincount(codes, column) for column in values.T]).T
    means = sums / sizes[:, None]
    deviations = values - means[codes]
    distinct, place = np.unique(sizes, return_inverse=True)
    inverse = np.asarray(np.linalg.inv(within), dtype=float)
    of_sums = within[None] + distinct[:, None, None] * between[None]
    spread = np.asarray(np.linalg.inv(of_sums), dtype=float)
    weight = np.einsum("c,cij->ij", sizes, spread[place])
    centre = np.linalg.solve(weight, np.einsum("c,cij,cj->i", sizes, spread[place], means))
    pulled = np.einsum("cij,cj->ci", spread[place], means - centre)
    outer = sizes[:, None, None] * pulled[:, :, None] * pulled[:, None, :]
    weighted = deviations @ inverse
    scatter = _products_by_cluster(weighted, codes, len(sizes))
    surplus = (sizes - 1)[:, None, None] * inverse
    of_within = 0.5 * (outer + scatter - spread[place] - surplus)
    of_between = 0.5 * sizes[:, None, None] * (outer - spread[place])
    scores = np.hstack([_gathered(of_between), _gathered(of_within)])
    counts = np.bincount(place)
    per_size = np.array([_information(each) for each in spread])
    blocks = [np.einsum("s,sij->ij", counts * distinct**power, per_size) for power in (2, 1, 0)]
    of_members = float((sizes - 1).sum()) * _information(inverse)
    information = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2] + of_members]])
    bread = np.linalg.pinv(information, hermitian=True)
    return np.asarray(bread @ (scores.T @ scores) @ bread)


def _products_by_cluster(
    rows: FloatArray, codes: npt.NDArray[np.intp], n_clusters: int
) -> FloatArray:
    k = rows.shape[1]
    products = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    summed = np.array([np.bincount(codes, column, n_clusters) for column in products.T]).T
    return np.asarray(summed.reshape(n_clusters, k, k))


def _gathered(slopes: FloatArray) -> FloatArray:
    """Turn derivatives by a symmetric matrix into those by its lower triangle."""
    i, j = np.tril_indices(slopes.shape[1])
    return np.asarray(slopes[:, i, j] * np.where(i == j, 1.0, 2.0))


def _information(inverse: FloatArray) -> FloatArray:
    """Give half the trace form of a normal covariance matrix, by its lower triangle."""
    i, j = np.tril_indices(len(inverse))
    pairs = (
        inverse[np.ix_(i, i)] * inverse[np.ix_(j, j)]
        + inverse[np.ix_(i, j)] * inverse[np.ix_(j, i)]
    )
    size = np.where(i == j, 1.0, 2.0)
    return np.asarray(0.25 * pairs * np.outer(size, size))
