"""A study of one role in one wave: no word of triads, of other waves, or of what is not there."""

import re
from dataclasses import replace

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from one_role_example import make_one_role
from reporting_example import example_parts

from driehoek.reporting.document import Bullets, Paragraph, Tabulated
from driehoek.reporting.figures.comparisons import comparison_drawings
from driehoek.reporting.figures.measurement import reliability_drawings
from driehoek.reporting.headlines import headlines
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.numbers import ABSENT
from driehoek.reporting.origin import sources_of
from driehoek.reporting.prose import answers, finding
from driehoek.reporting.references import references
from driehoek.reporting.report import report_document
from driehoek.reporting.results import Results, read_results
from driehoek.reporting.sheet import LINES, sheet_document
from driehoek.reporting.word import add_table
from driehoek.study import read_study

TRIADS = {"en": r"\btriads?\b|\btriangle", "nl": r"\bdriehoek(en)?\b"}
TALLIES = {"en": r"\b0 of the|\b1 waves?\b|left out 0", "nl": r"\b0 van de|\b1 metingen|lieten 0"}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    made = make_one_role(tmp_path_factory.mktemp("alone"))
    return read_study(made.path), read_results(made.statistics)


@pytest.fixture(params=["nl", "en"])
def material(example, request):
    return gather(*example, request.param)


def parts_of(material, folder):
    write_listing(folder, [])
    return example_parts(material, folder)


def words_of(document):
    """Every sentence of a document: paragraphs, bullets, titles and notes of tables."""
    blocks = [b for section in document.sections for b in section.blocks]
    found = []
    while blocks:
        block = blocks.pop(0)
        blocks += list(getattr(block, "blocks", ()))
        if isinstance(block, Paragraph):
            found.append("".join(run.text for run in block.runs))
        elif isinstance(block, Bullets):
            found += ["".join(run.text for run in item) for item in block.points]
        elif isinstance(block, Tabulated):
            found += [block.table.title, *block.table.notes]
    return found


def test_nothing_speaks_of_triads_where_there_are_none(material, tmp_path):
    parts = parts_of(material, tmp_path)
    for document in (report_document(parts), sheet_document(parts)):
        said = words_of(document)
        assert len(said) > 5
        speaking = [s for s in said if re.search(TRIADS[material.language], s)]
        assert [s for s in speaking if not re.search("driehoek(:| 0)", s)] == []  # its own name


def test_a_count_of_nothing_or_of_one_wave_is_not_told_as_a_number(material, tmp_path):
    study, results = material.study, material.results
    kept = [f for f in results.figures if not (f.file == "flow" and f.group == "excluded")]
    whole = gather(study, type(results)(kept), material.language)
    parts = parts_of(whole, tmp_path)
    for document in (report_document(parts), sheet_document(parts)):
        assert [s for s in words_of(document) if re.search(TALLIES[material.language], s)] == []


def test_a_slope_beside_a_hinge_is_a_slope_and_no_group(material):
    below = next(f for f in headlines(material, "bend") if f.term.endswith("[<20]"))
    said = finding(material, "bend", below)
    side = {"en": "below 20", "nl": "onder 20"}[material.language]
    assert said.kind == "number"
    assert said.label.endswith(f" ({side})")
    notes = next(answer.notes for answer in answers(material) if answer.name == "bend")
    assert any("20" in note for note in notes)


def test_the_sheet_says_effects_in_plain_words_and_no_more_than_a_page_holds(material, tmp_path):
    sheet = sheet_document(parts_of(material, tmp_path))
    found = tuple(section for section in sheet.sections if section.anchor == "sheet_found")
    said = words_of(replace(sheet, sections=found))
    assert len(said) <= LINES + 4
    assert not [s for s in said if re.search(r"a[1-5],|[Ii]ndirect|x = y|Direct", s)]


def test_tables_hold_no_column_of_dashes_and_whole_degrees_of_freedom(material, tmp_path):
    tables = parts_of(material, tmp_path).tables
    for name in ("model_is_partner_fit", "comparison_by_relation_tests", "model_both_facets_fit"):
        table = tables[name]
        rows = [row.cells for row in table.rows if row.cells]
        written = [[cell.written(material.language) for cell in cells] for cells in rows]
        assert all(set(column) != {ABSENT} for column in zip(*written, strict=True))
        place = [column.label for column in table.columns].index(material.word("df"))
        assert not any(row[place].endswith((".0", ",0")) for row in written)
    welch = next(r for r in tables["comparison_by_relation_tests"].rows if "Welch" in r.label)
    assert any(cell.style == "df_pair" for cell in welch.cells)


