"""What the chains of an imputation filled in, round by round."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    GRID,
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

PANEL_INCHES = 1.7
LABEL_LETTERS = 24
FILE = "imputation_traces"
DASHED = (0, (4, 2))

Score = tuple[str, str, str]


def trace_drawings(material: Material) -> Iterator[Drawing]:
    """Draw a panel for each score and wave in which enough persons had answers filled in."""
    found = [f for f in material.results.rows(FILE, statistic="trace_mean") if f.is_present]
    scores = list(dict.fromkeys((f.scale, f.role, f.about) for f in found))
    waves = [wave for wave in material.waves if any(f.wave == wave for f in found)]
    if not found:
        return
    panels = {
        (score, wave): [f for f in found if (f.scale, f.role, f.about) == score and f.wave == wave]
        for score in scores
        for wave in waves
    }
    yield _draw(material, scores, waves, panels)


def _draw(
    material: Material,
    scores: list[Score],
    waves: list[str],
    panels: dict[tuple[Score, str], list[Figure]],
) -> Drawing:
    given, mixing = [], []
    with house_style():
        canvas = Canvas(figsize=(WIDTH, PANEL_INCHES * len(scores) + 0.7), layout="constrained")
        axes = canvas.subplots(len(scores), len(waves), sharex=True, sharey="row", squeeze=False)
        for (score, wave), lines in panels.items():
            ax = axes[scores.index(score), waves.index(wave)]
            if not lines:
                ax.set_axis_off()
                continue
            scale, role, about = score
            keys = {"scale": scale, "role": role, "about": about, "wave": wave}
            mean = material.results.one(FILE, "mean_given", **keys)
            given.append(mean)
            mixing.append(material.results.one("imputation", "rhat_mean", **keys))
            _panel(ax, material, lines, mean)
        for ax, wave in zip(axes[0], waves, strict=True):
            ax.set_title(material.wave_label(wave), loc="left", fontsize=8.5)
        for row, (scale, role, about) in zip(axes, scores, strict=True):
            label = material.labels.score(scale, role, about)
            row[0].set_ylabel(wrapped(label, LABEL_LETTERS), fontsize=8)
        canvas.supxlabel(material.word("axis_round"), fontsize=8.5)
        names = (material.word("legend_chain"), material.word("legend_given"))
        handles = [
            Line2D([], [], color=ROLE_COLOURS[0], linewidth=1),
            Line2D([], [], color=INK, linestyle=DASHED, linewidth=1),
        ]
        canvas.legend(handles, names, loc="outside upper left", ncols=2, frameon=False,
                      fontsize=8, labelcolor=SOFT)  # fmt: skip
    known = [f for f in mixing if f.is_present]
    drawn = [f for lines in panels.values() for f in lines]
    return Drawing(
        "imputation_traces", "imputation_traces", "",
        material.word("figure_traces"),
        material.word("alt_traces", parts="; ".join(_part(material, f) for f in known)),
        pd.DataFrame([asdict(f) for f in [*drawn, *given, *known]]), canvas,
    )  # fmt: skip


def _panel(ax: Axes, material: Material, lines: list[Figure], given: Figure) -> None:
    for chain in dict.fromkeys(f.group for f in lines):
        own = [f for f in lines if f.group == chain]
        ax.plot(
            [int(f.term) for f in own], [f.estimate for f in own],
            color=ROLE_COLOURS[0], alpha=0.55, linewidth=0.9,
        )  # fmt: skip
    if given.is_present:
        ax.axhline(given.estimate, color=INK, linestyle=DASHED, linewidth=0.9)
    ax.locator_params(axis="x", integer=True, nbins=6)
    ax.locator_params(axis="y", nbins=5)
    ax.tick_params(labelsize=7.5)
    ax.grid(axis="y", color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    for axis in (ax.xaxis, ax.yaxis):
        write_ticks(axis, material.language)


def _part(material: Material, worst: Figure) -> str:
    label = material.labels.score(worst.scale, worst.role, worst.about)
    return material.word(
        "alt_traces_part",
        label=f"{label}, {material.wave_within(worst.wave)}",
        value=numbers.decimal(worst.estimate, material.language),
    )
