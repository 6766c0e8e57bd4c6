"""Partial invariance across waves, or across the roles within a triad."""

from collections.abc import Mapping, Sequence

import pandas as pd

from driehoek.psychometrics.cfa.fit import ORDINAL, Estimator, PreparedAnswers
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.score_tests import named_tests
from driehoek.psychometrics.invariance_partial import (
    PartialInvariance,
    SearchLevel,
    search,
    tested_levels,
)
from driehoek.psychometrics.invariance_rules import Level, Rule
from driehoek.psychometrics.invariance_within import (
    Occasions,
    refuse_different_categories,
    wide_model,
    wide_ordinal_model,
)

# Name across occasions -> its name in the wide model at each later occasion -> that occasion.
Family = dict[str, dict[str, str]]


def partial_within_invariance(
    data: pd.DataFrame,
    occasions: Occasions,
    *,
    level: SearchLevel,
    estimator: Estimator = "FIML+MLR",
    released: Sequence[str] = (),
    rule: Rule | None = None,
    max_share: float = 0.5,
) -> PartialInvariance:
    """Release, one by one, the equality across occasions that costs most fit.

    As `partial_invariance` does between groups: the level is compared with the level before
    it, factors are scaled by their variance so that no marker escapes the tests. A released
    parameter is free at every occasion.

    Parameters
    ----------
    data, occasions, estimator
        As of `within_ladder`.
    level : str
    released : sequence of str
        Parameters released already, by factor and item: ``"trust =~ t1"`` (loading),
        ``"t1 ~1"`` (intercept), ``"t1 | t2"`` (threshold), ``"t1 ~~ t1"`` (residual variance).
    rule, max_share
        As of `partial_invariance`.

    References
    ----------
    Byrne, Shavelson & Muthén (1989), doi:10.1037/0033-2909.105.3.456.
    """
    is_ordinal = estimator in ORDINAL
    items = wide_model(occasions, "configural").items
    prepared = PreparedAnswers(data, items, estimator=estimator, means=True)
    counts = prepared.n_thresholds or {}
    if is_ordinal:
        refuse_different_categories(occasions, counts)

    def fitted(at: Level, names: Sequence[str]) -> CfaFit:
        if is_ordinal:
            model = wide_ordinal_model(occasions, at, counts, released=names)
            return prepared.fit(model, parameterisation="theta")
        return prepared.fit(wide_model(occasions, at, released=names, scaling="variance"))

    families = _families(occasions, level, counts)
    return search(
        fitted,
        level,
        tested_levels(prepared),
        released=released,
        rule=rule or ("svetina" if is_ordinal else "chen"),
        worst=lambda fit, known: _worst(fit, families, known, max_share),
    )


def _families(occasions: Occasions, level: SearchLevel, counts: Mapping[str, int]) -> list[Family]:
    """Name what this level holds equal, one family a factor."""
    (_, first), *later = occasions.columns.items()
    return [
        {
            pattern.format(factor=factor, item=item): {
                pattern.format(factor=f"{factor}@{occasion}", item=columns[item]): occasion
                for occasion, columns in later
            }
            for item in items
            for pattern in _patterns(level, counts.get(first[item], 0))
        }
        for factor, items in occasions.factors.items()
    ]


def _patterns(level: SearchLevel, n_thresholds: int) -> list[str]:
    if level == "thresholds":
        return [f"{{item}} | t{t}" for t in range(1, n_thresholds + 1)]
    return [{"metric": "{factor} =~ {item}", "scalar": "{item} ~1"}.get(level, "{item} ~~ {item}")]


def _worst(
    fit: CfaFit, families: Sequence[Family], released: Sequence[str], max_share: float
) -> pd.Series | None:
    places = {
        at: (name, occasion)
        for family in families
        if sum(name in released for name in family) + 1 <= max_share * len(family)
        for name, later in family.items()
        if name not in released
        for at, occasion in later.items()
    }
    tests = named_tests(fit, places)
    if tests.empty:
        return None
    worst = tests.iloc[0].copy()
    worst["name"], worst["group"] = places[str(worst["name"])]
    return worst
