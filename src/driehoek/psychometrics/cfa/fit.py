"""Fitting a confirmatory factor model."""

from collections.abc import Collection
from typing import Literal

import pandas as pd

from driehoek.psychometrics.cfa.continuous import fit_continuous
from driehoek.psychometrics.cfa.data import grouped_answers
from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.ordinal import fit_ordinal, ordinal_samples
from driehoek.psychometrics.cfa.ordinal_parameters import Parameterisation
from driehoek.psychometrics.cfa.parameters import Constraint
from driehoek.psychometrics.cfa.result import CfaFit

Estimator = Literal["ML", "MLR", "FIML", "FIML+MLR", "WLSMV", "ULSMV"]

ORDINAL: tuple[Estimator, ...] = ("WLSMV", "ULSMV")
_ROBUST = ("MLR", "FIML+MLR")
_INCOMPLETE = ("FIML", "FIML+MLR")


def fit_cfa(
    data: pd.DataFrame,
    model: FactorModel,
    *,
    groups: str | pd.Series | None = None,
    estimator: Estimator = "ML",
    equal: Collection[Constraint] = (),
    released: Collection[str] = (),
    means: bool = False,
    pairwise: bool = False,
    parameterisation: Parameterisation = "delta",
) -> CfaFit:
    """Fit a confirmatory factor model in one group or several.

    Parameters
    ----------
    data : pandas.DataFrame, shape (respondents, columns)
        Holds the items of the model as numbers, NaN where missing.
    model : FactorModel
    groups : str or pandas.Series, optional
        The column with the group of each respondent, or the groups themselves.
    estimator : str
        ``ML``: maximum likelihood on complete rows, standard errors from the expected
        information. ``MLR``: the same estimates with sandwich standard errors and a
        mean-corrected chi-square. ``FIML`` and ``FIML+MLR``: all answers of incomplete
        rows are used, which assumes that answers are missing at random; standard errors
        from the observed information. ``WLSMV`` (diagonally weighted) and ``ULSMV``
        (unweighted): ordered items, through polychoric correlations.
    equal : collection of str
        What is held equal across groups.
    released : collection of str
        Names of parameters that stay free across groups all the same.
    means : bool
        Whether a single complete group has a mean structure. Several groups and FIML
        always have one.
    pairwise : bool
        Ordered items only: use each pair's own rows instead of complete rows. Both
        assume that answers are missing completely at random.
    parameterisation : {"delta", "theta"}
        Ordered items only.

    Raises
    ------
    FactorModelError
        If the model names what the data do not have, or asks for the impossible.
    NotEstimableError
        If the data cannot give the estimates; the message says why.

    References
    ----------
    Jöreskog (1969), doi:10.1007/BF02289343; Muthén (1984), doi:10.1007/BF02294210;
    Rosseel (2012), doi:10.18637/jss.v048.i02. Agrees with lavaan 0.6-14 (estimates 1e-4
    relative, standard errors and fit 1e-3).
    """
    if estimator in ORDINAL:
        answers = grouped_answers(data, model.items, groups, listwise=not pairwise)
        return fit_ordinal(
            answers,
            ordinal_samples(answers, model.items),
            model,
            weighted=estimator == "WLSMV",
            equal=equal,
            released=released,
            parameterisation=parameterisation,
        )
    if "thresholds" in equal:
        msg = f"Thresholds belong to ordered items; estimator {estimator} has none."
        raise FactorModelError(msg)
    uses_all = estimator in _INCOMPLETE
    answers = grouped_answers(data, model.items, groups, listwise=not uses_all)
    return fit_continuous(
        answers,
        model,
        estimator=estimator,
        robust=estimator in _ROBUST,
        means=means or uses_all or groups is not None,
        equal=equal,
        released=released,
    )
