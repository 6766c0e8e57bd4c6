"""Weights: what they change in the shares, in the means and in linear models."""

from driehoek.plan.regression import LinearModel
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text
from driehoek.reporting.wording import listed


def weights_tables(material: Material) -> list[Table]:
    """Tabulate each set of weights: margins and loss of precision, then weighted means."""
    tables = [
        table
        for name in material.study.settings.plan.weights
        for table in (
            _precision(material, name),
            _shares(material, name),
            _means(material, name),
        )
    ]
    return [table for table in tables if table.rows]


def _titled(material: Material, name: str) -> str:
    """Name a set of weights by the questions it rests on and whose answers it weighs."""
    plan = material.study.settings.plan.weights[name]
    questions = [material.labels.question(each) for each in plan.margins]
    return f"{listed(questions, material.language)} ({material.labels.role(plan.role)})"


def _precision(material: Material, name: str) -> Table:
    figures = material.results.rows("weights", group=name, statistic="design_effect")
    rows = []
    for figure in figures:
        rest = [_other(material, figure, each) for each in ("n_effective", "n_trimmed")]
        cells = (number(figure.n, figure, "count"), estimate(figure))
        counts = tuple(estimate(each, "count") for each in rest)
        rows.append(Row(material.wave_label(figure.wave), (*cells, *counts)))
    heads = ("n", "design_effect", "n_effective", "n_trimmed")
    return Table(
        f"weights_{name}",
        material.word("table_weights", name=_titled(material, name)),
        material.word("Wave"),
        tuple(Column(material.word(head)) for head in heads),
        tuple(rows),
        (material.word("note_weights"), material.withheld_note),
        material.language,
    )


def _shares(material: Material, name: str) -> Table:
    rows: list[Row] = []
    figures = material.results.rows("weights", group=name, statistic="share")
    for wave in dict.fromkeys(figure.wave for figure in figures):
        rows.append(Row(material.wave_label(wave)))
        rows += [
            Row(material.labels.term(f.term), _share_cells(material, f), 1)
            for f in figures
            if f.wave == wave
        ]
    heads = ("in_sample", "in_weighted", "in_population")
    return Table(
        f"weights_{name}_shares",
        material.word("table_weight_shares", name=_titled(material, name)),
        material.word("variable"),
        tuple(Column(material.word(head)) for head in heads),
        tuple(rows),
        (material.withheld_note,),
        material.language,
    )


def _share_cells(material: Material, share: Figure) -> tuple[Cell, ...]:
    others = [_other(material, share, each) for each in ("share_weighted", "share_population")]
    return tuple(estimate(each, "bounded") for each in (share, *others))


def _other(material: Material, figure: Figure, statistic: str) -> Figure:
    keys = {key: getattr(figure, key) for key in ("wave", "role", "group", "term")}
    return material.results.one("weights", statistic, **keys)


def _means(material: Material, name: str) -> Table:
    rows: list[Row] = []
    figures = material.results.rows("weights", group=name, statistic="mean")
    for wave in dict.fromkeys(figure.wave for figure in figures):
        rows.append(Row(material.wave_label(wave)))
        rows += [
            Row(material.labels.score(f.scale, f.role, f.about), _mean_cells(material, f), 1)
            for f in figures
            if f.wave == wave
        ]
    level = material.word("ci", level=material.level)
    sides = (material.word("unweighted"), material.word("weighted"))
    columns = tuple(Column(head, side) for side in sides for head in (material.word("mean"), level))
    return Table(
        f"weights_{name}_means",
        material.word("table_weighted_means", name=_titled(material, name)),
        material.word("scale"),
        columns,
        tuple(rows),
        (material.unit_word("note_weighted"), material.withheld_note),
        material.language,
    )


def _mean_cells(material: Material, weighted: Figure) -> tuple[Cell, ...]:
    keys = {key: getattr(weighted, key) for key in ("wave", "role", "about", "scale")}
    plain = material.results.one("scores", "mean", **keys)
    return (estimate(plain), ends(plain), estimate(weighted), ends(weighted))


def model_tables(material: Material, name: str) -> list[Table]:
    """Tabulate the last block of a linear model without and with weights."""
    plan = material.study.settings.plan.models[name]
    if not isinstance(plan, LinearModel) or plan.weights is None:
        return []
    weighted = material.results.rows("models_weighted", scale=name, statistic="b")
    plain = {
        f.term: f
        for f in material.results.rows(
            "models", scale=name, statistic="b", group=f"block_{len(plan.blocks)}"
        )
    }
    rows = [
        Row(
            material.labels.term(f.term) if f.term else material.word("term"),
            (*_cells(plain.get(f.term, Figure())), *_cells(f)),
        )
        for f in weighted
    ]
    level = material.word("ci", level=material.level)
    sides = (material.word("unweighted"), material.word("weighted"))
    columns = tuple(Column(head, side) for side in sides for head in ("b", level, "p", "n"))
    return [
        Table(
            f"model_{name}_weighted",
            material.word("table_weighted_model", title=material.labels.model(name)),
            material.word("term"),
            columns,
            tuple(rows),
            (material.unit_word("note_weighted"),),
            material.language,
        )
    ]


def _cells(b: Figure) -> tuple[Cell, ...]:
    if not b.id:
        return (text(""),) * 4
    digits = decimals_for(b.se)
    return (
        estimate(b, "decimal", digits),
        ends(b, decimals=digits),
        number(b.p, b, "p"),
        number(b.n, b, "count"),
    )
