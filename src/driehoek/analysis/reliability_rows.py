"""Alpha, omega total and item statistics of one scale or facet, as statistics rows."""

from collections.abc import Iterator

import numpy as np

from driehoek.analysis.reliability_sample import ReliabilitySample
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.item_analysis import item_statistics
from driehoek.psychometrics.omega import Missing, omega_total
from driehoek.psychometrics.omega_if_dropped import omega_if_dropped
from driehoek.psychometrics.reliability import Alpha, bonett_interval, cronbach_alpha
from driehoek.psychometrics.resampled_coefficients import resampled_coefficients

Fields = dict[str, object]
_NAMES = {"feldt": "Feldt interval", "bonett": "Bonett interval"}


def reliability_rows(sample: ReliabilitySample) -> Iterator[Fields]:
    """Give alpha, omega total, and the item statistics."""
    main = list(main_rows(sample))
    yield from main
    if any(row["statistic"] == "bootstrap_samples" for row in main):  # omega total is there
        yield from _omega_if_dropped(sample)
    yield from _items(sample)


def main_rows(sample: ReliabilitySample) -> Iterator[Fields]:
    """Give alpha and omega total."""
    yield _alpha(sample)
    yield from _omega(sample)


def resampling_words(sample: ReliabilitySample) -> str:
    """Say what was drawn again, and which interval the samples give."""
    is_bca = sample.plan.resampling == "bca"
    return f"{sample.unit} resampled{', BCa interval' if is_bca else ''}"


def _alpha(sample: ReliabilitySample) -> Fields:
    kind = "bootstrap" if sample.triads is not None else sample.plan.alpha_interval
    words = resampling_words(sample) if kind == "bootstrap" else _NAMES[kind]
    head: Fields = {"statistic": "alpha", "method": f"{sample.use} rows, {words}"}
    try:
        alpha = cronbach_alpha(sample.items, confidence=sample.confidence, use=sample.use)
        limits = _alpha_limits(alpha, sample, kind)
    except TooFewDataError as fault:
        return head | {"n": sample.n_usable, "reason": str(fault)}
    found = {"estimate": alpha.estimate, "n": alpha.n_respondents, "n_excluded": alpha.n_excluded}
    return head | found | limits


def _alpha_limits(alpha: Alpha, sample: ReliabilitySample, kind: str) -> Fields:
    if kind == "feldt":
        return {"ci_low": alpha.ci_low, "ci_high": alpha.ci_high}
    if kind == "bonett":
        low, high = bonett_interval(
            alpha.estimate, alpha.n_interval, alpha.n_items, confidence=sample.confidence
        )
        return {"ci_low": low, "ci_high": high}
    table = resampled_coefficients(
        sample.items,
        ["alpha"],
        rng=sample.rng("alpha"),
        confidence=sample.confidence,
        n_boot=sample.plan.bootstrap,
        interval=sample.plan.resampling,
        clusters=sample.triads,
        use=sample.use,
    )
    row = table.iloc[0]
    return {"ci_low": row["ci_low"], "ci_high": row["ci_high"], "reason": row["reason"]}


def _omega(sample: ReliabilitySample) -> Iterator[Fields]:
    missing, model = _factor_model(sample)
    head: Fields = {"method": f"{model}, {resampling_words(sample)}"}
    try:
        omega = omega_total(
            sample.items,
            confidence=sample.confidence,
            n_boot=sample.plan.bootstrap,
            interval=sample.plan.resampling,
            rng=sample.rng(),
            clusters=sample.triads,
            missing=missing,
        )
    except TooFewDataError as fault:
        yield head | {"statistic": "omega_total", "n": sample.n_usable, "reason": str(fault)}
        return
    head |= {"n": omega.n_respondents, "n_excluded": omega.n_excluded}
    yield head | {
        "statistic": "omega_total",
        "estimate": omega.estimate,
        "ci_low": omega.ci_low,
        "ci_high": omega.ci_high,
        "reason": omega.reason,
    }
    yield head | {"statistic": "bootstrap_samples", "estimate": omega.n_boot}
    yield head | {"statistic": "bootstrap_failed", "estimate": omega.n_failed}


def _omega_if_dropped(sample: ReliabilitySample) -> Iterator[Fields]:
    missing, model = _factor_model(sample)
    for row in omega_if_dropped(sample.items, missing=missing).to_dict("records"):
        yield {
            "statistic": "omega_if_dropped",
            "method": model,
            "term": row["item"],
            "estimate": row["omega_if_dropped"],
            "n": row["n"],
            "reason": row["reason"],
        }


def _factor_model(sample: ReliabilitySample) -> tuple[Missing, str]:
    if sample.is_planned:
        return "fiml", "one factor, full-information ML"
    return "complete", "one factor, ML on complete rows"


def _items(sample: ReliabilitySample) -> Iterator[Fields]:
    head: Fields = {"method": f"{sample.use} rows"}
    try:
        table = item_statistics(sample.items, confidence=sample.confidence, use=sample.use)
    except TooFewDataError as fault:
        yield head | {"statistic": "item_rest", "n": sample.n_usable, "reason": str(fault)}
        return
    for item in table.to_dict("records"):
        head |= {"term": item["item"], "n": item["n"]}
        rest = {"estimate": item["item_rest"], "ci_low": item["ci_low"], "ci_high": item["ci_high"]}
        yield head | {"statistic": "item_rest", "reason": item["reason"]} | rest
        dropped = item["alpha_if_dropped"]
        reason = "two items: without one there is no alpha" if len(table) == 2 else item["reason"]
        reason = reason if np.isnan(dropped) else ""
        yield head | {"statistic": "alpha_if_dropped", "estimate": dropped, "reason": reason}
