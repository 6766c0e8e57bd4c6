"""Persons and triads over the waves, who drops out, and how many rows each model rests on."""

from collections.abc import Iterator

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number, text
from driehoek.reporting.wording import listed, sentence_case

OF_TRIADS = ("triads", "whole_triads")
OF_PERSONS = ("persons", "stayed", "left", "returned", "joined", "no_person_code")


def has_parts(material: Material) -> bool:
    """Whether there are several waves or roles to take part in; else the flow says it all."""
    return len(material.waves) > 1 or len(material.roles) > 1


def participation_table(material: Material) -> Table | None:
    """Tabulate triads and persons per wave, and who stayed, left, returned and joined."""
    figures = material.results.rows("participation")
    if not figures or not has_parts(material):
        return None
    rows = [_counts(material, "", statistic) for statistic in OF_TRIADS]
    for role in (role for role in material.roles if any(f.role == role for f in figures)):
        rows.append(Row(sentence_case(material.labels.role(role))))
        known = {f.statistic for f in figures if f.role == role}
        rows += [_counts(material, role, each, 1) for each in OF_PERSONS if each in known]
    columns = tuple(Column(material.wave_label(wave)) for wave in material.waves)
    notes = (material.word("note_participation"),)
    title, stub = material.word("table_participation"), material.word("persons_and_triads")
    return Table("participation", title, stub, columns, tuple(rows), notes, material.language)


def _counts(material: Material, role: str, statistic: str, level: int = 0) -> Row:
    found = [
        material.results.one("participation", statistic, wave=wave, role=role)
        for wave in material.waves
    ]
    cells = tuple(estimate(each, "count") if each.id else text("") for each in found)
    return Row(material.named("participation", statistic), cells, level)


def pattern_table(material: Material) -> Table | None:
    """Tabulate persons by the waves they took part in."""
    figures = material.results.rows("participation", statistic="pattern")
    if len(material.waves) < 2 or not figures:
        return None
    order = sorted({f.group for f in figures}, key=lambda group: (-len(group.split()), group))
    roles = [role for role in material.roles if any(f.role == role for f in figures)]
    known = {(f.group, f.role): f for f in figures}
    rows = []
    for group in order:
        cells = [known.get((group, role)) for role in roles]
        shown = tuple(estimate(each, "count") if each else text("") for each in cells)
        rows.append(Row(listed(group.split(), material.language), shown))
    columns = tuple(Column(sentence_case(material.labels.role(role))) for role in roles)
    title, stub = material.word("table_patterns"), material.word("waves_taken")
    notes = (material.word("note_patterns"),)
    return Table("patterns", title, stub, columns, tuple(rows), notes, material.language)


def attrition_tables(material: Material) -> list[Table]:
    """Tabulate, for each later wave, leavers beside stayers as they were in the first wave."""
    return [
        table for wave in material.waves[1:] if (table := _attrition(material, wave)) is not None
    ]


def _attrition(material: Material, wave: str) -> Table | None:
    figures = [f for f in material.results.rows("attrition", wave=wave) if f.term]
    if not figures:
        return None
    rows: list[Row] = []
    for role in dict.fromkeys(f.role for f in figures):
        rows.append(Row(sentence_case(material.labels.role(role))))
        rows += _of_role(material, [f for f in figures if f.role == role])
    heads = ("n", f"{material.word('mean')} ({material.word('sd')})")
    columns = (
        *(Column(head, material.named("participation", "stayed")) for head in heads),
        *(Column(head, material.named("participation", "left")) for head in heads),
        Column("g / V"),
        Column(material.word("ci", level=material.level)),
        Column(material.word("p")),
    )
    first = material.wave_within(material.waves[0])
    title = material.word("table_attrition", first=first, wave=material.wave_within(wave))
    notes = (material.word("note_attrition"), material.withheld_note)
    stub = material.word("question_or_score")
    return Table(f"attrition_{wave}", title, stub, columns, tuple(rows), notes, material.language)


def _of_role(material: Material, figures: list[Figure]) -> Iterator[Row]:
    for term in dict.fromkeys(figure.term for figure in figures):
        own = {(f.group, f.statistic): f for f in figures if f.term == term}
        effect = own.get(("", "g")) or own.get(("", "cramers_v"))
        test = own.get(("", "difference")) or own.get(("", "chi2"))
        if effect is None:
            continue
        cells = [cell for status in ("stayed", "left") for cell in _group(own, status)]
        cells += [estimate(effect, "decimal"), ends(effect)]
        cells.append(number(test.p, test, "p") if test else text(""))
        yield Row(material.labels.variable(term), tuple(cells), 1)


def _group(own: dict[tuple[str, str], Figure], status: str) -> tuple[Cell, Cell]:
    mean, sd = own.get((status, "mean")), own.get((status, "sd"))
    if mean is None or sd is None:
        return text(""), text("")
    value = Cell("mean_sd", (mean.estimate, sd.estimate), "", mean.id)
    return number(mean.n, mean, "count"), value


def analysed_table(material: Material) -> Table | None:
    """Tabulate the rows that each model of the plan rests on, and those it leaves out."""
    rows = []
    for name in material.study.settings.plan.models:
        figures = material.results.rows("models", scale=name)
        first = next((f for f in figures if f.is_present and f.statistic != "excluded"), None)
        if first is None:
            continue
        cells = (number(first.n, first, "count"), number(first.n_excluded, first, "count"))
        label = material.labels.model(name)
        if len(material.waves) > 1:
            label = f"{label} ({material.sample_within(first.wave)})"
        rows.append(Row(label, cells))
    if not rows:
        return None
    columns = (Column(material.word("rows_used")), Column(material.word("rows_left_out")))
    title, note = material.word("table_analysed"), material.unit_word("note_analysed")
    stub = material.word("model")
    return Table("analysed", title, stub, columns, tuple(rows), (note,), material.language)
