"""Scores of the scales and facets."""

from collections.abc import Callable
from functools import partial

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.wording import sentence_case

Presented = tuple[str, str, str, str]


def score_table(material: Material) -> Table:
    """Describe the scores of the scales, per wave."""
    return _described(material, "scores", [each for each in presented(material) if not each[3]])


def facet_table(material: Material) -> Table:
    """Describe the scores of the facets, per wave."""
    return _described(material, "facets", [each for each in presented(material) if each[3]])


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
        tuple(by_scale(material, used, partial(_score_cells, material))),
        (material.word("note_scores"), material.withheld_note),
        material.language,
    )


def presented(material: Material) -> list[Presented]:
    """List each scale with its facets, role by role and target by target."""
    questionnaire = material.study.questionnaire
    return [
        (name, role, about or "", facet)
        for name, scale in questionnaire.instrument.scales.items()
        for role, about in questionnaire.presentations(name)
        for facet in ["", *(scale.facets or {})]
    ]


def by_scale(
    material: Material, used: list[Presented], cells: Callable[[Presented], tuple[Cell, ...]]
) -> list[Row]:
    """Lay out a row for each presentation under the name of its scale, its facets below it.

    Facets without a row of their scale above them stand under a heading that says whose they are.
    """
    rows: list[Row] = []
    before: tuple[str, ...] = ("", "", "")
    for scale, role, about, facet in used:
        relation = material.labels.relation(role, about)
        if facet and (scale, role, about) != before:
            rows.append(Row(f"{material.labels.scale(scale)} ({relation})"))
        elif scale != before[0]:
            rows.append(Row(material.labels.scale(scale)))
        before = (scale, role, about)
        has_scale = (scale, role, about, "") in used
        label = material.labels.facet(scale, facet) if facet else sentence_case(relation)
        rows.append(Row(label, cells((scale, role, about, facet)), 1 + bool(facet and has_scale)))
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
