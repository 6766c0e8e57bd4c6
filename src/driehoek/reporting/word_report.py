"""The report as a Word document."""

from collections.abc import Iterable
from itertools import groupby

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from driehoek.reporting.document import (
    Block,
    Bullets,
    Document,
    Folded,
    Heading,
    Paragraph,
    Pictured,
    Run,
    Runs,
    Tabulated,
    appendix,
    is_appendix,
    on_side,
    plain,
)
from driehoek.reporting.labels import Labels
from driehoek.reporting.word import (
    add_caption,
    add_note,
    add_sources,
    add_table,
    compact,
    document_bytes,
    new_document,
    turn_page,
)
from driehoek.reporting.word_table import MARGIN_CM, PAGE_CM, bookmark, word_layout
from driehoek.reporting.wording import word

TEXT_CM = PAGE_CM[0] - 2 * MARGIN_CM
FIGURE_CM = 21.0
LINK = RGBColor(0x0B, 0x5C, 0x7D)
SOFT = RGBColor(0x51, 0x60, 0x6F)
SHADE = '<w:shd {} w:val="clear" w:color="auto" w:fill="FFF4D6"/>'


def report_word(document: Document, labels: Labels) -> bytes:
    """Render a report; the same document and figures give the same bytes."""
    target = new_document(document.language)
    target.core_properties.title = document.title
    if document.is_sheet:
        compact(target)
    writer = _Writer(target, labels)
    writer.opening(document)
    for section in document.sections:
        if not is_appendix(section):
            writer.section(section.title, 1, section.blocks, section.anchor)
    found = appendix(document)
    if found:
        intro = Paragraph(plain(word(document.language, "appendix_intro")))
        writer.section(word(document.language, "appendix"), 1, [intro])
    for section, hidden in found:
        writer.section(section.title, 2, [block for each in hidden for block in each.blocks])
    writer.closing(document)
    return document_bytes(target)


class _Writer:
    def __init__(self, target: WordDocument, labels: Labels) -> None:
        self.target = target
        self.labels = labels
        self.n_marks = self.n_tables = self.n_figures = 0
        self.is_on_side = False

    def opening(self, document: Document) -> None:
        self.target.add_paragraph(document.title, style="Title")
        lead = self.target.add_paragraph()
        lead.add_run(document.lead).font.color.rgb = SOFT
        for banner in document.banners:
            paragraph = self.target.add_paragraph()
            paragraph.add_run(banner).bold = True
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph._p.get_or_add_pPr().append(parse_xml(SHADE.format(nsdecls("w"))))
        if document.is_sheet:
            return
        self.target.add_paragraph(word(document.language, "contents"), style="Heading 2")
        for section in (each for each in document.sections if not is_appendix(each)):
            point = self.target.add_paragraph(style="List Bullet")
            self.add_run(point, Run(section.title, link=f"#{section.anchor}"))

    def closing(self, document: Document) -> None:
        self.lay(is_on_side=False)
        self.target.add_paragraph().add_run(document.footer).font.color.rgb = SOFT
        footer = self.target.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        footer._p.append(field)

    def section(self, title: str, level: int, blocks: Iterable[Block], anchor: str = "") -> None:
        """Add blocks under a heading, wide tables on pages that lie on their side."""
        shown = [block for block in blocks if not isinstance(block, Folded)]
        sides = on_side(shown, lambda table: word_layout(table)[0])
        self.lay(is_on_side=bool(sides) and sides[0])
        self.add_heading(title, level, anchor)
        for is_on_side, group in groupby(zip(sides, shown, strict=True), key=lambda pair: pair[0]):
            self.lay(is_on_side=is_on_side)
            for _, block in group:
                self.add(block)

    def lay(self, *, is_on_side: bool) -> None:
        """Begin a new section where the pages turn."""
        if is_on_side != self.is_on_side:
            self.target.add_section()
            turn_page(self.target, is_on_side=is_on_side)
            self.is_on_side = is_on_side

    def add(self, block: Block) -> None:
        match block:
            case Paragraph():
                paragraph = self.target.add_paragraph()
                self.add_runs(paragraph, block.runs)
            case Bullets():
                for point in block.points:
                    self.add_runs(self.target.add_paragraph(style="List Bullet"), point)
            case Heading():
                self.add_heading(block.text, 2, block.anchor)
            case Tabulated():
                self.n_tables += 1
                add_table(
                    self.target, block.table, self.labels, number=self.n_tables, anchor=block.anchor
                )
            case Pictured():
                self.add_picture(block)
            case Folded():
                pass

    def add_heading(self, title: str, level: int, anchor: str) -> None:
        heading = self.target.add_heading(title, level)
        if anchor:
            self.n_marks += 1
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            for mark in (start, end):
                mark.set(qn("w:id"), str(self.n_marks))
            start.set(qn("w:name"), bookmark(anchor))
            heading._p.insert(1, start)
            heading._p.append(end)

    def add_picture(self, picture: Pictured) -> None:
        self.n_figures += 1
        kind = word(self.labels.language, "figure")
        add_caption(self.target, picture.title, kind, self.n_figures, picture.anchor)
        paragraph = self.target.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(picture.sources)
        shape = paragraph.add_run().add_picture(str(picture.path.with_suffix(".png")))
        share = min(Cm(TEXT_CM) / shape.width, Cm(FIGURE_CM) / shape.height, 1.0)
        shape.width, shape.height = Emu(int(shape.width * share)), Emu(int(shape.height * share))
        described = shape._inline.docPr
        described.set("descr", picture.alt)
        if picture.note:
            add_note(self.target, picture.note, self.labels.language)
        add_sources(self.target, picture.sources, self.labels.language)

    def add_runs(self, paragraph: WordParagraph, runs: Runs) -> None:
        for run in runs:
            self.add_run(paragraph, run)

    def add_run(self, paragraph: WordParagraph, run: Run) -> None:
        added = paragraph.add_run(run.text)
        added.bold, added.italic = run.is_strong or None, run.is_emphasised or None
        added.font.superscript = run.is_raised or None
        if run.id or not run.link:
            return
        link = OxmlElement("w:hyperlink")
        if run.link.startswith("#"):
            link.set(qn("w:anchor"), bookmark(run.link[1:]))
        else:
            kind = RELATIONSHIP_TYPE.HYPERLINK
            link.set(qn("r:id"), self.target.part.relate_to(run.link, kind, is_external=True))
        added.font.color.rgb, added.font.underline = LINK, True
        paragraph._p.append(link)
        link.append(added._r)
