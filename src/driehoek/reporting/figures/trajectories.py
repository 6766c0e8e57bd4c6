"""The mean scores of all roles over the waves, side by side."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    GRID,
    ROLE_COLOURS,
    ROLE_MARKERS,
    WIDTH,
    Drawing,
    house_style,
    role_colour,
    wrapped,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.scales import planned_scales
from driehoek.reporting.wording import sentence_case

HEIGHT = 3.1
SPREAD = 0.05
LABEL_LETTERS = 34
STYLES = ("-", (0, (5, 2)), (0, (1.5, 1.5)))


def trajectory_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the planned scales of a study with several waves."""
    if len(material.waves) < 2:
        return
    for scale in planned_scales(material):
        found = material.results.rows("scores", scale=scale, statistic="mean", group="")
        pairs = dict.fromkeys((f.role, f.about) for f in found if f.is_present)
        lines = {
            pair: [f for f in found if (f.role, f.about) == pair and f.is_present] for pair in pairs
        }
        if len(lines) > 1 and any(len(figures) > 1 for figures in lines.values()):
            yield _draw(material, scale, lines)


def _draw(material: Material, scale: str, lines: dict[tuple[str, str], list[Figure]]) -> Drawing:
    with house_style():
        canvas = Canvas(figsize=(WIDTH, HEIGHT), layout="constrained")
        ax = canvas.subplots()
        for place, ((role, about), figures) in enumerate(lines.items()):
            own = material.roles.index(role) % len(ROLE_COLOURS)
            turn = sum(other == role for other, _ in list(lines)[:place])
            shift = SPREAD * (place - (len(lines) - 1) / 2)
            y = np.array([f.estimate for f in figures])
            reach = np.abs([[f.estimate - f.ci_low, f.ci_high - f.estimate] for f in figures]).T
            ax.errorbar(
                [material.waves.index(f.wave) + shift for f in figures], y, yerr=reach,
                color=role_colour(material, role), marker=ROLE_MARKERS[own], markersize=5,
                capsize=2,
                linewidth=1.3, linestyle=STYLES[turn % len(STYLES)],
                label=wrapped(sentence_case(material.labels.relation(role, about)), LABEL_LETTERS),
            )  # fmt: skip
        labels = [wrapped(material.wave_label(wave), LABEL_LETTERS) for wave in material.waves]
        ax.set_xticks(range(len(material.waves)), labels)
        ax.set_xlim(-0.35, len(material.waves) - 0.65)
        ax.set_ylabel(material.word("axis_score"))
        ax.grid(axis="y", color=GRID, linewidth=0.8)
        ax.set_axisbelow(True)
        write_ticks(ax.yaxis, material.language)
        canvas.legend(loc="outside right upper", frameon=False, fontsize=8, handlelength=3)
    figures = [figure for each in lines.values() for figure in each]
    return Drawing(
        f"trajectories_{scale}", "trajectories", scale,
        material.word("figure_trajectories", scale=material.labels.scale(scale)),
        _alt(material, figures), pd.DataFrame([asdict(figure) for figure in figures]), canvas,
    )  # fmt: skip


def _alt(material: Material, figures: list[Figure]) -> str:
    parts = [
        material.word(
            "alt_estimate",
            label=f"{sentence_case(material.labels.relation(f.role, f.about))}, {f.wave}",
            estimate=numbers.decimal(f.estimate, material.language),
            interval=numbers.interval(f.ci_low, f.ci_high, material.language),
            n=material.count(f.n),
        )
        for f in figures
    ]
    return material.word("alt_trajectories", level=material.level, parts="; ".join(parts))
