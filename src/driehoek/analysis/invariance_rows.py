"""A ladder of invariance as statistics rows."""

from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd
from scipy.special import ndtri

from driehoek.analysis.fit_rows import EXPLORATORY, note_rows
from driehoek.analysis.rows import Row
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit import ORDINAL
from driehoek.psychometrics.invariance import InvarianceLadder
from driehoek.psychometrics.invariance_bias import dmacs, dmacs_within
from driehoek.psychometrics.invariance_means import latent_means, latent_means_within
from driehoek.psychometrics.invariance_partial import PartialInvariance
from driehoek.psychometrics.invariance_within import Occasions

STOPS = "interpretation stops here: this level does not hold"
NOT_READ = "not interpreted: a level before it does not hold"
MARKER = "0 by construction: this item ties the groups together"
MARKER_ORDERED = "small by construction: this item ties the groups together"
INDICES = ("cfi", "tli", "srmr", "change_cfi", "change_rmsea", "change_srmr")


def ladder_rows(ladder: InvarianceLadder, method: str) -> Iterator[Row]:
    """Give the fit, the fall in fit and the verdict of every level.

    ``group`` is the level. ``holds`` is 1 or 0 by the rule that its method names, with the reason
    where interpretation stops; ``highest_level`` counts the levels that hold one after another, the
    last of them its ``term``.
    """
    for record in ladder.table.to_dict("records"):
        yield from ({"method": method, **row} for row in _level(record, method))
    held = ladder.highest_level
    levels = list(ladder.table["level"])
    yield {
        "statistic": "highest_level",
        "term": held or "none",
        "estimate": levels.index(held) + 1 if held else 0,
        "method": method,
        "n": ladder.table["n"].max(),
    }
    warnings = ladder.table["warnings"].dropna()
    said = dict.fromkeys([*ladder.cautions, *(words for words in warnings if words)])
    yield from ({"method": method, **row} for row in note_rows(said))


def _level(record: dict[Hashable, Any], method: str) -> Iterator[Row]:
    level = {"group": record["level"], "n": record.get("n"), "n_excluded": record.get("n_excluded")}
    if pd.isna(record["chisq"]):
        yield level | {"statistic": "chi2", "reason": record["reason"]}
        return
    named = {"method": f"{method}, {record['indices']}"}
    yield level | {
        "statistic": "chi2", "estimate": record["chisq"], "df": record["df"], "p": record["p"],
    }  # fmt: skip
    yield (
        level
        | named
        | {
            "statistic": "rmsea",
            "estimate": record["rmsea"],
            "ci_low": record["rmsea_low"],
            "ci_high": record["rmsea_high"],
        }
    )
    for name in INDICES:
        if pd.notna(record[name]):
            own = {} if "srmr" in name else named
            yield level | own | {"statistic": name, "estimate": record[name]}
    yield from ({**level, **row} for row in _verdict(record, method))


def _verdict(record: dict[Hashable, Any], method: str) -> Iterator[dict[str, object]]:
    if pd.notna(record["chisq_difference"]):
        yield {
            "statistic": "chi2_difference",
            "estimate": record["chisq_difference"],
            "df": record["df_difference"],
            "p": record["p_difference"],
            "method": f"{method}, {record['method_difference']}",
        }
    elif record["reason"]:
        yield {"statistic": "chi2_difference", "reason": record["reason"]}
    head: dict[str, object] = {"statistic": "holds", "method": f"{method}, {record['rule']}"}
    if pd.isna(record["holds"]):
        yield head | {"reason": record["reason"]}
        return
    stops = "" if record["holds"] else STOPS
    reason = stops if record["is_interpretable"] else NOT_READ
    yield head | {"estimate": float(bool(record["holds"])), "reason": reason}


def partial_rows(found: PartialInvariance, method: str) -> Iterator[Row]:
    """Give what had to be released for a level to hold: an exploratory search."""
    head = {"group": found.level, "method": f"{method}, search", "n": found.fit.n}
    for step in found.steps.to_dict("records"):
        yield head | {
            "statistic": "released",
            "term": step["released"],
            "estimate": step["statistic"],
            "df": 1,
            "p": step["p"],
            "reason": EXPLORATORY,
        }
    verdict = {"statistic": "partial_holds", "estimate": float(found.does_hold)}
    yield head | verdict | {"reason": EXPLORATORY}


def mean_rows(
    ladder: InvarianceLadder, method: str, confidence: float, occasions: Occasions | None = None
) -> Iterator[Row]:
    """Compare factor means with those of the first group, where scalar invariance holds.

    With `occasions` those of the first wave or role.
    """
    if ladder.highest_level not in {"scalar", "strict"}:
        return
    z = float(ndtri((1 + confidence) / 2))
    n = ladder.fits["scalar"].n
    means = latent_means_within(ladder, occasions) if occasions else latent_means(ladder)
    for row in means.to_dict("records"):
        head = {"group": row["group"], "term": row["factor"], "method": method, "n": n}
        difference, se = row["difference"], row["se"]
        yield head | {
            "statistic": "latent_mean_difference",
            "estimate": difference,
            "se": se,
            "ci_low": difference - z * se,
            "ci_high": difference + z * se,
            "p": row["p"],
        }
        yield head | {"statistic": "latent_mean_effect", "estimate": row["effect_size"]}


def bias_rows(
    ladder: InvarianceLadder, method: str, occasions: Occasions | None = None
) -> Iterator[Row]:
    """Give how far answers to each item lie apart at equal factor values.

    ``dmacs`` in standard deviations of the item, ``item_bias`` in points, with its sign. ``group``
    (a group; with `occasions` a wave or role) is compared with the first, ``term`` the item.
    """
    fit = ladder.fits.get("configural")
    if fit is None:
        return
    head = {"n": fit.n, "n_excluded": fit.n_excluded, "method": f"{method}, configural"}
    try:
        found = dmacs_within(fit, occasions) if occasions else dmacs(fit)
    except NotEstimableError as fault:
        yield head | {"statistic": "dmacs", "reason": str(fault)}
        return
    marker = MARKER_ORDERED if fit.estimator in ORDINAL else MARKER
    for row in found.to_dict("records"):
        own = head | {"group": row["group"], "term": row["item"]}
        own["reason"] = marker if row["is_marker"] else ""
        yield own | {"statistic": "dmacs", "estimate": row["dmacs"]}
        yield own | {"statistic": "item_bias", "estimate": row["difference"]}
