"""How far groups, waves or the members of triads differ."""

import math
from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from driehoek.reporting import numbers
from driehoek.reporting.figures.dots import Panel, dot_canvas
from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import Material
from driehoek.reporting.results import NONE, Figure
from driehoek.reporting.tables.comparisons import compared_words

MOST_ROWS = 40  # of a figure that stays readable on one page


def comparison_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the differences of each comparison of the plan, with their intervals."""
    for name in material.study.settings.plan.comparisons:
        found = material.results.rows("comparisons", scale=name, statistic="difference")
        shown = [f for f in found if f.is_present and not math.isnan(f.ci_low)]
        unique = list({(f.term, f.group): f for f in shown}.values())
        terms = list(dict.fromkeys(figure.term for figure in unique))
        if len(unique) <= MOST_ROWS or len(terms) < 2:
            if unique:
                yield _draw(material, name, unique)
            continue
        for term in terms:
            yield _draw(material, name, [f for f in unique if f.term == term], outcome=term)


def _draw(material: Material, name: str, shown: list[Figure], *, outcome: str = "") -> Drawing:
    """Draw differences; of one outcome alone where a page does not hold those of all."""
    labels: list[str] = []
    figures: list[Figure] = []
    headings: list[int] = []
    for term in dict.fromkeys(figure.term for figure in shown):
        if term:
            headings.append(len(labels))
            labels.append(material.labels.variable(term))
            figures.append(NONE)
        for figure in (f for f in shown if f.term == term):
            labels.append(compared_words(material, figure.group))
            figures.append(figure)
    plan = material.study.settings.plan.comparisons[name]
    axis = material.word("axis_difference", level=material.level)
    parts = [
        f"{label}: {numbers.decimal(f.estimate, material.language)} "
        f"{numbers.interval(f.ci_low, f.ci_high, material.language)}"
        for label, f in zip(labels, figures, strict=True)
        if f.is_present
    ]
    panel = Panel(axis, (figures,), line=0)
    title = material.labels.of(plan.title) or name
    file, kind = f"comparison_{name}", "comparison"
    if outcome:
        title = f"{title}: {material.labels.variable(outcome)}"
        file, kind = f"{file}_{outcome.replace('.', '_')}", "comparison_outcome"
    return Drawing(
        file, kind, name,
        material.word("figure_comparison", title=title),
        material.word("alt_comparison", level=material.level, parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in shown]),
        dot_canvas(material, labels, [panel], headings=frozenset(headings)),
    )  # fmt: skip
