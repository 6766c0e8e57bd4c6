"""Scores over the waves: means with intervals over the spread of the persons."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from scipy.stats import gaussian_kde

from driehoek.instrument.columns import score_column
from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
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
from driehoek.reporting.scales import score_range
from driehoek.reporting.wording import sentence_case

COLUMNS = 3
PANEL_INCHES = 2.3
TITLE_LETTERS = 30
SHAPE_POINTS = 100

Panel = tuple[str, str]


def score_drawings(material: Material, long: pd.DataFrame) -> Iterator[Drawing]:
    """Draw each scale: a panel for each role and person asked about.

    Parameters
    ----------
    material : Material
    long : pandas.DataFrame
        Person-level scores; only the smoothed shape of at least `min_cell` of them is drawn, and
        never its ends, which would show single persons.
    """
    questionnaire = material.study.questionnaire
    for scale in questionnaire.instrument.scales:
        pairs = [(role, about or "") for role, about in questionnaire.presentations(scale)]
        panels = {pair: _means(material, scale, pair) for pair in pairs}
        shown = {pair: means for pair, means in panels.items() if means}
        if shown:
            yield _draw(material, long, scale, shown)


def _means(material: Material, scale: str, pair: Panel) -> list[Figure]:
    keys = {"role": pair[0], "about": pair[1], "scale": scale}
    found = (material.results.one("scores", "mean", wave=w, **keys) for w in material.waves)
    return [figure for figure in found if figure.is_present]


def _draw(
    material: Material, long: pd.DataFrame, scale: str, panels: dict[Panel, list[Figure]]
) -> Drawing:
    n_columns = min(COLUMNS, len(panels))
    n_rows = -(-len(panels) // n_columns)
    with house_style():
        width = WIDTH * max(n_columns, 2) / COLUMNS
        canvas = Canvas(figsize=(width, PANEL_INCHES * n_rows + 0.3), layout="constrained")
        axes = canvas.subplots(n_rows, n_columns, sharey=True, squeeze=False)
        for ax in axes.flat[len(panels) :]:
            ax.set_visible(False)
        for ax, (pair, means) in zip(axes.flat, panels.items(), strict=False):
            _panel(ax, material, long, scale, pair, means)
        for row in axes:
            row[0].set_ylabel(material.word("axis_score"))
    figures = [figure for means in panels.values() for figure in means]
    return Drawing(
        name=f"scores_{scale}",
        kind="scores",
        scale=scale,
        title=_title(material, scale),
        alt=_alt(material, figures),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def _panel(
    ax: Axes, material: Material, long: pd.DataFrame, scale: str, pair: Panel, means: list[Figure]
) -> None:
    role, about = pair
    place = material.roles.index(role) % len(ROLE_COLOURS)
    colour = role_colour(material, role)
    limits = score_range(material, scale, role, about)
    column = score_column(scale, "", about or None)
    if column in long:
        persons = long.loc[long["role"] == role, ["wave", column]].dropna()
        _shapes(ax, material, persons.rename(columns={column: "score"}), colour, means)
    x = [material.waves.index(figure.wave) for figure in means]
    y = np.array([figure.estimate for figure in means])
    low, high = (np.array([getattr(f, end) for f in means]) for end in ("ci_low", "ci_high"))
    ax.errorbar(
        x, y, yerr=np.abs(np.vstack([y - low, high - y])), color=colour, ecolor=colour,
        marker=ROLE_MARKERS[place], markersize=5, linewidth=1.2, capsize=3,
    )  # fmt: skip
    ax.set_xticks(range(len(material.waves)), material.waves)
    ax.set_xlim(-0.6, len(material.waves) - 0.4)
    if limits is not None:
        ax.set_ylim(*limits)
    write_ticks(ax.yaxis, material.language)
    title = sentence_case(material.labels.relation(role, about))
    ax.set_title(wrapped(title, TITLE_LETTERS), fontsize=8.5, loc="left")


def _shapes(
    ax: Axes, material: Material, persons: pd.DataFrame, colour: str, means: list[Figure]
) -> None:
    least = material.study.settings.disclosure.min_cell
    published = {figure.wave for figure in means}
    scored = {str(wave): scores for wave, scores in persons.groupby("wave")["score"]}
    waves = [
        wave
        for wave in material.waves
        if wave in published and len(scored[wave]) >= least and scored[wave].nunique() > 2
    ]
    if not waves:
        return
    places = [material.waves.index(wave) for wave in waves]
    drawn: Any = ax.violin([_shape(scored[wave]) for wave in waves], places, widths=0.8,
                       showextrema=False)  # fmt: skip
    for body in drawn["bodies"]:
        body.set(facecolor=colour, edgecolor="none", alpha=0.22)


def _shape(scores: pd.Series) -> dict[str, object]:
    """Give the smoothed shape of scores (Scott's rule), two bandwidths beyond its ends."""
    density = gaussian_kde(scores)
    reach = 2 * float(np.sqrt(density.covariance[0, 0]))
    coords = np.linspace(scores.min() - reach, scores.max() + reach, SHAPE_POINTS)
    middle = float(scores.mean())
    ends = {"mean": middle, "median": middle, "min": coords[0], "max": coords[-1]}
    return {"coords": coords, "vals": density(coords), **ends}


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
    return material.word("alt_scores", level=material.level, parts="; ".join(parts))


def _title(material: Material, scale: str) -> str:
    key = "figure_scores" if len(material.waves) > 1 else "figure_scores_once"
    return material.word(key, scale=material.labels.scale(scale))
