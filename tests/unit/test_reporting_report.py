"""Report, figures and workbook: the same each time, honest, and without formulas."""

import io
import json
import re

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from markupsafe import escape
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from reporting_example import (
    FILES,
    example_page,
    example_parts,
    make_example,
    make_report,
)

from driehoek.analysis.rows import STATISTICS_COLUMNS, read_statistics, statistics_frame
from driehoek.problems import ProblemsError
from driehoek.reporting.document import Paragraph, Pictured, Tabulated, appendix
from driehoek.reporting.figures.catalogue import drawings, write_figures
from driehoek.reporting.figures.style import Drawing, house_style
from driehoek.reporting.listing import read_listing, write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.prose import answers
from driehoek.reporting.rendering import write_document
from driehoek.reporting.report import banners, report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.workbook import statistics_workbook
from driehoek.study import read_study
from driehoek.yamlfile import read_document

FORMS = {"svg", "png", "pdf", "csv"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return folder, make_report(folder)


@pytest.fixture(scope="module")
def material(made):
    folder, _ = made
    study = read_study(folder / "study.yaml")
    paths = [folder / f"public/statistics/{name}.csv" for name in FILES]
    return gather(study, read_results(paths), "en")


def test_figures_and_report_are_the_same_bytes_when_made_again(made, material, tmp_path):
    folder, reports = made
    listed = write_figures(tmp_path, material, pd.read_parquet(folder / "public/long.parquet"))
    write_listing(tmp_path, listed)
    for each in listed:
        for form in FORMS:
            name = f"{each.name}.{form}"
            assert (tmp_path / name).read_bytes() == (
                folder / "public/figures/en" / name
            ).read_bytes()
    statistics = [folder / f"public/statistics/{name}.csv" for name in FILES]
    document = report_document(example_parts(material, tmp_path))
    again = tmp_path / "report.html"
    write_document(document, material, statistics, tmp_path, again)
    for suffix in (".html", ".docx", ".pdf"):
        assert (
            again.with_suffix(suffix).read_bytes() == reports["en"].with_suffix(suffix).read_bytes()
        )


def test_every_figure_has_words_and_a_title_in_both_languages(made):
    figures = made[0] / "public/figures"
    listed = [each for language in ("nl", "en") for each in read_listing(figures / language)]
    assert {each.kind for each in listed} == {
        "flow", "participation", "missing", "likert", "scores", "trajectories", "reliability",
        "itemmap", "agreement", "retest",
        "missing_items", "bands_agreement", "bands_retest",
        "correlations", "comparison", "forest", "flagged_forest", "slopes", "path",
        "surface",
    }  # fmt: skip
    assert all(len(each.alt) > 40 and each.title for each in listed)


def test_no_text_of_a_figure_is_cut_or_lies_over_another(material, made):
    persons = pd.read_parquet(made[0] / "public/long.parquet")
    dutch = gather(material.study, material.results, "nl")
    assert faults_of(drawings(dutch, persons)) == []


def test_texts_that_overlap_or_are_cut_are_seen():
    canvas = Canvas(figsize=(3, 2))
    canvas.text(0.5, 0.5, "a long text")
    canvas.text(0.52, 0.5, "one more")
    canvas.text(0.9, 0.9, "this falls off the page")
    drawing = Drawing("wrong", "", "", "", "", pd.DataFrame(), canvas)
    assert {fault[1] for fault in faults_of([drawing])} == {"overlap", "cut"}


def faults_of(made):
    """Give each text that is cut by the edge of its figure, and each pair that overlap."""
    return [fault for drawing in made for fault in _faults(drawing)]


def _faults(drawing):
    with house_style():
        drawing.figure.draw_without_rendering()
        hidden = _hidden(drawing.figure)
        renderer = FigureCanvasAgg(drawing.figure).get_renderer()
        texts = [
            (text.get_text(), text.get_window_extent(renderer))
            for text in drawing.figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and text not in hidden
        ]
    edge = drawing.figure.bbox
    for words, box in texts:
        if (
            box.x0 < edge.x0 - 1
            or box.y0 < edge.y0 - 1
            or box.x1 > edge.x1 + 1
            or box.y1 > edge.y1 + 1
        ):
            yield drawing.name, "cut", words
    for place, (words, box) in enumerate(texts):
        for others, other in texts[place + 1 :]:
            width = min(box.x1, other.x1) - max(box.x0, other.x0)
            height = min(box.y1, other.y1) - max(box.y0, other.y0)
            if width > 1 and height > 1:
                yield drawing.name, "overlap", words, others


def _hidden(figure):
    """Give the texts that are not drawn: labels of ticks beyond the ends of an axis."""
    found = set()
    for axes in figure.axes:
        found |= set() if axes.get_visible() else set(axes.findobj(Text))
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                is_in_view = low - 1e-9 <= tick.get_loc() <= high + 1e-9
                found |= set() if is_in_view else {tick.label1, tick.label2}
    return found


def test_a_figure_shows_no_withheld_count(made):
    folder = made[0] / "public/figures/en"
    data = pd.read_csv(folder / "likert_burden_carer_carer.csv")
    assert data["estimate"].isna().any()
    shown = data["estimate"].dropna()
    assert not ((shown > 0) & (shown < 10)).any()


def test_the_report_says_what_no_reader_may_miss(made):
    text = {name: path.read_text(encoding="utf-8") for name, path in made[1].items()}
    assert "These are simulated data." in text["en"]
    assert "Dit zijn gesimuleerde gegevens." in text["nl"]
    assert "not validated" in text["en"]
    assert "same-source bias" in text["en"]
    assert "vertekening door dezelfde bron" in text["nl"]
    assert text["en"].count("<script") == 1
    assert "script-src 'sha256-" in text["en"]
    assert "I watch &lt;all&gt; the other does &amp; says." in text["en"]


def test_predictors_rated_by_the_same_persons_are_named(material):
    burden = next(answer for answer in answers(material) if answer.name == "burden")
    assert burden.same_source == ("Trust (carer about person receiving support)",)
    assert burden.outcome == "Burden of the carer (carer about self)"


def test_a_summary_finding_has_an_interval_on_one_side_of_zero(material):
    by_id = {figure.id: figure for figure in material.results.figures}
    findings = [each for answer in answers(material) for each in answer.findings]
    assert findings
    for finding in findings:
        figure = by_id[finding.said.id]
        without = 1 if figure.statistic.endswith("_ratio") else 0  # what no effect would be
        assert (figure.ci_low - without) * (figure.ci_high - without) > 0
        assert finding.is_higher == (figure.estimate > without)


def test_a_model_that_cannot_be_fitted_says_why(made, tmp_path):
    folder, _ = made
    study = read_study(folder / "study.yaml")
    row = {"wave": "w1", "role": "carer", "scale": "burden", "statistic": "b", "n": 0}
    table = statistics_frame([{**row, "reason": "only one triad is left"}], "models")
    table.to_csv(tmp_path / "models.csv", index=False)
    few = gather(study, read_results([tmp_path / "models.csv"]), "en")
    write_listing(tmp_path, [])
    page = example_page(few, tmp_path)
    assert "Not estimable: Only one triad is left." in page
    json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))


