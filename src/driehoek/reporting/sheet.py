"""One page in plain language (level B1) for participants and advisory boards."""

from driehoek.reporting.document import Document, Section
from driehoek.reporting.prose import answers, conduct
from driehoek.reporting.report import banners
from driehoek.reporting.sections.parts import Parts
from driehoek.reporting.wording import sentence_case

MOST = 4  # findings a question, so that the sheet stays one page


def sheet_document(parts: Parts) -> Document:
    """Say on one page what a study asked and found; of the whole study, never of one triad."""
    material = parts.material
    settings = material.study.settings
    roles = [material.labels.role(role) for role in material.roles]
    purpose = material.labels.of(settings.report.purpose)
    said = {
        "sheet_why": parts.prose("why", roles, purpose, template="sheet"),
        "sheet_who": parts.prose("who", conduct(material), template="sheet"),
        "sheet_found": parts.prose("found", answers(material), MOST, template="sheet"),
        "sheet_limits": parts.prose("limits", template="sheet"),
        "sheet_privacy": parts.prose("privacy", settings.disclosure.min_cell, template="sheet"),
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
