"""LibreOffice opens what we write for Word and Excel, and shows what it holds."""

import re
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest
from reporting_example import example_parts, make_example

from driehoek.reporting.document import Paragraph, Section, plain
from driehoek.reporting.excel import tables_workbook
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.pdf import report_pdf
from driehoek.reporting.report import report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.sheet import sheet_document
from driehoek.reporting.word import word_document
from driehoek.reporting.word_report import report_word
from driehoek.study import read_study

TOOLS = ("soffice", "pdftotext", "pdftoppm")
absent = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Convert a report and all tables, in Dutch, to PDF by one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    example = make_example(folder)
    material = gather(read_study(example.path), read_results(example.statistics), "nl")
    write_listing(folder, [])
    parts = example_parts(material, folder)
    tables = list(parts.tables.values())
    files = {
        "report.docx": report_word(report_document(parts), material.labels),
        "sheet.docx": report_word(sheet_document(parts), material.labels),
        "tables.docx": word_document(tables, material.labels),
        "tables_excel.xlsx": tables_workbook(tables, material.labels),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
    subprocess.run([*command, *(folder / name for name in files)], check=True, capture_output=True)
    return folder, tables


def text_of(path):
    command = ["pdftotext", "-layout", path, "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(words.split())


def test_the_word_files_show_every_title_and_number_of_their_tables(shown):
    folder, tables = shown
    text = text_of(folder / "tables.pdf").replace(" ", "")
    for table in tables:
        assert table.title.replace(" ", "") in text
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=False):
                if not column.is_words:
                    words = cell.written("nl").replace("\u00a0", "").replace(" ", "")
                    assert words in text


def test_the_report_in_word_has_its_sections(shown):
    folder, _ = shown
    text = text_of(folder / "report.pdf")
    for title in ("In het kort", "Wie meededen", "Betrouwbaarheid", "Bijlage"):
        assert title in text


def test_the_workbook_shows_each_title_and_no_error(shown):
    folder, tables = shown
    text = text_of(folder / "tables_excel.pdf")
    assert "#####" not in text
    assert "Err:" not in text
    assert sum(table.title[:40] in text for table in tables) == len(tables)


def test_the_pages_can_be_drawn(shown):
    folder, _ = shown
    command = ["pdftoppm", "-r", "30", "-png", folder / "report.pdf", folder / "page"]
    subprocess.run(command, check=True, capture_output=True)
    pages = sorted(folder.glob("page-*.png"))
    assert len(pages) > 3
    assert all(page.stat().st_size > 500 for page in pages)


def test_the_sheet_is_one_page_in_word(shown):
    folder, _ = shown
    command = ["pdfinfo", folder / "sheet.pdf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+1$", said, re.MULTILINE), said


@pytest.mark.parametrize("more", [0, 1])
def test_the_sheet_is_one_page_as_pdf_with_more_words_too(tmp_path, more):
    example = make_example(tmp_path)
    material = gather(read_study(example.path), read_results(example.statistics), "nl")
    write_listing(tmp_path, [])
    sheet = sheet_document(example_parts(material, tmp_path))
    first, *others = sheet.sections
    added = Section("more", "Meer", (Paragraph(plain("Meer woorden op dit blad. " * 5)),) * more)
    longer = replace(sheet, sections=(first, *([added] if more else []), *others))
    (tmp_path / "long.pdf").write_bytes(report_pdf(longer, material.labels, tmp_path))
    command = ["pdfinfo", tmp_path / "long.pdf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+1$", said, re.MULTILINE), said


def test_mixed_columns_of_excel_name_both_parts_and_labels_have_room(shown):
    folder, _ = shown
    workbook = openpyxl.load_workbook(folder / "tables_excel.xlsx")
    background = workbook["background"]
    heads = [cell.value or "" for cell in background[3]]
    assert any(head.endswith("n / SD") or head.endswith("SD / n") for head in heads), heads
    for sheet in workbook:
        width = sheet.column_dimensions["A"].width
        for cell, *others in sheet.iter_rows(min_row=4):
            if all(other.value is None for other in others):
                continue  # a heading, which may run on over the empty cells beside it
            letters = len(str(cell.value or ""))
            is_merged = cell.coordinate in sheet.merged_cells
            height = sheet.row_dimensions[cell.row].height
            is_wrapped = sheet.title == "scales" or sheet.title.startswith("checklist")
            assert letters <= width or is_merged or height or is_wrapped
