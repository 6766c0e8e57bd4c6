"""Every number in every form of tables and report is its statistic, at the rounding it shows."""

import csv
import io
import math
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
from reporting_example import RULES, example_parts, make_report

from driehoek.reporting.document import Bullets, Folded, Paragraph, Tabulated
from driehoek.reporting.excel import tables_workbook
from driehoek.reporting.latex import escaped, latex_document, table_latex
from driehoek.reporting.material import gather
from driehoek.reporting.numbers import NEARLY_ONE
from driehoek.reporting.origin import file_of, operation_of, source_of
from driehoek.reporting.paper import on_paper
from driehoek.reporting.report import report_document
from driehoek.reporting.results import Figure, read_results
from driehoek.reporting.word import word_document
from driehoek.study import read_study

SIGNS = {"nl": (".", ","), "en": (",", ".")}
COLUMNS = ("estimate", "se", "df", "ci_low", "ci_high", "p", "n", "n_excluded")
LANGUAGES = ("nl", "en")
EXCEL_DIGITS = 1e-14  # Excel keeps 15 figures


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walk")
    pages = make_report(folder)
    study = read_study(folder / "study.yaml")
    results = read_results(sorted((folder / "public/statistics").glob("*.csv")))
    return {language: (pages[language], gather(study, results, language)) for language in LANGUAGES}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(made, language):
    return made[language][0]


@pytest.fixture(scope="module")
def material(made, language):
    return made[language][1]


@pytest.fixture(scope="module")
def parts(page, material, language):
    return example_parts(material, page.parent / "figures" / language)


class Numbers(HTMLParser):
    """Gathers what the page shows for each id."""

    def __init__(self) -> None:
        super().__init__()
        self.shown, self._id = [], ""

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - as HTMLParser calls it
        given = dict(attrs)
        self._id = given.get("title", "") if given.get("class") == "number" else ""

    def handle_endtag(self, tag):  # noqa: ARG002 - as HTMLParser calls it
        self._id = ""

    def handle_data(self, data):
        if self._id:
            self.shown.append((self._id, data))


def numbers_in(text, language):
    """Give each number a reader sees, with its decimals, and of which kind of limit it is one."""
    thousands, point = SIGNS[language]
    found = []
    for match in re.finditer(r"(?:([<>])\u00a0)?([−-]?[\d.,]*\d)(%?)", text.replace("β", "")):
        plain = match[2].replace(thousands, "") if _is_grouped(match[2], thousands) else match[2]
        plain = plain.rstrip(thousands).replace(point, ".").replace("−", "-")
        decimals = len(plain.partition(".")[2])
        found.append((float(plain), decimals, match[1] or "", bool(match[3])))
    return found


def _is_grouped(word, thousands):
    return re.fullmatch(rf"[−-]?\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\D\d+)?", word) is not None


def states(value, shown):
    number, decimals, limit, is_percentage = shown
    if math.isnan(value):
        return False
    if limit:
        return value < number if limit == "<" else value > number
    value = 100 * value if is_percentage else value
    half = 0.5 * 10**-decimals
    return abs(value - number) <= half * (1 + 1e-9) + 1e-12


def behind(results, name):
    """Give what an id of several rows stands for: a sum of estimates or n, or a number of rows."""
    operation, _, inner = name.removesuffix(")").partition("(")
    pattern = re.compile(".*".join(re.escape(part) for part in inner.split("*")))
    rows = [figure for figure in results.figures if pattern.fullmatch(figure.id)]
    assert rows, name
    return {
        "sum": [sum(row.estimate for row in rows), sum(row.n for row in rows)],
        "rows": [len(rows)],
        "absent": [sum(math.isnan(row.estimate) for row in rows)],
    }[operation]


def candidates(results, name):
    """Give the numbers of a row, its share, and those of rows on the same thing."""
    if operation_of(name):
        return behind(results, name), []
    figure = results.by_id.get(name, Figure())
    keys = {k: getattr(figure, k) for k in ("wave", "role", "about", "scale", "group", "term")}
    same = results.rows(figure.file, **keys)
    values = [getattr(row, column) for row in (figure, *same) for column in COLUMNS]
    shares = [row.estimate / row.n for row in (figure, *same) if row.n > 0]
    return values, shares


def test_every_number_with_an_id_on_the_page_is_its_statistic(page, material):
    reader = Numbers()
    reader.feed(page.read_text(encoding="utf-8"))
    assert len(reader.shown) > 300
    assert wrongly_stated(reader.shown, material) == []


def wrongly_stated(stated, material):
    """Give the numbers, by the id and the words they stand in, that are not their statistic."""
    level = material.study.settings.plan.confidence
    wrong = []
    for name, text in stated:
        values, shares = candidates(material.results, name)
        for shown in numbers_in(text, material.language):
            pool = [*shares, *values[:1], level] if shown[3] else values
            if not any(states(value, shown) for value in pool):
                wrong.append((name, text, shown))
    return wrong


