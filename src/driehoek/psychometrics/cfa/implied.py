"""What a model with given parameter values implies: means, covariances, derivatives."""

from dataclasses import dataclass

import numpy as np

from driehoek.psychometrics.cfa.parameters import Parameter, ParameterTable
from driehoek.psychometrics.moments import FloatArray
from driehoek.psychometrics.ordinal_tables import IntArray

_MATRICES = ("lambda", "beta", "psi", "theta", "nu", "alpha")


@dataclass(frozen=True, slots=True)
class Implied:
    """Implied moments of one group and their derivatives.

    The derivative of the covariance matrix by parameter k is u_k v_k' + v_k u_k'.

    Attributes
    ----------
    sigma : numpy.ndarray, shape (items, items)
    mu : numpy.ndarray, shape (items,)
    u, v, m : numpy.ndarray, shape (parameters of the group, items)
        m holds the derivatives of the means.
    position : numpy.ndarray, shape (parameters of the group,)
        Where each stands among the free parameters.
    is_shared : bool
        Whether several share a position.
    """

    sigma: FloatArray
    mu: FloatArray
    u: FloatArray
    v: FloatArray
    m: FloatArray
    position: IntArray
    is_shared: bool

    def gather(self, by_row: FloatArray, n_free: int) -> FloatArray:
        """Add up derivatives (parameters of the group, ...) of parameters that are shared."""
        total = np.zeros((n_free, *by_row.shape[1:]))
        if self.is_shared:
            np.add.at(total, self.position, by_row)
        else:
            total[self.position] = by_row
        return total

    def moment_derivatives(self, n_free: int, *, means: bool) -> FloatArray:
        """Give derivatives of the means (if wanted) and the lower triangle of sigma.

        Returns
        -------
        numpy.ndarray, shape (moments, n_free)
        """
        i, j = np.tril_indices(len(self.mu))
        by_row = self.u[:, i] * self.v[:, j] + self.u[:, j] * self.v[:, i]
        if means:
            by_row = np.hstack([self.m, by_row])
        return self.gather(by_row, n_free).T


@dataclass(frozen=True, slots=True)
class Matrices:
    """The model matrices of one group, in LISREL's all-y notation.

    Attributes
    ----------
    loadings : numpy.ndarray, shape (items, factors)
    paths : numpy.ndarray, shape (factors, factors)
        Effects of factors (columns) on lower factors (rows).
    factor_covariance, residual_covariance : numpy.ndarray
    intercepts : numpy.ndarray, shape (items,)
    factor_means : numpy.ndarray, shape (factors,)
    total_effects : numpy.ndarray, shape (factors, factors)
        inv(I - paths).
    """

    loadings: FloatArray
    paths: FloatArray
    factor_covariance: FloatArray
    residual_covariance: FloatArray
    intercepts: FloatArray
    factor_means: FloatArray
    total_effects: FloatArray


