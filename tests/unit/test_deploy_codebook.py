import json
import math
import re

import frictionless
import pandas as pd
import pytest
from lxml import etree
from small_instrument import small

from driehoek.analysis import describe
from driehoek.deploy.codebook import write_codebook
from driehoek.deploy.codebook_document import scoring_sentence
from driehoek.deploy.codebook_facts import Codebook, read_statistics
from driehoek.deploy.layout import lay_out
from driehoek.instrument.questions import items_of
from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError

DDI = "{ddi:codebook:2_5}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OFFLINE = etree.XMLParser(no_network=True)


@pytest.fixture
def form(tmp_path):
    return small(tmp_path)


@pytest.fixture(scope="module")
def triad(pytestconfig):
    return read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")


@pytest.fixture
def statistics(tmp_path, form):
    """Write the statistics of 60 carers and 50 workers, as a study publishes them."""
    carers = {"role": ["carer"] * 60, "tru1cw": [1.0, 2, 3] * 20, "living": [0.0, 1] * 30}
    workers = {"role": ["worker"] * 50, "tru1wc": [3.0] * 50}
    long = pd.concat([pd.DataFrame(carers), pd.DataFrame(workers)], ignore_index=True)
    long = long.reindex(columns=[*long.columns, "tru2cw", "tru2wc", "hours", "consent"])
    long = long.assign(wave="w1", response=[f"r{i}" for i in range(110)])
    missing = pd.DataFrame({"response": long["response"]})
    for qid in form.stored:
        missing[qid] = ["skipped" if math.isnan(value) else "" for value in long[qid]]
    folder = tmp_path / "statistics"
    folder.mkdir()
    items = describe.items(long, missing, form, 10)
    items.to_csv(folder / "items.csv", index=False)
    describe.background(long, form, 10).to_csv(folder / "background.csv", index=False)
    reliability = items.iloc[:1].assign(
        scale="trust", group="", term="", statistic="alpha", estimate=0.734, ci_low=math.nan
    )
    reliability.to_csv(folder / "reliability_w1.csv", index=False)
    return folder


def test_the_ddi_codebook_is_valid_against_the_schema(triad, statistics, form, tmp_path, shared):
    folder = shared / "data" / "ddi-codebook-2.5.1" / "schemas"
    if not folder.is_dir():
        pytest.skip("the DDI schema is not in ../shared/data")
    schema = etree.XMLSchema(etree.parse(str(folder / "codebook.xsd"), OFFLINE))
    for name, each, options in [
        ("triad", triad, {}),
        ("english", triad, {"role": "carer", "language": "en"}),
        ("data", form, {"statistics": statistics}),
    ]:
        path = tmp_path / f"{name}.xml"
        write_codebook(each, path, **options)
        schema.assertValid(etree.parse(str(path), OFFLINE))


def test_the_ddi_codebook_holds_every_question_code_and_language(triad, tmp_path):
    write_codebook(triad, tmp_path / "triad.xml")
    root = etree.parse(str(tmp_path / "triad.xml"), OFFLINE).getroot()
    found = {}
    for var in root.iter(f"{DDI}var"):
        texts = {each.get(XML_LANG): each.text for each in var.iter(f"{DDI}qstnLit")}
        codes = [each.findtext(f"{DDI}catValu") for each in var.iter(f"{DDI}catgry")]
        missing = [each.get("VALUE") for each in var.iter(f"{DDI}item")]
        found[var.get("name")] = (texts, codes, missing)
    expected = {
        qid: (
            {language: text.strip() for language, text in question.text.items()},
            [option.code for option in question.options],
            list(question.missing_codes),
        )
        for qid, question in triad.questions.items()
    }
    assert found == expected


def test_the_ddi_codebook_holds_items_keys_targets_values_and_routes(triad, tmp_path):
    write_codebook(triad, tmp_path / "triad.xml")
    root = etree.parse(str(tmp_path / "triad.xml"), OFFLINE).getroot()
    pages = [page for role in triad.instrument.roles for page in lay_out(triad, role=role)]
    routed = {entry.id for page in pages for entry in page.entries if entry.when is not True}
    told = set()
    for var in root.iter(f"{DDI}var"):
        question = triad.questions[var.get("name")]
        notes = {note.get("type"): note.text for note in var.iter(f"{DDI}notes")}
        assert notes.get("item") == question.item
        assert notes.get("about") == question.about
        if question.item:
            assert notes["keyed"] == triad.instrument.items[question.item].keyed
            assert (notes["keyed"] == "-") == question.is_reversed
        for option, category in zip(question.options, var.iter(f"{DDI}catgry"), strict=True):
            value = None if option.value is None else f"value {option.value:g}"
            assert category.findtext(f"{DDI}txt") == value
            labels = {each.get(XML_LANG): each.text for each in category.iter(f"{DDI}labl")}
            assert labels == {language: text.strip() for language, text in option.label.items()}
        languages = [each.get(XML_LANG) for each in var.iter(f"{DDI}ivuInstr")]
        assert languages in ([], ["nl", "en"])
        told |= {question.id} if languages else set()
    assert routed <= told
    assert len(routed) > 0


