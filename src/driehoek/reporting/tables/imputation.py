"""What was filled in, and models on complete rows beside other ways with missing answers."""

from collections.abc import Iterator

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimals_for
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text
from driehoek.reporting.wording import listed

LIKELIHOODS = ("mixed", "actor_partner")
EFFECTS = ("total", "direct", "indirect", "indirect_total", "index")
POOLED, FULL = "models_imputed", "models_full_information"
SURFACE = ("a1", "a2", "a3", "a4", "a5")


def imputation_table(material: Material) -> Table | None:
    """Tabulate by scale and wave how many answers were filled in, and whether chains agree."""
    figures = material.results.rows("imputation", statistic="imputed", term="")
    if not figures:
        return None
    rows = []
    for wave in dict.fromkeys(figure.wave for figure in figures):
        rows.append(Row(material.wave_label(wave)))
        rows += [Row(*_filled(material, f), 1) for f in figures if f.wave == wave]
    heads = ("answers_imputed", "share_imputed", "rhat_mean", "rhat_sd")
    return Table(
        "imputation",
        material.word("table_imputation"),
        material.word("scale"),
        tuple(Column(material.word(head)) for head in heads),
        tuple(rows),
        (
            _filling(material),
            material.word("note_imputation"),
            *_chains(material, rows),
            material.withheld_note,
        ),
        material.language,
    )


def _filling(material: Material) -> str:
    plan = material.study.settings.plan.imputation
    method = material.named("imputation_methods", plan.method)
    return material.word("note_filling", sets=plan.sets, method=method, rounds=plan.iterations)


def _chains(material: Material, rows: list[Row]) -> list[str]:
    """Say what the largest R-hat says, beside what chance can make it."""
    values = [cell.values[0] for row in rows for cell in row.cells[2:] if not cell.is_absent]
    limit = material.results.one("imputation", "rhat_limit")
    if not values or not limit.is_present:
        return []
    key = "note_chains" if max(values) > limit.estimate else "note_chains_agree"
    largest, most = (
        numbers.decimal(each, material.language) for each in (max(values), limit.estimate)
    )
    return [material.word(key, largest=largest, limit=most)]


def _filled(material: Material, figure: Figure) -> tuple[str, tuple[Cell, ...]]:
    keys = {key: getattr(figure, key) for key in ("wave", "role", "about", "scale")}
    share, *rhats = (
        material.results.one("imputation", name, **keys)
        for name in ("imputed_share", "rhat_mean", "rhat_sd")
    )
    label = material.labels.score(figure.scale, figure.role, figure.about)
    return label, (
        estimate(figure, "count"),
        estimate(share, "bounded"),
        *(estimate(each) for each in rhats),
    )


def model_tables(material: Material, name: str) -> list[Table]:
    """Tabulate a model on complete rows beside it on completed data or with full information."""
    plan = material.study.settings.plan.models[name]
    if not plan.is_imputed and not plan.has_full_information:
        return []
    shifted = _shifted(material, name) if plan.is_imputed else []
    tables = [_side_by_side(material, name), *shifted]
    return [table for table in tables if table.rows]


def _side_by_side(material: Material, name: str) -> Table:
    sides = _sides(material, name)
    found = {file: _estimates(material, file, name) for file in sides}
    cells = {
        place: tuple(
            cell
            for file, estimates in found.items()
            for cell in _side(material, file, estimates.get(place, Figure()))
        )
        for place in dict.fromkeys(place for each in found.values() for place in each)
    }
    coefficients = {place[1:]: each for place, each in cells.items() if place[0] == "b"}
    rows = _rows(material, name, _last_block(coefficients))
    rows += [
        Row(_effect(material, statistic, group, term), each)
        for (statistic, group, term), each in cells.items()
        if statistic != "b"
    ]
    level = material.word("ci", level=material.level)
    columns = [
        Column(head, material.word(side))
        for file, side in sides.items()
        for head in ("b", level, "p", "n", *([material.word("fmi")] if file == POOLED else []))
    ]
    ending = "imputed" if sides.keys() <= {"models", POOLED} else "full_information"
    return Table(
        f"model_{name}_{ending}",
        material.word(f"table_{ending}", title=material.labels.model(name)),
        material.word("term"),
        tuple(columns),
        tuple(rows),
        (*_notes(material, name), *_earlier(material, coefficients)),
        material.language,
    )


def _sides(material: Material, name: str) -> dict[str, str]:
    """Give the files whose estimates stand side by side, and what their columns are called."""
    plan = material.study.settings.plan.models[name]
    sides = {"models": "complete_rows"}
    sides |= {POOLED: "imputed_rows"} if plan.is_imputed else {}
    return sides | ({FULL: "full_information"} if plan.has_full_information else {})


def _side(material: Material, file: str, b: Figure) -> tuple[Cell, ...]:
    return (*_cells(b), *([_information(material, b)] if file == POOLED else []))


