"""The main results with and without flagged responses."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from driehoek.reporting.headlines import effect_name, is_effect
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Style, Table
from driehoek.reporting.tables.comparisons import compared_words
from driehoek.reporting.tables.estimates import BOUNDED

# Standardised and partial forms of a coefficient; the table shows the coefficient.
OTHER_FORMS = ("beta", "partial_r", "part_r")
OTHER_INTERVALS = ("bca", "monte_carlo")  # of an effect whose percentile interval is shown


class Pair(NamedTuple):
    """One result: with every response, without the flagged ones, and what that changes."""

    with_all: Figure
    without: Figure
    change: Figure

    @property
    def original(self) -> str:
        """Id of the result."""
        return self.with_all.id.removeprefix("without_flagged/everyone/")

    @property
    def file(self) -> str:
        """Name of the file that holds the result."""
        return self.original.split("/", 1)[0]

    @property
    def is_turned(self) -> bool:
        """Whether its interval excludes zero in one of the two only, or on another side."""
        before, after = self.with_all, self.without
        if not (before.is_present and after.is_present):
            return False
        is_other_side = (before.estimate > 0) != (after.estimate > 0)
        return before.excludes_zero != after.excludes_zero or (
            before.excludes_zero and is_other_side
        )


def pairs(material: Material) -> list[Pair]:
    """Give every result that was estimated twice; of models those that the plan has."""
    named = material.study.settings.plan.models
    known = {figure.id: figure for figure in material.results.rows("without_flagged")}
    found = []
    for name, figure in known.items():
        if name.startswith("without_flagged/everyone/"):
            rest = name.removeprefix("without_flagged/everyone/")
            others = (known[f"without_flagged/{mark}/{rest}"] for mark in ("unflagged", "change"))
            found.append(Pair(figure, *others))
    return [each for each in found if each.file != "models" or each.with_all.scale in named]


def last_effects(material: Material, name: str) -> list[Pair]:
    """Give what was estimated twice of each effect in the last block of a model."""
    every = pairs(material)
    return _last_block([p for p in every if p.file == "models" and p.with_all.scale == name])


def without_flagged_tables(material: Material) -> list[Table]:
    """Tabulate each kind of result side by side."""
    every = pairs(material)
    return [
        _table(material, kind, rows)
        for kind, build in BUILDERS.items()
        if (rows := list(build(material, [each for each in every if each.file.startswith(kind)])))
    ]


def turned_results(material: Material, kind: str) -> list[str]:
    """Name the results in the table of a kind of which the conclusion about zero is another."""
    every = [each for each in pairs(material) if each.file == kind]
    shown = {"comparisons": _compared, "models": _effects}.get(kind, list)(every)
    return [result_in_words(material, each) for each in shown if each.is_turned]


def result_label(material: Material, pair: Pair) -> str:
    """Name a result in words, with its wave."""
    figure, labels = pair.with_all, material.labels
    if pair.file == "correlations":
        return f"{labels.variable(figure.scale)} – {labels.variable(figure.term)}"
    if pair.file == "comparisons":
        groups = compared_words(material, figure.group)
        named = material.named("comparison", figure.statistic)
        return ": ".join(part for part in (groups, named) if part)
    if pair.file == "models":
        return _model_label(material, figure)
    name = labels.score(figure.scale, figure.role, figure.about)
    facet = f": {labels.facet(figure.scale, figure.group)}" if figure.group else ""
    if len(material.waves) == 1:
        return f"{name}{facet}"
    return f"{name}{facet}, {material.sample_within(figure.wave)}"


def result_in_words(material: Material, pair: Pair) -> str:
    """Name a result wherever it is told of: with its model or outcome."""
    figure, label = pair.with_all, result_label(material, pair)
    if pair.file == "models":
        return f"{material.labels.model(figure.scale)}: {label}"
    if pair.file == "comparisons" and figure.term:
        return f"{material.labels.variable(figure.term)}: {label}"
    return label


def _model_label(material: Material, figure: Figure) -> str:
    labels = material.labels
    kind = material.study.settings.plan.models[figure.scale].kind
    if is_effect(figure):
        return effect_name(material, figure)
    if figure.statistic == "threshold":
        return material.word("threshold", number=figure.term.removeprefix("threshold_"))
    label = labels.effect(figure.scale, figure.group, figure.term or figure.statistic)
    if kind != "mediation" or not figure.group:
        return label
    if figure.group == "total":
        return f"{label} ({material.word('total_equation')})"
    return f"{label} ({material.word('on')} {labels.term(figure.group)})"


def _scores(material: Material, every: list[Pair]) -> Iterator[Row]:
    chosen = [p for p in every if p.with_all.statistic == "mean" and not p.with_all.group]
    return _rows(material, chosen, "decimal")


def _reliability(material: Material, every: list[Pair]) -> Iterator[Row]:
    for statistic, word in (("alpha", "alpha"), ("omega_total", "omega")):
        chosen = [p for p in every if p.with_all.statistic == statistic and not p.with_all.group]
        if chosen:
            yield Row(material.word(word))
            yield from _rows(material, chosen, "bounded", 1)


def _correlations(material: Material, every: list[Pair]) -> Iterator[Row]:
    return _rows(material, every, "bounded")


def _comparisons(material: Material, every: list[Pair]) -> Iterator[Row]:
    chosen = _compared(every)
    for name, term in dict.fromkeys((p.with_all.scale, p.with_all.term) for p in chosen):
        plan = material.study.settings.plan.comparisons.get(name)
        title = (material.labels.of(plan.title) if plan else "") or name
        yield Row(f"{title}: {material.labels.variable(term)}" if term else title)
        own = [p for p in chosen if (p.with_all.scale, p.with_all.term) == (name, term)]
        yield from _rows(material, own, "decimal", 1)


def _models(material: Material, every: list[Pair]) -> Iterator[Row]:
    for name in dict.fromkeys(pair.with_all.scale for pair in every):
        chosen = _effects([p for p in every if p.with_all.scale == name])
        if chosen:
            yield Row(material.labels.model(name))
            yield from _rows(material, chosen, "decimal", 1)


def _compared(every: list[Pair]) -> list[Pair]:
    return [p for p in every if p.with_all.statistic not in {"mean", "sd"}]


def _effects(every: list[Pair]) -> list[Pair]:
    """Keep the coefficients of the last block of each model."""
    return [
        p
        for name in dict.fromkeys(pair.with_all.scale for pair in every)
        for p in _last_block([p for p in every if p.with_all.scale == name])
        if p.with_all.se == p.with_all.se
        and p.with_all.statistic not in OTHER_FORMS
        and not (is_effect(p.with_all) and p.with_all.method in OTHER_INTERVALS)
    ]


def _last_block(own: list[Pair]) -> list[Pair]:
    effects = [p for p in own if p.with_all.term not in {"", "intercept"}]
    blocks = [p.with_all.group for p in effects if p.with_all.group.startswith("block_")]
    return [p for p in effects if not blocks or p.with_all.group == blocks[-1]]


def _rows(
    material: Material, chosen: list[Pair], style: Style = "decimal", level: int = 0
) -> Iterator[Row]:
    for pair in chosen:
        own: Style = "bounded" if pair.with_all.statistic in BOUNDED else style
        digits = 2 if own == "bounded" else decimals_for(pair.with_all.se)
        cells = (
            *_estimate(pair.with_all, own, digits),
            *_estimate(pair.without, own, digits),
            _number(pair.change, pair.change.estimate, own, digits),
        )
        yield Row(result_label(material, pair), cells, level)


def _estimate(figure: Figure, style: Style, digits: int) -> tuple[Cell, Cell, Cell]:
    interval: Style = "bounded_interval" if style == "bounded" else "interval"
    ends = Cell(interval, (figure.ci_low, figure.ci_high), "", figure.id, "", digits)
    estimate = _number(figure, figure.estimate, style, digits)
    return estimate, ends, Cell("count", (figure.n,), "", figure.id)


def _number(figure: Figure, value: float, style: Style, digits: int) -> Cell:
    reason = "" if figure.is_present else figure.reason
    return Cell(style, (value,), "", figure.id, reason, digits)


BUILDERS: dict[str, Callable[[Material, list[Pair]], Iterator[Row]]] = {
    "scores": _scores,
    "reliability": _reliability,
    "correlations": _correlations,
    "comparisons": _comparisons,
    "models": _models,
}


def _table(material: Material, kind: str, rows: list[Row]) -> Table:
    ci = material.word("ci", level=material.level)
    heads = (material.word("estimate"), ci, "n")
    columns = [
        *(Column(head, material.word("column_everyone")) for head in heads),
        *(Column(head, material.word("column_unflagged")) for head in heads),
        Column(material.word("difference")),
    ]
    return Table(
        f"without_flagged_{kind}",
        material.word("table_without_flagged", kind=material.word(kind)),
        material.word("result"),
        tuple(columns),
        tuple(rows),
        tuple(_notes(material, kind)),
        material.language,
    )


def _notes(material: Material, kind: str) -> Iterator[str]:
    yield material.unit_word("note_without_flagged")
    if kind == "reliability":
        yield material.word("note_flagged_reliability")
    yield material.withheld_note
