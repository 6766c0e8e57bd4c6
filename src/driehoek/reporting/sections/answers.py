"""The sections that answer the questions of the study."""

from driehoek.reporting.document import Block, Heading, Paragraph, plain
from driehoek.reporting.prose import Answer
from driehoek.reporting.prose import answers as gathered
from driehoek.reporting.prose_plan import compared, correlated
from driehoek.reporting.prose_without_flagged import compared as compared_twice
from driehoek.reporting.sections.parts import Parts, folded, plan_title
from driehoek.reporting.tables import imputation, weights
from driehoek.reporting.tables.models import model_tables

# Every score and reliability of every wave: the sentences say what changed most.
LONG = ("without_flagged_scores", "without_flagged_reliability")


def correlations(parts: Parts) -> list[Block]:
    """Show the correlations of the plan."""
    return [
        block
        for name in parts.material.study.settings.plan.correlations
        if (table := parts.table(f"correlations_{name}"))
        for block in [
            *parts.prose("correlations", correlated(parts.material, name)),
            *parts.figures("correlations", name),
            *table,
        ]
    ]


def comparisons(parts: Parts) -> list[Block]:
    """Show the comparisons of the plan."""
    return [
        block
        for name in parts.material.study.settings.plan.comparisons
        for block in _comparison(parts, name)
    ]


def families(parts: Parts) -> list[Block]:
    """Show the families of tests, and the tests of equivalence."""
    tables = [*parts.starting("family_"), *parts.starting("equivalence")]
    return [block for each in tables for block in parts.table(each.name)]


def models(parts: Parts) -> list[Block]:
    """Show the models of the plan, each with its figures and tables."""
    found = [block for answer in gathered(parts.material) for block in _model(parts, answer)]
    leads = "summary" not in parts.material.study.settings.report.leave_out
    title = parts.material.section_title("summary")
    return [*(parts.prose("models_intro", title) if found and leads else []), *found]


def without_flagged(parts: Parts) -> list[Block]:
    """Say what leaving flagged responses out does to the main results."""
    found = compared_twice(parts.material)
    if found is None:
        return []
    return [
        *parts.prose("without_flagged", found),
        *parts.figures("flagged_forest"),
        *(
            block
            for table in parts.starting("without_flagged_")
            for block in folded([table], is_on_paper=table.name not in LONG)
        ),
    ]


def multiverse(parts: Parts) -> list[Block]:
    """Show each effect under every combination of choices."""
    return [
        block
        for name in parts.material.study.settings.multiverse
        for block in [*parts.figures("multiverse", name), *parts.table(f"multiverse_{name}")]
    ]


def _comparison(parts: Parts, name: str) -> list[Block]:
    tables = [
        block
        for each in ("", "_tests", "_pairs")
        for block in parts.table(f"comparison_{name}{each}")
    ]
    if not tables:
        return []
    title = plan_title(parts.material, "comparisons", name)
    drawn = [*parts.figures("comparison", name), *parts.figures("comparison_outcome", name)]
    said = parts.prose("comparison", compared(parts.material, name))
    return [Heading(title), *said, *tables[:2], *drawn, *tables[2:]]


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