def _notes(material: Material, name: str) -> Iterator[str]:
    plan = material.study.settings.plan.models[name]
    if plan.is_imputed:
        yield material.word("note_imputed", sets=material.study.settings.plan.imputation.sets)
    if plan.kind in LIKELIHOODS:
        yield material.word("note_likelihood")
    if plan.has_full_information:
        yield material.word("note_full_information", helped=_helped(material))
        methods = (f.method for f in material.results.rows(FULL, statistic="r2", scale=name))
        yield from (material.word(f"note_{method}") for method in dict.fromkeys(methods))


def _helped(material: Material) -> str:
    """Say what else tells full information of the values that are missing."""
    known = {
        "before": len(material.waves) > 1,
        "auxiliary": bool(material.study.settings.plan.imputation.auxiliary),
    }
    what = [material.word(f"full_information_{key}") for key, there in known.items() if there]
    if not what:
        return ""
    return material.word("full_information_helped", what=listed(what, material.language))


def _estimates(material: Material, file: str, name: str) -> dict[tuple[str, str, str], Figure]:
    """Give estimates by statistic, group and term; of effects those that can be pooled."""
    return {
        (f.statistic, f.group, f.term): f
        for f in material.results.rows(file, scale=name)
        if f.statistic in {"b", *SURFACE}
        or (f.statistic in EFFECTS and f.method.startswith("monte_carlo"))
    }


def _effect(material: Material, statistic: str, group: str, term: str) -> str:
    """Name an effect in a mediation, or a slope or curvature of a response surface."""
    if statistic in SURFACE:
        return material.named("surface", statistic)
    label = f"{material.named('effects', statistic)} {material.labels.term(term) if term else ''}"
    return f"{label.strip()} ({group})" if group else label.strip()


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


def _information(material: Material, b: Figure) -> Cell:
    keys = {key: getattr(b, key) for key in ("wave", "role", "scale", "group", "term")}
    found = material.results.one(POOLED, f"fmi_{b.statistic}", **keys)
    return estimate(found, "bounded") if found.id else text("")


def _shifted(material: Material, name: str) -> list[Table]:
    return [
        _shift_table(material, name, score, deltas)
        for score, deltas in material.study.settings.plan.imputation.deltas.items()
    ]


def _shift_table(material: Material, name: str, score: str, deltas: list[float]) -> Table:
    variable = material.labels.variable(score)
    shifts = sorted({0.0, *deltas})
    found = {
        (f.group, f.term, f.method): f for f in material.results.rows("sensitivity", scale=name)
    }
    full = material.labels.full_name(score)
    places = dict.fromkeys((group, term) for group, term, method in found if method == full)
    cells = {
        place: (
            *(
                _with_interval(found.get((*place, f"{full} {shift:+g}"), Figure()))
                for shift in shifts
            ),
            estimate(found[(*place, full)]),
        )
        for place in places
    }
    heads = [numbers.decimal(shift, material.language, _decimals_of(shift)) for shift in shifts]
    return Table(
        f"model_{name}_shifted_{score.replace('.', '_')}",
        material.word("table_shifted", title=material.labels.model(name), variable=variable),
        material.word("term"),
        (*(Column(head) for head in heads), Column(material.word("tipping"))),
        tuple(_rows(material, name, _last_block(cells))),
        (
            material.word("note_shifted", variable=variable, level=material.level),
            *_earlier(material, cells),
        ),
        material.language,
    )


def _decimals_of(shift: float) -> int:
    return next((d for d in range(3) if round(shift, d) == shift), 3)


def _with_interval(b: Figure) -> Cell:
    if not b.id:
        return text("")
    values = (b.estimate, b.ci_low, b.ci_high)
    return Cell("with_interval", values, "", b.id, b.reason, decimals_for(b.se))


Places = dict[tuple[str, str], tuple[Cell, ...]]


def _last_block(cells: Places) -> Places:
    """Keep the coefficients of the last block, in which every term stands."""
    blocks = [group for group, _ in cells if group.startswith("block_")]
    return {place: each for place, each in cells.items() if not blocks or place[0] == blocks[-1]}


def _earlier(material: Material, cells: Places) -> list[str]:
    return [material.word("last_block")] * (len(_last_block(cells)) < len(cells))


def _rows(material: Material, name: str, cells: Places) -> list[Row]:
    """Lay out coefficients under the heading of their block or member."""
    rows: list[Row] = []
    for group in dict.fromkeys(group for group, _ in cells):
        if group:
            rows.append(Row(_heading(material, name, group)))
        rows += [
            Row(material.labels.effect(name, group, term), values, 1)
            for (own, term), values in cells.items()
            if own == group
        ]
    return rows


def _heading(material: Material, name: str, group: str) -> str:
    if group.startswith("block_"):
        return material.word("block", number=group.removeprefix("block_"))
    return material.labels.outcome(name, group)