def test_every_number_of_the_list_beside_the_report_is_its_statistic(page, material, language):
    path = page.with_name(f"numbers.{language}.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 300
    assert wrongly_stated([(row["id"], row["shown"]) for row in rows], material) == []
    assert {row["file"] for row in rows} == {f"statistics/{file_of(row['id'])}.csv" for row in rows}
    known = {row["file"]: row["rule"] for row in rows}
    assert known["statistics/models.csv"] == "fit_models"
    drawn = {row["place"] for row in rows if not row["shown"]}
    assert {"flow", "forest_burden", "path_couple"} <= drawn


def test_no_number_of_the_text_lacks_its_row(parts, material):
    """What else a sentence may state: settings of the study, dates, versions and p below .001."""
    settings = material.study.settings
    allowed = {
        material.level, str(settings.seed), str(settings.disclosure.min_cell),
        str(settings.plan.reliability.bootstrap), str(len(material.waves)),
    }  # fmt: skip
    names = [*material.waves, *map(material.wave_date, material.waves), "0.1.0", " 1 SD"]
    shown = ("summary", "sample", "structure", "invariance", "without_flagged")
    loose = [
        (section.anchor, run.text)
        for section in report_document(parts).sections
        if section.anchor in shown
        for line in lines_of(section.blocks)
        for run in line
        # A table or figure goes by its number, which is no statistic.
        if not run.id
        and not run.link.startswith(("#table-", "#figure-"))
        and set(re.findall(r"(?<![a-z\d])\d+", without(run.text, names))) - allowed
    ]
    assert loose == []


def without(text, names):
    for name in names:
        text = text.replace(name, "")
    return text


def lines_of(blocks):
    """Give the paragraphs and points among blocks."""
    lines = [b.runs for b in blocks if isinstance(b, Paragraph)]
    return lines + [point for b in blocks if isinstance(b, Bullets) for point in b.points]


def test_on_paper_each_number_of_the_text_has_a_key_that_leads_to_its_row(parts, material):
    results = material.results
    printed = on_paper(report_document(parts), results)
    *sections, last = printed.sections
    ((table,),) = (fold.blocks for fold in last.blocks)
    keys, table = {}, table.table
    for line in (line for each in sections for line in lines_of(each.blocks)):
        waiting = set()
        for run in line:
            waiting |= {run.id} if run.id else set()
            if run.link.startswith("#origins_"):
                assert len(waiting) == 1
                keys.setdefault(run.link.removeprefix("#"), set()).update(waiting)
                waiting = set()
        assert waiting == set()
    assert set(keys) == {row.anchor for row in table.rows}
    for row in table.rows:
        (name,) = keys[row.anchor]
        assert str(source_of(results, name)) in row.cells[1].text
        assert row.cells[2].text == RULES.get(file_of(name), "")


def test_a_source_line_names_what_its_rows_share_and_no_others(parts, material):
    results = material.results
    lines = [each for table in parts.tables.values() for each in table.sources]
    lines += [each for picture in parts.pictures for each in picture.sources]
    assert len(lines) > 30
    for each in lines:
        rows = results.rows(each.file)
        assert rows
        if each.rows:
            pairs = dict(part.split(" = ", 1) for part in each.rows.split("; "))
            chosen = [r for r in rows if all(getattr(r, k) == v for k, v in pairs.items())]
            assert 0 < len(chosen) < len(rows)


def test_a_number_that_is_not_its_statistic_is_seen():
    assert numbers_in("−1.234,56 [,12; ,30]", "nl") == [
        (-1234.56, 2, "", False),
        (0.12, 2, "", False),
        (0.3, 2, "", False),
    ]
    assert states(0.6849, (0.68, 2, "", False))
    assert not states(0.6849, (0.69, 2, "", False))
    assert not states(0.0012, (0.001, 3, "<", False))
    assert numbers_in(">\u00a0.999", "en") == [(0.999, 3, ">", False)]
    assert states(0.9996, (0.999, 3, ">", False))
    assert not states(0.9988, (0.999, 3, ">", False))


def tables_on_paper(parts):
    document = on_paper(report_document(parts), parts.material.results)
    blocks = [block for section in document.sections for block in section.blocks]
    unfolded = [
        each
        for block in blocks
        for each in (block.blocks if isinstance(block, Folded) and block.is_on_paper else [block])
    ]
    return [block.table for block in unfolded if isinstance(block, Tabulated)]


def written(table):
    """Give the cells of a table as its page shows them, row by row."""
    return [[cell.written(table.language) for cell in row.cells] for row in table.rows if row.cells]


def test_the_tables_of_word_hold_the_same_cells(parts, material):
    tables = list(parts.tables.values())
    document = docx.Document(io.BytesIO(word_document(tables, material.labels)))
    assert len(document.tables) == len(tables)
    for table, made in zip(tables, document.tables, strict=True):
        heads = 2 if table.has_spanners else 1
        rows = [row for row, source in zip(made.rows[heads:], table.rows, strict=True)
                if not source.is_heading]  # fmt: skip
        marks = [[table.marks.get(c.reason, "") for c in r.cells] for r in table.rows if r.cells]
        for row, cells, raised in zip(rows, written(table), marks, strict=True):
            texts = [cell.text for cell in row.cells[1:]]
            assert texts == [text + mark for text, mark in zip(cells, raised, strict=True)]


def stated(parts):
    """Give the words of the prose that state a statistic."""
    blocks = [block for section in report_document(parts).sections for block in section.blocks]
    return [run.text for line in lines_of(blocks) for run in line if run.id]


def test_the_report_of_word_says_the_same_numbers(page, parts):
    document = docx.Document(page.with_suffix(".docx"))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    wanted = stated(parts)
    assert len(wanted) > 3
    assert [text for text in wanted if text not in words] == []
    tables = tables_on_paper(parts)
    rows = Counter(
        tuple(cell.text for cell in row.cells[1:]) for each in document.tables for row in each.rows
    )
    shown = Counter(
        tuple(
            text + table.marks.get(cell.reason, "")
            for text, cell in zip(cells, row.cells, strict=True)
        )
        for table in tables
        for row, cells in zip((r for r in table.rows if r.cells), written(table), strict=True)
    )
    assert len(document.tables) == len(tables)
    assert shown - rows == Counter()


def test_the_tables_of_latex_hold_the_same_cells(parts, material):
    for table in parts.tables.values():
        source = table_latex(table, material.labels)
        lines = source.split("\\endfoot\n")[1].split("\\end{longtable}")[0].splitlines()
        rows = [line.removesuffix(" \\\\") for line in lines if "\\multicolumn" not in line]
        for row, cells in zip(rows, written(table), strict=True):
            shown = [re.sub(r"\\textsuperscript\{\w+\}", "", c) for c in row.split(" & ")[1:]]
            assert shown == [escaped(cell) for cell in cells]


def test_the_latex_is_balanced_and_plain(parts, material):
    source = latex_document(parts.tables.values(), material.labels)
    bare = source.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert Counter(re.findall(r"\\begin\{(\w+)", source)) == Counter(
        re.findall(r"\\end\{(\w+)", source)
    )
    known = set("éëïöüàèçÉ’‘")
    assert {letter for letter in source if ord(letter) > 127} <= known


def shown_by(number_format, value):
    """Give a number as Excel shows it under one of the formats that tables use."""
    if number_format.startswith("[<0.001]"):
        limit = "<" if value < 0.001 else ">" if value >= NEARLY_ONE else ""
        return limit or f"{value:.3f}".removeprefix("0")
    if ";" in number_format:  # the second part is for negative numbers, without their sign
        number_format, value = number_format.split(";")[1], abs(value)
    decimals = len(number_format.partition(".")[2])
    text = f"{value:,.{decimals}f}" if "," in number_format else f"{value:.{decimals}f}"
    has_zero = number_format.startswith(("0", "#"))
    return text if has_zero else re.sub(r"^(-?)0\.", r"\1.", text)


def test_the_workbook_holds_the_numbers_themselves_and_shows_them_rounded(parts, material):
    tables = list(parts.tables.values())
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook(tables, material.labels)))
    assert len(book.sheetnames) == len(tables)
    n_checked = 0
    for table, name in zip(tables, book.sheetnames, strict=True):
        first = 5 if table.has_spanners else 4
        for row, line in zip(table.rows, book[name].iter_rows(min_row=first), strict=False):
            found = [cell for cell in line[1:] if isinstance(cell.value, int | float)]
            wanted = [
                value
                for cell in row.cells
                if not cell.is_absent
                for value in cell.values
                if math.isfinite(value)
            ]
            assert [cell.value for cell in found] == pytest.approx(wanted, rel=EXCEL_DIGITS)
            texts = " ".join(cell.written("en") for cell in row.cells).replace("−", "-")
            for cell in found:
                if cell.value not in wholes(row):
                    assert shown_by(cell.number_format, cell.value) in texts
                n_checked += 1
    assert n_checked > 300


def wholes(row):
    """Give the wholes of shares, which other forms show as percentages."""
    return {cell.values[1] for cell in row.cells if cell.style == "share"}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_paper_shows_every_number_of_its_tables(page, parts):
    command = ["pdftotext", "-layout", page.with_suffix(".pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    shown = Counter(tokens(text))
    tables = tables_on_paper(parts)
    cells = [cell for table in tables for row in written(table) for cell in row]
    wanted = Counter(token for cell in cells for token in tokens(cell))
    assert sum(wanted.values()) > 300
    assert wanted - shown == Counter()
    bare = "".join(text.split())
    said = ["".join(each.split()) for each in stated(parts)]
    assert [each for each in said if each not in bare] == []


def tokens(text):
    return re.findall(r"[−]?[\d.,]*\d", text)
