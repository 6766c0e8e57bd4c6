"""Invariance across waves, or across the roles within a triad: one wide model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from driehoek.psychometrics.cfa.errors import FactorModelError
from driehoek.psychometrics.cfa.fit import Estimator, PreparedAnswers
from driehoek.psychometrics.cfa.model import FactorModel, Scaling
from driehoek.psychometrics.invariance import (
    CONTINUOUS_LEVELS,
    ORDINAL_LEVELS,
    InvarianceLadder,
    climb,
    ordinal_levels,
)
from driehoek.psychometrics.invariance_rules import Level, Rule


@dataclass(frozen=True, slots=True)
class Occasions:
    """The same items answered several times by, or within, the same unit.

    Attributes
    ----------
    factors : mapping of str to sequence of str
        Factor name to its parallel items.
    columns : mapping of str to mapping of str to str
        Wave or role to the column that holds each item there.

    Raises
    ------
    FactorModelError
        If there are fewer than two occasions, one lacks an item, or two items share a
        column.
    """

    factors: Mapping[str, Sequence[str]]
    columns: Mapping[str, Mapping[str, str]]

    def __post_init__(self) -> None:
        """Refuse occasions that do not hold the same items."""
        items = [item for members in self.factors.values() for item in members]
        faults = [] if len(self.columns) > 1 else ["Invariance needs at least two occasions."]
        for occasion, columns in self.columns.items():
            absent = [item for item in items if item not in columns]
            if absent:
                faults.append(f"{occasion} has no column for {', '.join(absent)}.")
        used = [name for columns in self.columns.values() for name in columns.values()]
        twice = sorted({name for name in used if used.count(name) > 1})
        if twice:
            faults.append(f"Columns named for two items: {', '.join(twice)}.")
        if faults:
            raise FactorModelError(" ".join(faults))


def within_ladder(
    data: pd.DataFrame,
    occasions: Occasions,
    *,
    estimator: Estimator = "FIML+MLR",
    rule: Rule | None = None,
) -> InvarianceLadder:
    """Test invariance where the answers of one row are not independent.

    Every wave (or role within the triad) gets factors of its own in one model; all
    factors correlate, and so do the residuals of the same item across occasions. Equality
    is then tested between occasions as `invariance_ladder` does between groups.

    Parameters
    ----------
    data : pandas.DataFrame, shape (persons or triads, columns)
        One row a person (waves) or a triad (roles).
    occasions : Occasions
        Parallel items of one stated relation only.
    estimator : str
        ``FIML+MLR`` (default) uses rows with missing waves or roles and assumes that
        they are missing at random. ``WLSMV`` takes complete rows, which assumes that
        they are missing completely at random.
    rule : str, optional
        As of `invariance_ladder`.

    References
    ----------
    Widaman, Ferrer & Conger (2010), doi:10.1111/j.1750-8606.2009.00110.x; Liu et al.
    (2017), doi:10.1037/met0000075 (ordered items).
    """
    n_occasions = len(occasions.columns)
    items = wide_model(occasions, "configural").items
    prepared = PreparedAnswers(data, items, estimator=estimator, means=True)
    counts = prepared.n_thresholds
    if counts is None:
        return climb(
            tuple(CONTINUOUS_LEVELS),
            lambda level: prepared.fit(wide_model(occasions, level)),
            rule=rule,
            n_categories=None,
            n_compared=n_occasions,
        )
    refuse_different_categories(occasions, counts)
    return climb(
        ordinal_levels(max(counts.values())),
        lambda level: prepared.fit(
            wide_ordinal_model(occasions, level, counts), parameterisation="theta"
        ),
        rule=rule,
        n_categories=min(counts.values()) + 1,
        n_compared=n_occasions,
    )


def wide_model(
    occasions: Occasions,
    level: Level,
    *,
    released: Sequence[str] = (),
    scaling: Scaling = "marker",
) -> FactorModel:
    """Describe one level for measured items, all occasions in one model.

    Parameters
    ----------
    occasions : Occasions
    level : str
    released : sequence of str
        What stays free across occasions: ``"trust =~ t1"``, ``"t1 ~1"``, ``"t1 ~~ t1"``.
    scaling : {"marker", "variance"}
        With variances no marker escapes a search.
    """
    held = CONTINUOUS_LEVELS[level]
    equal: list[tuple[str, ...]] = []
    estimated: list[str] = []
    columns = _same_item(occasions)
    if "loadings" in held:
        equal += _equal_loadings(occasions, released, skip_marker=scaling == "marker")
        estimated += _later(occasions, "{0} ~~ {0}") if scaling == "variance" else []
    if "intercepts" in held:
        kept = [same for item, same in columns.items() if f"{item} ~1" not in released]
        equal += [tuple(f"{column} ~1" for column in same) for same in kept]
        estimated += _later(occasions, "{} ~1")
    if "residuals" in held:
        kept = [same for item, same in columns.items() if f"{item} ~~ {item}" not in released]
        equal += [tuple(f"{c} ~~ {c}" for c in same) for same in kept]
    return FactorModel(
        _wide_factors(occasions),
        residual_covariances=_same_item_covariances(occasions),
        scaling=scaling,
        equal=equal,
        estimated=estimated,
    )


def wide_ordinal_model(
    occasions: Occasions,
    level: Level,
    n_thresholds: Mapping[str, int],
    *,
    released: Sequence[str] = (),
) -> FactorModel:
    """Describe one level for ordered items; thresholds are named ``"t1 | t2"``.

    Parameters
    ----------
    occasions : Occasions
    level : str
    n_thresholds : mapping of str to int
        By column.
    released : sequence of str
        As of `wide_model`.
    """
    held = ORDINAL_LEVELS[level]
    equal: list[tuple[str, ...]] = []
    estimated: list[str] = []
    if "thresholds" in held:
        for item, same in _same_item(occasions).items():
            every = range(1, n_thresholds[same[0]] + 1)
            kept = [t for t in every if f"{item} | t{t}" not in released]
            equal += [tuple(f"{c} | t{t}" for c in same) for t in kept]
            is_located = "intercepts" in held and f"{item} ~1" not in released
            if not is_located and (len(kept) > 1 or "intercepts" in held):
                estimated += [f"{column} ~1" for column in same[1:]]
            is_scaled = "residuals" in held and f"{item} ~~ {item}" not in released
            if not is_scaled and (len(kept) > 1 or "intercepts" in held):
                estimated += [f"{column} ~~ {column}" for column in same[1:]]
    if "loadings" in held:
        equal += _equal_loadings(occasions, released, skip_marker=False)
        estimated += _later(occasions, "{0} ~~ {0}")
    if "intercepts" in held:
        estimated += _later(occasions, "{} ~1")
    return FactorModel(
        _wide_factors(occasions),
        residual_covariances=_same_item_covariances(occasions),
        scaling="variance",
        equal=equal,
        estimated=estimated,
    )


def _wide_factors(occasions: Occasions) -> dict[str, list[str]]:
    return {
        f"{factor}@{occasion}": [columns[item] for item in members]
        for occasion, columns in occasions.columns.items()
        for factor, members in occasions.factors.items()
    }


def _same_item(occasions: Occasions) -> dict[str, tuple[str, ...]]:
    """Give every item's columns over the occasions."""
    items = dict.fromkeys(item for members in occasions.factors.values() for item in members)
    return {item: tuple(of[item] for of in occasions.columns.values()) for item in items}


