"""Every section of the report, in order."""

from collections.abc import Callable

from driehoek.reporting.document import Block, Section
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
    "methods": closing.methods,
    "sealed": closing.sealed,
    "files": closing.files,
}


def all_sections(parts: Parts) -> tuple[Section, ...]:
    """Build every section that has something to say."""
    built = {name: tuple(build(parts)) for name, build in SECTIONS.items()}
    return tuple(
        Section(name, parts.material.word(name), blocks) for name, blocks in built.items() if blocks
    )
