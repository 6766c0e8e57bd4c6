"""The response surface of two scores on one scale."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    INK,
    WIDTH,
    Drawing,
    house_style,
    wrapped,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

LETTERS = 44


def surface_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the expected outcome over the scale of the two predictors of each response surface."""
    for name, plan in material.study.settings.plan.models.items():
        if plan.kind != "response_surface" or len(plan.predictors) < 2:
            continue
        figures = material.results.rows("models", scale=name, statistic="surface")
        if any(figure.is_present for figure in figures):
            yield _surface(material, name, plan.predictors, figures)


def _surface(
    material: Material, name: str, predictors: list[str], figures: list[Figure]
) -> Drawing:
    at = material.results.rows("models", scale=name, statistic="surface_at")
    ticks = [numbers.decimal(f.estimate, material.language, 1) for f in at]
    frame = pd.DataFrame([asdict(figure) for figure in figures])
    grid = frame.pivot_table(index="term", columns="group", values="estimate", sort=True)[::-1]
    labels = [wrapped(material.labels.variable(each), LETTERS) for each in predictors]
    with house_style():
        canvas = Canvas(figsize=(WIDTH, 0.72 * WIDTH), layout="constrained")
        ax = canvas.subplots()
        sns.heatmap(grid, ax=ax, cmap="cividis", square=True, cbar_kws={"shrink": 0.8})
        k = len(grid)
        ax.plot([0, k], [k, 0], color="white", linewidth=1.6, linestyle=(0, (4, 3)))
        ax.set_xticklabels(ticks, rotation=0, fontsize=8)
        ax.set_yticklabels(ticks[::-1], rotation=0, fontsize=8)
        ax.set_xlabel(labels[0], color=INK)
        ax.set_ylabel(labels[1], color=INK)
        ax.tick_params(length=0)
        write_ticks(canvas.axes[-1].yaxis, material.language)
    values = grid.to_numpy(dtype=float)
    corners = [
        material.word(
            "alt_surface_corner",
            first=ticks[i], second=ticks[j],
            value=numbers.decimal(float(values[k - 1 - j, i]), material.language),
        )
        for i in (0, k - 1)
        for j in (0, k - 1)
    ]  # fmt: skip
    return Drawing(
        name=f"surface_{name}",
        kind="surface",
        scale=name,
        title=material.word("figure_surface", title=material.labels.model(name)),
        alt=material.word("alt_surface", x=labels[0], y=labels[1], parts="; ".join(corners)),
        data=pd.concat([frame, pd.DataFrame([asdict(figure) for figure in at])]),
        figure=canvas,
    )
