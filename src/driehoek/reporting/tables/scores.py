"""Scores and their reliability."""

from collections.abc import Callable
from functools import partial

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.wording import sentence_case

Presented = tuple[str, str, str, str]


def score_table(material: Material) -> Table:
    """Describe the scores of the scales, per wave."""
    return _described(material, "scores", [each for each in _presented(material) if not each[3]])


def facet_table(material: Material) -> Table:
    """Describe the scores of the facets, per wave."""
    return _described(material, "facets", [each for each in _presented(material) if each[3]])


def reliability_table(material: Material, sample: str) -> Table:
    """Tabulate alpha and omega of every scale and facet in one wave, or in all together."""
    file = f"reliability_{sample}"
    known = {(f.scale, f.role, f.about, f.group) for f in material.results.rows(file)}
    used = [each for each in _presented(material) if each in known]
    level = material.word("ci", level=material.level)
    heads = (material.word("alpha"), level, "n", material.word("omega"), level, "n")
    unit = _resampled(material, file)
    bootstrap = material.count(material.study.settings.plan.reliability.bootstrap)
    return Table(
        file,
        material.word("table_reliability", sample=material.sample_label(sample)),
        material.word("scale"),
        tuple(Column(head) for head in heads),
        tuple(_by_scale(material, used, partial(_reliability_cells, material, file, sample))),
        (
            material.word("note_reliability", bootstrap=bootstrap, unit=unit),
            material.withheld_note,
        ),
        material.language,
    )


def _resampled(material: Material, file: str) -> str:
    """Say what the bootstrap of omega drew again, as its rows state it."""
    methods = {f.method for f in material.results.rows(file, statistic="omega_total")}
    has_triads = any("triads resampled" in method for method in methods)
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
            dropped = material.results.one(file, "alpha_if_dropped", term=figure.term, **keys)
            label = material.labels.item(figure.term) if figure.term else material.word("total")
            cells = (
                estimate(figure, "bounded"),
                ends(figure, is_bounded=True),
                estimate(dropped, "bounded"),
                number(figure.n, figure, "count"),
            )
            rows.append(Row(label, cells, 1))
    heads = (
        material.word("item_rest"),
        material.word("ci", level=material.level),
        material.word("alpha_if_dropped"),
        "n",
    )
    return Table(
        f"item_rest_{sample}",
        material.word("table_reliability_items", sample=material.sample_label(sample)),
        material.word("item"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_reliability_items"), material.withheld_note),
        material.language,
    )


def _described(material: Material, name: str, used: list[Presented]) -> Table:
    columns = [
        Column(head, material.wave_label(wave))
        for wave in material.waves
        for head in (
            material.word("mean"),
            material.word("sd"),
            material.word("ci", level=material.level),
            "n",
        )
    ]
    known = {(f.scale, f.role, f.about, f.group) for f in material.results.rows("scores")}
    used = [each for each in used if each in known]
    return Table(
        name,
        material.word(f"table_{name}"),
        material.word("scale"),
        tuple(columns),
        tuple(_by_scale(material, used, partial(_score_cells, material))),
        (material.word("note_scores"), material.withheld_note),
        material.language,
    )


def _presented(material: Material) -> list[Presented]:
    """List each scale with its facets, role by role and target by target."""
    questionnaire = material.study.questionnaire
    return [
        (name, role, about or "", facet)
        for name, scale in questionnaire.instrument.scales.items()
        for role, about in questionnaire.presentations(name)
        for facet in ["", *(scale.facets or {})]
    ]


def _by_scale(
    material: Material, used: list[Presented], cells: Callable[[Presented], tuple[Cell, ...]]
) -> list[Row]:
    rows: list[Row] = []
    before = ""
    for scale, role, about, facet in used:
        if scale != before:
            rows.append(Row(material.labels.scale(scale)))
            before = scale
        label = sentence_case(material.labels.relation(role, about))
        if facet:
            label = (
                f"{material.labels.facet(scale, facet)} ({material.labels.relation(role, about)})"
            )
        rows.append(Row(label, cells((scale, role, about, facet)), 2 if facet else 1))
    return rows


def _score_cells(material: Material, each: Presented) -> tuple[Cell, ...]:
    scale, role, about, facet = each
    cells: list[Cell] = []
    for wave in material.waves:
        keys = {"wave": wave, "role": role, "about": about, "scale": scale, "group": facet}
        mean = material.results.one("scores", "mean", **keys)
        sd = material.results.one("scores", "sd", **keys)
        cells += [estimate(mean), estimate(sd), ends(mean), number(mean.n, mean, "count")]
    return tuple(cells)


def _reliability_cells(
    material: Material, file: str, sample: str, each: Presented
) -> tuple[Cell, ...]:
    scale, role, about, facet = each
    keys = {"wave": sample, "role": role, "about": about, "scale": scale, "group": facet}
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