def test_brant_is_told_of_only_where_his_test_stands(material, tmp_path):
    tables = parts_of(material, tmp_path).tables
    assert not any("Brant" in note for note in tables["model_is_partner_fit"].notes)


def test_every_coefficient_of_a_linear_model_has_its_inflation(material, tmp_path):
    table = parts_of(material, tmp_path).tables["model_bend"]
    slopes = [row for row in table.rows if row.cells and row.label != material.word("intercept")]
    assert len(slopes) > 4
    assert not any(row.cells[-1].is_absent for row in slopes)


def test_a_model_of_odds_is_summarised_by_its_ratio(material):
    found = headlines(material, "is_partner")
    said = finding(material, "is_partner", found[0]).said
    ratios = material.results.rows("models", statistic="odds_ratio", scale="is_partner")
    assert said.text.startswith(material.word("odds_ratio").lower())
    assert [said.id] == [ratio.id for ratio in ratios if ratio.term == found[0].term]


def test_a_title_that_asks_is_followed_by_a_capital(material):
    said = material.word("table_model", title=material.labels.model("bend"))
    assert "?:" not in said
    assert said.split("? ")[1][0].isupper()


def test_results_without_flags_tell_the_paths_of_a_mediation_apart(material, tmp_path):
    table = parts_of(material, tmp_path).tables["without_flagged_models"]
    start = [row.label for row in table.rows].index(material.labels.model("by_way_of"))
    labels = [row.label for row in table.rows[start + 1 :]]
    end = next((k for k, row in enumerate(table.rows[start + 1 :]) if row.is_heading), len(labels))
    assert len(labels[:end]) == len(set(labels[:end])) >= 6


def test_every_work_that_a_note_cites_is_among_the_references(material, tmp_path):
    document = report_document(parts_of(material, tmp_path))
    said = " ".join(words_of(document))
    listed = [each.text for each in references(material, {})]
    cited = re.findall(r"\(([A-Z][a-z]+)(?: (?:et al\.|e\.a\.))?, (\d{4})\)|: (Lee) e", said)
    assert cited
    for name, year, other in cited:
        assert any(ref.startswith(name or other) and year in ref for ref in listed), (name, year)


def test_a_comparison_of_many_pairs_is_drawn_outcome_by_outcome(material):
    name = "by_relation"
    pairs = [
        f
        for f in material.results.rows("comparisons", scale=name, statistic="difference")
        if f.method == "games_howell"
    ]
    few = next(comparison_drawings(material))
    assert (few.kind, few.name) == ("comparison", f"comparison_{name}")
    more = [
        replace(f, group=f"carer.relation[{k}] - carer.relation[{k + 100}]")
        for f in pairs
        for k in range(41)
    ]
    drawn = list(comparison_drawings(gather(material.study, Results(more), material.language)))
    assert [each.kind for each in drawn] == ["comparison_outcome"] * 2
    assert {each.scale for each in drawn} == {name}
    assert len({each.title for each in drawn}) == len({each.name for each in drawn}) == 2


def test_notes_and_sources_stay_with_their_table_in_word(material, tmp_path):
    tables = parts_of(material, tmp_path).tables
    document = docx.Document()
    document.styles.add_style("Table note", WD_STYLE_TYPE.PARAGRAPH)
    table = tables["comparison_by_relation_tests"]
    assert table.notes
    sourced = replace(table, sources=sources_of(material.results, table.ids))
    add_table(document, sourced, material.labels)
    notes = [p for p in document.paragraphs if p.style.name == "Table note"]
    assert len(notes) > 1
    assert all(p.paragraph_format.keep_with_next for p in notes[:-1])
    assert not notes[-1].paragraph_format.keep_with_next


def test_titles_do_not_name_the_only_wave(material, tmp_path):
    titles = [table.title for table in parts_of(material, tmp_path).tables.values()]
    titles += [each.title for each in comparison_drawings(material)]
    titles += [each.title for each in reliability_drawings(material)]
    assert len(titles) > 20
    assert not [each for each in titles if re.search(r"\bw1\b|\(\)|: $|, \)", each)]
