"""Actor-partner models as a path diagram: who affects whom, and by how much."""

import math
from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    INK,
    ROLE_COLOURS,
    SOFT,
    WIDTH,
    Drawing,
    house_style,
    wrapped,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

BOX = (2.25, 0.72)
GAP = 1.45
LETTERS = 27
NEAR = {0: 0.30, 1: 0.22, 2: 0.16}  # of the way from the left box, by how far an arrow climbs


def path_drawings(material: Material) -> Iterator[Drawing]:
    """Draw each actor-partner model of one wave whose effects were estimated."""
    for name, plan in material.study.settings.plan.models.items():
        if plan.kind == "actor_partner":
            found = material.results.rows("models", scale=name, statistic="b")
            for part in ("", "_between", "_within"):
                effects = [f for f in found if f.is_present and _part(f) == part]
                if effects:
                    yield _draw(material, name, part, effects)


def _part(figure: Figure) -> str:
    if not figure.term.startswith(("actor", "partner_")):
        return "none"
    return next((p for p in ("_between", "_within") if figure.term.endswith(p)), "")


def _source(figure: Figure, part: str) -> str:
    """Give the member whose value an effect comes from."""
    term = figure.term.removesuffix(part)
    return figure.group if term == "actor" else term.removeprefix("partner_")


def _draw(material: Material, name: str, part: str, effects: list[Figure]) -> Drawing:
    members = [role for role in material.roles if any(f.group == role for f in effects)]
    members = members or list(dict.fromkeys(f.group for f in effects))
    height = GAP * len(members)
    places = {member: height - GAP * (place + 0.5) for place, member in enumerate(members)}
    with house_style():
        canvas = Canvas(figsize=(WIDTH, height))
        ax = canvas.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, WIDTH), ylim=(0, height))
        ax.axis("off")
        for member, y in places.items():
            own = next(f for f in effects if _source(f, part) == member)
            _box(ax, 0.1, y, material.labels.effect_source(name, own))
            _box(ax, WIDTH - BOX[0] - 0.1, y, material.labels.outcome(name, member))
        for figure in effects:
            _arrow(ax, material, figure, places[_source(figure, part)], places[figure.group])
    parts = [
        f"{material.labels.outcome(name, f.group)} ← "
        f"{material.labels.effect(name, f.group, f.term)}: {_written(material, f)}"
        for f in effects
    ]
    words = f", {material.word(f'part{part}')}" if part else ""
    return Drawing(
        f"path_{name}{part}", "path", name,
        material.word("figure_path", title=material.labels.model(name)) + words,
        material.word("alt_path", level=material.level, parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in effects]), canvas,
    )  # fmt: skip


def _box(ax: Axes, left: float, centre: float, words: str) -> None:
    box = FancyBboxPatch(
        (left, centre - BOX[1] / 2), *BOX, boxstyle="round,pad=0,rounding_size=0.06",
        linewidth=1.0, facecolor="white", edgecolor=SOFT,
    )  # fmt: skip
    ax.add_patch(box)
    ax.text(left + BOX[0] / 2, centre, wrapped(words, LETTERS), ha="center", va="center",
            fontsize=7.5, color=INK)  # fmt: skip


def _arrow(ax: Axes, material: Material, figure: Figure, start: float, end: float) -> None:
    is_own = start == end
    is_clear = figure.excludes_zero
    colour = ROLE_COLOURS[0] if is_own else ROLE_COLOURS[1]
    tail, head = 0.1 + BOX[0] + 0.04, WIDTH - BOX[0] - 0.14
    ax.add_patch(
        FancyArrowPatch(
            (tail, start), (head, end), arrowstyle="-|>", mutation_scale=11, shrinkA=0, shrinkB=0,
            linewidth=1.7 if is_clear else 0.9, color=colour,
            linestyle="-" if is_clear else (0, (4, 3)),
        )
    )  # fmt: skip
    climb = round(abs(end - start) / GAP)
    share = NEAR.get(climb, 0.16)
    x, y = tail + share * (head - tail), start + share * (end - start)
    ax.text(
        x, y, numbers.decimal(figure.estimate, material.language), ha="center", va="center",
        fontsize=8, color=colour, fontweight="bold" if is_clear else "normal",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
    )  # fmt: skip


def _written(material: Material, figure: Figure) -> str:
    value = numbers.decimal(figure.estimate, material.language)
    ends = numbers.interval(figure.ci_low, figure.ci_high, material.language)
    p = "" if math.isnan(figure.p) else f", p {numbers.p_relation(figure.p, material.language)}"
    return f"{value} {ends}{p}"
