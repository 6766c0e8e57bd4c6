"""Correlations and models."""

import math
import re

from driehoek.plan.generalised import GeneralisedModel
from driehoek.plan.regression import LinearModel
from driehoek.plan.surface import ResponseSurfaceModel
from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.numbers import decimal, decimals_for, p_relation
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Style, Table, ends, estimate, number, text
from driehoek.reporting.tables.actor_partner import actor_partner_tables
from driehoek.reporting.tables.estimates import df_cell
from driehoek.reporting.tables.generalised import generalised_tables
from driehoek.reporting.tables.mediation import mediation_tables
from driehoek.reporting.tables.slopes import slope_table
from driehoek.reporting.tables.surface import surface_tables
from driehoek.study import ModelPlan

_CENTRED = re.compile(
    r"(?P<variable>\S+) is taken from its mean over the rows used \((?P<number>[^)]+)\).*"
)
COMPONENTS = (
    "variance_triad", "variance_person", "variance_focal_person", "variance_triad_in_person",
    "variance_slope", "correlation_slope", "variance_crossed", "variance_residual",
    "icc_triad", "icc_person", "icc_crossed",
    "icc_triad_beside", "icc_person_beside", "icc_focal_person", "icc_triad_in_person",
    "r2_marginal", "r2_conditional", "log_likelihood",
)  # fmt: skip


def correlation_table(material: Material, name: str) -> Table:
    """Tabulate the correlations of one set of the plan as a matrix with intervals."""
    figures = material.results.rows("correlations", group=name)
    variables = list(dict.fromkeys(v for f in figures for v in (f.scale, f.term)))
    pairs = {(f.term, f.scale): f for f in figures}
    rows = [
        Row(
            f"{place}. {material.labels.variable(variable)}",
            tuple(_pair(pairs.get((variable, other))) for other in variables[:-1]),
        )
        for place, variable in enumerate(variables, 1)
    ]
    counts = [f.n for f in figures if not math.isnan(f.n)] or [math.nan]
    low, high = material.count(min(counts)), material.count(max(counts))
    note = material.word(
        "note_correlations", level=material.level, low=low, high=high, rows=material.rows_note
    )
    return Table(
        f"correlations_{name}",
        correlations_title(material, name),
        material.word("variable"),
        tuple(Column(str(place)) for place in range(1, len(variables))),
        tuple(rows),
        (note, material.withheld_note),
        material.language,
    )


def correlations_title(material: Material, name: str) -> str:
    """Give the title of a set of correlations, of its table and its figure."""
    plan = material.study.settings.plan.correlations[name]
    title = material.labels.of(plan.title) or name
    return material.word("correlations_titled", title=title, wave=plan.wave)


def _pair(figure: Figure | None) -> Cell:
    if figure is None:
        return text("")
    values = (figure.estimate, figure.ci_low, figure.ci_high)
    return Cell("bounded_with_interval", values, "", figure.id, figure.reason)


def model_tables(material: Material, name: str) -> list[Table]:
    """Tabulate one model of the plan: its coefficients, and its fit or variances."""
    plan = material.study.settings.plan.models[name]
    if plan.kind == "actor_partner":
        return actor_partner_tables(material, name, model_notes(material, name))
    if plan.kind == "mediation":
        return mediation_tables(material, name, model_notes(material, name))
    if plan.kind == "response_surface":
        return surface_tables(material, name, model_notes(material, name))
    if isinstance(plan, GeneralisedModel):
        return generalised_tables(material, name, model_notes(material, name))
    tables = [_coefficients(material, name)]
    fit = _blocks(material, name) if plan.kind == "linear" else _components(material, name)
    tables += [fit, slope_table(material, name)]
    return [table for table in tables if table.rows]


def model_notes(material: Material, name: str) -> list[str]:
    """Say how a model was fitted, on how many rows, and what its reader must know."""
    plan = material.study.settings.plan.models[name]
    figures = material.results.rows("models", scale=name)
    first = next((f for f in figures if f.statistic == "b"), None)
    notes = []
    if first is not None and first.is_present:
        n, excluded = material.count(first.n), material.count(first.n_excluded)
        notes.append(material.word("note_model_n", n=n, excluded=excluded))
    notes.append(_kind_note(material, plan, first or Figure()))
    notes += _told(material, [f.reason for f in figures if f.statistic == "note"])
    notes += _hinge_notes(material, plan)
    if plan.status == "exploratory":
        notes.append(material.word("note_exploratory"))
    return notes


