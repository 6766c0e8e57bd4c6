"""Families of tests, and tests of equivalence."""

from driehoek.reporting.headlines import effect_name, is_effect
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text
from driehoek.reporting.tables.comparisons import compared_words

ADJUSTED = {"p_raw": "p", "p_holm": "p_holm", "p_bh": "p_bh"}


def family_table(material: Material, name: str, *, file: str = "families") -> Table:
    """Tabulate the p values of one family, as they are and adjusted; of complete rows or pooled."""
    plan = material.study.settings.plan.families[name]
    kinds = [kind for kind in ADJUSTED if kind == "p_raw" or kind[2:] in plan.adjust]
    found = material.results.rows(file, scale=name, statistic="p_raw")
    rows = [
        Row(
            _named(material, figure.group),
            (
                text(material.word(f"status_{_status(material, figure.group)}")),
                *(_p(material, figure, kind) for kind in kinds),
            ),
        )
        for figure in found
    ]
    heads = [material.word("status"), *(material.word(ADJUSTED[kind]) for kind in kinds)]
    suffix = file.removeprefix("families")
    return Table(
        f"family_{name}{suffix}",
        material.word(f"table_family{suffix}", title=material.labels.of(plan.title) or name),
        material.word("test"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_family"),),
        material.language,
    )


def _p(material: Material, about: Figure, kind: str) -> Cell:
    keys = {"scale": about.scale, "group": about.group}
    rows = material.results.rows(about.file, statistic=kind, **keys)
    figure = rows[0] if rows else about
    return Cell("p", (figure.estimate,), "", figure.id, figure.reason)


def equivalence_table(material: Material, *, file: str = "families") -> Table | None:
    """Tabulate the tests of equivalence, of complete rows or pooled; None where there are none."""
    plans = material.study.settings.plan.equivalence
    rows = [
        row
        for name in plans
        for figure in material.results.rows(file, scale=name, statistic="tost")
        for row in [Row(_equivalent(material, name, figure), _cells(material, figure))]
    ]
    if not rows:
        return None
    level = f"{100 * (2 * material.study.settings.plan.confidence - 1):g}"
    heads = ("estimate", "bounds", "ci", "p_tost")
    columns = tuple(Column(material.word(head, level=level)) for head in heads)
    note = material.word("note_equivalence", level=level)
    suffix = file.removeprefix("families")
    title = material.word(f"table_equivalence{suffix}")
    return Table(
        f"equivalence{suffix}",
        title,
        material.word("test"),
        columns,
        tuple(rows),
        (note,),
        material.language,
    )


def _equivalent(material: Material, name: str, figure: Figure) -> str:
    title = material.labels.of(material.study.settings.plan.equivalence[name].title)
    return title or _named(material, figure.group)


def _cells(material: Material, tost: Figure) -> tuple[Cell, ...]:
    digits = decimals_for(tost.se)
    low, high = (
        material.results.rows(tost.file, scale=tost.scale, statistic=each, group=tost.group)
        for each in ("tost_low", "tost_high")
    )
    bounds = text("")
    if low and high:
        values = (low[0].estimate, high[0].estimate)
        bounds = Cell("interval", values, "", low[0].id, "", digits)
    return (
        estimate(tost, "decimal", digits),
        bounds,
        ends(tost, decimals=digits),
        number(tost.p, tost, "p"),
    )


def _figure(material: Material, identity: str) -> Figure | None:
    return next((each for each in material.results.figures if each.id == identity), None)


def _status(material: Material, identity: str) -> str:
    """Say whether the model or comparison behind an estimate was planned."""
    figure, plan = _figure(material, identity), material.study.settings.plan
    if figure is None:
        return "planned"
    if figure.file.startswith("models") and figure.scale in plan.models:
        return plan.models[figure.scale].status
    if figure.file == "comparisons" and figure.scale in plan.comparisons:
        return plan.comparisons[figure.scale].status
    return "planned"


def _named(material: Material, identity: str) -> str:
    """Name an estimate: its model, and what of it."""
    figure = _figure(material, identity)
    if figure is None:
        return identity
    if figure.file == "correlations":
        pair = (material.labels.variable(each) for each in (figure.scale, figure.term))
        return " – ".join(pair)
    if figure.file == "comparisons":
        plan = material.study.settings.plan.comparisons[figure.scale]
        outcome = material.labels.variable(figure.term) if figure.term else ""
        title = material.labels.of(plan.title) or figure.scale
        parts = (title, outcome, compared_words(material, figure.group))
        return ": ".join(part for part in parts if part)
    title = material.labels.model(figure.scale)
    if is_effect(figure):
        return f"{title}: {effect_name(material, figure)}"
    return f"{title}: {material.labels.effect_on(figure.scale, figure.group, figure.term)}"
