"""One replication of the tests of invariance, where invariance is true and triads are not alone."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.invariance import InvarianceLadder, invariance_ladder
from driehoek.psychometrics.invariance_within import Occasions, within_ladder
from driehoek.psychometrics.moments import FloatArray

Trial = dict[str, object]
ITEMS = ("a", "b", "c", "d")
LOADING, SHARED_FACTOR, SHARED_ERROR = 0.7, 0.4, 0.3
LEVELS = ("metric", "scalar", "strict")
WITHIN, IGNORED = "one wide model", "roles as independent groups"
CLUSTERED, UNCLUSTERED = "clustered by triad", "rows as independent"


def across_roles(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Compare two roles of n triads: side by side, and wrongly as independent groups."""
    first, second = _members(n, rng)
    wide = pd.DataFrame(
        np.hstack([first, second]), columns=[f"{i}{r}" for r in "sc" for i in ITEMS]
    )
    occasions = Occasions({"f": ITEMS}, {r: {i: f"{i}{r}" for i in ITEMS} for r in "sc"})
    yield from _rejections(WITHIN, lambda: within_ladder(wide, occasions))
    stacked = pd.DataFrame(np.vstack([first, second]), columns=list(ITEMS))
    roles = pd.Series(np.repeat(["s", "c"], n))
    model = FactorModel({"f": list(ITEMS)})
    yield from _rejections(IGNORED, lambda: invariance_ladder(stacked, model, groups=roles))


def groups_of_pairs(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Compare two groups of triads with two members each, allowing for the triad and not."""
    first, second = _members(n, rng)
    stacked = pd.DataFrame(np.vstack([first, second]), columns=list(ITEMS))
    triads = pd.Series(np.tile(np.arange(n), 2))
    groups = pd.Series(np.where(triads % 2 == 0, "x", "y"))
    model = FactorModel({"f": list(ITEMS)})
    yield from _rejections(
        CLUSTERED, lambda: invariance_ladder(stacked, model, groups=groups, clusters=triads)
    )
    yield from _rejections(UNCLUSTERED, lambda: invariance_ladder(stacked, model, groups=groups))


CONDITIONS: dict[str, tuple[Callable[[int, np.random.Generator], Iterator[Trial]], tuple[int, ...]]]
CONDITIONS = {
    "across_roles": (across_roles, (200,)),
    "groups_of_pairs": (groups_of_pairs, (200,)),
}


def _members(n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Draw the answers of two members of n triads, for whom the items mean the same."""
    common = rng.standard_normal((n, 1 + len(ITEMS)))
    members = []
    for _ in range(2):
        own = rng.standard_normal((n, 1 + len(ITEMS)))
        factor = np.sqrt(SHARED_FACTOR) * common[:, :1] + np.sqrt(1 - SHARED_FACTOR) * own[:, :1]
        error = np.sqrt(SHARED_ERROR) * common[:, 1:] + np.sqrt(1 - SHARED_ERROR) * own[:, 1:]
        members.append(LOADING * factor + np.sqrt(1 - LOADING**2) * error)
    return members[0], members[1]


def _rejections(method: str, climb: Callable[[], InvarianceLadder]) -> Iterator[Trial]:
    try:
        table = climb().table.set_index("level")
    except NotEstimableError:
        table = pd.DataFrame({"p_difference": np.nan}, index=list(LEVELS))
    for level in LEVELS:
        p = float(table["p_difference"].get(level, np.nan))
        yield {
            "statistic": f"rejects_{level}", "method": method, "truth": 0.05,
            "estimate": float(p < 0.05) if p == p else np.nan, "ci_low": np.nan, "ci_high": np.nan,
        }  # fmt: skip
