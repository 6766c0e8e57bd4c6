"""The last sections: how it was done, where the numbers come from, with which software."""

from driehoek.reporting.document import Block, Bullets, Heading, Paragraph, Run, plain
from driehoek.reporting.material import Material
from driehoek.reporting.prose import answers
from driehoek.reporting.prose_conduct import conduct
from driehoek.reporting.references import references as cited_by
from driehoek.reporting.sections.parts import Parts, folded
from driehoek.review.compare import Difference
from driehoek.review.sealed import deviations, read_seal


def methods(parts: Parts) -> list[Block]:
    """Say how the study was analysed, with its numbers."""
    material = parts.material
    settings, asked = material.study.settings, material.study.questionnaire.instrument
    title = material.labels.of(asked.title)
    gathered = answers(material), conduct(material)
    return parts.prose("methods", *gathered, settings, title, asked, material.level)


def sealed(parts: Parts) -> list[Block]:
    """Say when the plan was sealed, and what the study does otherwise; empty without a seal."""
    material = parts.material
    seal = read_seal(material.study)
    if seal is None:
        return []
    said = [material.word("sealed_on", date=seal.date, sha256=seal.sha256)]
    if seal.exports_present:
        said.append(material.word("sealed_late", files=", ".join(seal.exports_present)))
    found = deviations(seal, material.study)
    said.append(material.word("sealed_left" if found else "sealed_kept"))
    points = tuple(plain(_deviation(each, material)) for each in found)
    return [*(Paragraph(plain(each)) for each in said), *[Bullets(points)] * bool(points)]


def _deviation(found: Difference, material: Material) -> str:
    if found.kind == "input":
        return material.word("sealed_file", name=found.name)
    old, new = (each or material.word("sealed_absent") for each in (found.old, found.new))
    return f"{found.name}: {old} → {new}"


def files(parts: Parts) -> list[Block]:
    """List the statistics files with the rules that made them, and the software."""
    material = parts.material
    language = material.language
    whole = {
        "statistics/statistics.xlsx": material.word("workbook"),
        f"tables/{language}/all_tables.docx": material.word("tables_folder"),
    }
    links = tuple((Run(words, link=address),) for address, words in whole.items())
    versions = tuple(plain(f"{name} {number}") for name, number in parts.software.items())
    return [
        Paragraph(plain(material.word("statistics_files"))),
        *parts.table("sources"),
        Bullets(links),
        Heading(material.word("software"), "software"),
        Bullets(versions, is_in_columns=True),
    ]


def checklists(parts: Parts) -> list[Block]:
    """Show the reporting checklists, filled as far as the run can."""
    return [
        *parts.prose("checklists_intro"),
        *folded(parts.starting("checklist_"), is_on_paper=True),
    ]


def references(parts: Parts) -> list[Block]:
    """List what a paper about this study should cite."""
    cited = cited_by(parts.material, parts.software)
    links = {"references.bib": "BibTeX", "references.json": "CSL-JSON"}
    runs = [Run(words, link=address) for address, words in links.items()]
    between = Run(f" {parts.material.word('and')} ")
    said = (Run(parts.material.word("references_as") + " "), runs[0], between, runs[1], Run("."))
    return [Paragraph(said), Bullets(tuple(plain(each.text) for each in cited))]
