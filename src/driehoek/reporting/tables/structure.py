"""Factor models of the scales, and ladders of invariance."""

import math

from driehoek.analysis.names import known_variables, resolve
from driehoek.analysis.score_names import score_name
from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text
from driehoek.reporting.wording import listed, sentence_case

CHANGES = ("change_cfi", "change_rmsea", "change_srmr")
INDEX_DECIMALS = 3


def structure_table(material: Material) -> Table:
    """Tabulate the fit of every scale's factor model."""
    rows: list[Row] = []
    for chi2 in _models(material):
        heading = Row(material.labels.scale(chi2.scale))
        rows += [] if heading in rows else [heading]
        label = sentence_case(material.labels.relation(chi2.role, chi2.about))
        rows.append(Row(label, _model_cells(material, chi2), 1))
    named = ("n_factors", "chi2", "df", "p", "cfi", "tli", "rmsea", "ci90", "srmr", "n")
    return Table(
        "structure",
        material.word("table_structure"),
        material.word("scale"),
        tuple(Column("p" if key == "p" else material.word(key)) for key in named),
        tuple(rows),
        (
            material.word("note_structure"),
            *_gaps_note(material),
            *material.notes("structure"),
            material.withheld_note,
        ),
        material.language,
    )


def _gaps_note(material: Material) -> list[str]:
    """Say what was done with persons who skipped some of the items."""
    plan = material.study.settings.plan.structure
    return [] if plan is None else [material.word(f"note_structure_{plan.missing}")]


def loading_tables(material: Material) -> list[Table]:
    """Tabulate, for each scale, how strongly its items go with their factor."""
    scales = dict.fromkeys(f.scale for f in material.results.rows("structure", statistic="loading"))
    return [_loadings(material, scale) for scale in scales]


