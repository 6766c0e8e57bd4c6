"""The report of a study as a document, in one language."""

from collections.abc import Iterator

from driehoek.reporting.document import Document
from driehoek.reporting.material import Material
from driehoek.reporting.numbering import numbered
from driehoek.reporting.sections.catalogue import all_sections
from driehoek.reporting.sections.parts import Parts
from driehoek.reporting.wording import listed


def report_document(parts: Parts) -> Document:
    """Put the report together; what it is rendered to makes no difference to what it says."""
    material = parts.material
    instrument = material.study.questionnaire.instrument
    version = material.word("version").lower()
    seed = f"{material.word('seed')}: {material.study.settings.seed}"
    unnumbered = Document(
        title=material.labels.of(material.study.settings.title),
        lead=f"{material.labels.of(instrument.title)}, {version} {instrument.version}",
        language=material.language,
        banners=tuple(banners(material)),
        sections=all_sections(parts),
        footer=f"{seed}. driehoek {parts.software.get('driehoek', '')}.",
        rules=parts.rules,
    )
    return numbered(unnumbered)


def banners(material: Material) -> list[str]:
    """Say at the top what no reader may miss: simulated data, a questionnaire not validated."""
    status = material.study.questionnaire.instrument.status
    simulated = [material.word("simulated")] if material.study.settings.simulation else []
    simulated += [material.word("synthetic")] if material.study.settings.synthetic else []
    validity = [material.word(status)] if status in {"draft", "pilot"} else []
    return [*simulated, *validity, *_versions(material)]


def _versions(material: Material) -> Iterator[str]:
    """Say which wave was asked another version, and which scores that touches."""
    for wave, over in material.study.bridges.items():
        words = [material.word("asked_version", wave=wave, version=over.asked.instrument.version)]
        for verdict in ("different", "untested"):
            touched = [s for s in over.scales if s in over.analysed.instrument.scales]
            names = [material.labels.scale(s) for s in touched if over.scales[s] == verdict]
            if names:
                scales = listed(names, material.language)
                words.append(material.word(f"version_{verdict}", scales=scales))
        yield " ".join(words)
