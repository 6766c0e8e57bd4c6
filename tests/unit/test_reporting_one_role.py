"""A study of one role in one wave: no word of triads, of other waves, or of what is not there."""

import re
from dataclasses import replace

import pytest
from one_role_example import make_one_role
from reporting_example import example_parts

from driehoek.reporting.document import Bullets, Paragraph, Tabulated
from driehoek.reporting.headlines import headlines
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.prose import answers, finding
from driehoek.reporting.report import report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.sheet import LINES, sheet_document
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
