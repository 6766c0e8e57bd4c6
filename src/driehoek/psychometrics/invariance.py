"""Measurement invariance: does a scale measure the same in every group, wave or role."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit import ORDINAL, Estimator, PreparedAnswers
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.parameters import Constraint
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance_rules import Level, Rule, cautions
from driehoek.psychometrics.invariance_table import COLUMNS, level_row

CONTINUOUS_LEVELS: dict[Level, tuple[Constraint, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
ORDINAL_LEVELS: dict[Level, tuple[Constraint, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("thresholds", "loadings"),
    "scalar": ("thresholds", "loadings", "intercepts"),
    "strict": ("thresholds", "loadings", "intercepts", "residuals"),
}
Fitter = Callable[[Level], CfaFit]


@dataclass(frozen=True, slots=True)
class InvarianceLadder:
    """Levels of invariance, each compared with the one before.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a level with `COLUMNS` and is_interpretable. indices says which indices
        cfi to rmsea_high are (standard, scaled or robust); chisq and p are scaled where
        there is a scaled test; change_... is this level minus the one before; holds is
        the verdict of `rule`, for the configural level CFI >= .90 and SRMR <= .10;
        is_interpretable: no level before it fails; reason: why a level could not be
        estimated or compared.
    fits : dict of str to CfaFit
        The levels that could be estimated.
    highest_level : str or None
        The last level that holds with all before it.
    cautions : tuple of str
        Where the data lie outside what the rule was derived for.
    """

    table: pd.DataFrame
    fits: dict[Level, CfaFit]
    highest_level: Level | None
    cautions: tuple[str, ...]


def invariance_ladder(
    data: pd.DataFrame,
    model: FactorModel,
    *,
    groups: str | pd.Series,
    estimator: Estimator = "MLR",
    released: Sequence[str] = (),
    rule: Rule | None = None,
    clusters: str | pd.Series | None = None,
) -> InvarianceLadder:
    """Test step by step whether groups share loadings, intercepts and residual variances.

    Measured items: configural, metric (equal loadings), scalar (intercepts), strict
    (residual variances). Ordered items: thresholds first, then the same steps for the
    latent responses; steps that cannot be tested with two or three categories are left
    out.

    Parameters
    ----------
    data : pandas.DataFrame, shape (respondents, columns)
    model : FactorModel
    groups : str or pandas.Series
        Independent groups; for people of one triad or waves see `within_ladder`.
    estimator : str
        As of `fit_cfa`.
    released : sequence of str
        Parameters left free across groups at every level (partial invariance).
    rule : str, optional
        What decides: ``chen`` (default for measured items), ``cheung_rensvold``,
        ``svetina`` (default for ordered items) or ``chi_square``.
    clusters : str or pandas.Series, optional
        As of `fit_cfa`; no cluster may have members in two groups.

    Raises
    ------
    FactorModelError, NotEstimableError
        If the answers cannot be used at all; a single level that fails is a row with a
        reason.

    References
    ----------
    Meredith (1993), doi:10.1007/BF02294825; Wu & Estabrook (2016),
    doi:10.1007/s11336-016-9506-0. Agrees with lavaan 0.6-14 and semTools 0.5-6 (fit and
    differences 1e-3).
    """
    is_ordinal = estimator in ORDINAL
    constraints = ORDINAL_LEVELS if is_ordinal else CONTINUOUS_LEVELS
    prepared = PreparedAnswers(
        data, model.items, groups=groups, estimator=estimator, clusters=clusters
    )
    fitted = replace(model, scaling="variance") if is_ordinal else model

    def fitter(level: Level) -> CfaFit:
        return prepared.fit(
            fitted,
            equal=constraints[level],
            released=released if constraints[level] else (),
            parameterisation="theta",
        )

    counts = prepared.n_thresholds
    if counts is None:
        return climb(tuple(CONTINUOUS_LEVELS), fitter, rule=rule, n_categories=None)
    levels = ordinal_levels(max(counts.values()))
    return climb(levels, fitter, rule=rule, n_categories=min(counts.values()) + 1)


def climb(
    levels: Sequence[Level],
    fitter: Fitter,
    *,
    rule: Rule | None,
    n_categories: int | None,
    n_compared: int | None = None,
) -> InvarianceLadder:
    """Fit every level and compare it with the one before.

    Parameters
    ----------
    levels : sequence of str
    fitter : callable
        Fits one level.
    rule : str or None
        None takes ``svetina`` for ordered items, else ``chen``.
    n_categories : int or None
        Smallest number of categories; None for measured items.
    n_compared : int, optional
        Waves or roles compared within people; else the number of groups.
    """
    chosen: Rule = rule or ("chen" if n_categories is None else "svetina")
    fits: dict[Level, CfaFit] = {}
    reasons: dict[Level, str] = {}
    for level in levels:
        try:
            fits[level] = fitter(level)
        except NotEstimableError as error:
            reasons[level] = str(error)
    if not fits:
        raise NotEstimableError(reasons[levels[0]])
    rows = [level_row(level, levels, fits, reasons, chosen) for level in levels]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    passed = table["holds"].eq(other=True)
    table["is_interpretable"] = passed.shift(fill_value=True).cummin()
    kept = [level for level, good in zip(levels, passed.cummin(), strict=True) if good]
    any_fit = next(iter(fits.values()))
    return InvarianceLadder(
        table=table,
        fits=fits,
        highest_level=kept[-1] if kept else None,
        cautions=cautions(
            chosen, any_fit.n_by_group, n_categories, n_compared or len(any_fit.n_by_group)
        ),
    )


def ordinal_levels(most_thresholds: int) -> tuple[Level, ...]:
    """Choose the levels that ordered items with so many thresholds can test.

    Two thresholds are used up by the latent response's location and scale; one
    threshold leaves nothing but all restrictions together.
    """
    if most_thresholds == 1:
        return ("configural", "scalar", "strict")
    if most_thresholds == 2:
        return ("configural", "metric", "scalar", "strict")
    return tuple(ORDINAL_LEVELS)