def test_the_data_package_holds_keys_and_scoring_of_every_item(triad, tmp_path):
    write_codebook(triad, tmp_path / "package.json")
    package = json.loads((tmp_path / "package.json").read_text(encoding="utf-8"))
    tables = {}
    for resource in package["resources"][1:]:
        columns, *rows = resource["data"]
        tables[resource["name"]] = pd.DataFrame(rows, columns=columns)
    items = tables["questions"].query("item != ''").set_index("question")
    assert set(items.index) == {qid for qid, q in triad.questions.items() if q.item}
    for qid, row in items.iterrows():
        question = triad.questions[qid]
        keyed = triad.instrument.items[question.item].keyed
        assert (row["item"], row["keyed"], row["about"]) == (
            question.item,
            keyed,
            question.about or "",
        )
    scoring = tables["scoring"]
    for name, scale in triad.instrument.scales.items():
        rows = scoring[scoring["scale"] == name]
        assert sorted(rows["item"]) == sorted(items_of(scale))
        assert set(rows["min_answered"]) == {scale.score.min_answered}


def test_the_ddi_codebook_counts_each_option_by_wave_and_role(form, statistics, tmp_path):
    write_codebook(form, tmp_path / "small.xml", statistics=statistics)
    root = etree.parse(str(tmp_path / "small.xml"), OFFLINE).getroot()
    var = next(each for each in root.iter(f"{DDI}var") if each.get("name") == "tru1cw")
    counts = [(each.get("otherType"), each.text) for each in var.iter(f"{DDI}catStat")]
    assert counts == [("w1.carer", "20")] * 3


def test_the_data_package_is_valid_and_lets_true_codes_pass_only(form, tmp_path):
    path = tmp_path / "package.json"
    write_codebook(form, path)
    assert frictionless.validate(str(path)).valid
    package = json.loads(path.read_text(encoding="utf-8"))
    names = package["resources"][0]["data"][0]
    assert names == list(form.questions)
    for code, is_valid in [("1", True), ("9", True), ("", True), ("4", False)]:
        row = ["1", "1", "y", "12.5", *[code] * 4, "said"]
        package["resources"][0]["data"] = [names, row]
        path.write_text(json.dumps(package), encoding="utf-8")
        assert frictionless.validate(str(path)).valid is is_valid, code


def test_the_page_shows_every_question_its_texts_and_its_counts(form, statistics, tmp_path):
    path = tmp_path / "codebook.html"
    write_codebook(form, path, statistics=statistics)
    page = path.read_text(encoding="utf-8")
    assert re.findall(r'<article id="q-(\w+)"', page) == list(form.questions)
    assert "Ik vertrouw deze werker." in page
    assert "I trust this worker." in page
    assert "Woont u samen? (living): Nee" in page
    assert '20 <span class="soft">(33%)</span>' in page
    assert "<td>0.73</td>" in page
    assert "overgeslagen" in page
    assert 'tru2</code></a> <span class="soft">(omgekeerd)' in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


def test_texts_are_never_taken_for_markup(tmp_path):
    form = small(tmp_path, ('nl: "Nog iets?"', 'nl: "Nog *iets* #let <b>x</b> $1 \\\\?"'))
    write_codebook(form, tmp_path / "codebook.html")
    write_codebook(form, tmp_path / "codebook.pdf")
    page = (tmp_path / "codebook.html").read_text(encoding="utf-8")
    assert "Nog *iets* #let &lt;b&gt;x&lt;/b&gt; $1 \\?" in page
    assert (tmp_path / "codebook.pdf").read_bytes().startswith(b"%PDF-")


def test_one_role_and_language_leave_the_others_out(form, tmp_path):
    write_codebook(form, tmp_path / "codebook.html", role="worker", language="en")
    page = (tmp_path / "codebook.html").read_text(encoding="utf-8")
    shown = re.findall(r'<article id="q-(\w+)"', page)
    assert shown == ["consent", "who", "tru1wc", "tru2wc", "remark"]
    assert "Ik vertrouw" not in page


def test_withheld_counts_stay_withheld(form, statistics):
    counts, reliability = read_statistics(statistics)
    codebook = Codebook(form, None, counts.assign(estimate=math.nan), reliability)
    variable = next(each for each in codebook.variables if each.question.id == "tru1cw")
    assert all(math.isnan(count) for count in variable.tallies[0].counts.values())


def test_a_role_that_the_instrument_lacks_is_refused(form, tmp_path):
    with pytest.raises(InstrumentError, match="no role 'nurse'"):
        write_codebook(form, tmp_path / "codebook.html", role="nurse")
    assert not (tmp_path / "codebook.html").exists()


def test_reversed_answers_are_told_of_only_where_a_scale_has_them(triad):
    instrument = triad.instrument
    said = {}
    for name, scale in instrument.scales.items():
        if not scale.key:
            turned = any(instrument.items[item].keyed == "-" for item in items_of(scale))
            words = scoring_sentence(scale, instrument, "en")
            assert ("reversed answer" in words) == turned, name
            said[name] = turned
    assert set(said.values()) == {True, False}
