"""The first sections: the study in short, who took part, the questionnaire."""

from driehoek.reporting.document import Block
from driehoek.reporting.prose import answers
from driehoek.reporting.prose_attrition import dropouts
from driehoek.reporting.prose_conduct import conduct
from driehoek.reporting.sections.parts import Parts, folded


def summary(parts: Parts) -> list[Block]:
    """Say in short what was found."""
    return parts.prose("summary", answers(parts.material), conduct(parts.material))


def sample(parts: Parts) -> list[Block]:
    """Say who took part."""
    left = dropouts(parts.material)
    return [
        *parts.figures("flow"),
        *parts.table("flow"),
        *parts.figures("participation"),
        *(parts.prose("attrition", left) if left else []),
        *folded(
            [
                *parts.starting("participation"),
                *parts.starting("patterns"),
                *parts.starting("attrition_"),
            ]
        ),
        *folded(parts.starting("analysed")),
        *parts.table("background"),
    ]


def instrument(parts: Parts) -> list[Block]:
    """Say what the scales mean and how they are scored."""
    is_tested = parts.material.study.settings.plan.structure is not None
    is_validated = parts.material.study.questionnaire.instrument.status == "validated"
    return [*parts.prose("scoring_intro", is_tested, is_validated), *parts.table("scales")]
