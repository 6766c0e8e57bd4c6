"""The sections that answer the questions of the study."""

from driehoek.reporting.document import Block, Heading, Paragraph, plain
from driehoek.reporting.prose import Answer
from driehoek.reporting.prose import answers as gathered
from driehoek.reporting.prose_without_flagged import compared
from driehoek.reporting.sections.parts import Parts, folded
from driehoek.reporting.tables import imputation, weights
from driehoek.reporting.tables.models import model_tables


def correlations(parts: Parts) -> list[Block]:
    """Show the correlations of the plan."""
    tables = parts.starting("correlations_")
    shown = [block for table in tables for block in parts.table(table.name)]
    return [*parts.figures("correlations"), *shown] if tables else []


def comparisons(parts: Parts) -> list[Block]:
    """Show the comparisons of the plan."""
    tables = parts.starting("comparison_")
    shown = [block for each in tables for block in parts.table(each.name)]
    return [*parts.figures("comparison"), *shown] if tables else []


def families(parts: Parts) -> list[Block]:
    """Show the families of tests, and the tests of equivalence."""
    tables = [*parts.starting("family_"), *parts.starting("equivalence")]
    return [block for each in tables for block in parts.table(each.name)]


def models(parts: Parts) -> list[Block]:
    """Show the models of the plan, each with its figures and tables."""
    return [block for answer in gathered(parts.material) for block in _model(parts, answer)]


def without_flagged(parts: Parts) -> list[Block]:
    """Say what leaving flagged responses out does to the main results."""
    found = compared(parts.material)
    if found is None:
        return []
    return [
        *parts.prose("without_flagged", found),
        *parts.figures("flagged_forest"),
        *folded(parts.starting("without_flagged_")),
    ]


def multiverse(parts: Parts) -> list[Block]:
    """Show each effect under every combination of choices."""
    return [
        block
        for name in parts.material.study.settings.multiverse
        for block in [*parts.figures("multiverse", name), *parts.table(f"multiverse_{name}")]
    ]


def _model(parts: Parts, answer: Answer) -> list[Block]:
    material = parts.material
    why = material.word("not_estimable", reason=answer.reason)
    reason: list[Block] = [Paragraph(plain(why), "reason")] if answer.reason else []
    made = [
        *model_tables(material, answer.name),
        *imputation.model_tables(material, answer.name),
        *weights.model_tables(material, answer.name),
    ]
    names = [table.name for table in made]
    tables = [block for name in names for block in parts.table(name)]
    return [
        Heading(answer.title),
        *reason,
        *parts.figures("path", answer.name),
        *parts.figures("forest", answer.name),
        *parts.figures("surface", answer.name),
        *parts.figures("slopes", answer.name),
        *tables,
    ]
