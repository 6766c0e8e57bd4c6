"""The flow of triads and persons over the waves."""

from dataclasses import asdict

import pandas as pd
from matplotlib.figure import Figure as Canvas

from driehoek.reporting.figures.flow import (
    COLUMN_INCHES,
    GAP_INCHES,
    LETTERS,
    LINE_INCHES,
    draw_column,
    wave_title,
)
from driehoek.reporting.figures.style import Drawing, house_style, wrapped
from driehoek.reporting.material import Material
from driehoek.reporting.tables.participation import has_parts
from driehoek.reporting.wording import sentence_case

BOXES = 2
TRIADS = ("triads", "whole_triads")
CHANGES = ("stayed", "left", "returned", "joined")


def participation_drawing(material: Material) -> Drawing | None:
    """Draw for each wave its triads by the roles in them, and its persons; None without them."""
    figures = material.results.rows("participation")
    if not figures or not has_parts(material):
        return None
    columns = [_boxes(material, wave) for wave in material.waves]
    lines = [max(column[place].count("\n") + 1 for column in columns) for place in range(BOXES)]
    height = LINE_INCHES * sum(lines) + 0.3 * BOXES + GAP_INCHES + 0.6
    width = COLUMN_INCHES * max(len(columns), 2)
    with house_style():
        canvas = Canvas(figsize=(width, height))
        ax = canvas.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, width), ylim=(0, height))
        ax.axis("off")
        for place, (wave, column) in enumerate(zip(material.waves, columns, strict=True)):
            centre = COLUMN_INCHES * (place + 0.5)
            ax.text(centre, height - 0.2, wave_title(material, wave), ha="center", va="center",
                    fontweight="bold", fontsize=9.5)  # fmt: skip
            draw_column(ax, centre, height - 0.45, column, lines, is_flow=False)
    parts = [
        f"{material.wave_label(wave)}: " + "; ".join(" ".join(box.split()) for box in column)
        for wave, column in zip(material.waves, columns, strict=True)
    ]
    return Drawing(
        "participation", "participation", "", material.word("figure_participation"),
        material.word("alt_participation", parts=". ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in figures]), canvas,
    )  # fmt: skip


def _boxes(material: Material, wave: str) -> list[str]:
    def lines(role: str, statistics: tuple[str, ...], indent: str) -> list[str]:
        found = (material.results.one("participation", s, wave=wave, role=role) for s in statistics)
        return [
            f"{indent}{material.named('participation', figure.statistic)}: "
            f"{material.count(figure.estimate)}"
            for figure in found
            if figure.is_present
        ]

    shown = (role for role in material.roles if lines(role, ("persons",), ""))
    people = [
        line
        for role in shown
        for line in (
            f"{sentence_case(material.labels.role(role))}: {_persons(material, wave, role)}",
            *lines(role, CHANGES, "  "),
        )
    ]
    head, *others = lines("", TRIADS, "") or [""]
    return [_listed(head, others), _listed(material.word("persons_by_role"), people)]


def _persons(material: Material, wave: str, role: str) -> str:
    figure = material.results.one("participation", "persons", wave=wave, role=role)
    return material.count(figure.estimate)


def _listed(head: str, lines: list[str]) -> str:
    shown = [head]
    for line in lines:
        indent = "  " + " " * (len(line) - len(line.lstrip()))
        shown += [
            f"{indent}{part}" for part in wrapped(line.strip(), LETTERS - len(indent)).split("\n")
        ]
    return "\n".join(shown)
