"""Stacked bars of the answers to the items of a scale."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    SOFT,
    WIDTH,
    WITHHELD,
    Drawing,
    house_style,
    readable_on,
    wrapped,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

# From light to dark in even steps, so that the order of the options also shows in grey.
SHADES = "ch:start=.15,rot=-.35,light=.9,dark=.22"
LABEL_LETTERS = 44
LEGEND_LETTERS = 104
LEAST_LABELLED = 7.0
BAR_INCHES, LINE_INCHES = 0.32, 0.145  # a bar, and a line of its label where that is higher


Counts = dict[str, list[Figure]]


def likert_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the answers of the first wave: of each scale with several items, role and target."""
    questionnaire = material.study.questionnaire
    for scale in questionnaire.instrument.scales:
        for role, about in questionnaire.presentations(scale):
            items = _counts(material, scale, role, about or "")
            if len(items) > 1:
                yield _draw(material, (scale, role, about or ""), items)


def _counts(material: Material, scale: str, role: str, about: str) -> Counts:
    """Give the counts by option of each item, where they were described."""
    questionnaire, wave = material.study.questionnaire, material.waves[0]
    facets = questionnaire.facet_questions(scale, role, about or None)
    keys = {"wave": wave, "role": role, "about": about, "statistic": "count"}
    found = {
        qid: material.results.rows("items", term=qid, **keys)
        for ids in facets.values()
        for qid in ids
    }
    return {qid: counts for qid, counts in found.items() if any(f.is_present for f in counts)}


def _draw(material: Material, of: tuple[str, str, str], items: Counts) -> Drawing:
    scale, role, about = of
    figures = [figure for counts in items.values() for figure in counts]
    options = {f.group: material.labels.option(f.term, f.group) for f in figures}
    most = max(len(_label(material, qid).split("\n")) for qid in items)
    bar = max(BAR_INCHES, LINE_INCHES * most)
    lines = -(-len(options) // _legend_columns(list(options.values())))
    with house_style():
        canvas = Canvas(figsize=(WIDTH, bar * len(items) + 0.3 * lines + 0.7), layout="constrained")
        ax = canvas.subplots()
        _bars(ax, material, items, options)
        ax.set_xlabel(material.word("axis_share"))
        has_withheld = not all(figure.is_present for figure in figures)
        _legend(canvas, material, options, has_withheld=has_withheld)
    wave, label = material.waves[0], material.labels.scale(scale)
    relation = material.labels.relation(role, about)
    return Drawing(
        name="_".join(each for each in ("likert", *of) if each),
        kind="likert",
        scale=scale,
        title=material.word("figure_likert", scale=label, relation=relation, wave=wave),
        alt=_alt(material, items),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def _bars(ax: Axes, material: Material, items: Counts, options: dict[str, str]) -> None:
    colours = dict(zip(options, sns.color_palette(SHADES, len(options)), strict=True))
    for place, counts in enumerate(items.values()):
        left = 0.0
        for figure in counts:
            if not figure.is_present or not figure.n:
                continue
            width = 100 * figure.estimate / figure.n
            ax.barh(place, width, left=left, color=colours[figure.group], height=0.72)
            if width >= LEAST_LABELLED:
                label = numbers.percent(width / 100, material.language)
                ink = readable_on(colours[figure.group])
                ax.text(
                    left + width / 2, place, label, ha="center", va="center", color=ink, size=8,
                    in_layout=False,
                )  # fmt: skip
            left += width
        if left < 99.99:
            ax.barh(
                place, 100 - left, left=left, color=WITHHELD, height=0.72, hatch="////",
                edgecolor="#b8c0c8", linewidth=0,
            )  # fmt: skip
    labels = [_label(material, qid) for qid in items]
    ax.set_yticks(range(len(items)), labels, fontsize=8)
    ax.set_ylim(len(items) - 0.45, -0.55)
    ax.set_xlim(0, 100)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)


def _label(material: Material, qid: str) -> str:
    is_reversed = material.study.questionnaire.questions[qid].is_reversed
    words = material.labels.item(qid) + (material.word("reversed") if is_reversed else "")
    return wrapped(words, LABEL_LETTERS)


def _legend(
    canvas: Canvas, material: Material, options: dict[str, str], *, has_withheld: bool
) -> None:
    colours = sns.color_palette(SHADES, len(options))
    patches = [
        Patch(color=colour, label=label)
        for colour, label in zip(colours, options.values(), strict=True)
    ]
    if has_withheld:
        patch = Patch(facecolor=WITHHELD, edgecolor="#b8c0c8", hatch="////", linewidth=0)
        patch.set_label(material.word("withheld_cell"))
        patches.append(patch)
    columns = _legend_columns([str(patch.get_label()) for patch in patches])
    by_row = [patches[i] for start in range(columns) for i in range(start, len(patches), columns)]
    canvas.legend(
        handles=by_row, loc="outside upper left", ncols=columns, frameon=False, fontsize=8,
        handlelength=1.2, columnspacing=1.2, labelcolor=SOFT,
    )  # fmt: skip


def _legend_columns(labels: list[str]) -> int:
    if sum(len(label) + 6 for label in labels) <= LEGEND_LETTERS:
        return len(labels)
    fitting = max(1, LEGEND_LETTERS // (max(len(label) for label in labels) + 6))
    n_rows = -(-len(labels) // fitting)
    return -(-len(labels) // n_rows)


def _alt(material: Material, items: Counts) -> str:
    parts = [
        material.word(
            "alt_likert_item",
            item=material.labels.item(qid).rstrip("."),
            answers=", ".join(
                f"{material.labels.option(qid, f.group)} "
                f"{numbers.percent(f.estimate / f.n, material.language)}"
                for f in counts
                if f.is_present and f.n
            ),
        )
        for qid, counts in items.items()
    ]
    return material.word("alt_likert", items=len(parts), parts="; ".join(parts))
