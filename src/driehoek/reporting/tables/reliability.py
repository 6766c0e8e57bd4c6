"""Reliability of the scales: alpha and omega, further coefficients, error of scores, items."""

import re
from dataclasses import replace
from functools import partial

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.tables.scores import Presented, by_scale, presented

_FAILED = re.compile(r"(?P<count>\d+) of (?P<rest>\d+ bootstrap samples had no admissible .*)")


def reliability_table(material: Material, sample: str) -> Table:
    """Tabulate alpha and omega of every scale and facet in one wave, or in all together."""
    file = f"reliability_{sample}"
    known = {(f.scale, f.role, f.about, f.group) for f in material.results.rows(file)}
    used = [each for each in presented(material) if each in known]
    level = material.word("ci", level=material.level)
    heads = (material.word("alpha"), level, "n", material.word("omega"), level, "n")
    unit = _resampled(material, file)
    plan = material.study.settings.plan.reliability
    bootstrap = material.count(plan.bootstrap)
    interval = material.unit_word(f"interval_{plan.alpha_interval}")
    return Table(
        file,
        material.word("table_reliability", sample=material.sample_within(sample)),
        material.word("scale"),
        tuple(Column(head) for head in heads),
        told_once(by_scale(material, used, partial(_reliability_cells, material, file, sample))),
        (
            material.word(
                "note_reliability", bootstrap=bootstrap, unit=unit, alpha_interval=interval
            ),
            *material.notes(file),
            material.withheld_note,
        ),
        material.language,
    )


def told_once(rows: list[Row]) -> tuple[Row, ...]:
    """Give one reason, with the span, to all intervals for which too many samples failed."""
    found = {
        cell.reason: match
        for row in rows
        for cell in row.cells
        if (match := _FAILED.fullmatch(cell.reason))
    }
    counts = sorted(int(match["count"]) for match in found.values())
    if len(counts) < 2:
        return tuple(rows)
    rest = next(iter(found.values()))["rest"]
    reason = f"{counts[0]} to {counts[-1]} of {rest}"
    return tuple(
        replace(
            row,
            cells=tuple(
                replace(cell, reason=reason) if cell.reason in found else cell for cell in row.cells
            ),
        )
        for row in rows
    )


def _resampled(material: Material, file: str) -> str:
    """Say what the bootstrap of omega drew again, as its rows state it."""
    methods = {f.method for f in material.results.rows(file, statistic="omega_total")}
    has_triads = material.has_triads and any("triads resampled" in method for method in methods)
    has_persons = any("persons resampled" in method for method in methods)
    return material.word(
        "unit_both" if has_triads and has_persons else "unit_triad" if has_triads else "unit_person"
    )


def item_rest_table(material: Material, sample: str) -> Table:
    """Tabulate item-rest correlations and alpha without each item."""
    file = f"reliability_{sample}"
    found = material.results.rows(file, statistic="item_rest")
    rows: list[Row] = []
    for scale, role, about, facet in dict.fromkeys(
        (f.scale, f.role, f.about, f.group) for f in found
    ):
        name = f"{material.labels.scale(scale)} ({material.labels.relation(role, about)})"
        rows.append(Row(f"{name}: {material.labels.facet(scale, facet)}" if facet else name))
        keys = {"wave": sample, "scale": scale, "role": role, "about": about, "group": facet}
        for figure in material.results.rows(file, statistic="item_rest", **keys):
            others = [
                estimate(material.results.one(file, each, term=figure.term, **keys), "bounded")
                for each in ("alpha_if_dropped", "omega_if_dropped", "scalability_h_item")
            ]
            label = material.labels.item(figure.term) if figure.term else material.word("total")
            cells = (
                estimate(figure, "bounded"),
                ends(figure, is_bounded=True),
                *others,
                number(figure.n, figure, "count"),
            )
            rows.append(Row(label, cells, 1))
    heads = (
        material.word("item_rest"),
        material.word("ci", level=material.level),
        material.word("alpha_if_dropped"),
        material.word("omega_if_dropped"),
        material.word("scalability_item"),
        "n",
    )
    return Table(
        f"item_rest_{sample}",
        material.word("table_reliability_items", sample=material.sample_within(sample)),
        material.word("item"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_reliability_items"), material.withheld_note),
        material.language,
    )


COEFFICIENTS = ("standardised_alpha", "lambda2", "lambda6")
WITH_INTERVAL = ("ordinal_alpha", "omega_categorical", "omega_hierarchical", "scalability_h")


def coefficient_table(material: Material, sample: str) -> Table:
    """Tabulate the further coefficients of every scale and facet in one wave."""
    file = f"reliability_{sample}"
    used = _having(material, file, (*COEFFICIENTS, *WITH_INTERVAL))

    def cells(each: Presented) -> tuple[Cell, ...]:
        keys = _keys(sample, each)
        plain = [estimate(material.results.one(file, s, **keys), "bounded") for s in COEFFICIENTS]
        wide = [material.results.one(file, s, **keys) for s in WITH_INTERVAL]
        pairs = (
            cell
            for figure in wide
            for cell in (estimate(figure, "bounded"), ends(figure, is_bounded=True))
        )
        return (*plain, *pairs)

    level = material.word("ci", level=material.level)
    heads = [material.word(each) for each in COEFFICIENTS]
    heads += [head for each in WITH_INTERVAL for head in (material.word(each), level)]
    found = material.results.rows(file, statistic="omega_hierarchical")
    hierarchical = [material.word("note_hierarchical")] if found else []
    table = Table(
        f"coefficients_{sample}",
        material.word("table_coefficients", sample=material.sample_within(sample)),
        material.word("scale"),
        tuple(Column(head) for head in heads),
        tuple(by_scale(material, used, cells)),
        (material.word("note_coefficients"), *hierarchical, material.withheld_note),
        material.language,
    )
    return table.without_empty_columns()


def score_error_table(material: Material, sample: str) -> Table:
    """Tabulate how much error there is in the score of one person."""
    file = f"reliability_{sample}"
    named = ("score_reliability", "sem", "smallest_detectable_change")

    def cells(each: Presented) -> tuple[Cell, ...]:
        found = [material.results.one(file, name, **_keys(sample, each)) for name in named]
        share, *errors = found
        return (
            estimate(share, "bounded"),
            *(estimate(figure) for figure in errors),
            number(share.n, share, "count"),
        )

    return Table(
        f"score_error_{sample}",
        material.word("table_score_error", sample=material.sample_within(sample)),
        material.word("scale"),
        (*(Column(material.word(name)) for name in named), Column("n")),
        tuple(by_scale(material, _having(material, file, named), cells)),
        (material.word("note_score_error", level=material.level), material.withheld_note),
        material.language,
    )


def _having(material: Material, file: str, statistics: tuple[str, ...]) -> list[Presented]:
    known = {
        (f.scale, f.role, f.about, f.group)
        for statistic in statistics
        for f in material.results.rows(file, statistic=statistic)
    }
    return [each for each in presented(material) if each in known]


def _keys(sample: str, each: Presented) -> dict[str, str]:
    scale, role, about, facet = each
    return {"wave": sample, "role": role, "about": about, "scale": scale, "group": facet}


def _reliability_cells(
    material: Material, file: str, sample: str, each: Presented
) -> tuple[Cell, ...]:
    keys = _keys(sample, each)
    alpha = material.results.one(file, "alpha", **keys)
    omega = material.results.one(file, "omega_total", **keys)
    return tuple(
        cell
        for figure in (alpha, omega)
        for cell in (
            estimate(figure, "bounded"),
            ends(figure, is_bounded=True),
            number(figure.n, figure, "count"),
        )
    )
