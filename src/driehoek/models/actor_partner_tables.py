"""The statistics of an actor-partner model, as rows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from driehoek.models.actor_partner_design import MemberDesign
from driehoek.models.kenward_roger import contrast_df, wald_test
from driehoek.models.statistic import Statistic, critical_value, two_sided_p
from driehoek.models.triadic import TriadicFit
from driehoek.psychometrics.bootstrap import percentile_interval

Floats = NDArray[np.float64]

LEAST_SUCCESS = 0.95  # share of samples that must have an estimate, or there is no interval
RATIO_REASON = "the interval of the actor effect holds zero, so a ratio to it has no meaning"
FAILED_REASON = "more than 5 % of the resamples could not be fitted, so there is no interval"


def coefficient_rows(
    fit: TriadicFit, design: MemberDesign, blank: Statistic, confidence: float
) -> Iterator[Statistic]:
    """Give each effect with its standard error, df, interval and p."""
    reason = "" if fit.is_converged else "the optimiser did not converge"
    for place, b in enumerate(fit.b.tolist()):
        se, df = _se_and_df(fit, place)
        reach = critical_value(confidence, df) * se
        yield replace(
            blank,
            statistic="b",
            group=design.groups[place],
            term=design.terms[place],
            estimate=b,
            se=se,
            df=df,
            ci_low=b - reach,
            ci_high=b + reach,
            p=two_sided_p(b / se, df),
            reason=reason,
        )


def _se_and_df(fit: TriadicFit, place: int) -> tuple[float, float]:
    chosen = np.eye(len(fit.b))[place]
    if fit.robust is not None:
        return math.sqrt(float(fit.robust.covariance[place, place])), fit.robust.df(chosen)
    if fit.sample is not None:
        own = float(fit.sample.adjusted[place, place])
        return math.sqrt(own), contrast_df(fit.sample, chosen)
    return math.sqrt(float(fit.covariance[place, place])), math.inf


def ratio_rows(
    coefficients: pd.DataFrame,
    draws: Floats,
    design: MemberDesign,
    blank: Statistic,
    confidence: float,
    units: str,
) -> Iterator[Statistic]:
    """Give k, the partner effect over the actor effect, where the latter is not zero."""
    if not len(draws):
        return
    kept = draws[~np.isnan(draws).any(axis=1)]
    places = {pair: i for i, pair in enumerate(zip(design.groups, design.terms, strict=True))}
    for (group, term), place in places.items():
        kind = design.kinds[place]
        if not kind.startswith("partner"):
            continue
        below = places[group, kind.replace("partner", "actor")]
        actor = coefficients.iloc[below]
        row = replace(blank, statistic="k", group=group, term=term)
        row = replace(row, method=f"{row.method}, {len(draws)} samples of {units}")
        if actor["ci_low"] <= 0 <= actor["ci_high"]:
            yield replace(row, reason=RATIO_REASON)
            continue
        k = float(coefficients["estimate"].iloc[place] / actor["estimate"])
        if len(kept) < LEAST_SUCCESS * len(draws):
            yield replace(row, estimate=k, reason=FAILED_REASON)
            continue
        low, high = percentile_interval(kept[:, place] / kept[:, below], confidence)
        yield replace(row, estimate=k, ci_low=low, ci_high=high)


def component_rows(
    fit: TriadicFit, members: Sequence[str], waves: Sequence[str], blank: Statistic
) -> Iterator[Statistic]:
    """Give the residual standard deviations and correlations between places."""
    names = [f"{m}[{w}]" if len(waves) > 1 else m for w in (waves or [""]) for m in members]
    sds = np.sqrt(np.diag(fit.places))
    for name, sd in zip(names, sds.tolist(), strict=True):
        yield replace(blank, statistic="residual_sd", group=name, estimate=sd)
    for i, j in combinations(range(len(names)), 2):
        r = float(fit.places[i, j] / (sds[i] * sds[j]))
        yield replace(blank, statistic="residual_r", group=names[i], term=names[j], estimate=r)
    yield replace(blank, statistic="log_likelihood", estimate=fit.log_likelihood)


def likelihood_ratio(
    name: str, full: TriadicFit, restricted: TriadicFit, blank: Statistic
) -> Statistic:
    """Compare two nested fits by maximum likelihood, triads taken as independent."""
    row = replace(blank, statistic=name, method="likelihood ratio, ML")
    if not (full.is_converged and restricted.is_converged):
        return replace(row, reason="one of the two fits did not converge")
    df = full.n_parameters - restricted.n_parameters
    chi2 = 2 * (full.log_likelihood - restricted.log_likelihood)
    return replace(row, estimate=chi2, df=float(df), p=float(special.chdtrc(df, max(chi2, 0.0))))


def equality_rows(fit: TriadicFit, design: MemberDesign, blank: Statistic) -> Iterator[Statistic]:
    """Test that members do not differ: in anything but (co)variances, and effect by effect."""
    if fit.sample is None:
        return
    kinds = list(dict.fromkeys(design.kinds))
    yield from _equality_rows("f_distinguishable", kinds, fit, design, blank)
    for kind in kinds:
        if kind.startswith(("actor", "partner")):
            yield from _equality_rows(f"f_{kind}_equal", [kind], fit, design, blank)


def _equality_rows(
    name: str, kinds: Sequence[str], fit: TriadicFit, design: MemberDesign, blank: Statistic
) -> Iterator[Statistic]:
    contrasts = np.vstack([_differences(kind, design) for kind in kinds])
    row = replace(blank, statistic=name, df=float(len(contrasts)))
    if fit.robust is None and fit.sample is not None:
        test = wald_test(fit.sample, fit.b, contrasts)
        f, df2, p = test.f, test.df2, test.p
    elif fit.robust is not None:
        f, df2 = fit.robust.hotelling(fit.b, contrasts)
        if len(fit.robust.cross) <= len(contrasts) or df2 <= 0:
            yield replace(
                row, reason=f"too few clusters test {len(contrasts)} coefficients together"
            )
            return
        p = float(special.fdtrc(len(contrasts), df2, f))
    yield replace(row, estimate=f, p=p)
    yield replace(row, statistic=f"{name}_df2", estimate=df2, df=math.nan)


def _differences(kind: str, design: MemberDesign) -> Floats:
    """Give the first column of a kind less each of the others."""
    own = [place for place, each in enumerate(design.kinds) if each == kind]
    contrasts = np.zeros((len(own) - 1, len(design.kinds)))
    contrasts[:, own[0]] = 1
    contrasts[np.arange(len(own) - 1), own[1:]] = -1
    return contrasts