def test_the_workbook_holds_typed_numbers_and_inert_words():
    rows = [{"statistic": "b", "estimate": 1.234, "df": np.inf, "reason": "=1+1", "n": 3}]
    content = statistics_workbook({"models": statistics_frame(rows, "models")})
    sheet = openpyxl.load_workbook(io.BytesIO(content))["models"]
    place = {name: column for column, name in enumerate(STATISTICS_COLUMNS, 1)}
    assert sheet.cell(2, place["estimate"]).value == 1.234
    assert sheet.cell(2, place["estimate"]).data_type == "n"
    reason = sheet.cell(2, place["reason"])
    assert (reason.value, reason.data_type, reason.quotePrefix) == ("=1+1", "s", True)
    assert sheet.cell(2, place["df"]).value == "infinite"
    assert sheet.cell(2, place["se"]).value is None
    assert sheet.freeze_panes == "B2"


def test_the_same_statistics_give_the_same_workbook(made):
    path = made[0] / "public/statistics/models.csv"
    first, second = (statistics_workbook({"models": read_statistics(path)}) for _ in range(2))
    assert first == second


def test_the_study_without_models_has_no_section_on_them(tmp_path):
    example = make_example(tmp_path, n_triads=20)
    text = example.path.read_text(encoding="utf-8")
    start, end = text.index("  models:"), text.index("report:")
    example.path.write_text(text[:start] + text[end:], encoding="utf-8")
    study = read_study(example.path)
    write_listing(tmp_path, [])
    page = example_page(gather(study, read_results(example.statistics), "nl"), tmp_path)
    assert 'id="models"' not in page
    assert 'id="correlations"' in page


