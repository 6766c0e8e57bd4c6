import re
import shutil
import subprocess

import pytest
from small_instrument import small

from driehoek.deploy.layout import lay_out
from driehoek.deploy.paper import numbering, paper_document, write_paper, write_paper_codes
from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError

A4 = "595.276 x 841.89 pts (A4)"


@pytest.fixture(scope="module")
def triad(pytestconfig):
    return read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")


@pytest.fixture
def form(tmp_path):
    return small(tmp_path)


def poppler(program, *arguments):
    """Run a program of poppler, or skip where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} (poppler) is not installed")
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


def text_of(path):
    return " ".join(poppler("pdftotext", "-raw", path, "-").split())


@pytest.mark.parametrize("role", ["seeker", "carer", "professional"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_question_of_a_role_is_printed_once_with_its_number(triad, role, language, tmp_path):
    path = tmp_path / "paper.pdf"
    write_paper(triad, path, role=role, language=language)
    printed = text_of(path)
    pages = lay_out(triad, role=role)
    numbers = numbering(pages)
    wanted = [q for q in triad.questions.values() if role in q.roles and q.kind != "role"]
    assert set(numbers) == {question.id for question in wanted}
    for question in wanted:
        said = f"{numbers[question.id]} {' '.join(question.text[language].split())}"
        assert said in printed or question.id == "workhours", said
    assert f"{pages[-1].title[language]}" in printed


def test_the_pages_are_a4_and_numbered(triad, tmp_path):
    path = tmp_path / "paper.pdf"
    write_paper(triad, path, role="carer", language="en")
    facts = poppler("pdfinfo", path)
    assert A4 in facts
    pages = int(re.search(r"Pages:\s+(\d+)", facts).group(1))
    printed = text_of(path)
    assert [f"page {n} of {pages}" in printed for n in range(1, pages + 1)] == [True] * pages


def test_no_type_is_smaller_than_ten_points(triad, tmp_path):
    path = tmp_path / "paper.pdf"
    write_paper(triad, path, role="seeker", language="nl")
    boxes = poppler("pdftotext", "-bbox", path, "-")
    heights = [
        float(low) - float(high)
        for high, low in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', boxes)
    ]
    assert len(heights) > 1000
    assert min(heights) > 8  # the box of a word of Libertinus is about 0.86 of its type size


def test_a_route_is_told_by_the_number_of_its_question(triad, tmp_path):
    path = tmp_path / "paper.pdf"
    write_paper(triad, path, role="carer", language="nl")
    numbers = numbering(lay_out(triad, role="carer"))
    assert f"Alleen als u bij vraag {numbers['employed']} ‘Ja’ koos." in text_of(path)


def test_who_does_not_consent_is_told_to_stop(form, tmp_path):
    write_paper(form, tmp_path / "paper.pdf", role="worker", language="en")
    said = "Did you choose something other than 'Yes' at question 1? Then you are done."
    assert said in text_of(tmp_path / "paper.pdf")


def test_the_entry_edition_alone_shows_ids_and_codes(form, tmp_path):
    plain, coded = tmp_path / "plain.pdf", tmp_path / "coded.pdf"
    write_paper(form, plain, role="carer", language="en")
    write_paper_codes(form, coded, role="carer", language="en")
    assert "[tru1cw]" in text_of(coded)
    assert "0 – 168" in text_of(coded)
    assert "[" not in text_of(plain)


@pytest.mark.parametrize(
    ("qid", "kind"),
    [("glb3cs", "ruler"), ("glb1cs", "list"), ("living", "line"), ("hours", "number")],
)
def test_each_kind_of_question_has_its_own_boxes(triad, qid, kind):
    document = paper_document(triad, lay_out(triad, role="carer"), "carer", "nl")
    parts = [part for page in document["pages"] for part in page["parts"]]
    assert [part["kind"] for part in parts if part["rows"][0]["id"] == qid] == [kind]


def test_the_same_instrument_gives_the_same_file(form, tmp_path):
    for name in ("a.pdf", "b.pdf"):
        write_paper(form, tmp_path / name, role="carer", language="nl")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_places_to_fill_in_are_reported(triad, tmp_path):
    left = write_paper(triad, tmp_path / "paper.pdf", role="carer", language="en")
    assert "[end date] in consent" in left[0]


def test_a_paper_without_role_or_language_is_refused(form, tmp_path):
    with pytest.raises(InstrumentError, match="--role carer or --role worker"):
        write_paper(form, tmp_path / "paper.pdf", language="nl")
    with pytest.raises(InstrumentError, match="--lang nl or --lang en"):
        write_paper(form, tmp_path / "paper.pdf", role="carer")