def misfit_table(material: Material) -> Table:
    """Tabulate where the factor models fit worst: exploratory."""
    alpha = 1 - material.study.settings.plan.confidence
    rows: list[Row] = []
    for figure in material.results.rows("structure", statistic="modification_index"):
        if figure.p >= alpha:
            continue
        heading = Row(material.labels.score(figure.scale, figure.role, figure.about))
        rows += [] if heading in rows else [heading]
        keys = {key: getattr(figure, key) for key in ("wave", "role", "about", "scale", "group")}
        change = material.results.one("structure", "expected_change", term=figure.term, **keys)
        cells = (_unmarked(figure, 1), number(figure.p, figure, "p"), _unmarked(change, 2))
        rows.append(Row(_left_out(material, figure), cells, 1))
    heads = (material.word("modification_index"), "p", material.word("expected_change"))
    return Table(
        "structure_misfit",
        material.word("table_misfit"),
        material.word("left_out_of_model"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_misfit", alpha=numbers.bounded(alpha, material.language)),),
        material.language,
    )


def ladder_table(material: Material, name: str) -> Table:
    """Tabulate one ladder of invariance, level by level."""
    chi2s = material.results.rows("invariance", scale=name, statistic="chi2")
    rows = [
        Row(
            sentence_case(material.named("levels", chi2.group) or material.word("total")),
            _level_cells(material, chi2),
        )
        for chi2 in chi2s
    ]
    change = material.word("change_from_before")
    columns = [
        *(Column(material.word(key)) for key in ("holds", "chi2", "df", "cfi", "rmsea", "srmr")),
        *(Column(material.word(f"delta_{key}"), change) for key in ("cfi", "rmsea", "srmr")),
        Column(material.word("delta_chi2"), change),
        Column("p", change),
    ]
    return Table(
        f"invariance_{name}",
        material.word("table_invariance", title=ladder_title(material, name)),
        material.word("level"),
        tuple(columns),
        tuple(rows),
        tuple(ladder_notes(material, name)),
        material.language,
    )


def means_table(material: Material, name: str) -> Table:
    """Tabulate how far groups' factor means lie from those of the first group."""
    figures = material.results.rows("invariance", scale=name, statistic="latent_mean_difference")
    rows = []
    for figure in figures:
        keys = {key: getattr(figure, key) for key in ("wave", "role", "about", "scale", "group")}
        effect = material.results.one("invariance", "latent_mean_effect", term=figure.term, **keys)
        label = sentence_case(compared_label(material, name, figure.group))
        factor = factor_label(material, _scale_of(material, name), figure.term)
        cells = (
            estimate(figure), number(figure.se, figure, "decimal"), ends(figure),
            number(figure.p, figure, "p"), estimate(effect),
        )  # fmt: skip
        is_one = factor == material.word("one_factor")
        rows.append(Row(label if is_one else f"{label}: {factor}", cells))
    level = material.word("ci", level=material.level)
    heads = (material.word("difference"), material.word("se"), level, "p", material.word("effect"))
    return Table(
        f"invariance_{name}_means",
        material.word("table_latent_means", title=ladder_title(material, name)),
        material.word("group"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_latent_means"),),
        material.language,
    )


def ladder_title(material: Material, name: str) -> str:
    """Give the title of a ladder of the plan, or its name."""
    return material.labels.of(material.study.settings.plan.invariance[name].title) or name


def ladder_notes(material: Material, name: str) -> list[str]:
    """Say what was compared and how, and what a reader must know."""
    compared = material.results.rows("invariance", scale=name, statistic="n_compared")
    sizes = [
        f"{compared_label(material, name, f.term)}: n = {material.count(f.n)}"
        for f in compared
        if f.is_present
    ]
    notes = [material.word("note_compared", groups="; ".join(sizes))] if sizes else []
    left = [compared_label(material, name, f.term) for f in compared if not f.is_present]
    notes += [material.word("note_group_left_out", groups=listed(left, material.language))] * (
        len(left) > 0
    )
    plan = material.study.settings.plan.invariance[name]
    kind = plan.across if plan.across in {"roles", "waves"} else "groups"
    rules = {f.method.rpartition(", ")[2] for f in _verdicts(material, name)}
    notes += [material.word(f"note_across_{kind}", rows=material.rows_note)]
    notes += [material.word("note_invariance")]
    notes += [material.named("rules", rule) for rule in sorted(rules)]
    return [*notes, *material.notes("invariance", scale=name)]


def compared_label(material: Material, name: str, compared: str) -> str:
    """Name a wave, a role or a group that a ladder compares, within a sentence."""
    plan = material.study.settings.plan.invariance[name]
    known = known_variables(material.study.settings, material.study.questionnaire)
    if plan.across == "waves":
        return material.wave_within(compared)
    if plan.across != "roles":
        return material.labels.level(resolve(plan.across, known).name, compared)
    for each in plan.scores:
        score = score_name(resolve(each, known), material.study.questionnaire)
        if score is not None and score.label == compared:
            return material.labels.relation(score.role, score.about or "")
    return compared


def _models(material: Material) -> list[Figure]:
    return material.results.rows("structure", statistic="chi2", term="")


def _model_cells(material: Material, chi2: Figure) -> tuple[Cell, ...]:
    keys = {key: getattr(chi2, key) for key in ("wave", "role", "about", "scale")}

    def one(statistic: str) -> Figure:
        return material.results.one("structure", statistic, **keys)

    rmsea = one("rmsea")
    return (
        estimate(one("n_factors"), "count"),
        estimate(chi2),
        number(chi2.df, chi2, "decimal", 0),
        number(chi2.p, chi2, "p"),
        estimate(one("cfi"), "bounded", INDEX_DECIMALS),
        estimate(one("tli"), "decimal", INDEX_DECIMALS),
        estimate(rmsea, "bounded", INDEX_DECIMALS),
        ends(rmsea, is_bounded=True, decimals=INDEX_DECIMALS),
        estimate(one("srmr"), "bounded", INDEX_DECIMALS),
        number(one("n_factors").n, one("n_factors"), "count"),
    )


def _loadings(material: Material, scale: str) -> Table:
    rows: list[Row] = []
    for figure in material.results.rows("structure", statistic="loading", scale=scale):
        relation = sentence_case(material.labels.relation(figure.role, figure.about))
        heading = Row(f"{relation}: {factor_label(material, scale, figure.group)}")
        rows += [] if heading in rows else [heading]
        cells = (estimate(figure, "bounded"), number(figure.se, figure, "bounded"), _bounds(figure))
        rows.append(Row(_loaded(material, scale, figure.term), cells, 1))
    for figure in material.results.rows("structure", statistic="factor_correlation", scale=scale):
        relation = sentence_case(material.labels.relation(figure.role, figure.about))
        heading = Row(f"{relation}: {material.word('factor_correlations')}")
        rows += [] if heading in rows else [heading]
        pair = [factor_label(material, scale, each) for each in (figure.group, figure.term)]
        cells = (estimate(figure, "bounded"), number(figure.se, figure, "bounded"), _bounds(figure))
        rows.append(Row(" × ".join(pair), cells, 1))
    level = material.word("ci", level=material.level)
    heads = (material.word("loading"), material.word("se"), level)
    return Table(
        f"loadings_{scale}",
        material.word("table_loadings", scale=material.labels.scale(scale)),
        material.word("item"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_loadings"),),
        material.language,
    )


def _bounds(figure: Figure) -> Cell:
    return ends(figure, is_bounded=True)


def _level_cells(material: Material, chi2: Figure) -> tuple[Cell, ...]:
    keys = {key: getattr(chi2, key) for key in ("wave", "role", "about", "scale", "group")}

    def one(statistic: str) -> Figure:
        return material.results.one("invariance", statistic, **keys)

    difference = one("chi2_difference")
    return (
        _verdict(material, one("holds")),
        estimate(chi2),
        number(chi2.df, chi2, "decimal", 0),
        *(estimate(one(key), "bounded", INDEX_DECIMALS) for key in ("cfi", "rmsea", "srmr")),
        *(estimate(one(key), "bounded", INDEX_DECIMALS) for key in CHANGES),
        estimate(difference),
        number(difference.p, difference, "p"),
    )


def _verdict(material: Material, holds: Figure) -> Cell:
    if math.isnan(holds.estimate):
        return Cell("count", (math.nan,), "", holds.id, holds.reason)
    words = material.word("yes" if holds.estimate else "no")
    return Cell(text=words, id=holds.id, reason=holds.reason)


def _verdicts(material: Material, name: str) -> list[Figure]:
    return material.results.rows("invariance", scale=name, statistic="holds")


def factor_label(material: Material, scale: str, factor: str) -> str:
    """Name a factor: a facet, the general one, that of reversed items, or the only one."""
    facets = material.study.questionnaire.instrument.scales[scale].facets or {}
    if factor in {"general", "reversed"}:
        return material.word(f"factor_{factor}")
    return material.labels.facet(scale, factor) if factor in facets else material.word("one_factor")


def _loaded(material: Material, scale: str, term: str) -> str:
    """Name what loads on a factor: an item, or a factor below it."""
    known = material.study.questionnaire.questions
    return material.labels.item(term) if term in known else factor_label(material, scale, term)


def _scale_of(material: Material, name: str) -> str:
    known = known_variables(material.study.settings, material.study.questionnaire)
    first = material.study.settings.plan.invariance[name].scores[0]
    return resolve(first, known).column.split(".")[0]


def _left_out(material: Material, figure: Figure) -> str:
    """Name a path that a model leaves out: a loading, or a link between two items."""
    _, operation, item = figure.term.split(" ", 2)
    if operation == "=~":
        factor = factor_label(material, figure.scale, figure.group)
        return f"{factor} → {_loaded(material, figure.scale, item)}"
    pair = (_loaded(material, figure.scale, each) for each in (figure.group, item))
    return " ↔ ".join(pair)


def _unmarked(figure: Figure, decimals: int) -> Cell:
    return number(figure.estimate, figure, "decimal", decimals) if figure.id else text("")
