"""The report as PDF: tagged, for screen readers too (PDF/UA-1), and the same bytes each time."""

from pathlib import Path

import typst

from driehoek.reporting.document import Document
from driehoek.reporting.labels import Labels
from driehoek.reporting.typst_source import report_typst

TIMESTAMP = 946_684_800  # 2000-01-01, as in the office files: a report carries no clock


def report_pdf(document: Document, labels: Labels, figures: Path) -> bytes:
    """Render a report with the fonts that come with Typst; nothing is fetched.

    Parameters
    ----------
    document : Document
    labels : Labels
        For the reasons of absent cells.
    figures : pathlib.Path
        Folder of the drawn figures.

    Raises
    ------
    typst.TypstError
        If a picture has no words, or a rule of PDF/UA-1 is broken otherwise.
    """
    source = report_typst(document, labels).encode("utf-8")
    compiler = typst.Compiler(root=figures, ignore_system_fonts=True)
    content = compiler.compile(source, format="pdf", pdf_standards=["ua-1"], timestamp=TIMESTAMP)
    if not isinstance(content, bytes):
        msg = "Typst gave no PDF"
        raise TypeError(msg)
    return content
