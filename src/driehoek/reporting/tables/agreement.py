"""Agreement between roles, and stability of scores over waves."""

from driehoek.analysis.names import known_variables, resolve
from driehoek.analysis.score_names import score_name
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, share
from driehoek.reporting.wording import sentence_case

DIRECTIONS = ("higher", "neither", "lower")
LEVELS = ("alpha_between", "alpha_within", "share_between")
JOINED = " and "


def agreement_tables(material: Material, name: str) -> list[Table]:
    """Tabulate one entry of the plan: scores, items, and levels."""
    return [
        _scores(material, "agreement", name),
        _items(material, name),
        _levels(material, name),
    ]


def retest_tables(material: Material, name: str) -> list[Table]:
    """Tabulate one score over the waves: its stability, and who changed."""
    scores, changes = _scores(material, "retest", name), _changes(material, name)
    return [scores, changes] if changes.rows else [scores]


def _scores(material: Material, file: str, name: str) -> Table:
    level = material.word("ci", level=material.level)
    heads = [material.word("icc_agreement"), level, material.word("icc_consistency"), level]
    heads += [material.word("sem"), material.word("smallest_detectable_change")] * (
        file == "retest"
    )
    heads += [material.word("difference"), level, "p", material.word("limits"), "n"]
    found = material.results.rows(file, scale=name, statistic="icc_agreement")
    rows = [
        Row(pair_words(material, file, f.group), tuple(_score_cells(material, file, f)))
        for f in found
    ]
    return Table(
        f"{file}_{name}",
        entry_title(material, f"table_{file}", file, name),
        material.word("compared" if file == "agreement" else "Wave"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word(f"note_{file}", level=material.level), *_notes(material, file, name)),
        material.language,
    )


def _score_cells(material: Material, file: str, icc: Figure) -> list[Cell]:
    keys = {"wave": icc.wave, "scale": icc.scale, "group": icc.group}

    def one(statistic: str) -> Figure:
        return material.results.one(file, statistic, **keys)

    consistency, difference = one("icc_consistency"), one("difference")
    lower, upper = one("limit_lower"), one("limit_upper")
    errors = [one("sem_agreement"), one("smallest_detectable_change")] if file == "retest" else []
    return [
        estimate(icc, "bounded"),
        ends(icc, is_bounded=True),
        estimate(consistency, "bounded"),
        ends(consistency, is_bounded=True),
        *(estimate(each) for each in errors),
        estimate(difference),
        ends(difference),
        number(difference.p, difference, "p"),
        Cell("interval", (lower.estimate, upper.estimate), "", lower.id, lower.reason),
        number(icc.n, icc, "count"),
    ]


def _items(material: Material, name: str) -> Table:
    rows: list[Row] = []
    for figure in material.results.rows("agreement", scale=name, statistic="weighted_kappa"):
        heading = Row(pair_words(material, "agreement", figure.group))
        rows += [] if heading in rows else [heading]
        keys = {key: getattr(figure, key) for key in ("wave", "scale", "group", "term")}
        equal = material.results.one("agreement", "equal_answers", **keys)
        cells = (
            estimate(figure, "bounded"),
            ends(figure, is_bounded=True),
            estimate(equal, "bounded"),
            number(figure.n, figure, "count"),
        )
        rows.append(Row(material.labels.shared_item(figure.term), cells, 1))
    level = material.word("ci", level=material.level)
    heads = (material.word("weighted_kappa"), level, material.word("equal_answers"), "n")
    return Table(
        f"agreement_{name}_items",
        entry_title(material, "table_agreement_items", "agreement", name),
        material.word("item"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_agreement_items"), material.withheld_note),
        material.language,
    )


def _levels(material: Material, name: str) -> Table:
    found = material.results.rows("agreement", scale=name, statistic="alpha_between")
    rows = []
    for figure in found:
        keys = {"wave": figure.wave, "scale": name}
        others = [material.results.one("agreement", each, **keys) for each in LEVELS]
        pairs = [
            cell
            for each in others
            for cell in (estimate(each, "bounded"), ends(each, is_bounded=True))
        ]
        cells = (*pairs, number(figure.n, figure, "count"))
        rows.append(Row(material.word("parallel_items"), cells))
    level = material.word("ci", level=material.level)
    heads = [head for each in LEVELS for head in (material.word(each), level)]
    return Table(
        f"agreement_{name}_levels",
        entry_title(material, "table_agreement_levels", "agreement", name),
        material.word("score"),
        (*(Column(head) for head in heads), Column("n")),
        tuple(rows),
        (material.word("note_agreement_levels"), material.withheld_note),
        material.language,
    )


def _changes(material: Material, name: str) -> Table:
    found = material.results.rows("retest", scale=name, statistic="reliable_change")
    rows = []
    for group in dict.fromkeys(figure.group for figure in found):
        cells = [
            share(
                material.results.one("retest", "reliable_change", scale=name, group=group, term=t)
            )
            for t in DIRECTIONS
        ]
        rows.append(Row(pair_words(material, "retest", group), tuple(cells)))
    return Table(
        f"retest_{name}_change",
        entry_title(material, "table_change", "retest", name),
        material.word("Wave"),
        tuple(Column(material.word(f"change_{each}")) for each in DIRECTIONS),
        tuple(rows),
        (material.word("note_change", level=material.level), material.withheld_note),
        material.language,
    )


def entry_title(material: Material, key: str, file: str, name: str) -> str:
    """Give a title with that of the entry."""
    plans = material.study.settings.plan
    plan = plans.agreement[name] if file == "agreement" else plans.retest[name]
    return material.word(key, title=material.labels.of(plan.title) or name)


def pair_words(material: Material, file: str, group: str) -> str:
    """Name the scores or waves that are compared."""
    if not group:
        return material.word("all_together")
    parts = group.split(JOINED)
    if file == "retest":
        return sentence_case(" – ".join(material.wave_within(part) for part in parts))
    known = known_variables(material.study.settings, material.study.questionnaire)
    scores = [score_name(resolve(part, known), material.study.questionnaire) for part in parts]
    if None in scores or len({(each.scale, each.facet) for each in scores if each}) != 1:
        return " – ".join(material.labels.variable(part) for part in parts)
    views = [material.labels.relation(each.role, each.about or "") for each in scores if each]
    return sentence_case(" – ".join(views))


def _notes(material: Material, file: str, name: str) -> list[str]:
    notes = material.results.rows(file, scale=name, statistic="note")
    return [*(material.labels.sentence(each.reason) for each in notes), material.withheld_note]
