"""A study's own words in its report: names, order, texts, colours and sections."""

import pytest
from reporting_example import STUDY, example_parts, make_example

from driehoek.problems import StudyError
from driehoek.reporting.document import Heading, Paragraph
from driehoek.reporting.figures.style import role_colour
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.references import bibtex, csl_json, references
from driehoek.reporting.report import report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.sections.catalogue import SECTIONS
from driehoek.reporting.sheet import sheet_document
from driehoek.reporting.tables.checklists import checklist_tables
from driehoek.study import read_study
from driehoek.study_file import SectionName

OWN = """report:
  languages: [nl, en]
  order: [methods]
  leave_out: [quality]
  titles: {scores: {nl: "De cijfers", en: "The figures"}}
  texts: {scores: {nl: "Let op:\\n\\nnog voorlopig.", en: "Mind."}}
  labels: {carer: {nl: "naaste", en: "relative"}, trust: {nl: "geloof", en: "faith"}}
  colours: {carer: "#123456"}
  purpose: {nl: "Wij wilden het weten.", en: "We wanted to know."}
  contact: {nl: "Vragen? Bel ons.", en: "Questions? Call us."}
  sections: {ours: {title: {nl: "Van ons", en: "Ours"}, after: scores, template: ours.html}}
"""
TEMPLATE = """<h3>Kop</h3>
<p>{{ "Nog" if language == "nl" else "Still" }} <strong>{{ number(ID, 1) }}</strong> &amp; meer.</p>
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("own"), n_triads=30)


def own_material(example, folder, *, report=OWN, template=TEMPLATE, language="nl"):
    results = read_results(example.statistics)
    first = next(f.id for f in results.figures if f.file == "scores" and f.is_present)
    start = STUDY.index("report:")
    for name in ("instrument.yaml",):
        (folder / name).write_text((example.path.parent / name).read_text("utf-8"), "utf-8")
    (folder / "study.yaml").write_text(STUDY[:start] + report, "utf-8")
    (folder / "ours.html").write_text(template.replace("ID", repr(first)), "utf-8")
    write_listing(folder, [])
    return gather(read_study(folder / "study.yaml"), results, language)


def test_order_titles_texts_and_own_sections_are_the_studys(example, tmp_path):
    material = own_material(example, tmp_path)
    document = report_document(example_parts(material, tmp_path))
    names = [section.anchor for section in document.sections]
    assert names[0] == "methods"
    assert "quality" not in names
    assert names[names.index("scores") + 1] == "ours"
    scores = document.sections[names.index("scores")]
    assert scores.title == "De cijfers"
    assert [b.runs[0].text for b in scores.blocks[:2]] == ["Let op:", "nog voorlopig."]
    heading, said = document.sections[names.index("ours")].blocks
    assert heading == Heading("Kop")
    assert isinstance(said, Paragraph)
    assert said.runs[0].text == "Nog "
    assert "," in said.runs[1].text


def test_names_and_colours_are_the_studys(example, tmp_path):
    material = own_material(example, tmp_path)
    assert material.labels.role("carer") == "naaste"
    assert material.labels.scale("trust") == "Geloof"
    assert role_colour(material, "carer") == "#123456"
    assert role_colour(material, "seeker") == "#0072B2"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<p>{{ number('scores/none') }}</p>", "there is no statistic with the id"),
        ("<p>{{ ''.__class__.__mro__ }}</p>", "unsafe"),
        ("<script>1</script>", "<script> is not known here"),
        ("{% include '/etc/passwd' %}", "/etc/passwd"),
        ("<p>{{ nothing }}</p>", "undefined"),
    ],
)
def test_an_own_section_that_asks_too_much_is_refused(example, tmp_path, template, said):
    material = own_material(example, tmp_path, template=template)
    with pytest.raises(StudyError, match=said):
        report_document(example_parts(material, tmp_path))


def test_names_that_the_instrument_lacks_are_refused(example, tmp_path):
    report = OWN.replace("labels: {carer", "labels: {carrer").replace(
        "colours: {carer", "colours: {x"
    )
    with pytest.raises(StudyError) as fault:
        own_material(example, tmp_path, report=report)
    assert "carrer" in str(fault.value)
    assert "unknown role 'x'" in str(fault.value)


def test_the_study_file_knows_every_section():
    assert set(SectionName.__args__) == set(SECTIONS)


def test_the_sheet_is_of_the_whole_study_and_in_its_words(example, tmp_path):
    material = own_material(example, tmp_path)
    sheet = sheet_document(example_parts(material, tmp_path))
    words = " ".join(
        run.text for s in sheet.sections for b in s.blocks for run in getattr(b, "runs", ())
    )
    assert "Wij wilden het weten." in words
    assert "staan geen antwoorden van één persoon" in words
    assert sheet.footer == "Vragen? Bel ons."


def test_checklists_say_reported_only_where_the_report_says_it(example, tmp_path):
    material = own_material(example, tmp_path)
    tables = {table.name: table for table in checklist_tables(material)}
    assert len(tables) == 7
    anchors = {f"#{section.anchor}" for section in report_document(
        example_parts(material, tmp_path)).sections}  # fmt: skip
    for table in tables.values():
        for row in table.rows:
            status, where = row.cells
            assert (status.text == "staat erin") == bool(where.link)
            assert where.link in anchors | {""}
    models_of_items = tables["checklist_cosmin_structure"].rows[1]
    assert models_of_items.cells[0].text == "niet van toepassing"


def test_references_hold_versions_and_what_the_plan_uses(example, tmp_path):
    material = own_material(example, tmp_path)
    cited = references(material, {"driehoek": "0.1.0", "numpy": "2"})
    keys = {each.key for each in cited}
    assert {"driehoek", "harris2020", "feldt1987", "mackinnon1985"} <= keys
    assert not keys & {"mckinney2010", "chen2007"}
    assert "version = {0.1.0}" in bibtex(cited)
    assert '"DOI": "10.1038/s41586-020-2649-2"' in csl_json(cited)
    assert "Harris, C. R., Millman, K. J., van der Walt, S. J., et al. (2020)." in [
        each.text.split(" Array")[0] for each in cited
    ]
