"""How well the scales measure: reliability, items, invariance."""

import math
from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from driehoek.reporting import numbers
from driehoek.reporting.figures.dots import Panel, dot_canvas
from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import Material
from driehoek.reporting.results import NONE, Figure
from driehoek.reporting.scales import planned_scales
from driehoek.reporting.tables.structure import ladder_title
from driehoek.reporting.wording import sentence_case

COEFFICIENTS = ("alpha", "omega_total")
INDICES = ("cfi", "rmsea", "srmr")
# The axes show at least this much, so that a difference that means nothing does not look large.
REACHES = {"cfi": (0.9, 1.0), "rmsea": (0.0, 0.1), "srmr": (0.0, 0.1)}


def reliability_drawings(material: Material) -> Iterator[Drawing]:
    """Draw alpha and omega of the planned scales, for the first wave."""
    wave = material.waves[0]
    file = f"reliability_{wave}"
    labels: list[str] = []
    rows: list[tuple[Figure, Figure]] = []
    headings: list[int] = []
    for scale in planned_scales(material):
        found = material.results.rows(file, statistic="alpha", scale=scale, group="")
        if any(figure.is_present for figure in found):
            headings.append(len(labels))
            labels.append(material.labels.scale(scale))
            rows.append((NONE, NONE))
        for alpha in (figure for figure in found if figure.is_present):
            keys = {"wave": alpha.wave, "role": alpha.role, "about": alpha.about, "scale": scale}
            omega = material.results.one(file, "omega_total", **keys)
            labels.append(sentence_case(material.labels.relation(alpha.role, alpha.about)))
            rows.append((alpha, omega))
    if not rows:
        return
    series = tuple(zip(*rows, strict=True))
    shown = [f for pair in rows for f in pair if f.is_present]
    low = min([0.5, *(f.ci_low for f in shown if not math.isnan(f.ci_low))])
    panel = Panel(material.word("axis_reliability", level=material.level), series, (low - 0.02, 1))
    legend = [material.word("legend_alpha"), material.word("legend_omega")]
    canvas = dot_canvas(material, labels, [panel], headings=frozenset(headings), legend=legend)
    parts = [
        f"{label}: α {_value(material, pair[0])}, ω {_value(material, pair[1])}"
        for label, pair in zip(labels, rows, strict=True)
        if pair[0].is_present
    ]
    yield Drawing(
        "reliability", "reliability", "", material.word("figure_reliability", wave=wave),
        material.word("alt_reliability", level=material.level, parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in shown]), canvas,
    )  # fmt: skip


def item_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the items of each planned scale and role: how high they are, how they go together."""
    wave = material.waves[0]
    for scale in planned_scales(material):
        file = f"reliability_{wave}"
        found = material.results.rows(file, statistic="item_rest", scale=scale, group="")
        for role in dict.fromkeys(figure.role for figure in found):
            rests = [f for f in found if f.role == role and f.term and f.is_present]
            if len(rests) > 2:
                yield _items(material, scale, role, rests)


def invariance_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the fit of each step of the ladders of the plan."""
    for name in material.study.settings.plan.invariance:
        chi2s = material.results.rows("invariance", scale=name, statistic="chi2")
        levels = [figure for figure in chi2s if figure.group and figure.is_present]
        if len(levels) > 1:
            yield _ladder(material, name, levels)


def _items(material: Material, scale: str, role: str, rests: list[Figure]) -> Drawing:
    wave = material.waves[0]
    labels: list[str] = []
    means: list[Figure] = []
    shown: list[Figure] = []
    headings: list[int] = []
    for about in dict.fromkeys(figure.about for figure in rests):
        headings.append(len(labels))
        labels.append(sentence_case(material.labels.relation(role, about)))
        means.append(NONE)
        shown.append(NONE)
        for rest in (figure for figure in rests if figure.about == about):
            is_reversed = material.study.questionnaire.questions[rest.term].is_reversed
            mark = material.word("reversed") if is_reversed else ""
            keys = {"wave": wave, "role": role, "about": about, "term": rest.term}
            labels.append(material.labels.item(rest.term) + mark)
            means.append(material.results.one("items", "mean", **keys))
            shown.append(rest)
    questions = [material.study.questionnaire.questions[rest.term] for rest in rests]
    lows = [q.minimum for q in questions if q.minimum is not None]
    highs = [q.maximum for q in questions if q.maximum is not None]
    limits = (float(min(lows)), float(max(highs))) if lows and highs else None
    low = min([0.0, *(f.ci_low for f in rests if not math.isnan(f.ci_low))])
    panels = [
        Panel(material.word("axis_item_mean"), (means,), limits),
        Panel(material.word("axis_item_rest", level=material.level), (shown,), (low - 0.02, 1), 0),
    ]
    panels = panels if any(mean.is_present for mean in means) else panels[1:]
    label, role_label = material.labels.scale(scale), material.labels.role(role)
    parts = [
        f"{label}: {numbers.decimal(mean.estimate, material.language)}, r {_value(material, rest)}"
        for label, mean, rest in zip(labels, means, shown, strict=True)
        if rest.is_present
    ]
    return Drawing(
        f"itemmap_{scale}_{role}", "itemmap", scale,
        material.word("figure_itemmap", scale=label, role=role_label, wave=wave),
        material.word("alt_itemmap", parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in [*means, *shown] if figure.id]),
        dot_canvas(material, labels, panels, headings=frozenset(headings)),
    )  # fmt: skip


def _ladder(material: Material, name: str, levels: list[Figure]) -> Drawing:
    def one(statistic: str, level: Figure) -> Figure:
        keys = {key: getattr(level, key) for key in ("wave", "role", "about", "scale", "group")}
        return material.results.one("invariance", statistic, **keys)

    fails = frozenset(i for i, level in enumerate(levels) if one("holds", level).estimate != 1)
    series = {index: [one(index, level) for level in levels] for index in INDICES}
    panels = [
        Panel(material.word(index), (found,), _reach(REACHES[index], found), hollow=fails)
        for index, found in series.items()
    ]
    labels = [sentence_case(material.named("levels", level.group)) for level in levels]
    parts = [
        f"{label}: "
        + ", ".join(
            f"{material.word(index)} "
            f"{numbers.bounded(one(index, level).estimate, material.language, 3)}"
            for index in INDICES
        )
        + f" ({material.word('step_fails' if place in fails else 'step_holds')})"
        for place, (label, level) in enumerate(zip(labels, levels, strict=True))
    ]
    figures = [one(index, level) for index in (*INDICES, "holds") for level in levels]
    return Drawing(
        f"invariance_{name}", "invariance", name,
        material.word("figure_invariance", title=ladder_title(material, name)),
        material.word("alt_invariance", parts="; ".join(parts)),
        pd.DataFrame([asdict(figure) for figure in figures if figure.id]),
        dot_canvas(material, labels, panels),
    )  # fmt: skip


def _reach(least: tuple[float, float], figures: list[Figure]) -> tuple[float, float]:
    """Widen an axis to hold every number and its interval, with room for the dots."""
    numbers_shown = [
        number
        for figure in figures
        for number in (figure.estimate, figure.ci_low, figure.ci_high)
        if not math.isnan(number)
    ]
    low, high = min([least[0], *numbers_shown]), max([least[1], *numbers_shown])
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _value(material: Material, figure: Figure) -> str:
    return numbers.bounded(figure.estimate, material.language)
