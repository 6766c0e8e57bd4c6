"""One replication of each condition of the simulation study of models of triads."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from driehoek.models.actor_partner import fit_actor_partner
from driehoek.models.generalised import fit_generalised
from driehoek.models.generalised_outcome import Outcome
from driehoek.models.linear import fit_blocks
from driehoek.models.mediation import fit_mediation
from driehoek.models.response_surface import fit_surface
from driehoek.psychometrics.errors import TooFewDataError

Trial = dict[str, object]
SLOPE, PATH_A, PATH_B, CURVE, ODDS = 0.3, 0.4, 0.4, -0.3, 0.5
SHARED = 0.8  # standard deviation of what two carers of a triad share
ACTOR, PARTNER = 0.4, 0.2
TRIADS_EACH, OF_PROFESSIONAL = 5, 0.3  # triads of one professional; the share they have alike
N_BOOT = 400
NOTHING = (np.nan, np.nan, np.nan)


def two_carers(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try a regression on what all of a triad have in common, with two carers in each."""
    triad, x, u = _pairs(n, rng)
    y = SLOPE * x + u + rng.normal(size=2 * n) * (1 + 0.3 * np.abs(x))
    nothing = np.repeat(rng.normal(size=n), 2)
    frame = pd.DataFrame({"triad": triad, "x": x, "nothing": nothing, "y": y})
    blocks = [["x", "nothing"]]
    by_triad = fit_blocks(frame, "y", blocks, clusters="triad").coefficients
    by_row = fit_blocks(frame, "y", blocks).coefficients
    for table, method in ((by_triad, "CR2 by triad"), (by_row, "HC3, rows taken as independent")):
        yield _interval("b", method, SLOPE, _row(table, "b", "x"))
        yield _rejection("nothing", method, _row(table, "b", "nothing"))


def yes_or_no(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try a logistic regression with clustered errors, two carers in each triad."""
    triad, x, _ = _pairs(n, rng)
    y = (rng.uniform(size=2 * n) < 1 / (1 + np.exp(-ODDS * x))).astype(int)
    frame = pd.DataFrame({"triad": triad, "x": x, "y": y})
    method = "sandwich by triad"
    try:
        fit = fit_generalised(
            frame, Outcome("y", "logistic"), [["x"]], errors="cluster", clusters="triad"
        )
    except TooFewDataError:
        yield _trial("log_odds", method, ODDS, *NOTHING)
        return
    yield _interval("log_odds", method, ODDS, _row(fit.coefficients, "b", "x"))


def by_way_of(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the intervals of an indirect effect, two carers in each triad."""
    triad, x, u = _pairs(n, rng)
    v = np.repeat(rng.normal(size=n), 2) * SHARED
    m = PATH_A * x + u + rng.normal(size=2 * n)
    y = PATH_B * m + 0.2 * x + v + rng.normal(size=2 * n)
    frame = pd.DataFrame({"triad": triad, "x": x, "m": m, "y": y})
    table = fit_mediation(frame, "y", "x", ["m"], rng=rng, clusters="triad", n_boot=N_BOOT).effects
    for row in table[table["statistic"] == "indirect"].to_dict("records"):
        ends = (row["estimate"], row["ci_low"], row["ci_high"])
        yield _trial("indirect", f"{row['method']}, triads", PATH_A * PATH_B, *ends)


def giving_and_getting(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try the curvature along disagreement of a response surface with unequal spread."""
    x = rng.integers(1, 6, n).astype(float)
    y = np.clip(x + rng.integers(-2, 3, n), 1, 5)
    gap = x - y
    z = CURVE * gap**2 + rng.normal(size=n) * (1 + 0.3 * np.abs(gap))
    frame = pd.DataFrame({"x": x, "y": y, "z": z})
    table = fit_surface(frame, "z", ["x", "y"], (1, 5)).statistics
    yield _interval("a4", "HC3", 4 * CURVE, _row(table, "a4"))
    yield _rejection("a5", "HC3", _row(table, "a5"))


def shared_professionals(n: int, rng: np.random.Generator) -> Iterator[Trial]:
    """Try an actor-partner model of seekers and carers whose triads share a professional."""
    professional = np.arange(n) // TRIADS_EACH
    x, e = (_alike(professional, rng) for _ in range(2))
    x -= x.mean()  # so that the intercept, which holds at the mean of the predictors, is 0
    y = ACTOR * x + PARTNER * x[:, ::-1] + e
    frame = pd.DataFrame(np.column_stack([x, y]), columns=["xs", "xc", "ys", "yc"])
    frame = frame.assign(triad=np.arange(n), professional=professional)
    sides = {"seeker": "ys", "carer": "yc"}, {"seeker": "xs", "carer": "xc"}
    methods = {
        "professional": "CR2 by professional",
        None: "Kenward-Roger, triads taken as independent",
    }
    for clusters, method in methods.items():
        fit = fit_actor_partner(frame, *sides, triad="triad", rng=rng, clusters=clusters, n_boot=0)
        carer = fit.coefficients[fit.coefficients["group"] == "carer"]
        yield _interval("actor", method, ACTOR, _row(carer, "b", "actor"))
        yield _interval("intercept", method, 0.0, _row(carer, "b", "intercept"))
        yield _rejection("f_actor_equal", method, _row(fit.tests, "f_actor_equal"))


def _alike(professional: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a value of seeker and of carer, alike within a triad and with one professional."""
    n = len(professional)
    of_professional = rng.normal(size=(n, 2))[professional] * np.sqrt(OF_PROFESSIONAL)
    of_triad = rng.normal(size=(n, 1)) * np.sqrt(0.3)
    own = rng.normal(size=(n, 2)) * np.sqrt(0.7 - OF_PROFESSIONAL)
    alike: np.ndarray = of_professional + of_triad + own
    return alike


def _pairs(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = np.repeat(rng.normal(size=n), 2)
    return np.repeat(np.arange(n), 2), x, np.repeat(rng.normal(size=n), 2) * SHARED


def _row(table: pd.DataFrame, statistic: str, term: str = "") -> dict[Hashable, Any]:
    own = table[(table["statistic"] == statistic) & (table["term"] == term)]
    (found,) = own.to_dict("records")
    return found


def _interval(statistic: str, method: str, truth: float, row: dict[Hashable, Any]) -> Trial:
    return _trial(statistic, method, truth, row["estimate"], row["ci_low"], row["ci_high"])


def _rejection(statistic: str, method: str, row: dict[Hashable, Any]) -> Trial:
    is_rejected = float(row["p"] < 0.05)
    return _trial(f"rejects_{statistic}", method, 0.05, is_rejected, np.nan, np.nan)


def _trial(
    statistic: str, method: str, truth: float, estimate: float, low: float, high: float
) -> Trial:
    return {
        "statistic": statistic, "method": method, "truth": truth, "estimate": estimate,
        "ci_low": low, "ci_high": high,
    }  # fmt: skip


SIZES = (30, 100, 300)  # triads
CONDITIONS: dict[str, tuple[Callable[[int, np.random.Generator], Iterator[Trial]], tuple[int, ...]]]
CONDITIONS = {
    "two_carers": (two_carers, SIZES),
    "yes_or_no": (yes_or_no, SIZES[1:]),  # a sandwich has no correction for fewer
    "by_way_of": (by_way_of, SIZES),
    "giving_and_getting": (giving_and_getting, SIZES),
    "shared_professionals": (shared_professionals, SIZES),
}
