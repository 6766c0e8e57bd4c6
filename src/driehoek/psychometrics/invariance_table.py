"""One row of an invariance ladder: the fit of a level and its fall from the level before."""

from collections.abc import Mapping, Sequence

import numpy as np

from driehoek.psychometrics.cfa.difference import chi_square_difference
from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.cfa.fit_indices import ApproximateFit
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance_rules import FitChange, Level, Rule, holds

RULES: tuple[Rule, ...] = ("chen", "cheung_rensvold", "svetina", "chi_square")
COLUMNS = (
    "level",
    "indices",
    "chisq",
    "df",
    "p",
    "scaling",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "srmr",
    "change_cfi",
    "change_rmsea",
    "change_srmr",
    "chisq_difference",
    "df_difference",
    "p_difference",
    "method_difference",
    "holds_chen",
    "holds_cheung_rensvold",
    "holds_svetina",
    "holds_chi_square",
    "rule",
    "holds",
    "warnings",
    "reason",
    "n",
    "n_excluded",
)
# ASSUME: a configural model worse than this is not worth comparing between groups. Limits
# as commonly used (Hu & Bentler 1999, doi:10.1080/10705519909540118, ask for more).
ACCEPTABLE_CFI = 0.90
ACCEPTABLE_SRMR = 0.10
NO_SCALING = "The scaled difference does not exist: its scaling factor is not positive."


def deciding_indices(fit: CfaFit) -> tuple[str, ApproximateFit]:
    """Choose the indices that decide: scaled for ordered items, robust where they exist."""
    if fit.estimator in ORDINAL and fit.fit.scaled:
        return "scaled", fit.fit.scaled
    if fit.fit.robust:
        return "robust", fit.fit.robust
    return "standard", fit.fit.standard


def level_row(
    level: Level,
    levels: Sequence[Level],
    fits: Mapping[Level, CfaFit],
    reasons: Mapping[Level, str],
    rule: Rule,
) -> dict[str, object]:
    """Describe one level and its comparison with the level before."""
    if level not in fits:
        return {"level": level, "rule": rule, "reason": reasons[level]}
    fit = fits[level]
    kind, indices = deciding_indices(fit)
    tested = fit.fit.scaled or fit.fit.standard
    row: dict[str, object] = {
        "level": level,
        "indices": kind,
        **{name: getattr(tested, name) for name in ("chisq", "df", "p", "scaling")},
        **{
            name: getattr(indices, name)
            for name in ("cfi", "tli", "rmsea", "rmsea_low", "rmsea_high")
        },
        "srmr": fit.fit.srmr,
        "rule": rule,
        "warnings": " ".join(fit.warnings),
        "reason": "",
        "n": fit.n,
        "n_excluded": fit.n_excluded,
    }
    position = levels.index(level)
    before = fits.get(levels[position - 1]) if position else None
    if position == 0:
        acceptable = indices.cfi >= ACCEPTABLE_CFI and fit.fit.srmr <= ACCEPTABLE_SRMR
        return row | {"holds": bool(acceptable)}
    if before is None:
        return row | {"reason": "The level before could not be estimated."}
    return row | _comparison(level, before, fit, rule)


def _comparison(level: Level, before: CfaFit, fit: CfaFit, rule: Rule) -> dict[str, object]:
    _, old = deciding_indices(before)
    _, new = deciding_indices(fit)
    row: dict[str, object] = {}
    p = np.nan
    try:
        test = chi_square_difference(before, fit)
    except FactorModelError as error:
        row["reason"] = str(error)
    else:
        p = test.p
        if np.isnan(test.chisq):
            row["reason"] = NO_SCALING
        row |= {
            "chisq_difference": test.chisq,
            "df_difference": test.df,
            "p_difference": p,
            "method_difference": test.method,
        }
    change = FitChange(
        level=level,
        cfi=new.cfi - old.cfi,
        rmsea=new.rmsea - old.rmsea,
        srmr=fit.fit.srmr - before.fit.srmr,
        p=p,
        n=fit.n,
    )
    row |= {f"change_{name}": getattr(change, name) for name in ("cfi", "rmsea", "srmr")}
    row |= {f"holds_{name}": holds(name, change) for name in RULES}
    return row | {"holds": holds(rule, change)}
