"""One replication of each condition of the simulation study of scales."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from driehoek.psychometrics.agreement import intraclass_correlation, limits_of_agreement
from driehoek.psychometrics.bootstrap import Bootstrap
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.hierarchical_omega import hierarchical_omega
from driehoek.psychometrics.kappa import weighted_kappa
from driehoek.psychometrics.mokken import scalability
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.ordinal_reliability import ordinal_reliability
from driehoek.psychometrics.ordinal_tables import IntArray
from driehoek.psychometrics.reliability import bonett_interval, cronbach_alpha
from driehoek.psychometrics.resampled_coefficients import resampled_coefficients
from driehoek.simulation.scale_population import (
    SPREAD,
    Truth,
    categorised,
    latent_answers,
    quadratic_kappa,
    truth_of_normal_items,
    truth_of_options,
)

Trial = dict[str, object]
N_BOOT = 400
BOTH: tuple[Bootstrap, ...] = ("percentile", "bca")
SYMMETRIC = np.array([-1.5, -0.5, 0.5, 1.5])
RHO, SHIFT, ERROR = 0.6, 0.3, 0.4
FACETS, WITHIN, SECOND = 3, 0.75, np.array([0.8, 0.7, 0.6])
CONFIDENCE = 0.95
Z = 1.959963984540054
NOTHING = (np.nan, np.nan, np.nan)


def normal_items(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the intervals of measured items, for which Feldt's was made."""
    items, truth = pd.DataFrame(latent_answers(n, rng)), truth_of_normal_items()
    yield from _alpha(items, truth, rng, None)
    yield from _omega(items, truth, rng, None)


