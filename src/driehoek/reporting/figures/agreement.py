"""How far roles agree, and how stable scores are over waves."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd

from driehoek.reporting import numbers
from driehoek.reporting.figures.dots import Panel, dot_canvas
from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.agreement import entry_title, pair_words


def agreement_drawings(material: Material) -> Iterator[Drawing]:
    """Draw every entry of agreement and retest: the ICC, and differences with their limits."""
    plan = material.study.settings.plan
    for file, names in (("agreement", plan.agreement), ("retest", plan.retest)):
        for name in names:
            found = material.results.rows(file, scale=name, statistic="icc_agreement")
            pairs = [figure for figure in found if figure.group and figure.is_present]
            if pairs:
                yield _draw(material, file, name, pairs)


def _draw(material: Material, file: str, name: str, pairs: list[Figure]) -> Drawing:
    def each(statistic: str) -> list[Figure]:
        return [
            material.results.one(file, statistic, wave=f.wave, scale=name, group=f.group)
            for f in pairs
        ]

    differences, lows, highs = each("difference"), each("limit_lower"), each("limit_upper")
    limits = [(low.estimate, high.estimate) for low, high in zip(lows, highs, strict=True)]
    labels = [pair_words(material, file, figure.group) for figure in pairs]
    low = min([0.0, *(f.ci_low for f in pairs if f.ci_low == f.ci_low)])
    panels = [
        Panel(material.word("axis_icc", level=material.level), (pairs,), (low - 0.02, 1.02)),
        Panel(
            material.word("axis_limits", level=material.level),
            (differences,),
            line=0,
            ranges=tuple(limits),
        ),
    ]
    language = material.language
    parts = [
        f"{label}: ICC {numbers.bounded(icc.estimate, language)}, "
        f"{numbers.decimal(gap.estimate, language)} {numbers.interval(*ends, language)}"
        for label, icc, gap, ends in zip(labels, pairs, differences, limits, strict=True)
    ]
    return Drawing(
        f"{file}_{name}", file, name, entry_title(material, f"figure_{file}", file, name),
        material.word("alt_agreement", parts="; ".join(parts)),
        pd.DataFrame([asdict(f) for f in [*pairs, *differences, *lows, *highs] if f.id]),
        dot_canvas(material, labels, panels),
    )  # fmt: skip
