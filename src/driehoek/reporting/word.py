"""Tables as Word documents."""

import io
from collections.abc import Iterable, Sequence
from typing import cast

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from driehoek.reporting.labels import Labels
from driehoek.reporting.origin import Source
from driehoek.reporting.table import Table
from driehoek.reporting.word_table import (
    MARGIN_CM,
    PAGE_CM,
    bookmark_xml,
    table_xml,
    word_layout,
)
from driehoek.reporting.wording import word
from driehoek.reporting.zipped import with_fixed_dates

FONT = "Calibri"
NOTE = "Table note"
SHEET_MARGIN_CM = 1.4
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
    note = cast("ParagraphStyle", document.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH))
    note.base_style, note.font.size = style, Pt(8)
    note.paragraph_format.space_after = Pt(2)
    properties = document.core_properties
    properties.author, properties.language = "driehoek", language
    turn_page(document, is_on_side=False)
    return document


def compact(document: Document) -> None:
    """Set a document so that a sheet of plain language fits on its one page."""
    for name, size, before in (("Title", 16, 0), ("Heading 1", 12, 7), ("Heading 2", 10, 3)):
        style = cast("ParagraphStyle", document.styles[name])
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(2)
    for name in ("Normal", "List Bullet"):
        style = cast("ParagraphStyle", document.styles[name])
        style.font.size = Pt(9.5)
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.line_spacing = 1.0
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Cm(SHEET_MARGIN_CM)
    section.left_margin = section.right_margin = Cm(SHEET_MARGIN_CM)
    section.header_distance = section.footer_distance = Cm(SHEET_MARGIN_CM / 2)


def turn_page(document: Document, *, is_on_side: bool) -> None:
    """Lay the pages of the last section upright or on their side."""
    section = document.sections[-1]
    width, height = reversed(PAGE_CM) if is_on_side else PAGE_CM
    section.orientation = WD_ORIENT.LANDSCAPE if is_on_side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def add_table(
    document: Document, table: Table, labels: Labels, *, number: int = 0, anchor: str = ""
) -> None:
    """Add a table with its title above, with its number if it has one, and its notes below."""
    add_caption(document, table.title, word(table.language, "table"), number, anchor)
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(table_xml(table)))
    _add_notes(document, table, labels)


def add_caption(document: Document, title: str, kind: str, number: int, anchor: str = "") -> None:
    """Add the title of a table or figure; its number is a field, which Word keeps in order."""
    caption = document.add_paragraph(style="Caption")
    if number:
        caption.add_run(f"{kind} ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f"SEQ {kind} \\* ARABIC")
        caption._p.append(field)
        shown = caption.add_run(str(number))
        field.append(shown._r)
        caption.add_run(": ")
    caption.add_run(title)
    if anchor:
        marks = parse_xml(f"<w:p {nsdecls('w')}>{bookmark_xml(anchor, '')}</w:p>")
        caption._p.extend(list(marks))


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
        note = add_note(document, " ".join(table.notes), table.language)
        _keep(note, with_next=bool(table.marks or table.sources))
    for place, (reason, mark) in enumerate(table.marks.items(), 1):
        line = document.add_paragraph(style=NOTE)
        _keep(line, with_next=place < len(table.marks) or bool(table.sources))
        line.add_run(mark).font.superscript = True
        line.add_run(" " + labels.sentence(reason))
    add_sources(document, table.sources, table.language)


def _keep(paragraph: Paragraph, *, with_next: bool) -> None:
    """Keep the lines of a note together, and the note with what belongs to it."""
    paragraph.paragraph_format.keep_together = True
    paragraph.paragraph_format.keep_with_next = with_next


def add_note(document: Document, words: str, language: str) -> Paragraph:
    """Add what is said below a table or figure."""
    note = document.add_paragraph(style=NOTE)
    note.paragraph_format.space_before = Pt(4)
    note.add_run(word(language, "note")).italic = True
    note.add_run(f" {words}")
    return note


def add_sources(document: Document, sources: Sequence[Source], language: str) -> None:
    """Name the files and rows behind a table or figure, if there are any."""
    if sources:
        found = ", ".join(f"statistics/{each}" for each in sources)
        said = f"{word(language, 'source_of_numbers')}: {found}"
        document.add_paragraph(said, style=NOTE)
