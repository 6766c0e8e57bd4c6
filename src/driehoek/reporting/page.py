"""The report as one page of HTML that loads nothing from elsewhere."""

import base64
import re
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup, escape

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
)
from driehoek.reporting.html import IN_REPORT, table_html
from driehoek.reporting.labels import Labels
from driehoek.reporting.origin import file_of
from driehoek.reporting.templating import render
from driehoek.reporting.wording import vocabulary

PIXELS_PER_POINT = 1.6
PAGE_PIXELS = 830

PARAGRAPH = Markup("<p{}>{}</p>\n")
CLASS = Markup(' class="{}"')
LINK = Markup('<a href="{}"{}>{}</a>')
NUMBER = Markup(' title="{}" class="number"')
STYLES = {
    "is_strong": Markup("<strong>{}</strong>"),
    "is_emphasised": Markup("<em>{}</em>"),
    "is_raised": Markup("<sup>{}</sup>"),
}
POINT = Markup("<li>{}</li>\n")
BULLETS = Markup("<ul{}>\n{}</ul>\n")
HEADING = Markup("<h3{}>{}</h3>\n")
ID = Markup(' id="{}"')
FOLDED = Markup("<details>\n<summary>{}</summary>\n{}</details>\n")
NOTHING = Markup("")


def report_page(document: Document, labels: Labels, statistics: bytes) -> str:
    """Render a report.

    Parameters
    ----------
    document : Document
    labels : Labels
        For the reasons of absent cells.
    statistics : bytes
        The statistics as gzipped CSV: the page shows the row behind each number, and gives all.
    """
    sections = [
        {"anchor": each.anchor, "title": each.title, "body": _blocks(each.blocks, labels, document)}
        for each in document.sections
    ]
    script = (files("driehoek.reporting") / "templates" / "report.js").read_text(encoding="utf-8")
    return render(
        "report.html",
        document=document,
        sections=sections,
        words=vocabulary(document.language),
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(sha256(script.encode()).digest()).decode("ascii"),
        statistics=base64.b64encode(statistics).decode("ascii"),
    )


def runs_html(runs: Runs) -> Markup:
    """Render words in their styles, numbers with the way to their source."""
    return NOTHING.join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    words = escape(run.text)
    for style, markup in STYLES.items():
        if getattr(run, style):
            words = markup.format(words)
    if run.id:
        return LINK.format(IN_REPORT.format(file_of(run.id)), NUMBER.format(run.id), words)
    return LINK.format(run.link, "", words) if run.link else words


def _blocks(blocks: Iterable[Block], labels: Labels, document: Document) -> Markup:
    return NOTHING.join(_block(block, labels, document) for block in blocks)


def _block(block: Block, labels: Labels, document: Document) -> Markup:
    match block:
        case Paragraph():
            kind = "" if block.kind == "plain" else CLASS.format(block.kind)
            return PARAGRAPH.format(kind, runs_html(block.runs))
        case Bullets():
            points = NOTHING.join(POINT.format(runs_html(point)) for point in block.points)
            return BULLETS.format(CLASS.format("columns") if block.is_in_columns else "", points)
        case Heading():
            return HEADING.format(ID.format(block.anchor) if block.anchor else "", block.text)
        case Tabulated():
            return table_html(block.table, labels, sources=IN_REPORT, number=block.number)
        case Pictured():
            return _figure(block, document)
        case Folded():
            return FOLDED.format(block.title, _blocks(block.blocks, labels, document))


def _figure(picture: Pictured, document: Document) -> Markup:
    svg = picture.path.with_suffix(".svg")
    content = render(
        "figure.html",
        picture=picture,
        sources=IN_REPORT,
        language=document.language,
        words=vocabulary(document.language),
        source="data:image/svg+xml;base64," + base64.b64encode(svg.read_bytes()).decode("ascii"),
        width=_width(svg),
    )
    return Markup(content)  # noqa: S704 - the template escapes what it is given


def _width(svg: Path) -> int:
    """Give the width at which the letters of a figure are as large as those of a table."""
    head = svg.read_text(encoding="utf-8")[:2000]
    match = re.search(r'<svg[^>]* width="([0-9.]+)pt"', head)
    return round(float(match[1]) * PIXELS_PER_POINT) if match else PAGE_PIXELS
