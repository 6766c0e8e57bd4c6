"""Which items were left without an answer, in which wave: a cell for each."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from driehoek.reporting import numbers
from driehoek.reporting.figures.style import (
    INK,
    Drawing,
    house_style,
    wrapped,
    write_readably,
    write_ticks,
)
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.scales import planned_scales

LABEL_LETTERS = 46
HEAD_LETTERS = 16
BAR_LETTERS = 22
LABEL_INCHES = 2.8
CELL_INCHES = 0.46
ROW_INCHES = 0.34
SHADES = "ch:start=.15,rot=-.35,light=.95,dark=.3"
MOST_ITEMS = 3  # named in words

Cells = dict[tuple[str, str], Figure]


def missing_item_drawings(material: Material) -> Iterator[Drawing]:
    """Draw the planned scales of each role: items by wave and by who they are about."""
    questionnaire = material.study.questionnaire
    for scale in planned_scales(material):
        pairs = questionnaire.presentations(scale)
        for role in dict.fromkeys(role for role, _ in pairs):
            abouts = [about or "" for each, about in pairs if each == role]
            cells = _cells(material, scale, role, abouts)
            if len({item for item, _ in cells}) > 1:
                yield _draw(material, scale, role, cells)


def _cells(material: Material, scale: str, role: str, abouts: list[str]) -> Cells:
    """Give the mean answer of each item, by item and column: its n and those without an answer."""
    form = material.study.questionnaire
    found: Cells = {}
    for about in abouts:
        ids = [
            q for each in form.facet_questions(scale, role, about or None).values() for q in each
        ]
        for qid in ids:
            for wave in material.waves:
                keys = {"wave": wave, "role": role, "about": about, "term": qid}
                mean = material.results.one("items", "mean", **keys)
                if mean.n + mean.n_excluded > 0:
                    found[form.questions[qid].item or qid, f"{about}/{wave}"] = mean
    return found


def _draw(material: Material, scale: str, role: str, cells: Cells) -> Drawing:
    items = list(dict.fromkeys(item for item, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    shares = pd.DataFrame(np.nan, index=items, columns=columns)
    for (item, column), mean in cells.items():
        shares.loc[item, column] = _share(mean)
    labels = {item: _label(material, item, cells) for item in items}
    with house_style():
        width = LABEL_INCHES + CELL_INCHES * len(columns) + 0.9
        canvas = Canvas(
            figsize=(width, max(ROW_INCHES * len(items), 1.4) + 1.1), layout="constrained"
        )
        ax = canvas.subplots()
        texts = shares.map(
            lambda v: "" if np.isnan(v) else numbers.decimal(v, material.language, 1)
        )
        bar = wrapped(material.word("axis_unanswered"), BAR_LETTERS)
        sns.heatmap(
            shares, annot=texts, fmt="", vmin=0, cmap=sns.color_palette(SHADES, as_cmap=True),
            ax=ax, linewidths=1, mask=shares.isna(), annot_kws={"size": 7},
            cbar_kws={"shrink": 0.9, "label": bar},
        )  # fmt: skip
        write_readably(ax)
        ax.set_yticklabels([wrapped(labels[i], LABEL_LETTERS) for i in items], rotation=0, size=7.5)
        ax.set_xticklabels([each.split("/")[1] for each in columns], rotation=0, size=8)
        ax.tick_params(length=0)
        ax.set(xlabel="", ylabel="")
        _heads(material, ax, role, columns)
        write_ticks(canvas.axes[-1].yaxis, material.language)
    named = {"scale": material.labels.scale(scale), "role": material.labels.role(role)}
    return Drawing(
        f"missing_items_{scale}_{role}", "missing_items", scale,
        material.word("figure_missing_items", **named),
        _alt(material, shares, labels),
        pd.DataFrame([asdict(figure) for figure in cells.values()]), canvas,
    )  # fmt: skip


def _heads(material: Material, ax: Axes, role: str, columns: list[str]) -> None:
    """Write above the waves whom the items are about."""
    abouts = [column.split("/")[0] for column in columns]
    for about in dict.fromkeys(abouts):
        places = [place for place, each in enumerate(abouts) if each == about]
        if about:
            words = wrapped(material.labels.relation(role, about), HEAD_LETTERS)
            ax.text(sum(places) / len(places) + 0.5, -0.15, words, ha="center", va="bottom",
                    fontsize=7.5, color=INK)  # fmt: skip


def _share(mean: Figure) -> float:
    """Give the percentage of persons without an answer."""
    return 100 * mean.n_excluded / (mean.n + mean.n_excluded)


def _label(material: Material, item: str, cells: Cells) -> str:
    first = next(mean for (each, _), mean in cells.items() if each == item)
    return material.labels.item(first.term)


def _alt(material: Material, shares: pd.DataFrame, labels: dict[str, str]) -> str:
    language = material.language
    lowest, highest = float(np.nanmin(shares)), float(np.nanmax(shares))
    most = shares.max(axis="columns").sort_values(ascending=False, kind="stable")
    named = [
        f"{labels[str(item)].rstrip('.')} {numbers.percent(share / 100, language, 1)}"
        for item, share in most.head(MOST_ITEMS).items()
    ]
    return material.word(
        "alt_missing_items",
        low=numbers.percent(lowest / 100, language, 1),
        high=numbers.percent(highest / 100, language, 1),
        parts="; ".join(named),
    )