@pytest.mark.parametrize("package", ["reporting", "deploy"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_words_stand_under_one_key_twice(pytestconfig, package, language):
    folder = pytestconfig.rootpath / "src" / "driehoek" / package / "templates"
    read_document(folder / f"words.{language}.yaml", ProblemsError)


def test_a_wave_of_another_version_is_told_at_the_top(made, tmp_path):
    folder, _ = made
    newer = (folder / "instrument.yaml").read_text(encoding="utf-8")
    (tmp_path / "instrument.yaml").write_text(newer, encoding="utf-8")
    older = newer.replace("0.1.0", "0.0.9").replace("The other trusts", "The other relies on")
    (tmp_path / "older.yaml").write_text(older, encoding="utf-8")
    text = (
        (folder / "study.yaml")
        .read_text(encoding="utf-8")
        .replace("simulation: {triads: 60}\n", "")
    )
    named = text.replace("- wave: w1\n", "- wave: w1\n    instrument: older.yaml\n")
    path = tmp_path / "study.yaml"
    path.write_text(named, encoding="utf-8")
    paths = [folder / f"public/statistics/{name}.csv" for name in FILES]
    material = gather(read_study(path), read_results(paths), "en")
    assert banners(material)[-1] == (
        "Wave w1 was asked version 0.0.9 of the questionnaire, not the one analysed here. "
        "Reworded, so that comparing scores needs a test of invariance: Trust."
    )


def _shown_on_paper(document):
    main = [block for section in document.sections for block in section.blocks]
    folded = [each for _, hidden in appendix(document) for fold in hidden for each in fold.blocks]
    return [each for each in [*main, *folded] if isinstance(each, Tabulated | Pictured)]


def test_a_sentence_calls_out_each_numbered_table_and_figure_by_its_number(made, material):
    folder, _ = made
    document = report_document(example_parts(material, folder / "public/figures/en"))
    shown = _shown_on_paper(document)
    called = {Tabulated: [], Pictured: []}
    for block in (block for section in document.sections for block in section.blocks):
        for run in block.runs if isinstance(block, Paragraph) else ():
            if match := re.fullmatch(r"(Table|Figure)s?\xa0(\d+)(?:–(\d+))?", run.text):
                first, last = int(match[2]), int(match[3] or match[2])
                kind = Tabulated if match[1] == "Table" else Pictured
                assert run.link in {f"#{each.anchor}" for each in shown if each.number == first}
                called[kind] += range(first, last + 1)
    for kind, found in called.items():
        numbers = [each.number for each in shown if isinstance(each, kind)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert sorted(found) == numbers
    assert len(shown) > 30


def test_page_word_and_document_give_a_table_the_same_number(made, material):
    folder, reports = made
    document = report_document(example_parts(material, folder / "public/figures/en"))
    captions = [
        paragraph._p.xpath("string(.)")
        for paragraph in docx.Document(reports["en"].with_suffix(".docx")).paragraphs
        if paragraph.style.name == "Caption"
    ]
    page = reports["en"].read_text(encoding="utf-8")
    for each in _shown_on_paper(document):
        kind = "Table" if isinstance(each, Tabulated) else "Figure"
        title = each.table.title if isinstance(each, Tabulated) else each.title
        assert f"{kind} {each.number}: {title}" in captions
        assert f"{kind} {each.number}: {escape(title)}" in page


def test_figures_with_marks_say_below_them_what_the_marks_mean_and_their_n(made):
    folder, _ = made
    listed = {each.name: each for each in read_listing(folder / "public/figures/en")}
    likert = next(each for each in listed.values() if each.kind == "likert")
    assert "(R) = an item turned around" in likert.note
    assert re.search(r"n = \d+( to \d+)?\.$", likert.note)
    silent = {each.kind for each in listed.values() if not each.note}
    assert silent <= {
        "flow", "participation", "missing", "missing_items", "surface", "multiverse",
    }  # fmt: skip
