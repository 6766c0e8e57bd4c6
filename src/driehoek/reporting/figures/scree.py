"""The eigenvalues of the items beside those of unrelated items: parallel analysis."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    GRID,
    INK,
    ROLE_COLOURS,
    ROLE_MARKERS,
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

COLUMNS = 3
PANEL_INCHES = 1.9
TITLE_LETTERS = 28

Panel = tuple[str, str]
Eigenvalues = tuple[list[Figure], list[Figure]]


def scree_drawings(material: Material) -> Iterator[Drawing]:
    """Draw every scale whose components were counted: a panel for each role and target."""
    for scale in material.study.questionnaire.instrument.scales:
        counts = material.results.rows("structure", statistic="components_parallel", scale=scale)
        panels = {(f.role, f.about): _eigenvalues(material, f) for f in counts if f.is_present}
        shown = {pair: found for pair, found in panels.items() if all(found)}
        if shown:
            yield _draw(material, scale, shown, [f for f in counts if (f.role, f.about) in shown])


def _eigenvalues(material: Material, count: Figure) -> Eigenvalues:
    keys = {"wave": count.wave, "role": count.role, "about": count.about, "scale": count.scale}

    def rows(statistic: str) -> list[Figure]:
        found = material.results.rows("structure", statistic=statistic, **keys)
        return [figure for figure in found if figure.is_present]

    return rows("eigenvalue"), rows("eigenvalue_random")


def _draw(
    material: Material, scale: str, panels: dict[Panel, Eigenvalues], counts: list[Figure]
) -> Drawing:
    columns = min(COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    with house_style():
        canvas = Canvas(
            figsize=(WIDTH * max(columns, 2) / COLUMNS, PANEL_INCHES * lines + 0.6),
            layout="constrained",
        )
        axes = canvas.subplots(lines, columns, sharey=True, squeeze=False)
        for ax in axes.flat[len(panels) :]:
            ax.remove()
        for ax, ((role, about), found) in zip(axes.flat, panels.items(), strict=False):
            _panel(ax, material, found)
            title = sentence_case(material.labels.relation(role, about))
            ax.set_title(wrapped(title, TITLE_LETTERS), loc="left", fontsize=8.5)
        canvas.supxlabel(material.word("axis_component"), fontsize=8.5, color=INK)
        for row in axes:
            row[0].set_ylabel(material.word("axis_eigenvalue"), fontsize=8.5)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        canvas.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False,
                      fontsize=8, labelcolor=SOFT)  # fmt: skip
    label = material.labels.scale(scale)
    parts = [
        material.word(
            "alt_scree_part",
            label=sentence_case(material.labels.relation(count.role, count.about)),
            first=numbers.decimal(
                panels[count.role, count.about][0][0].estimate, material.language
            ),
            n=material.count(count.estimate),
        )
        for count in counts
    ]
    figures = [f for pair in panels.values() for series in pair for f in series]
    return Drawing(
        f"scree_{scale}", "scree", scale,
        material.word("figure_scree", scale=label, wave=counts[0].wave),
        material.word("alt_scree", parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in [*counts, *figures]]), canvas,
    )  # fmt: skip


def _panel(ax: Axes, material: Material, found: Eigenvalues) -> None:
    names = (material.word("legend_eigenvalue"), material.word("legend_random"))
    for place, (series, name) in enumerate(zip(found, names, strict=True)):
        ax.plot(
            range(1, len(series) + 1), [f.estimate for f in series], label=name,
            color=ROLE_COLOURS[place], marker=ROLE_MARKERS[place], markersize=3.5, linewidth=1.1,
            linestyle=("-", (0, (4, 2)))[place],
        )  # fmt: skip
    ax.locator_params(axis="x", integer=True, nbins=6)
    ax.set_xlim(0.5, len(found[0]) + 0.5)
    ax.tick_params(labelsize=8)
    ax.grid(axis="y", color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    write_ticks(ax.yaxis, material.language)
