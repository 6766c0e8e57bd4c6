"""Answers to each item of a scale."""

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, estimate, share
from driehoek.reporting.wording import sentence_case


def item_tables(material: Material) -> list[Table]:
    """Tabulate the answers to the items of every scale."""
    scales = material.study.questionnaire.instrument.scales
    return [table for scale in scales if (table := item_table(material, scale)) is not None]


def item_table(material: Material, scale: str) -> Table | None:
    """Tabulate counts by option, mean, SD and missing answers of every item of a scale.

    None where no answers were described.
    """
    questionnaire = material.study.questionnaire
    codes: dict[str, str] = {}
    rows: list[Row] = []
    blocks = [
        (wave, role, about or "")
        for role, about in questionnaire.presentations(scale)
        for wave in material.waves
    ]
    for _, role, about in blocks:
        for qid in _questions(material, scale, role, about):
            codes |= {code: material.labels.option(qid, code) for code in
                      questionnaire.questions[qid].values}  # fmt: skip
    for wave, role, about in blocks:
        rows += _block(material, scale, wave, role, about, list(codes))
    if not rows:
        return None
    heads = (material.word("mean"), material.word("sd"), material.word("answered"))
    kinds = [material.named("missing", kind) for kind in MISSING]
    return Table(
        f"items_{scale}",
        material.word("table_items", scale=material.labels.scale(scale)),
        material.word("item"),
        (
            *(Column(label) for label in codes.values()),
            *(Column(head) for head in heads),
            *(Column(sentence_case(kind), material.word("missing")) for kind in kinds),
        ),
        tuple(rows),
        (material.word("note_items"), material.withheld_note),
        material.language,
    )


MISSING = ("skipped", "dont_know", "broke_off", "not_shown")


def _questions(material: Material, scale: str, role: str, about: str) -> list[str]:
    facets = material.study.questionnaire.facet_questions(scale, role, about or None)
    return [qid for ids in facets.values() for qid in ids]


def _block(
    material: Material, scale: str, wave: str, role: str, about: str, codes: list[str]
) -> list[Row]:
    rows = [
        Row(_label(material, qid), _cells(material, qid, wave, role, about, codes), 1)
        for qid in _questions(material, scale, role, about)
        if material.results.rows("items", wave=wave, term=qid)
    ]
    relation = sentence_case(material.labels.relation(role, about))
    return [Row(f"{relation}, {material.word('wave')} {wave}"), *rows] if rows else []


def _label(material: Material, qid: str) -> str:
    is_reversed = material.study.questionnaire.questions[qid].is_reversed
    return material.labels.item(qid) + (material.word("reversed") if is_reversed else "")


def _cells(
    material: Material, qid: str, wave: str, role: str, about: str, codes: list[str]
) -> tuple[Cell, ...]:
    keys = {"wave": wave, "role": role, "about": about, "term": qid}
    one = material.results.one
    counts = [share(one("items", "count", group=code, **keys)) for code in codes]
    mean, sd = one("items", "mean", **keys), one("items", "sd", **keys)
    answered = Cell("count", (mean.n,), "", mean.id, mean.reason)
    missing = [estimate(one("items", "missing", group=kind, **keys), "count") for kind in MISSING]
    return (*counts, estimate(mean), estimate(sd), answered, *missing)
