"""Standardised solution: every parameter in standard deviations."""

import numpy as np

from driehoek.psychometrics.cfa.implied import GroupStructure
from driehoek.psychometrics.cfa.likelihood import central_jacobian
from driehoek.psychometrics.cfa.parameters import Parameter, ParameterTable
from driehoek.psychometrics.moments import FloatArray


def standardised(
    table: ParameterTable, theta: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Standardise factors and items, with standard errors by the delta method.

    Covariances of residuals and of disturbances become correlations among these.

    Returns
    -------
    tuple of numpy.ndarray, shape (rows,)
        Estimates and standard errors; NaN for the scale of a latent response.
    """
    structures = [GroupStructure(table, group) for group in range(table.n_groups)]

    def every_row(at: FloatArray) -> FloatArray:
        return _standard_values(table, structures, table.values(at))

    slopes = central_jacobian(every_row, theta)
    variances = np.einsum("rk,kl,rl->r", slopes, covariance, slopes)
    return every_row(theta), np.sqrt(np.maximum(variances, 0))


def _standard_values(
    table: ParameterTable, structures: list[GroupStructure], values: FloatArray
) -> FloatArray:
    spreads = [_Spreads(table, structure, values) for structure in structures]
    factor_of = [spreads[row.group].factor(row) for row in table.rows]
    return np.asarray(values * np.array(factor_of))


class _Spreads:
    """Standard deviations of one group's items, factors, residuals and disturbances."""

    def __init__(
        self, table: ParameterTable, structure: GroupStructure, values: FloatArray
    ) -> None:
        parts = structure.matrices(values)
        effects = parts.total_effects
        factors = np.diag(effects @ parts.factor_covariance @ effects.T)
        sigma = structure.implied(values).sigma
        with np.errstate(invalid="ignore"):  # an inadmissible solution has no such number
            self._total = dict(
                zip(
                    (*table.items, *table.factors),
                    np.sqrt(np.concatenate([np.diag(sigma), factors])),
                    strict=True,
                )
            )
            rest = [np.diag(parts.residual_covariance), np.diag(parts.factor_covariance)]
            self._rest = dict(
                zip((*table.items, *table.factors), np.sqrt(np.concatenate(rest)), strict=True)
            )

    def factor(self, row: Parameter) -> float:
        """Give what a parameter is multiplied by."""
        if row.op == "=~":
            return float(self._total[row.lhs] / self._total[row.rhs])
        if row.op == "~~" and row.lhs != row.rhs:
            return float(1 / (self._rest[row.lhs] * self._rest[row.rhs]))
        if row.op == "~~":
            return float(1 / self._total[row.lhs] ** 2)
        return float("nan") if row.op == "~*~" else float(1 / self._total[row.lhs])
