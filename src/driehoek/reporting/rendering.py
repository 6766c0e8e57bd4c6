"""Tables and reports in each form, and the files they go to."""

from collections.abc import Iterable
from pathlib import Path

from driehoek.files import write_bytes, write_text
from driehoek.reporting.delimited import table_csv
from driehoek.reporting.document import Document
from driehoek.reporting.excel import tables_workbook
from driehoek.reporting.html import page_html
from driehoek.reporting.labels import Labels
from driehoek.reporting.latex import latex_document, table_latex
from driehoek.reporting.material import Material
from driehoek.reporting.packed import packed_statistics
from driehoek.reporting.page import report_page
from driehoek.reporting.paper import on_paper
from driehoek.reporting.pdf import report_pdf
from driehoek.reporting.table import Table
from driehoek.reporting.word import word_document
from driehoek.reporting.word_report import report_word


def write_tables(folder: Path, tables: list[Table], labels: Labels) -> None:
    """Write every table as HTML, Word, LaTeX and CSV, and files with all of them.

    Files are named ``<table>.<form>``, and ``all_tables`` for Word, LaTeX and Excel.
    """
    for table in tables:
        write_text(folder / f"{table.name}.html", page_html(table, labels))
        write_text(folder / f"{table.name}.csv", table_csv(table))
        write_text(folder / f"{table.name}.tex", table_latex(table, labels))
        write_bytes(folder / f"{table.name}.docx", word_document([table], labels))
    write_bytes(folder / "all_tables.docx", word_document(tables, labels))
    write_text(folder / "all_tables.tex", latex_document(tables, labels))
    write_bytes(folder / "all_tables.xlsx", tables_workbook(tables, labels))


def write_document(
    document: Document, material: Material, statistics: Iterable[Path], figures: Path, path: Path
) -> None:
    """Write a report or a sheet as web page, Word document and PDF.

    Parameters
    ----------
    document : Document
    material : Material
    statistics : iterable of pathlib.Path
        The statistics files, which travel inside the page.
    figures : pathlib.Path
        Folder of the drawn figures.
    path : pathlib.Path
        Of the web page; the others lie beside it, under other suffixes.
    """
    labels, printed = material.labels, on_paper(document, material.results)
    write_text(path, report_page(document, labels, packed_statistics(statistics)))
    write_bytes(path.with_suffix(".docx"), report_word(printed, labels))
    write_bytes(path.with_suffix(".pdf"), report_pdf(printed, labels, figures))
