"""The specification curve: an effect under every combination of choices, from low to high."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
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
from driehoek.reporting.tables.multiverse import multiverse_title

LETTERS = 52


def multiverse_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the curve of each multiverse of the study."""
    for name in material.study.settings.multiverse:
        found = material.results.rows("multiverse", scale=name, statistic="b")
        figures = sorted((f for f in found if f.is_present), key=lambda f: (f.estimate, f.id))
        if figures:
            yield _curve(material, name, figures)


def _options(figures: list[Figure]) -> dict[str, list[str]]:
    """Give the options of each choice that has several, in order of first appearance by id."""
    found: dict[str, dict[str, None]] = {}
    for figure in sorted(figures, key=lambda f: f.id):
        for choice in figure.group.split("; "):
            factor, _, option = choice.partition("=")
            found.setdefault(factor, {})[option] = None
    return {factor: list(options) for factor, options in found.items() if len(options) > 1}


def _curve(material: Material, name: str, figures: list[Figure]) -> Drawing:
    options = _options(figures)
    lines = [(factor, option) for factor, known in options.items() for option in known]
    labels = [
        wrapped(
            f"{material.word(f'multiverse_{factor}')}: {_words(material, factor, option)}", LETTERS
        )
        for factor, option in lines
    ]
    place = np.arange(len(figures))
    b = np.array([f.estimate for f in figures])
    low, high = (np.array([getattr(f, end) for f in figures]) for end in ("ci_low", "ci_high"))
    with house_style():
        heights = [2.6, 0.4 + sum(0.09 + 0.14 * (each.count("\n") + 1) for each in labels)]
        canvas = Canvas(figsize=(WIDTH, sum(heights) + 0.6), layout="constrained")
        top, below = canvas.subplots(2, 1, sharex=True, height_ratios=heights)
        top.axhline(0, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        top.vlines(place, low, high, color=SOFT, linewidth=0.5)
        top.plot(place, b, "o", color=ROLE_COLOURS[0], markersize=2.5)
        top.set_ylabel(material.word("axis_b", level=material.level), color=INK)
        write_ticks(top.yaxis, material.language)
        for row, (factor, option) in enumerate(lines):
            is_here = [f"{factor}={option}" in f.group.split("; ") for f in figures]
            at = place[np.array(is_here, dtype=bool)]
            below.plot(at, np.full(len(at), row), "|", color=INK, markersize=5)
        below.set_yticks(range(len(lines)), labels, fontsize=7)
        below.set_ylim(len(lines) - 0.4, -0.6)
        below.set_xlabel(material.word("axis_specification"), color=INK)
        below.tick_params(left=False)
        write_ticks(below.xaxis, material.language)
    return Drawing(
        name=f"multiverse_{name}",
        kind="multiverse",
        scale=name,
        title=material.word("figure_multiverse", title=multiverse_title(material, name)),
        alt=_alt(material, b, low, high),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def _words(material: Material, factor: str, option: str) -> str:
    if option in {"none", "declared", "as_declared"}:
        return material.word(f"multiverse_option_{option}")
    if factor == "leave_out":
        return ", ".join(material.named("reasons", flag) for flag in option.split("+"))
    if factor == "covariates":
        return ", ".join(material.labels.term(term) for term in option.split("+"))
    if factor in {"score_of", "missing"}:
        return material.word(f"multiverse_option_{option}")
    return option


def _alt(material: Material, b: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    return material.word(
        "alt_multiverse",
        n=len(b),
        least=numbers.decimal(float(b.min()), material.language),
        greatest=numbers.decimal(float(b.max()), material.language),
        excluding=int(((low > 0) | (high < 0)).sum()),
    )
