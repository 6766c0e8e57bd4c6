"""Correlations as a matrix, coefficients as a forest."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as Canvas

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
    write_readably,
    write_ticks,
)
from driehoek.reporting.headlines import effect_name, headlines, is_effect
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.models import correlations_title

MATRIX_LETTERS = 34
FOREST_LETTERS = 42


def correlation_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the matrix of each set of correlations of the plan."""
    for name in material.study.settings.plan.correlations:
        figures = material.results.rows("correlations", group=name, statistic="r")
        if any(figure.is_present for figure in figures):
            yield _matrix(material, name, figures)


def forest_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the coefficients of the last block of each model of the plan."""
    for name, plan in material.study.settings.plan.models.items():
        statistic = "beta" if plan.kind == "linear" else "b"
        figures = headlines(material, name)
        if figures:
            key = "axis_effect" if is_effect(figures[0]) else f"axis_{statistic}"
            yield _forest(material, name, key, figures)


def _matrix(material: Material, name: str, figures: list[Figure]) -> Drawing:
    variables = list(dict.fromkeys(v for f in figures for v in (f.scale, f.term)))
    values = pd.DataFrame(np.nan, index=variables, columns=variables)
    for figure in figures:
        values.loc[figure.term, figure.scale] = figure.estimate
    lower = values.iloc[:, :-1]
    texts = lower.map(lambda r: "" if np.isnan(r) else numbers.bounded(float(r), material.language))
    k = len(variables)
    with house_style():
        canvas = Canvas(figsize=(WIDTH, 0.55 * k + 0.6), layout="constrained")
        ax = canvas.subplots()
        sns.heatmap(
            lower, annot=texts, fmt="", vmin=-1, vmax=1, cmap="vlag", ax=ax, linewidths=1.5,
            mask=lower.isna(), annot_kws={"size": 8}, cbar_kws={"shrink": 0.8, "label": "r"},
        )  # fmt: skip
        write_readably(ax)
        labels = [f"{i}. {material.labels.variable(v)}" for i, v in enumerate(variables, 1)]
        rows = [wrapped(label, MATRIX_LETTERS) for label in labels]
        ax.set_yticklabels(rows, rotation=0, fontsize=8)
        ax.set_xticklabels([str(place) for place in range(1, k)], rotation=0, fontsize=8)
        write_ticks(canvas.axes[-1].yaxis, material.language)
        ax.tick_params(length=0)
        ax.set(xlabel="", ylabel="")
    return Drawing(
        name=f"correlations_{name}",
        kind="correlations",
        scale=name,
        title=correlations_title(material, name),
        alt=material.word("alt_correlations", parts=_pairs(material, figures)),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def _pairs(material: Material, figures: list[Figure]) -> str:
    label = material.labels.variable
    return "; ".join(
        f"{label(f.scale)} {material.word('and')} {label(f.term)}: "
        f"{numbers.bounded(f.estimate, material.language)}"
        for f in figures
        if f.is_present
    )


def _forest(material: Material, name: str, axis: str, figures: list[Figure]) -> Drawing:
    labels = [wrapped(_named(material, name, figure), FOREST_LETTERS) for figure in figures]
    lines = sum(label.count("\n") + 1 for label in labels)
    values = np.array([figure.estimate for figure in figures])
    low, high = (np.array([getattr(f, end) for f in figures]) for end in ("ci_low", "ci_high"))
    with house_style():
        canvas = Canvas(
            figsize=(WIDTH, 0.17 * lines + 0.2 * len(labels) + 0.8), layout="constrained"
        )
        ax = canvas.subplots()
        ax.axvline(0, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        places = np.arange(len(figures))
        reach = np.abs(np.vstack([values - low, high - values]))
        ax.errorbar(
            values, places, xerr=reach, fmt="o", color=ROLE_COLOURS[0], markersize=5, capsize=3,
            linewidth=1.4,
        )  # fmt: skip
        ax.set_yticks(places, labels, fontsize=8)
        ax.set_ylim(len(figures) - 0.4, -0.6)
        ax.set_xlabel(material.word(axis, level=material.level), color=INK)
        ax.tick_params(left=False)
        ax.spines["left"].set_visible(False)
        write_ticks(ax.xaxis, material.language)
        ax.grid(axis="x", color=GRID, linewidth=0.8)
        ax.set_axisbelow(True)
    return Drawing(
        name=f"forest_{name}",
        kind="forest",
        scale=name,
        title=material.word("figure_forest", title=material.labels.model(name)),
        alt=_forest_alt(material, name, figures),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def _named(material: Material, name: str, figure: Figure) -> str:
    """Name an effect, in an actor-partner model with the member it holds for."""
    if is_effect(figure):
        return effect_name(material, figure)
    return material.labels.effect_on(name, figure.group, figure.term)


def _forest_alt(material: Material, name: str, figures: list[Figure]) -> str:
    parts = [
        material.word(
            "alt_estimate",
            label=_named(material, name, f),
            estimate=numbers.decimal(f.estimate, material.language),
            interval=numbers.interval(f.ci_low, f.ci_high, material.language),
            n=material.count(f.n),
        )
        for f in figures
    ]
    return material.word("alt_forest", level=material.level, parts="; ".join(parts))
