"""Coefficients of a model with and without flagged responses, side by side."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from driehoek.reporting import numbers
from driehoek.reporting.figures.dots import Panel, dot_canvas
from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.without_flagged import Pair, last_effects, result_label


def flagged_forest_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the coefficients of the last block of each model that was fitted twice."""
    for name, plan in material.study.settings.plan.models.items():
        statistic = "beta" if plan.kind == "linear" else "b"
        chosen = [
            pair
            for pair in last_effects(material, name)
            if pair.with_all.statistic == statistic and pair.with_all.is_present
        ]
        if chosen:
            yield _forest(material, name, f"axis_{statistic}", chosen)


def _forest(material: Material, name: str, axis: str, chosen: list[Pair]) -> Drawing:
    labels = [result_label(material, pair) for pair in chosen]
    series = (
        [pair.with_all for pair in chosen],
        [pair.without for pair in chosen],
    )
    samples = material.word("column_everyone"), material.word("column_unflagged")
    panel = Panel(material.word(axis, level=material.level), series, line=0.0)
    shown = [figure for figures in series for figure in figures]
    return Drawing(
        name=f"flagged_forest_{name}",
        kind="flagged_forest",
        scale=name,
        title=material.word("figure_flagged_forest", title=material.labels.model(name)),
        alt=_alt(material, labels, series, samples),
        data=pd.DataFrame([asdict(figure) for figure in shown]),
        figure=dot_canvas(material, labels, [panel], legend=samples),
    )


def _alt(
    material: Material,
    labels: list[str],
    series: tuple[list[Figure], list[Figure]],
    samples: tuple[str, str],
) -> str:
    parts = [
        material.word(
            "alt_estimate",
            label=f"{label} ({sample})",
            estimate=numbers.decimal(figure.estimate, material.language),
            interval=numbers.interval(figure.ci_low, figure.ci_high, material.language),
            n=material.count(figure.n),
        )
        for sample, figures in zip(samples, series, strict=True)
        for label, figure in zip(labels, figures, strict=True)
        if figure.is_present
    ]
    return material.word("alt_forest", level=material.level, parts="; ".join(parts))
