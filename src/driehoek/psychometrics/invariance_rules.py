"""When the fall in fit between two levels of invariance is too large."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Level = Literal["configural", "thresholds", "metric", "scalar", "strict"]
Rule = Literal["chen", "cheung_rensvold", "svetina", "chi_square"]

SMALL_SAMPLE = 300
SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class FitChange:
    """Change in fit from one level to the next.

    Attributes
    ----------
    level : str
        The more restricted level.
    cfi, rmsea, srmr : float
        Value at that level minus value at the level before.
    p : float
        Of the chi-square difference; NaN if it cannot be had.
    n : int
        Respondents in all groups.
    """

    level: Level
    cfi: float
    rmsea: float
    srmr: float
    p: float
    n: int


def holds(rule: Rule, change: FitChange) -> bool:
    """Say whether the restrictions of a level are tenable by one rule.

    References
    ----------
    chen: Chen (2007), doi:10.1080/10705510701301834: fails if CFI falls by .010 or more
    and RMSEA rises by .015 or SRMR by .030 (loadings) or .010 (intercepts, residuals);
    with at most 300 respondents .005, .010, .025 and .005.
    cheung_rensvold: Cheung & Rensvold (2002), doi:10.1207/S15328007SEM0902_5: fails if
    CFI falls by more than .01.
    svetina: Svetina, Rutkowski & Rutkowski (2020), doi:10.1080/10705511.2019.1602776, who
    carry on Rutkowski & Svetina (2017), doi:10.1080/08957347.2016.1243540: fails if CFI
    falls by more than .004 or RMSEA rises by more than .050 (thresholds, loadings) or
    .010 (intercepts, residuals).
    chi_square: fails if the chi-square difference has p below .05.
    """
    return _RULES[rule](change)


def cautions(
    rule: Rule, group_sizes: Sequence[int], n_categories: int | None, n_groups: int
) -> tuple[str, ...]:
    """Say where the data lie outside what a rule was simulated for.

    Parameters
    ----------
    rule : str
    group_sizes : sequence of int
    n_categories : int or None
        Smallest number of categories of any item; None for measured items.
    n_groups : int
        Groups, waves or roles compared.
    """
    if rule == "chi_square":
        large = sum(group_sizes) > 1000
        return ("With this many respondents chi-square rejects trifles.",) if large else ()
    found = []
    if min(group_sizes) < _SMALLEST_GROUP[rule]:
        found.append(
            f"The smallest group has {min(group_sizes)} respondents; the cut-offs of "
            f"{_AUTHORS[rule]} were simulated with at least {_SMALLEST_GROUP[rule]}."
        )
    if n_groups > 2 and rule != "svetina":
        found.append(f"The cut-offs of {_AUTHORS[rule]} were derived for two groups.")
    if n_categories is not None and rule != "svetina":
        found.append(
            f"The cut-offs of {_AUTHORS[rule]} were derived for measured items and maximum "
            "likelihood, not for ordered categories."
        )
    if rule == "svetina" and n_groups < _FEWEST_GROUPS:
        found.append(
            "The cut-offs of Svetina et al. (2020) rest on simulations of 10 and 20 large groups; "
            f"for {n_groups} they are a rough guide."
        )
    if n_categories is not None and n_categories < 3 and rule == "svetina":
        found.append("The cut-offs of Svetina et al. were not derived for items of two categories.")
    return tuple(found)


def _chen(change: FitChange) -> bool:
    is_small = change.n <= SMALL_SAMPLE
    cfi, rmsea = (0.005, 0.010) if is_small else (0.010, 0.015)
    loadings, others = (0.025, 0.005) if is_small else (0.030, 0.010)
    srmr = loadings if change.level in {"metric", "thresholds"} else others
    return not (-change.cfi >= cfi and (change.rmsea >= rmsea or change.srmr >= srmr))


def _cheung_rensvold(change: FitChange) -> bool:
    return -change.cfi <= 0.01


def _svetina(change: FitChange) -> bool:
    rmsea = 0.050 if change.level in {"metric", "thresholds"} else 0.010
    return -change.cfi <= 0.004 and change.rmsea <= rmsea


def _chi_square(change: FitChange) -> bool:
    return bool(np.isnan(change.p) or change.p >= SIGNIFICANCE)


_RULES = {
    "chen": _chen,
    "cheung_rensvold": _cheung_rensvold,
    "svetina": _svetina,
    "chi_square": _chi_square,
}
_AUTHORS = {
    "chen": "Chen (2007)",
    "cheung_rensvold": "Cheung and Rensvold (2002)",
    "svetina": "Svetina et al. (2020)",
}
_FEWEST_GROUPS = 10
_SMALLEST_GROUP = {"chen": 75, "cheung_rensvold": 150, "svetina": 300}
