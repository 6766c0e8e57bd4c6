"""A table in each form, and the files it goes to."""

from pathlib import Path

from driehoek.files import replacing, write_text
from driehoek.reporting.delimited import table_csv
from driehoek.reporting.html import page_html
from driehoek.reporting.labels import Labels
from driehoek.reporting.table import Table
from driehoek.reporting.word import word_document


def write_tables(folder: Path, tables: list[Table], labels: Labels) -> None:
    """Write every table as HTML, Word and CSV, and one Word file with all of them.

    Files are named ``<table>.<form>``.
    """
    for table in tables:
        write_text(folder / f"{table.name}.html", page_html(table, labels))
        write_text(folder / f"{table.name}.csv", table_csv(table))
        _write_bytes(folder / f"{table.name}.docx", word_document([table], labels))
    _write_bytes(folder / "all_tables.docx", word_document(tables, labels))


def _write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as draft:
        draft.write_bytes(content)
