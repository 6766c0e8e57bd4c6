"""The last sections: how it was done, where the numbers come from, with which software."""

from driehoek.reporting.document import Block, Bullets, Heading, Paragraph, Run, plain
from driehoek.reporting.prose import answers, conduct
from driehoek.reporting.sections.parts import Parts


def methods(parts: Parts) -> list[Block]:
    """Say how the study was analysed, with its numbers."""
    material = parts.material
    settings, asked = material.study.settings, material.study.questionnaire.instrument
    title = material.labels.of(asked.title)
    gathered = answers(material), conduct(material)
    return parts.prose("methods", *gathered, settings, title, asked, material.level)


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
