"""Tables from statistics to Word, HTML and CSV."""

import csv
import io
import math
import re
from dataclasses import replace

import docx
import pytest
from reporting_example import make_example

from driehoek.files import inert
from driehoek.models.actor_partner import LIKELIHOOD_NOTE
from driehoek.models.linear import _cluster_note
from driehoek.reporting import numbers
from driehoek.reporting.delimited import table_csv
from driehoek.reporting.html import page_html
from driehoek.reporting.labels import Labels
from driehoek.reporting.material import gather
from driehoek.reporting.references import references
from driehoek.reporting.results import Results, read_results
from driehoek.reporting.symbols import pieces
from driehoek.reporting.table import Cell, Column, Row, Table
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.tables.models import model_notes
from driehoek.reporting.word import word_document
from driehoek.reporting.wording import _file, known_sentence
from driehoek.study import read_study


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    made = make_example(tmp_path_factory.mktemp("tables"), n_triads=40)
    return read_study(made.path), read_results(made.statistics)


@pytest.fixture(params=["nl", "en"])
def material(example, request):
    return gather(*example, request.param)


def _small(cells, columns=1):
    heads = tuple(Column(f"c{place}") for place in range(columns))
    return Table("t", "Title", "Stub", heads, (Row("<b>=1", cells),), ("n = 3.",), "en")


def test_every_number_of_every_table_is_its_statistic_at_the_stated_rounding(material):
    known = {figure.id: figure for figure in material.results.figures}
    shown = 0
    for table in all_tables(material):
        for cell in (cell for row in table.rows for cell in row.cells if cell.id):
            figure = known[cell.id]
            numbers_of_it = (
                figure.estimate, figure.se, figure.df, figure.ci_low, figure.ci_high, figure.p,
                figure.n, figure.n_excluded,
            )  # fmt: skip
            value = cell.values[-1 if cell.style == "df_pair" else 0]
            assert cell.is_absent or value in numbers_of_it
            if cell.style == "decimal" and not cell.is_absent:
                assert cell.written(material.language) == numbers.decimal(
                    cell.values[0], material.language, cell.decimals
                )
            shown += 1
    assert shown > 300


def test_every_row_has_a_cell_for_every_column(material):
    for table in all_tables(material):
        assert {len(row.cells) for row in table.rows if row.cells} <= {len(table.columns)}
        assert sum(width for _, width in table.spans()) == len(table.columns)


def test_every_column_has_a_head_and_every_row_begins_with_a_capital(material):
    plan = material.study.settings.plan
    names = (*plan.models, *plan.comparisons, *material.waves)
    for table in all_tables(material):
        assert table.stub, table.name
        assert all(column.label for column in table.columns), table.name
        small = [row.label for row in table.rows if re.match("[a-z]{2}", row.label)]
        # A model without a title goes by its name, and a wave by its own.
        assert [each for each in small if not each.startswith(names)] == [], table.name


def test_background_says_how_many_responses_stand_behind_each_role(material):
    table = next(each for each in all_tables(material) if each.name == "background")
    kept = [
        material.results.one("flow", "responses", wave="w1", role=role, group="kept").estimate
        for role in material.roles
    ]
    heads = [re.search(r"n\xa0=\xa0([\d.,]+)", column.label) for column in table.columns]
    assert [float(head[1]) for head in heads] == kept


def test_the_note_of_tests_names_the_methods_of_its_numbers_alone(material):
    tables = {table.name: table for table in all_tables(material)}
    keys = {"welch": "note_comparison_means", "paired_t": "note_comparison_paired"}
    seen = set()
    for name in material.study.settings.plan.comparisons:
        notes = tables[f"comparison_{name}_tests"].notes
        methods = {f.method for f in material.results.rows("comparisons", scale=name)}
        seen |= methods
        for method, key in keys.items():
            assert (material.word(key) in notes) == (method in methods)
    assert set(keys) <= seen


def test_a_span_of_failed_samples_is_said_in_the_language():
    reason = "22 to 52 of 200 bootstrap samples had no admissible one-factor solution; an interval"
    wording, parts = known_sentence("nl", reason)
    assert wording.format(**parts).startswith("22 tot 52 van 200 bootstrapsteekproeven")


def test_withheld_figures_are_dashes_with_a_reason_in_the_language(material):
    table = next(each for each in all_tables(material) if each.name == "items_burden")
    start = {"nl": "Weggelaten", "en": "Withheld"}[material.language]
    reasons = [material.labels.sentence(reason) for reason in table.marks]
    assert any(reason.startswith(start) for reason in reasons)
    absent = [cell for row in table.rows for cell in row.cells if cell.is_absent and cell.id]
    assert absent
    assert all(cell.reason for cell in absent)


def test_terms_of_a_model_are_words(example):
    labels = Labels(example[0], "en")
    assert labels.term("carer.relation[2]") == "Relation (carer): Parent or parent-in-law"
    product = labels.term("carer.hours:carer.trust.about_seeker")
    assert product == (
        "Hours of care a week (carer) × Trust (carer about person receiving support)"
    )
    assert Labels(example[0], "nl").term("wave[w2]") == "Meting: w2"


