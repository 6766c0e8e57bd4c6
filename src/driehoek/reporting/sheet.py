"""One page in plain language (level B1) for participants and advisory boards."""

from driehoek.reporting.document import Document, Section
from driehoek.reporting.material import Material
from driehoek.reporting.prose import Answer, Finding, answers
from driehoek.reporting.prose_conduct import conduct
from driehoek.reporting.report import banners
from driehoek.reporting.scales import modelled_scales
from driehoek.reporting.sections.parts import Parts
from driehoek.reporting.wording import listed, sentence_case

MOST = 4  # findings a question
LINES = 20  # of questions and findings together, so that the sheet stays one page
PLAIN = ("total", "indirect", "a1", "a3")  # effects that plain words can tell


def sheet_document(parts: Parts) -> Document:
    """Say on one page what a study asked and found; of the whole study, never of one triad."""
    material = parts.material
    settings = material.study.settings
    roles = listed([material.labels.role(role) for role in material.roles], material.language)
    meanings = _meanings(material)
    purpose = material.labels.of(settings.report.purpose)
    said = {
        "sheet_why": parts.prose("why", roles, purpose, len(material.roles) == 1, template="sheet"),
        "sheet_who": parts.prose("who", conduct(material), template="sheet"),
        "sheet_found": parts.prose("found", _told(answers(material)), template="sheet"),
        **({"sheet_words": parts.prose("words", meanings, template="sheet")} if meanings else {}),
        "sheet_limits": parts.prose("limits", template="sheet"),
        "sheet_privacy": parts.prose(
            "privacy", settings.disclosure.min_cell, material.has_triads, template="sheet"
        ),
    }
    return Document(
        title=sentence_case(material.labels.of(settings.title)),
        lead=material.word("sheet_lead"),
        language=material.language,
        banners=tuple(banners(material)),
        sections=tuple(
            Section(name, material.word(name), tuple(blocks)) for name, blocks in said.items()
        ),
        footer=material.labels.of(settings.report.contact),
        is_sheet=True,
    )


def _told(found: list[Answer]) -> list[tuple[Answer, list[Finding]]]:
    """Give each answer with its clearest findings: fewer of each, the more answers there are."""
    most = max(1, min(MOST, LINES // max(1, len(found)) - 1))
    return [(answer, _clearest(answer, most)) for answer in found]


def _clearest(answer: Answer, most: int) -> list[Finding]:
    told = [f for f in answer.findings if f.kind != "effect" or (f.parts and f.effect in PLAIN)]
    first = sorted(told, key=lambda f: (f.effect != "total", -f.clarity))[:most]
    return [finding for finding in told if finding in first]


def _meanings(material: Material) -> dict[str, str]:
    """Say what a high score means on the scales that the models of the plan use."""
    scales = material.study.questionnaire.instrument.scales
    meanings = {
        material.labels.scale(name): sentence_case(material.labels.of(scales[name].meaning))
        for name in modelled_scales(material)
    }
    return {
        name: words if words.endswith(".") else f"{words}."
        for name, words in meanings.items()
        if words
    }
