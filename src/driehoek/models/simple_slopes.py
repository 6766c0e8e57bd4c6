"""What an interaction means: slopes at values of the moderator, and where they differ from zero."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from driehoek.models.design import Design
from driehoek.models.least_squares import LeastSquares
from driehoek.models.statistic import Statistic, critical_value, two_sided_p

Floats = NDArray[np.float64]

POINTS = 201  # of the moderator's range, between which bounds are looked for
CURVE = 21
AT = {"low": -1.0, "mean": 0.0, "high": 1.0}  # standard deviations from the mean


@dataclass(frozen=True, slots=True)
class Probe:
    """An interaction to look into: the slope of one variable over another."""

    slope: str
    over: str


@dataclass(frozen=True, slots=True)
class _Line:
    """The slope of one column as a line in the moderator: ``b @ (start + value * step)``."""

    label: str
    start: Floats
    step: Floats


def slope_rows(
    fit: LeastSquares,
    design: Design,
    used: pd.DataFrame,
    probes: Sequence[Probe],
    blank: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    """Give simple slopes, Johnson-Neyman bounds and the slope as a curve.

    A continuous moderator is taken at its mean and one standard deviation to either side
    (``group`` is ``over[low]``, ``over[mean]``, ``over[high]``), a categorical one at each level.
    Other variables that interact stand at their mean or reference. Bounds are looked for in the
    observed range; ``jn_share`` is the share of rows whose moderator has a slope with an interval
    that excludes zero.

    References
    ----------
    Aiken & West (1991), Multiple regression; Bauer & Curran (2005),
    doi:10.1207/s15327906mbr4003_5 (Johnson-Neyman). The covariance and degrees of freedom are
    those of the fit, so they are robust where it is.
    """
    for probe in probes:
        lines = list(_lines(design, probe))
        if not lines:
            why = f"{probe.slope} and {probe.over} have no product of their own in these data"
            yield replace(blank, statistic="slope", term=probe.slope, group=probe.over, reason=why)
        for line in lines:
            row = replace(blank, term=line.label)
            if probe.over in design.references:
                yield from _by_level(fit, design, line, probe.over, row, confidence)
            else:
                values = used[probe.over].to_numpy(dtype=float) - design.centres[probe.over]
                centre = design.centres[probe.over]
                yield from _by_value(fit, line, probe.over, values, centre, row, confidence)


def _lines(design: Design, probe: Probe) -> Iterator[_Line]:
    places = {label: place for place, label in enumerate(design.labels)}
    for label, term in zip(design.labels, design.terms, strict=True):
        pairs = (f"{label}:{probe.over}", f"{probe.over}:{label}")
        product = next((places[each] for each in pairs if each in places), None)
        has_levels = any(each.startswith(f"{label}:{probe.over}[") for each in places) or any(
            each.startswith(f"{probe.over}[") and each.endswith(f":{label}") for each in places
        )
        if term == probe.slope and (product is not None or has_levels):
            start, step = np.zeros(len(places)), np.zeros(len(places))
            start[places[label]] = 1
            if product is not None:
                step[product] = 1
            yield _Line(label, start, step)


def _by_level(
    fit: LeastSquares, design: Design, line: _Line, over: str, row: Statistic, confidence: float
) -> Iterator[Statistic]:
    reference = design.references[over]
    yield _slope(fit, line.start, replace(row, group=f"{over}[{reference}]"), confidence)
    for place, label in enumerate(design.labels):
        parts = label.split(":")
        if len(parts) == 2 and line.label in parts and label != line.label:
            other = parts[1] if parts[0] == line.label else parts[0]
            if other.startswith(f"{over}["):
                contrast = line.start.copy()
                contrast[place] = 1
                yield _slope(fit, contrast, replace(row, group=other), confidence)


def _by_value(
    fit: LeastSquares,
    line: _Line,
    over: str,
    values: Floats,
    centre: float,
    row: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    sd = float(values.std(ddof=1))
    for name, steps in AT.items():
        group = f"{over}[{name}]"
        at = replace(row, statistic="slope_at", group=group, estimate=centre + steps * sd)
        yield replace(at, method="mean and sd")
        yield _slope(
            fit, line.start + steps * sd * line.step, replace(row, group=group), confidence
        )
    yield from _bounds(fit, line, over, values, centre, row, confidence)
    low, high = max(-2 * sd, float(values.min())), min(2 * sd, float(values.max()))
    for place, value in enumerate(np.linspace(low, high, CURVE)):
        named = replace(row, group=f"{over}[{place + 1:02d}]")
        at = replace(named, statistic="curve_at", estimate=centre + float(value))
        yield replace(at, method="mean and sd")
        found = _slope(fit, line.start + value * line.step, named, confidence)
        yield replace(found, statistic="slope_curve")


def _bounds(
    fit: LeastSquares,
    line: _Line,
    over: str,
    values: Floats,
    centre: float,
    row: Statistic,
    confidence: float,
) -> Iterator[Statistic]:
    named = replace(row, group=over)
    if fit.reason:
        yield replace(named, statistic="jn_share", reason=fit.reason)
        return

    def beyond(value: float) -> float:
        found = _slope(fit, line.start + value * line.step, named, confidence)
        return abs(found.estimate) - found.se * critical_value(confidence, found.df)

    grid = np.linspace(values.min(), values.max(), POINTS)
    heights = np.array([beyond(value) for value in grid])
    crossings = np.flatnonzero(np.sign(heights[:-1]) != np.sign(heights[1:]))
    bounds = [brentq(beyond, grid[i], grid[i + 1], xtol=1e-12, rtol=1e-12) for i in crossings]
    for number, bound in enumerate(bounds, start=1):
        yield replace(named, statistic=f"jn_bound_{number}", estimate=centre + bound)
    starts = np.concatenate([[-math.inf], bounds])
    is_beyond = heights[0] > 0
    sides = np.searchsorted(starts, values, side="right") - 1
    share = float(((sides % 2 == 0) == is_beyond).mean())
    yield replace(named, statistic="jn_share", estimate=share)


def _slope(fit: LeastSquares, contrast: Floats, row: Statistic, confidence: float) -> Statistic:
    estimate = float(contrast @ fit.b)
    row = replace(row, statistic="slope", estimate=estimate, reason=fit.reason)
    if fit.reason:
        return row
    se = math.sqrt(float(contrast @ fit.covariance @ contrast))
    df = fit.contrast_df(contrast)
    reach = critical_value(confidence, df) * se
    p = two_sided_p(estimate / se, df) if se else math.nan
    low, high = estimate - reach, estimate + reach
    return replace(row, se=se, df=df, p=p, ci_low=low, ci_high=high)
