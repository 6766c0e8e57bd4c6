"""Tables as Word documents."""

import io
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from driehoek.reporting.labels import Labels
from driehoek.reporting.origin import Source
from driehoek.reporting.table import Table
from driehoek.reporting.word_table import MARGIN_CM, PAGE_CM, table_xml, word_layout
from driehoek.reporting.wording import word
from driehoek.reporting.zipped import with_fixed_dates

FONT = "Calibri"
INK = RGBColor(0x1D, 0x27, 0x33)
HEADINGS = {"Title": 26, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 11, "Caption": 10}


def word_document(tables: Iterable[Table], labels: Labels) -> bytes:
    """Give a Word file with these tables, each with its title and notes.

    The same tables give the same bytes.
    """
    document = new_document(labels.language)
    for place, table in enumerate(tables, 1):
        if place > 1:
            document.add_section()
        turn_page(document, is_on_side=word_layout(table)[0])
        add_table(document, table, labels)
    return document_bytes(document)


def new_document(language: str) -> Document:
    """Give an empty document in the style of the house."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.paragraph_format.space_after = Pt(4)
    _set_language(style, language)
    for name, size in HEADINGS.items():
        heading = document.styles[name]
        heading.font.name, heading.font.size = FONT, Pt(size)
        heading.font.color.rgb, heading.font.bold = INK, True
        heading.paragraph_format.keep_with_next = name != "Title"
        fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
    properties = document.core_properties
    properties.author, properties.language = "driehoek", language
    turn_page(document, is_on_side=False)
    return document


def turn_page(document: Document, *, is_on_side: bool) -> None:
    """Lay the pages of the last section upright or on their side."""
    section = document.sections[-1]
    width, height = reversed(PAGE_CM) if is_on_side else PAGE_CM
    section.orientation = WD_ORIENT.LANDSCAPE if is_on_side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def add_table(document: Document, table: Table, labels: Labels) -> None:
    """Add a table with its title above and its notes below."""
    document.add_paragraph(table.title, style="Caption")
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(table_xml(table)))
    _add_notes(document, table, labels)


def document_bytes(document: Document) -> bytes:
    """Give a document as a file without a clock."""
    stream = io.BytesIO()
    document.save(stream)
    return with_fixed_dates(stream.getvalue())


def _set_language(style: ParagraphStyle, language: str) -> None:
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), f"{language}-{'NL' if language == 'nl' else language.upper()}")
    style.element.get_or_add_rPr().append(element)


def _add_notes(document: Document, table: Table, labels: Labels) -> None:
    if table.notes:
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(4)
        note.add_run(word(table.language, "note")).italic = True
        note.add_run(" " + " ".join(table.notes))
    for reason, mark in table.marks.items():
        line = document.add_paragraph()
        line.add_run(mark).font.superscript = True
        line.add_run(" " + labels.sentence(reason))
    add_sources(document, table.sources, table.language)


def add_sources(document: Document, sources: Sequence[Source], language: str) -> None:
    """Name the files and rows behind a table or figure, if there are any."""
    if sources:
        found = ", ".join(f"statistics/{each}" for each in sources)
        document.add_paragraph(f"{word(language, 'source_of_numbers')}: {found}")
