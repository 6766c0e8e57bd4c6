"""What a reader meets on the pages: whole tables, one language, notes that hold."""

import re
from importlib.resources import files

import pytest
from reporting_example import example_parts, make_example

from driehoek.reporting import numbers
from driehoek.reporting.document import Document, Section, Tabulated
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.sheet import sheet_document
from driehoek.reporting.table import Cell, Column, Row, Table
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.tables.reliability import told_once
from driehoek.reporting.typst_source import report_typst
from driehoek.reporting.widths import layout, room, shares
from driehoek.reporting.word_table import TOGETHER, table_xml
from driehoek.study import read_study

FAILED = (
    "{} of 200 bootstrap samples had no admissible one-factor solution; an interval would mislead."
)
TEMPLATES = files("driehoek.reporting") / "templates"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("pages"))


def material_of(example, language):
    return gather(read_study(example.path), read_results(example.statistics), language)


def numbers_table(n_rows, n_columns, label="Wave w1", cell="[\u22121.39, 1.25]"):
    rows = tuple(Row(label, (Cell(text=cell),) * n_columns) for _ in range(n_rows))
    columns = tuple(Column("95% CI") for _ in range(n_columns))
    return Table("made", "A title", "Wave", columns, rows, ("A note.",), "en")


def typst(table, labels):
    document = Document("Title", "", "en", (), (Section("one", "One", (Tabulated(table),)),))
    return report_typst(document, labels)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_note_on_withheld_figures_stands_only_where_a_figure_is_withheld(example, language):
    material = material_of(example, language)
    for table in all_tables(material):
        withholds = any(reason.startswith("withheld") for reason in table.marks)
        assert withholds or material.withheld_note not in table.notes, table.name


def test_intervals_that_fail_in_many_ways_are_explained_once():
    cells = [
        Cell("bounded_interval", (float("nan"),) * 2, reason=FAILED.format(n)) for n in (9, 21)
    ]
    table = Table("t", "", "", (Column("ω"),), tuple(Row("a", (c,)) for c in cells), (), "en")
    assert len(table.marks) == 2
    (reason,) = {cell.reason for row in told_once(list(table.rows)) for cell in row.cells}
    assert reason == FAILED.format("9 to 21")


def test_one_failing_interval_keeps_its_own_reason():
    rows = [Row("a", (Cell(reason=FAILED.format(9)),)), Row("b", (Cell(reason="Too few."),))]
    assert list(told_once(rows)) == rows


@pytest.mark.parametrize(
    ("low", "high", "decimals", "expected"),
    [
        (-0.0006, 0.16, 2, "[\u22120.001, 0.160]"),
        (-0.269, -0.0003, 3, "[\u22120.2690, \u22120.0003]"),
        (0.0, 0.04, 2, "[0.00, 0.04]"),
        (1e-9, 0.04, 2, "[0.00, 0.04]"),
        (0.2, 0.4, 2, "[0.20, 0.40]"),
    ],
)
def test_an_interval_shows_on_which_side_of_zero_it_ends(low, high, decimals, expected):
    assert numbers.interval(low, high, "en", decimals=decimals).replace("\u00a0", " ") == expected


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "reason",
    [
        "The factor variance of {} is estimated below zero (-0.0148, a Heywood case): no.",
        "The one-factor model gives '{}' an error variance of -0.0772, which cannot be (a Heywood "
        "case): too few rows, or one factor does not describe these items. Omega is not reported.",
    ],
)
def test_a_reason_names_questions_and_facets_in_words(example, language, reason):
    labels = material_of(example, language).labels
    code = next(q.id for q in labels.questionnaire.questions.values() if q.item)
    said = labels.sentence(reason.format(code))
    assert code not in said.split()
    assert labels.item(code) in said
    assert "-0" not in said
    assert said.endswith(".")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_note_names_a_role_in_words_and_ends_in_a_full_stop(example, language):
    labels = material_of(example, language).labels
    code = next(r for r in labels.instrument.roles if labels.role(r) != r)
    said = labels.sentence(
        f"43 persons ({code}) stand in several triads, which count as independent here"
    )
    assert f"({labels.role(code)})" in said
    assert said.endswith(".")


def test_columns_that_hold_nothing_are_left_out():
    absent = Cell("bounded", (float("nan"),))
    rows = (Row("Scale"), Row("a", (Cell("bounded", (0.8,)), absent)), Row("b", (absent, absent)))
    table = Table("t", "", "", (Column("α"), Column("ω")), rows, (), "en").without_empty_columns()
    assert [column.label for column in table.columns] == ["α"]
    assert [len(row.cells) for row in table.rows] == [0, 1, 1]


def test_a_short_table_stays_on_one_page_and_a_long_one_may_go_on(example):
    labels = material_of(example, "en").labels
    assert "whole: true" in typst(numbers_table(6, 3), labels)
    assert "whole: false" in typst(numbers_table(60, 3), labels)
    assert table_xml(numbers_table(6, 3)).count("<w:keepNext/>") > 6
    head, ends = 4, 2 * TOGETHER  # cells of the head; rows beside it and beside the notes
    assert table_xml(numbers_table(60, 3)).count("<w:keepNext/>") == head + ends


def test_short_labels_leave_their_room_to_the_numbers():
    assert layout(numbers_table(4, 9))[0] is False
    assert layout(numbers_table(4, 9, label="A label that is far too long for its column"))[0]


def test_long_labels_beside_words_are_given_room():
    rows = tuple(Row("Where each variable comes from and how it was measured",
                     (Cell(text="reported"), Cell(text="Methods"))) for _ in range(9))  # fmt: skip
    columns = (Column("Status", is_words=True), Column("Where", is_words=True))
    table = Table("checklist", "", "Item", columns, rows, (), "en")
    label, *words = shares(table, 8.5, room(table))
    assert label > 0.45 * room(table)
    assert label + sum(words) <= room(table) + 0.1


@pytest.mark.parametrize("name", ["words.nl.yaml", "prose.nl.html", "sheet.nl.html"])
def test_no_dutch_sentence_writes_a_number_with_a_decimal_point(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    said = [line.split(": ", 1)[-1] for line in text.splitlines() if "(?P<" not in line]
    assert [line for line in said if re.search(r"(?<![\w.])\.\d", line)] == []


def test_the_sheet_explains_the_words_of_its_findings(example):
    material = material_of(example, "nl")
    write_listing(example.path.parent / "none", [])
    document = sheet_document(example_parts(material, example.path.parent / "none"))
    titles = [section.title for section in document.sections]
    assert "Wat betekenen deze woorden?" in titles