def _told(material: Material, reasons: list[str]) -> list[str]:
    """Put notes into words; the means at which several variables are centred into one sentence."""
    centred = {reason: match for reason in reasons if (match := _CENTRED.fullmatch(reason))}
    if len(centred) < 2:
        return [material.labels.sentence(reason) for reason in reasons]
    variables = "; ".join(
        f"{material.labels.term(match['variable'])}"
        f" ({numbers.decimal(float(match['number']), material.language)})"
        for match in centred.values()
    )
    together, first = material.word("note_centred", variables=variables), next(iter(centred))
    return [
        together if reason == first else material.labels.sentence(reason)
        for reason in reasons
        if reason == first or reason not in centred
    ]


def _hinge_notes(material: Material, plan: ModelPlan) -> list[str]:
    hinges = plan.hinges if isinstance(plan, LinearModel) else {}
    return [
        material.word(
            "note_hinge",
            variable=material.labels.variable(material.labels.full_name(name)),
            knot=numbers.shortest(knot, material.language),
        )
        for name, knot in hinges.items()
    ]


def _kind_note(material: Material, plan: ModelPlan, first: Figure) -> str:
    if plan.kind == "linear":
        key = plan.errors if plan.is_clustered else "robust"
        return _by_rows(material, plan, material.word(f"note_{key}", kind=plan.errors))
    if plan.kind == "mediation":
        return material.unit_word("note_mediation", samples=material.count(plan.bootstrap))
    if plan.kind == "response_surface":
        key = "cluster" if plan.errors == "cluster" else "robust"
        surface = material.word("note_surface" if len(plan.predictors) > 1 else "note_curve")
        errors = material.word(f"note_{key}", kind=plan.errors)
        return _by_rows(material, plan, f"{surface} {errors}")
    if isinstance(plan, GeneralisedModel):
        errors = material.word(f"note_errors_{plan.errors}")
        return f"{material.word(f'note_{plan.kind}')} {errors}"
    clustered = "cr2" if first.method.endswith("_cr2") else "kenward_roger"
    asked = plan.tests if plan.kind == "mixed" else clustered
    tests = material.word(f"note_{asked}" if first.df < math.inf else "note_normal")
    if plan.kind == "mixed":
        how = material.word("note_crossed") if plan.crossed else ""
        slope = material.word("note_slope") if plan.slope else ""
        parts = {"likelihood": plan.likelihood.upper(), "crossed": how, "slope": slope}
        return material.word("note_mixed", **parts, tests=tests)
    return material.word(f"note_{plan.kind}", tests=tests)


def _by_rows(material: Material, plan: LinearModel | ResponseSurfaceModel, said: str) -> str:
    return f"{said} {material.rows_note}" if plan.persons == "primary" else said


def _coefficients(material: Material, name: str) -> Table:
    is_linear = material.study.settings.plan.models[name].kind == "linear"
    figures = material.results.rows("models", scale=name, statistic="b")
    rows: list[Row] = []
    for group in dict.fromkeys(figure.group for figure in figures):
        if group:
            rows.append(Row(material.word("block", number=group.removeprefix("block_"))))
        rows += [
            Row(
                _term(material, figure),
                _coefficient_cells(material, figure, is_linear=is_linear),
                1,
            )
            for figure in figures
            if figure.group == group
        ]
    level = material.word("ci", level=material.level)
    heads = ["b", material.word("se"), level, "p"]
    if not is_linear:
        heads.insert(2, material.word("df"))
    if is_linear:
        heads += [material.word("beta"), level, material.word("partial_r"), material.word("vif")]
    notes = model_notes(material, name)
    if is_linear:
        notes.append(material.word("note_beta"))
    title = material.word("table_model", title=material.labels.model(name))
    stub = material.word("term")
    columns = tuple(Column(head) for head in heads)
    return Table(
        f"model_{name}", title, stub, columns, tuple(rows), tuple(notes), material.language
    )


def _term(material: Material, figure: Figure) -> str:
    return material.labels.term(figure.term) if figure.term else material.word("term")


