"""Estimates as dots with intervals: a row for each thing, a panel for each statistic."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from driehoek.reporting.figures.style import (
    FAINT,
    GRID,
    INK,
    ROLE_COLOURS,
    ROLE_MARKERS,
    SOFT,
    WIDTH,
    house_style,
    wrapped,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

LABEL_LETTERS = 40
SPREAD = 0.24
LINE_INCHES = 0.165
ROW_INCHES = 0.16


@dataclass(frozen=True, slots=True)
class Panel:
    """One statistic, or several series of it, on an axis of its own.

    Attributes
    ----------
    axis : str
        Words below it.
    series : tuple of sequences of Figure
        In each as many figures as there are rows; absent ones stay empty.
    limits : tuple of float, optional
    line : float, optional
        A value to compare with.
    hollow : frozenset of int
        Rows whose dots are hollow.
    ranges : tuple of pairs of float
        A wider, fainter range behind the dot of each row.
    """

    axis: str
    series: tuple[Sequence[Figure], ...]
    limits: tuple[float, float] | None = None
    line: float | None = None
    hollow: frozenset[int] = field(default_factory=frozenset)
    ranges: tuple[tuple[float, float], ...] = ()


def dot_canvas(
    material: Material, labels: Sequence[str], panels: Sequence[Panel], *,
    headings: frozenset[int] = frozenset(), legend: Sequence[str] = (),
) -> Canvas:  # fmt: skip
    """Draw rows of dots; rows in `headings` only name those below them."""
    shown = [wrapped(label, LABEL_LETTERS) for label in labels]
    lines = sum(label.count("\n") + 1 for label in shown)
    height = LINE_INCHES * lines + ROW_INCHES * len(shown) + 0.75 + 0.25 * bool(legend)
    with house_style():
        canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
        axes = canvas.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, panel in zip(axes, panels, strict=True):
            _panel(ax, material, panel)
        first = axes[0]
        first.set_yticks(range(len(shown)), shown, fontsize=8)
        for place in headings:
            first.get_yticklabels()[place].set_fontweight("bold")
        first.set_ylim(len(shown) - 0.4, -0.6)
        if legend:
            _legend(canvas, legend)
    return canvas


def _panel(ax: Axes, material: Material, panel: Panel) -> None:
    if panel.line is not None:
        ax.axvline(panel.line, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    for place, (low, high) in enumerate(panel.ranges):
        ax.plot([low, high], [place, place], color=FAINT, linewidth=7, solid_capstyle="butt")
    n = len(panel.series)
    for series, figures in enumerate(panel.series):
        shift = SPREAD * (series - (n - 1) / 2)
        for place, figure in enumerate(figures):
            if figure.is_present:
                is_hollow = place in panel.hollow
                _dot(ax, figure, place + shift, series, is_hollow=is_hollow)
    if panel.limits is not None:
        ax.set_xlim(*panel.limits)
    ax.set_xlabel(wrapped(panel.axis, LABEL_LETTERS), color=INK, fontsize=8)
    ax.tick_params(left=False, labelsize=8)
    ax.spines["left"].set_visible(False)
    ax.locator_params(axis="x", nbins=4, steps=[1, 2, 5, 10])
    write_ticks(ax.xaxis, material.language)
    ax.grid(axis="x", color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)


def _dot(ax: Axes, figure: Figure, y: float, series: int, *, is_hollow: bool) -> None:
    colour = ROLE_COLOURS[series]
    if not np.isnan(figure.ci_low):
        ax.plot([figure.ci_low, figure.ci_high], [y, y], color=colour, linewidth=1.3)
    fill = "white" if is_hollow else colour
    ax.plot(
        [figure.estimate], [y], ROLE_MARKERS[series], color=colour, markersize=5,
        markerfacecolor=fill, markeredgewidth=1.2,
    )  # fmt: skip


def _legend(canvas: Canvas, labels: Sequence[str]) -> None:
    handles = [
        Line2D([], [], color=ROLE_COLOURS[i], marker=ROLE_MARKERS[i], markersize=5, label=label)
        for i, label in enumerate(labels)
    ]
    canvas.legend(handles=handles, loc="outside upper left", ncols=len(labels), frameon=False,
                  fontsize=8, labelcolor=SOFT)  # fmt: skip