def test_notes_of_the_analyses_are_translated_with_their_names(example):
    labels = Labels(example[0], "nl")
    note = "carer.relation is compared with 1"
    assert labels.sentence(note) == "Relatie (mantelzorger) is vergeleken met: Partner."
    missing = "missing: carer.hours, carer.relation"
    expected = "Geen waarde voor Uren zorg per week (mantelzorger) en Relatie (mantelzorger)."
    assert labels.sentence(missing) == expected
    assert labels.sentence("something new") == "Something new."


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_clusters_leave_out_is_said_in_words(example, language):
    labels = Labels(example[0], language)
    for note in (LIKELIHOOD_NOTE, *_cluster_note(30, "CR2")):
        said = labels.sentence(note)
        assert "_" not in said
        assert said[0].isupper()
        assert "clusters" in said
        assert ("nemen" in said) == (language == "nl")


def test_both_languages_have_the_same_words_and_blanks():
    dutch, english = _file("nl"), _file("en")
    for part in ("words", "reasons", "missing", "components"):
        assert dutch[part].keys() == english[part].keys()
        for key, words in english[part].items():
            blanks = set(re.findall(r"{(\w+)}", words))
            assert set(re.findall(r"{(\w+)}", dutch[part][key])) == blanks, key


def test_an_actor_partner_model_says_where_its_errors_come_from(material):
    def clustered(figure):
        method = figure.method.replace("kenward_roger", "cr2")
        return replace(figure, method=method)

    own = [f for f in material.results.figures if f.method.startswith("gls_")]
    figures = Results(clustered(figure) for figure in own)
    tied = gather(material.study, figures, material.language)
    plans = material.study.settings.plan.models
    (name,) = (each for each, plan in plans.items() if plan.kind == "actor_partner")
    for of, said, unsaid in ((material, "Kenward", "CR2"), (tied, "CR2", "Kenward")):
        notes = " ".join(model_notes(of, name))
        assert said in notes
        assert unsaid not in notes
    cited = {each.key for each in references(tied, {})}
    assert "pustejovsky2018" in cited
    assert not cited & {"kenward1997", "mackinnon1985"}


def test_html_escapes_words_and_links_numbers_to_their_file(example):
    table = _small((Cell("bounded", (0.684,), "", "correlations/w1/x"),))
    page = page_html(table, Labels(example[0], "en"))
    assert "&lt;b&gt;=1" in page
    assert "<b>" not in page
    assert 'href="../../statistics/correlations.csv" title="correlations/w1/x"' in page
    assert ">.68</a>" in page


def test_csv_holds_full_precision_and_no_formula():
    cells = (Cell("interval", (1 / 3, 2 / 3)), Cell("decimal", (math.nan,)))
    rows = list(csv.reader(io.StringIO(table_csv(_small(cells, 2)))))
    assert rows[0] == ["heading", "Stub", "c0 low", "c0 high", "c1"]
    assert rows[1] == ["", "<b>=1", repr(1 / 3), repr(2 / 3), ""]
    assert inert("=1+1") == "'=1+1"
    assert inert("1+1") == "1+1"


def test_word_holds_the_table_with_a_repeated_header_and_apa_lines(material):
    tables = all_tables(material)
    content = word_document(tables, material.labels)
    document = docx.Document(io.BytesIO(content))
    assert len(document.tables) == len(tables)
    table, found = tables[0], document.tables[0]
    body = [[cell.text for cell in row.cells] for row in found.rows[1:]]
    data = [row for row in table.rows if row.cells]
    assert [
        [row.label, *(cell.written(material.language) for cell in row.cells)] for row in data
    ] == [cells for cells in body if len(set(cells)) > 1]
    xml = found._tbl.xml
    assert xml.count("<w:tblHeader/>") == 1
    assert '<w:top w:val="single"' in xml
    assert "<w:insideV" not in xml
    assert table.title in [paragraph.text for paragraph in document.paragraphs]


def test_the_same_tables_give_the_same_word_file(material):
    tables = all_tables(material)[:2]
    first, second = (word_document(tables, material.labels) for _ in range(2))
    assert first == second


def test_welch_f_stands_with_both_its_degrees_of_freedom(material):
    (table,) = [
        each for each in all_tables(material) if each.name == "comparison_by_relation_tests"
    ]
    pairs = [c for row in table.rows for c in row.cells if c.style == "df_pair"]
    below = [f.id for f in material.results.rows("comparisons", statistic="f_welch_df2")]
    assert len(pairs) == 2  # two outcomes
    assert [cell.id for cell in pairs] == below
    between = numbers.marks(material.language).between
    assert all(cell.written(material.language).startswith(f"2{between}") for cell in pairs)


def test_a_choice_of_two_options_has_its_inflation_and_one_of_more_the_generalised(example):
    study, results = example
    two = [replace(f, statistic="vif") if f.statistic == "gvif" else f for f in results.figures]
    for figures, statistic in ((results.figures, "gvif"), (two, "vif")):
        material = gather(study, Results(figures), "en")
        (own,) = material.results.rows(
            "models", statistic=statistic, scale="burden", group="block_1", term="carer.relation"
        )
        (table,) = [each for each in all_tables(material) if each.name == "model_burden"]
        inflated = [row.cells[-1].id for row in table.rows if row.cells]
        assert inflated.count(own.id) == 2  # the dummies of three options


@pytest.mark.parametrize(
    ("head", "italic"),
    [
        ("M (SD)", ["M", "SD"]),
        ("Carer (n = 276)", ["n"]),
        ("ΔR²", ["R"]),
        ("p (Holm)", ["p"]),
        ("R̂ van de SD's", ["SD"]),
        ("95%-BI", []),
        ("RMSEA", []),
        ("Meting w1", []),
    ],
)
def test_symbols_of_statistics_are_italic_and_words_are_not(head, italic):
    assert [words for words, is_italic in pieces(head) if is_italic] == italic
    assert "".join(words for words, _ in pieces(head)) == head