def _coefficient_cells(material: Material, b: Figure, *, is_linear: bool) -> tuple[Cell, ...]:
    digits = decimals_for(b.se)
    cells = [
        estimate(b, "decimal", digits),
        number(b.se, b, "decimal", digits),
        ends(b, decimals=digits),
        number(b.p, b, "p"),
    ]
    if not is_linear:
        return (*cells[:2], df_cell(b), *cells[2:])
    keys = {"wave": b.wave, "role": b.role, "scale": b.scale, "group": b.group}
    beta = material.results.one("models", "beta", term=b.term, **keys)
    own = re.sub(r"\[[^\]]*\]", "", b.term)  # of a choice, of all its levels together
    found = [material.results.one("models", each, term=own, **keys) for each in ("vif", "gvif")]
    vif = next((figure for figure in found if figure.id), Figure())
    partial = material.results.one("models", "partial_r", term=b.term, **keys)
    return (*cells, estimate(beta), ends(beta), estimate(partial, "bounded"), estimate(vif))


def _blocks(material: Material, name: str) -> Table:
    figures = material.results.rows("models", scale=name, statistic="r2")
    rows = [
        Row(
            material.word("block", number=figure.group.removeprefix("block_")),
            _block_cells(material, figure),
        )
        for figure in figures
    ]
    heads = [
        *(material.word(key) for key in ("r2", "r2_adjusted", "r2_change", "f2")),
        *(material.word("f_change"), material.word("df"), "p"),
        *(material.word("wald"), material.word("df"), "p"),
    ]
    return Table(
        f"model_{name}_fit",
        material.word("table_model_fit", title=material.labels.model(name)),
        material.word("block", number="").strip(),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (
            material.word("note_model_fit"),
            *_influence(material, name),
            *model_notes(material, name)[:1],
        ),
        material.language,
    )


def _influence(material: Material, name: str) -> list[str]:
    found = {
        statistic: figure
        for statistic in ("cook_over", "cook_max", "leverage_over", "leverage_max")
        for figure in material.results.rows("models", scale=name, statistic=statistic)
    }
    if len(found) < 4 or not all(figure.is_present for figure in found.values()):
        return []
    parts = {
        key: material.count(figure.estimate)
        if key.endswith("over")
        else decimal(figure.estimate, material.language)
        for key, figure in found.items()
    }
    return [material.word("note_influence", **parts)]


def _block_cells(material: Material, r2: Figure) -> tuple[Cell, ...]:
    keys = {"wave": r2.wave, "role": r2.role, "scale": r2.scale, "group": r2.group}

    def one(statistic: str) -> Figure:
        return material.results.one("models", statistic, **keys)

    change = [estimate(one(key), "bounded") for key in ("r2_adjusted", "r2_change")]
    change.append(estimate(one("f2_change")))
    tests = [
        cell
        for key in ("f_change", "wald_change")
        for cell in _f_cells(one(key), one(f"{key}_df2"))
    ]
    return (estimate(r2, "bounded"), *change, *tests)


def _f_cells(test: Figure, below: Figure) -> tuple[Cell, ...]:
    values = (test.df, below.estimate)
    return (
        estimate(test),
        Cell("df_pair", values, "", below.id, ""),
        number(test.p, test, "p"),
    )


def _components(material: Material, name: str) -> Table:
    found = [
        figure
        for statistic in COMPONENTS
        for figure in material.results.rows("models", scale=name, statistic=statistic)
    ]
    rows = [
        Row(material.named("components", figure.statistic), (estimate(figure, *_written(figure)),))
        for figure in found
    ]
    return Table(
        f"model_{name}_fit",
        material.word("table_mixed_fit", title=material.labels.model(name)),
        material.word("component"),
        (Column(material.word("estimate")),),
        tuple(rows),
        (*model_notes(material, name)[:2], *_slope_test(material, name)),
        material.language,
    )


def _slope_test(material: Material, name: str) -> list[str]:
    """Say whether persons differ in change, where the model lets them."""
    return [
        material.word(
            "note_slope_test",
            value=decimal(test.estimate, material.language),
            p=p_relation(test.p, material.language),
        )
        for test in material.results.rows("models", scale=name, statistic="lr_slope")
        if test.is_present
    ]


def _written(figure: Figure) -> tuple[Style, int]:
    return (
        ("bounded", 2)
        if figure.statistic.startswith(("icc", "r2", "correlation"))
        else ("decimal", 3)
    )
