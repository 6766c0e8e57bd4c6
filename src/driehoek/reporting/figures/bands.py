"""Differences between two scores along their average, by bands of triads or persons."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    FAINT,
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
from driehoek.reporting.tables.agreement import entry_title, pair_words

COLUMNS = 3
PANEL_INCHES = 2.5
TITLE_LETTERS = 30
LINES = ("difference", "limit_lower", "limit_upper")


def band_drawings(material: Material) -> Iterator[Drawing]:
    """Draw every entry of agreement and retest as Bland and Altman do.

    Bands of at least `min_cell` triads or persons stand for the points, each of which would be a
    triad or a person.
    """
    plan = material.study.settings.plan
    for file, names in (("agreement", plan.agreement), ("retest", plan.retest)):
        for name in names:
            found = material.results.rows(file, scale=name, statistic="band_difference")
            pairs = dict.fromkeys(figure.group for figure in found if figure.is_present)
            if pairs:
                yield _draw(material, file, name, list(pairs))


def _draw(material: Material, file: str, name: str, pairs: list[str]) -> Drawing:
    columns = min(COLUMNS, len(pairs))
    lines = -(-len(pairs) // columns)
    shown: list[Figure] = []
    parts: list[str] = []
    with house_style():
        width = WIDTH * max(columns, 2) / COLUMNS
        canvas = Canvas(figsize=(width, PANEL_INCHES * lines + 0.5), layout="constrained")
        axes = canvas.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        for ax in axes.flat[len(pairs) :]:
            ax.remove()
        for ax, group in zip(axes.flat, pairs, strict=False):
            keys = {"scale": name, "group": group}
            averages, differences = (
                material.results.rows(file, statistic=f"band_{each}", **keys)
                for each in ("average", "difference")
            )
            ends = [
                f for each in LINES for f in material.results.rows(file, statistic=each, **keys)
            ]
            _panel(ax, material, averages, differences, ends)
            label = pair_words(material, file, group)
            ax.set_title(wrapped(label, TITLE_LETTERS), loc="left", fontsize=8.5)
            shown += [*averages, *differences, *ends]
            parts.append(_words(material, label, averages, differences))
        canvas.supxlabel(material.word("axis_band_average"), fontsize=9, color=INK)
        axes[0, 0].set_ylabel(material.word("axis_band_difference"))
    return Drawing(
        f"bands_{file}_{name}", f"bands_{file}", name,
        entry_title(material, "figure_bands", file, name),
        material.word("alt_bands", level=material.level, parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in shown]), canvas,
    )  # fmt: skip


def _panel(
    ax: Axes,
    material: Material,
    averages: list[Figure],
    differences: list[Figure],
    ends: list[Figure],
) -> None:
    places = [figure.estimate for figure in averages]
    ax.axhline(0, color=GRID, linewidth=1.2, zorder=0)
    for end in ends:
        is_mean = end.statistic == "difference"
        ax.axhspan(end.ci_low, end.ci_high, color=FAINT, alpha=0.6, linewidth=0, zorder=1)
        ax.axhline(end.estimate, color=SOFT, linewidth=1.1, zorder=2,
                   linestyle="-" if is_mean else (0, (4, 3)))  # fmt: skip
    ax.plot(places, [f.estimate for f in differences], "o-", color=ROLE_COLOURS[0],
            markersize=4.5, linewidth=0.9, zorder=3)  # fmt: skip
    ax.tick_params(labelsize=8)
    for axis in (ax.xaxis, ax.yaxis):
        write_ticks(axis, material.language)


def _words(
    material: Material, label: str, averages: list[Figure], differences: list[Figure]
) -> str:
    language = material.language
    ends = [
        material.word(
            "alt_band",
            difference=numbers.decimal(gap.estimate, language),
            average=numbers.decimal(place.estimate, language),
        )
        for place, gap in ((averages[0], differences[0]), (averages[-1], differences[-1]))
    ]
    bands = material.count(len(averages))
    return material.word("alt_bands_part", label=label, bands=bands, low=ends[0], high=ends[1])
