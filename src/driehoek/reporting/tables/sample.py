"""Who took part: flow and background."""

from driehoek.instrument.questions import Question
from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, share, text
from driehoek.reporting.wording import sentence_case


def flow_table(material: Material) -> Table:
    """Tabulate responses received, left out (by reason) and analysed, per role and wave."""
    figures = material.results.rows("flow")
    roles = [role for role in [*material.roles, ""] if any(f.role == role for f in figures)]
    rows = [row for role in roles for row in _flow_rows(material, role)]
    has_dash = any(cell.is_absent for row in rows for cell in row.cells)
    dash = [material.word("note_flow_dash")] if has_dash else []
    return Table(
        "flow",
        material.word("table_flow"),
        material.word("role"),
        tuple(Column(material.wave_label(wave)) for wave in material.waves),
        tuple(rows),
        (material.word("note_flow"), *dash),
        material.language,
    )


def _flow_rows(material: Material, role: str) -> list[Row]:
    figures = material.results.rows("flow", role=role)
    reasons = dict.fromkeys(f.term for f in figures if f.group == "excluded")
    received = tuple(
        Cell("count", (sum(f.estimate for f in figures if f.wave == wave),))
        for wave in material.waves
    )
    rows = [
        Row(sentence_case(material.labels.role(role))),
        Row(material.word("received"), received, 1),
    ]
    for reason in reasons:
        label = f"{material.word('excluded')}: {material.named('reasons', reason)}"
        rows.append(Row(label, _flow_cells(material, role, "excluded", reason), 2))
    return [*rows, Row(material.word("kept"), _flow_cells(material, role, "kept", ""), 1)]


def _flow_cells(material: Material, role: str, fate: str, reason: str) -> tuple[Cell, ...]:
    found = [
        material.results.one("flow", "responses", wave=wave, role=role, group=fate, term=reason)
        for wave in material.waves
    ]
    return tuple(Cell("count", (figure.estimate,), "", figure.id) for figure in found)


def background_table(material: Material) -> Table:
    """Tabulate the background questions, one column a role, at each role's first wave."""
    shown = [
        question
        for question in material.study.questionnaire.questions.values()
        if question.item is None and question.is_stored and question.id not in _checks(material)
    ]
    rows = [row for question in shown for row in _question_rows(material, question)]
    triads = [material.word("note_background_triads")] if material.has_triads else []
    return Table(
        "background",
        material.word("table_background"),
        material.word("question"),
        tuple(Column(_answering(material, role)) for role in material.roles),
        tuple(rows),
        (material.word("note_background"), *triads, material.withheld_note),
        material.language,
    )


def _answering(material: Material, role: str) -> str:
    """Name a role with its analysed responses of the first wave."""
    label = sentence_case(material.labels.role(role))
    kept = material.results.one(
        "flow", "responses", wave=material.waves[0], role=role, group="kept"
    )
    if not kept.is_present:
        return label
    return material.word("with_n", label=label, n=material.count(kept.estimate))


def _checks(material: Material) -> set[str]:
    instrument = material.study.questionnaire.instrument
    consent = {instrument.consent.question} if instrument.consent else set()
    return consent | {check.question for check in instrument.checks.values()}


def _question_rows(material: Material, question: Question) -> list[Row]:
    label = material.labels.question(question.id)
    if question.kind == "number":
        cells = tuple(_mean_cell(material, question.id, role) for role in material.roles)
        return [Row(f"{label}, {material.word('mean')} ({material.word('sd')})", cells)]
    answers = [
        Row(
            material.labels.option(question.id, code),
            tuple(_option_cell(material, question.id, code, role) for role in material.roles),
            1,
        )
        for code in question.values
    ]
    return [Row(label), *answers]


def _mean_cell(material: Material, qid: str, role: str) -> Cell:
    wave = material.waves[0]
    mean = material.results.one("background", "mean", wave=wave, role=role, term=qid)
    sd = material.results.one("background", "sd", wave=wave, role=role, term=qid)
    if not mean.id:
        return text("")
    return Cell("mean_sd", (mean.estimate, sd.estimate), "", mean.id, mean.reason, 1)


def _option_cell(material: Material, qid: str, code: str, role: str) -> Cell:
    wave = material.waves[0]
    keys = {"wave": wave, "role": role, "group": code, "term": qid}
    figure = material.results.one("background", "count", **keys)
    return share(figure) if figure.id else text("")