def _same_item_covariances(occasions: Occasions) -> list[tuple[str, str]]:
    return [pair for same in _same_item(occasions).values() for pair in combinations(same, 2)]


def _equal_loadings(
    occasions: Occasions, released: Sequence[str], *, skip_marker: bool
) -> list[tuple[str, ...]]:
    return [
        tuple(
            f"{factor}@{occasion} =~ {columns[item]}"
            for occasion, columns in occasions.columns.items()
        )
        for factor, members in occasions.factors.items()
        for item in (members[1:] if skip_marker else members)
        if f"{factor} =~ {item}" not in released
    ]


def _later(occasions: Occasions, pattern: str) -> list[str]:
    """Name a parameter of every factor of the occasions after the first."""
    later = list(occasions.columns)[1:]
    return [pattern.format(f"{f}@{occasion}") for occasion in later for f in occasions.factors]


def refuse_different_categories(occasions: Occasions, n_thresholds: Mapping[str, int]) -> None:
    """Refuse an item with more categories at one occasion than at another.

    Raises
    ------
    FactorModelError
        Naming the columns with their numbers of categories.
    """
    faults = [
        ", ".join(f"{column} ({n_thresholds[column] + 1})" for column in same)
        for same in _same_item(occasions).values()
        if len({n_thresholds[column] for column in same}) > 1
    ]
    if faults:
        msg = (
            f"The same item was answered with different numbers of categories: "
            f"{'; '.join(faults)}. Merge a category that is unused somewhere with its neighbour "
            "everywhere."
        )
        raise FactorModelError(msg)