class GroupStructure:
    """Turns parameter values into the implied moments of one group.

    Where latent responses have a scale (``~*~``, the inverse of their standard deviation),
    residual variances are what is left of their variance; sigma's derivatives are then
    right beside its diagonal only.

    Parameters
    ----------
    table : ParameterTable
    group : int
    """

    def __init__(self, table: ParameterTable, group: int) -> None:
        self._items = {name: k for k, name in enumerate(table.items)}
        self._factors = {name: k for k, name in enumerate(table.factors)}
        places = [
            (*self._place(row), k, int(table.free[k]))
            for k, row in enumerate(table.rows)
            if row.group == group and row.op not in {"|", "~*~"}
        ]
        self._entries = {
            name: np.array([place[1:4] for place in places if place[0] == name], dtype=int)
            .reshape(-1, 3)
            .T
            for name in _MATRICES
        }
        free = [place for place in places if place[4] >= 0]
        self._derived = {
            name: (
                np.array([k for k, place in enumerate(free) if place[0] == name], dtype=int),
                *np.array([place[1:3] for place in free if place[0] == name], dtype=int)
                .reshape(-1, 2)
                .T,
            )
            for name in _MATRICES
        }
        self._position = np.array([place[4] for place in free], dtype=int)
        self._is_shared = len(set(self._position)) < len(self._position)
        scales = {
            row.lhs: k for k, row in enumerate(table.rows) if row.group == group and row.op == "~*~"
        }
        self._scales = np.array([scales[item] for item in table.items]) if scales else None

    def matrices(self, values: FloatArray) -> Matrices:
        """Fill the model matrices from the values of all rows of the table."""
        p, m = len(self._items), len(self._factors)
        paths = self._fill("beta", values, (m, m))
        effects = np.eye(m)
        if self._entries["beta"].size:
            effects = np.asarray(np.linalg.inv(effects - paths), dtype=float)
        loadings = self._fill("lambda", values, (p, m))
        psi = _symmetric(self._fill("psi", values, (m, m)))
        theta = _symmetric(self._fill("theta", values, (p, p)))
        if self._scales is not None:
            explained = loadings @ effects @ psi @ (loadings @ effects).T
            theta[np.diag_indices(p)] = values[self._scales] ** -2.0 - np.diag(explained)
        return Matrices(
            loadings=loadings,
            paths=paths,
            factor_covariance=psi,
            residual_covariance=theta,
            intercepts=self._fill("nu", values, (p, 1))[:, 0],
            factor_means=self._fill("alpha", values, (m, 1))[:, 0],
            total_effects=effects,
        )

    def implied(self, values: FloatArray) -> Implied:
        """Give the implied moments and their derivatives by the free parameters."""
        parts = self.matrices(values)
        loadings = parts.loadings @ parts.total_effects
        spread = parts.factor_covariance @ loadings.T
        covariances = parts.total_effects @ spread
        sigma = loadings @ spread + parts.residual_covariance
        level = parts.total_effects @ parts.factor_means
        u, v, m = self._derivatives(loadings, covariances, level)
        return Implied(
            sigma=0.5 * (sigma + sigma.T),
            mu=parts.intercepts + parts.loadings @ level,
            u=u,
            v=v,
            m=m,
            position=self._position,
            is_shared=self._is_shared,
        )

    def _derivatives(
        self, loadings: FloatArray, covariances: FloatArray, level: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        u, v, m = (np.zeros((len(self._position), len(self._items))) for _ in range(3))
        at, row, column = self._derived["lambda"]
        u[at, row] = 1
        v[at] = covariances[column]
        m[at, row] = level[column]
        at, row, column = self._derived["beta"]
        u[at] = loadings.T[row]
        v[at] = covariances[column]
        m[at] = loadings.T[row] * level[column, None]
        at, row, column = self._derived["psi"]
        u[at] = loadings.T[row] * np.where(row == column, 0.5, 1.0)[:, None]
        v[at] = loadings.T[column]
        at, row, column = self._derived["theta"]
        u[at, row] = np.where(row == column, 0.5, 1.0)
        v[at, column] = 1
        at, row, _ = self._derived["nu"]
        m[at, row] = 1
        at, row, _ = self._derived["alpha"]
        m[at] = loadings.T[row]
        return u, v, m

    def _place(self, row: Parameter) -> tuple[str, int, int]:
        """Name the matrix of a parameter with its row and column."""
        if row.op == "=~":
            if row.rhs in self._factors:
                return "beta", self._factors[row.rhs], self._factors[row.lhs]
            return "lambda", self._items[row.rhs], self._factors[row.lhs]
        if row.op == "~1":
            if row.lhs in self._factors:
                return "alpha", self._factors[row.lhs], 0
            return "nu", self._items[row.lhs], 0
        if row.lhs in self._factors:
            return "psi", self._factors[row.lhs], self._factors[row.rhs]
        return "theta", self._items[row.lhs], self._items[row.rhs]

    def _fill(self, name: str, values: FloatArray, shape: tuple[int, int]) -> FloatArray:
        filled = np.zeros(shape)
        row, column, source = self._entries[name]
        filled[row, column] = values[source]
        return filled


def _symmetric(half: FloatArray) -> FloatArray:
    return np.asarray(half + half.T - np.diag(np.diag(half)))
