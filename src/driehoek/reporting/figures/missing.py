"""Which answers are missing, by kind, role and wave."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    HATCHES,
    SOFT,
    WIDTH,
    Drawing,
    house_style,
    wrapped,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.wording import sentence_case

ROW_INCHES = 0.34
LABEL_LETTERS = 30
LEGEND_COLUMNS = 3


def missing_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the share of answers missing by kind; kinds that never occur are left out."""
    found = material.results.rows("quality", statistic="missing_answers")
    shown = [f for f in found if f.is_present and f.n]
    kinds = [k for k in dict.fromkeys(f.term for f in found)
             if any(f.estimate for f in shown if f.term == k)]  # fmt: skip
    rows = [
        (role, wave)
        for role in material.roles
        for wave in material.waves
        if any((f.role, f.wave) == (role, wave) for f in shown)
    ]
    if kinds and rows:
        yield _draw(material, kinds, rows, shown)


def _draw(
    material: Material, kinds: list[str], rows: list[tuple[str, str]], shown: list[Figure]
) -> Drawing:
    by_place = {(f.role, f.wave, f.term): f for f in shown}
    colours = sns.color_palette("ch:start=.15,rot=-.35,light=.85,dark=.25", len(kinds))
    names = {kind: sentence_case(material.named("missing", kind)) for kind in kinds}
    lines = -(-len(kinds) // LEGEND_COLUMNS)
    with house_style():
        height = ROW_INCHES * len(rows) + 0.8 + 0.22 * lines
        canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
        ax = canvas.subplots()
        for place, (role, wave) in enumerate(rows):
            left = 0.0
            for kind, colour, hatch in zip(kinds, colours, HATCHES, strict=False):
                figure = by_place.get((role, wave, kind))
                width = 100 * figure.estimate / figure.n if figure else 0.0
                ax.barh(place, width, left=left, color=colour, height=0.72, hatch=hatch,
                        edgecolor="white", linewidth=0.4)  # fmt: skip
                left += width
        labels = [
            wrapped(f"{sentence_case(material.labels.role(role))}, {wave}", LABEL_LETTERS)
            for role, wave in rows
        ]
        ax.set_yticks(range(len(rows)), labels, fontsize=8)
        ax.set_ylim(len(rows) - 0.45, -0.55)
        ax.set_xlabel(material.word("axis_missing"))
        ax.tick_params(left=False)
        ax.spines["left"].set_visible(False)
        write_ticks(ax.xaxis, material.language)
        patches = [
            Patch(
                facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.4, label=names[kind]
            )
            for kind, colour, hatch in zip(kinds, colours, HATCHES, strict=False)
        ]
        canvas.legend(handles=patches, loc="outside upper left", ncols=LEGEND_COLUMNS,
                      frameon=False, fontsize=8, handlelength=1.4, labelcolor=SOFT)  # fmt: skip
    parts = [
        f"{sentence_case(material.labels.role(role))}, {wave}: " + ", ".join(
            f"{names[kind]} {numbers.percent(f.estimate / f.n, material.language, 1)}"
            for kind in kinds
            if (f := by_place.get((role, wave, kind))) is not None
        )
        for role, wave in rows
    ]  # fmt: skip
    return Drawing(
        "missing", "missing", "", material.word("figure_missing"),
        material.word("alt_missing", parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in shown]), canvas,
    )  # fmt: skip