def skewed_options(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the intervals of skewed answers on five options."""
    items, truth = pd.DataFrame(categorised(latent_answers(n, rng))), truth_of_options()
    yield from _alpha(items, truth, rng, None)
    yield from _omega(items, truth, rng, None)
    yield from _ordered(items, truth)


def spread_options(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the figures of ordered answers where items differ in popularity, as they mostly do."""
    items = pd.DataFrame(categorised(latent_answers(n, rng), SPREAD))
    yield from _ordered(items, truth_of_options(SPREAD))


def _ordered(items: pd.DataFrame, truth: Truth, triads: IntArray | None = None) -> Iterator[Trial]:
    method = f"delta{_unit(triads)}"
    h = scalability(items, clusters=triads)
    yield _trial("scalability_h", method, truth.scalability_h, h.h, h.ci_low, h.ci_high)
    try:
        found = ordinal_reliability(items, clusters=triads)
    except (TooFewDataError, NotEstimableError):
        yield _trial("omega_categorical", method, truth.omega_categorical, *NOTHING)
        return
    yield _trial(
        "omega_categorical", method, truth.omega_categorical,
        found.omega, found.ci_low, found.ci_high,
    )  # fmt: skip


def two_members(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the intervals where a triad holds two members: n rows of n / 2 triads."""
    items = pd.DataFrame(categorised(latent_answers(n, rng, in_pairs=True)))
    truth, triads = truth_of_options(), np.arange(n) // 2
    yield from _alpha(items, truth, rng, triads)
    yield from _omega(items, truth, rng, triads)
    for clusters, method in ((None, "delta, rows taken as independent"), (triads, "delta, triads")):
        h = scalability(items, clusters=clusters)
        yield _trial("scalability_h", method, truth.scalability_h, h.h, h.ci_low, h.ci_high)


def two_members_ordered(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try categorical omega where a triad holds two members and items differ in popularity."""
    items = pd.DataFrame(categorised(latent_answers(n, rng, in_pairs=True), SPREAD))
    yield from _ordered(items, truth_of_options(SPREAD), np.arange(n) // 2)


def two_raters(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the figures of agreement of two roles, the second with a higher mean."""
    subject = np.sqrt(1 - ERROR) * rng.standard_normal((n, 1))
    scores = subject + np.sqrt(ERROR) * rng.standard_normal((n, 2)) + np.array([0, SHIFT])
    icc, gap = intraclass_correlation(scores), limits_of_agreement(*scores.T)
    agreement = (1 - ERROR) / (1 + SHIFT**2 / 2)
    yield _trial("icc_agreement", "F", agreement, icc.agreement, icc.agreement_low,
                 icc.agreement_high)  # fmt: skip
    yield _trial("icc_consistency", "F", 1 - ERROR, icc.consistency, icc.consistency_low,
                 icc.consistency_high)  # fmt: skip
    yield _trial("difference", "t", SHIFT, gap.difference, gap.difference_low, gap.difference_high)
    upper = SHIFT + Z * np.sqrt(2 * ERROR)
    yield _trial("limit_upper", "t", upper, gap.upper, gap.upper_low, gap.upper_high)
    latent = rng.standard_normal((n, 1)) * np.sqrt(RHO)
    answers = categorised(latent + np.sqrt(1 - RHO) * rng.standard_normal((n, 2)), SYMMETRIC)
    kappa = weighted_kappa(*answers.T)
    yield _trial("weighted_kappa", "normal", quadratic_kappa(SYMMETRIC, RHO), kappa.estimate,
                 kappa.ci_low, kappa.ci_high)  # fmt: skip


def three_facets(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try omega hierarchical of nine items in three facets."""
    general = rng.standard_normal((n, 1))
    facets = SECOND * general + np.sqrt(1 - SECOND**2) * rng.standard_normal((n, FACETS))
    latent = WITHIN * np.repeat(facets, 3, axis=1)
    data = latent + np.sqrt(1 - WITHIN**2) * rng.standard_normal((n, 9))
    items = pd.DataFrame(data, columns=[f"x{j}" for j in range(9)])
    factors = {f"f{j}": list(items.columns[3 * j : 3 * j + 3]) for j in range(FACETS)}
    weights = 3 * WITHIN * SECOND
    own = float(weights.sum() ** 2)
    whole = own + float((9 * WITHIN**2 * (1 - SECOND**2)).sum()) + 9 * (1 - WITHIN**2)
    try:
        fit = fit_cfa(items, FactorModel({**factors, "g": list(factors)}), estimator="MLR")
        if any("below zero" in each for each in fit.warnings):
            yield _trial("omega_hierarchical", "delta", own / whole, np.nan, np.nan, np.nan)
            return
        found = hierarchical_omega(fit, "g")
    except NotEstimableError:
        yield _trial("omega_hierarchical", "delta", own / whole, np.nan, np.nan, np.nan)
        return
    yield _trial("omega_hierarchical", "delta", own / whole, found.hierarchical,
                 found.hierarchical_low, found.hierarchical_high)  # fmt: skip


CONDITIONS: dict[str, tuple[Callable[[int, np.random.Generator], Iterator[Trial]], tuple[int, ...]]]
CONDITIONS = {
    "normal_items": (normal_items, (60, 200)),
    "skewed_options": (skewed_options, (60, 200)),
    "spread_options": (spread_options, (60, 200)),
    "two_members": (two_members, (120, 400)),
    "two_members_ordered": (two_members_ordered, (120, 400)),
    "two_raters": (two_raters, (60, 200)),
    "three_facets": (three_facets, (200,)),
}


def _alpha(
    items: pd.DataFrame, truth: Truth, rng: np.random.Generator, triads: IntArray | None
) -> Iterator[Trial]:
    alpha = cronbach_alpha(items)
    nested = "" if triads is None else ", rows taken as independent"
    low, high = bonett_interval(alpha.estimate, alpha.n_respondents, alpha.n_items)
    yield _trial("alpha", f"Feldt{nested}", truth.alpha, alpha.estimate, alpha.ci_low,
                 alpha.ci_high)  # fmt: skip
    yield _trial("alpha", f"Bonett{nested}", truth.alpha, alpha.estimate, low, high)
    seed = int(rng.integers(2**32))
    for interval in BOTH:
        table = resampled_coefficients(
            items, ["alpha"], rng=np.random.default_rng(seed), n_boot=N_BOOT, interval=interval,
            clusters=triads,
        )  # fmt: skip
        row = table.iloc[0]
        yield _trial("alpha", f"{interval}{_unit(triads)}", truth.alpha, alpha.estimate,
                     row["ci_low"], row["ci_high"])  # fmt: skip


def _omega(
    items: pd.DataFrame, truth: Truth, rng: np.random.Generator, triads: IntArray | None
) -> Iterator[Trial]:
    seed = int(rng.integers(2**32))
    for interval in BOTH:
        method = f"{interval}{_unit(triads)}"
        try:
            found = omega_total(
                items, rng=np.random.default_rng(seed), n_boot=N_BOOT, interval=interval,
                clusters=triads,
            )  # fmt: skip
        except TooFewDataError:
            yield _trial("omega_total", method, truth.omega_total, np.nan, np.nan, np.nan)
            continue
        yield _trial("omega_total", method, truth.omega_total, found.estimate, found.ci_low,
                     found.ci_high)  # fmt: skip


def _unit(triads: IntArray | None) -> str:
    return "" if triads is None else ", triads"


def _trial(
    statistic: str, method: str, truth: float, estimate: float, low: float, high: float
) -> Trial:
    return {
        "statistic": statistic, "method": method, "truth": truth,
        "estimate": float(estimate), "ci_low": float(low), "ci_high": float(high),
    }  # fmt: skip
