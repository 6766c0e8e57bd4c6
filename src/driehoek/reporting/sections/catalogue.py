"""Every section of the report, in order."""

from collections.abc import Callable

from driehoek.reporting.document import Block, Section
from driehoek.reporting.markup import text_blocks
from driehoek.reporting.own import own_blocks
from driehoek.reporting.sections import answers, closing, measurement, opening
from driehoek.reporting.sections.parts import Parts

# The name of a section is its anchor and the key of its title among the words.
SECTIONS: dict[str, Callable[[Parts], list[Block]]] = {
    "summary": opening.summary,
    "sample": opening.sample,
    "instrument": opening.instrument,
    "quality": measurement.quality,
    "scores": measurement.scores,
    "reliability": measurement.reliability,
    "structure": measurement.structure,
    "invariance": measurement.invariance,
    "agreement": measurement.agreement,
    "correlations": answers.correlations,
    "comparisons": answers.comparisons,
    "models": answers.models,
    "families": answers.families,
    "without_flagged": answers.without_flagged,
    "multiverse": answers.multiverse,
    "methods": closing.methods,
    "sealed": closing.sealed,
    "checklists": closing.checklists,
    "files": closing.files,
    "references": closing.references,
}


def all_sections(parts: Parts) -> tuple[Section, ...]:
    """Build every section that has something to say, in the study's order and words."""
    own = parts.material.study.settings.report
    known = [name for name in SECTIONS if name not in own.leave_out]
    order = [*own.order, *(name for name in known if name not in own.order)]
    for name, section in own.sections.items():
        place = order.index(section.after) + 1 if section.after in order else len(order)
        order.insert(place, name)
    built = {name: tuple(_blocks(parts, name)) for name in order}
    title = parts.material.section_title
    return tuple(Section(name, title(name), blocks) for name, blocks in built.items() if blocks)


def _blocks(parts: Parts, name: str) -> list[Block]:
    """Build a section: the study's own text first, or all of it."""
    material = parts.material
    own = material.study.settings.report
    if name in own.sections:
        return own_blocks(material, material.study.locate(own.sections[name].template))
    found = SECTIONS[name](parts)
    said = (text for key, text in own.texts.items() if key == name)
    return [*(b for t in said for b in text_blocks(material.labels.of(t))), *found] if found else []
