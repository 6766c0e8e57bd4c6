"""What an interaction means: the slope of one variable over the values of another."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    INK,
    ROLE_COLOURS,
    SOFT,
    WIDTH,
    Drawing,
    house_style,
    wrapped,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

_CURVE = re.compile(r"(?P<over>[^\[]+)\[(?P<place>\d+)\]")
HEIGHT = 3.4
AXIS_LETTERS = 60


def slope_drawings(material: Material) -> Iterator[Drawing]:
    """Draw each slope over the moderator, with its interval and Johnson-Neyman bounds."""
    for name, plan in material.study.settings.plan.models.items():
        curve = material.results.rows("models", scale=name, statistic="slope_curve")
        for term in dict.fromkeys(figure.term for figure in curve):
            for over in dict.fromkeys(_over(figure) for figure in curve if figure.term == term):
                shown = [f for f in curve if f.term == term and _over(f) == over and f.is_present]
                if len(shown) > 1 and plan.kind == "linear":
                    yield _draw(material, name, over, shown)


def _over(figure: Figure) -> str:
    match = _CURVE.fullmatch(figure.group)
    return match["over"] if match else figure.group


def _draw(material: Material, name: str, over: str, curve: list[Figure]) -> Drawing:
    term = curve[0].term

    def rows(statistic: str) -> list[Figure]:
        return material.results.rows("models", scale=name, statistic=statistic, term=term)

    ats = {f.group: f.estimate for f in rows("curve_at") + rows("slope_at")}
    points = [f for f in rows("slope") if f.group in ats and f.group.startswith(f"{over}[")]
    bounds = [
        f
        for f in material.results.rows("models", scale=name, group=over, term=term)
        if f.statistic.startswith("jn_bound_") and f.is_present
    ]
    with house_style():
        canvas = Canvas(figsize=(WIDTH, HEIGHT), layout="constrained")
        ax = canvas.subplots()
        _curve(ax, [ats[f.group] for f in curve], curve)
        _points(ax, [ats[f.group] for f in points], points)
        _bounds(ax, material, bounds, ats, curve)
        ax.set_xlabel(wrapped(material.labels.term(over), AXIS_LETTERS), color=INK)
        slope = material.word("slope_of", term=material.labels.term(term))
        ax.set_ylabel(wrapped(slope, AXIS_LETTERS // 2), color=INK, fontsize=8)
        write_ticks(ax.xaxis, material.language)
        write_ticks(ax.yaxis, material.language)
    parts = [
        f"{numbers.decimal(ats[f.group], material.language)}: "
        f"{numbers.decimal(f.estimate, material.language)} "
        f"{numbers.interval(f.ci_low, f.ci_high, material.language)}"
        for f in points
    ]
    limits = ", ".join(numbers.decimal(f.estimate, material.language) for f in bounds)
    said = material.word("alt_slopes_bounds", bounds=limits) if bounds else ""
    title, label = material.labels.model(name), material.labels.term(term)
    others = [f for f in rows("curve_at") + rows("slope_at") if f.is_present]
    return Drawing(
        f"slopes_{name}_{term}_{over}".replace(".", "_").replace("[", "_").replace("]", ""),
        "slopes", name,
        material.word("figure_slopes", title=title, term=label, over=material.labels.term(over)),
        material.word("alt_slopes", level=material.level, parts="; ".join(parts)) + said,
        pd.DataFrame([asdict(f) for f in [*curve, *points, *bounds, *others]]), canvas,
    )  # fmt: skip


def _curve(ax: Axes, x: list[float], curve: list[Figure]) -> None:
    y, low, high = (
        np.array([getattr(f, key) for f in curve]) for key in ("estimate", "ci_low", "ci_high")
    )
    ax.axhline(0, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.fill_between(x, low, high, color=ROLE_COLOURS[0], alpha=0.16, linewidth=0)
    ax.plot(x, y, color=ROLE_COLOURS[0], linewidth=1.6)


def _points(ax: Axes, x: list[float], points: list[Figure]) -> None:
    for place, figure in zip(x, points, strict=True):
        ends = [figure.ci_low, figure.ci_high]
        ax.plot([place, place], ends, color=ROLE_COLOURS[1], linewidth=1.3)
        ax.plot([place], [figure.estimate], "s", color=ROLE_COLOURS[1], markersize=5)


def _bounds(
    ax: Axes, material: Material, bounds: list[Figure], ats: dict[str, float], curve: list[Figure]
) -> None:
    x = [ats[f.group] for f in curve]
    for bound in bounds:
        if min(x) <= bound.estimate <= max(x):
            ax.axvline(bound.estimate, color=INK, linewidth=1.0, linestyle=":")
            ax.annotate(
                numbers.decimal(bound.estimate, material.language), (bound.estimate, 1.0),
                xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
                ha="left", va="top", fontsize=8,
            )  # fmt: skip
    low, high = ax.get_ylim()
    excludes = np.array([f.excludes_zero for f in curve])
    ax.fill_between(x, low, low + 0.02 * (high - low), where=excludes, color=INK, linewidth=0)
    ax.set_ylim(low, high)
