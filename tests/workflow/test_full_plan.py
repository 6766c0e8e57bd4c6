"""Real answers of carers under a full plan: every form in both languages, in clean words."""

import re

import docx
import pytest
from eurofamcare_run import run_eurofamcare

pytestmark = pytest.mark.workflow

FOREIGN = {
    "nl": r"\b(the|and|with|wave|of those|left out|none)\b",
    "en": r"\b(het|een|meting|zonder|waarde)\b",
}
TRIADS = r"\btriads?\b|\btriangles?\b|\bdriehoek(en)?\b(?!:| \d)"
RAW = r"\bcarer\.\w|\bthreshold_\d|\bblock_\d|\b(c12hour|e42dep|c161sex|c172code|n4pstu|quol5)\b"


@pytest.fixture(scope="module")
def public(checkout, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    others = ("full_instrument.yaml", "panel.html")
    return run_eurofamcare(checkout, shared, folder, "full.yaml", *others)


def told(public, language):
    """Give what the Word report says, save its notes, references and sources of numbers."""
    document = docx.Document(public / f"report.{language}.docx")
    said = [p.text for p in document.paragraphs if p.style.name != "Table note"]
    return [text for text in said if "doi.org" not in text and "[Computer software]" not in text]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_form_is_there(public, language):
    for kind in ("report", "sheet"):
        for form in ("html", "docx", "pdf"):
            assert (public / f"{kind}.{language}.{form}").stat().st_size > 5_000
    tables = public / "tables" / language
    names = {path.stem for path in tables.glob("*.html")}
    assert len(names) > 60
    for form in ("docx", "tex", "csv"):
        assert names <= {path.stem for path in tables.glob(f"*.{form}")}
    assert list(tables.glob("*.xlsx"))
    figures = public / "figures" / language
    drawn = {path.stem for path in figures.glob("*.svg")}
    assert len(drawn) > 30
    for form in ("png", "pdf", "csv"):
        assert drawn <= {path.stem for path in figures.glob(f"*.{form}")}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_speaks_one_language_of_one_role_and_in_words(public, language):
    said = told(public, language)
    assert len(said) > 100
    for pattern in (FOREIGN[language], TRIADS, RAW):
        assert [text for text in said if re.search(pattern, text)] == []


def test_the_sheet_is_one_page(public):
    for language in ("nl", "en"):
        content = (public / f"sheet.{language}.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
