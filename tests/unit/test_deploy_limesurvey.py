"""LimeSurvey structures: what we write is what the real program imported, and all of it."""

import csv
from pathlib import Path

import pytest
from deployed import read_limesurvey
from small_instrument import small

from driehoek.deploy.conditions import Chosen, Joined, Measured
from driehoek.deploy.limesurvey import COLUMNS, expression, write_limesurvey
from driehoek.ingest.columns import match_columns
from driehoek.ingest.recognise import read_table, recognise
from driehoek.instrument.reading import read_instrument
from driehoek.study_file import Export, Linkage

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")


@pytest.fixture(scope="module")
def structure(tmp_path_factory):
    path = tmp_path_factory.mktemp("limesurvey") / "triad.txt"
    write_limesurvey(TRIAD, path)
    return path


def test_every_question_comes_back_with_its_wording_in_both_languages(structure):
    _, _, asked = read_limesurvey(structure)
    assert set(asked) == set(TRIAD.questions)
    for qid, question in TRIAD.questions.items():
        assert set(asked[qid].text) == {"nl", "en"}, qid
        for lang, text in question.text.items():
            assert asked[qid].text[lang].endswith(text), qid


def test_every_answer_code_comes_back_with_its_label_in_both_languages(structure):
    _, _, asked = read_limesurvey(structure)
    for qid, question in TRIAD.questions.items():
        labels = {option.code: option.label for option in question.options}
        assert asked[qid].options == labels, qid


def test_numbers_come_back_with_their_limits(structure):
    _, _, asked = read_limesurvey(structure)
    assert asked["hours"].limits == (0, 168)
    assert asked["workhours"].limits == (1, 80)
    assert asked["workhours"].kind == "N"


def test_every_question_of_a_role_is_routed_by_consent_and_role(structure):
    _, _, asked = read_limesurvey(structure)
    letters = {"seeker": "s", "carer": "c", "professional": "p"}
    for qid, question in TRIAD.questions.items():
        if len(question.roles) == 1:
            letter = letters[question.roles[0]]
            assert f'(respondent.NAOK == "{letter}")' in asked[qid].relevance, qid
            assert '(consent.NAOK == "1")' in asked[qid].relevance, qid
    assert '(employed.NAOK == "1")' in asked["workhours"].relevance
    assert asked["consent"].relevance == "1"


def test_dutch_dates_and_numbers_are_written_the_dutch_way(structure):
    settings, local, _ = read_limesurvey(structure)
    assert settings["language"] == "nl"
    assert settings["additional_languages"] == "en"
    assert local["nl", "surveyls_dateformat"] == "2"
    assert local["nl", "surveyls_numberformat"] == "1"
    assert local["en", "surveyls_numberformat"] == "0"


def test_addresses_of_respondents_are_not_stored_and_times_are(structure):
    settings, _, _ = read_limesurvey(structure)
    assert (settings["ipaddr"], settings["refurl"], settings["datestamp"]) == ("N", "N", "Y")


def test_an_export_of_the_survey_is_matched_column_by_column(structure, tmp_path):
    _, _, asked = read_limesurvey(structure)
    heads = [f"{each.grid}[{qid}]" if each.grid else qid for qid, each in asked.items()]
    meta = ["id", "submitdate", "lastpage", "startlanguage"]
    path = tmp_path / "export.csv"
    path.write_text(",".join(meta + heads) + "\n" + "," * (len(meta + heads) - 1) + "\n")
    layout = recognise(read_table(path))
    linkage = Linkage(triad="triadcode", person="personcode")
    export = Export(file="export.csv", role=list(TRIAD.instrument.roles))
    columns = match_columns(layout, TRIAD, linkage, export, file="export.csv")
    assert layout.platform == "limesurvey"
    assert columns.problems == []
    assert {qid: columns.headings[qid] for qid in asked} == dict(zip(asked, heads, strict=True))


def test_no_code_is_longer_than_limesurvey_keeps_and_none_is_used_twice(structure):
    _, _, asked = read_limesurvey(structure)
    grids = {each.grid for each in asked.values() if each.grid}
    codes = [*asked, *grids]
    assert len({code.casefold() for code in codes}) == len(codes)
    assert max(map(len, codes)) <= 20
    assert max(len(code) for each in asked.values() for code in each.options) <= 5


def test_the_second_language_repeats_the_rows_of_the_first(structure):
    with structure.open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream, delimiter="\t") if r["class"] not in {"S", "SL"}]
    key = ("class", "type/scale", "relevance", "mandatory")
    halves = {"nl": [], "en": []}
    for row in rows:
        name = "" if row["class"] == "G" else row["name"]
        halves[row["language"]].append((name, *(row[k] for k in key)))
    assert halves["nl"] == halves["en"]
    assert [row["language"] for row in rows] == ["nl"] * len(halves["nl"]) + ["en"] * len(
        halves["en"]
    )


def test_structure_has_the_columns_and_classes_that_limesurvey_imported(structure, shared):
    sample = shared / "samples" / "limesurvey" / "demo_nl_en.txt"
    with sample.open(encoding="utf-8", newline="") as stream:
        accepted = list(csv.DictReader(stream, delimiter="\t"))
    with structure.open(encoding="utf-8", newline="") as stream:
        ours = list(csv.DictReader(stream, delimiter="\t"))
    known = set(accepted[0])
    attributes = {"min_num_value_n", "max_num_value_n", "suffix"}
    assert set(ours[0]) - attributes <= known
    assert list(ours[0])[:16] == list(accepted[0])[:16]
    filled = {c: {k for r in accepted if r["class"] == c for k, v in r.items() if v} for c in "GQA"}
    for row in ours:
        if row["class"] in filled:
            own = {k for k, v in row.items() if v} - attributes
            assert own <= filled[row["class"]] | {"text"}, row["name"]
    order = [row["class"] for row in ours]
    assert order.index("SL") > order.index("S")
    assert order.index("G") > order.index("SL")


def test_the_sample_that_limesurvey_accepted_is_read_by_the_same_reader(shared):
    _, _, asked = read_limesurvey(shared / "samples" / "limesurvey" / "demo_nl_en.txt")
    assert asked["ROLE"].options["R1"] == {"nl": "Docent", "en": "Teacher"}
    assert asked["SAT"].kind == "N"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (True, "1"),
        (False, "0"),
        (Chosen("a", ("1", "2")), '(a.NAOK == "1" or a.NAOK == "2")'),
        (Chosen("row", ("1",)), '(grid_row.NAOK == "1")'),
        (Measured("n", "<", 8.5), "(!is_empty(n.NAOK) and n.NAOK < 8.5)"),
        (
            Joined("or", (Chosen("a", ("1",)), Measured("n", ">=", 2))),
            '((a.NAOK == "1") or (!is_empty(n.NAOK) and n.NAOK >= 2))',
        ),
    ],
)
def test_tests_are_written_as_expressions(test, expected):
    assert expression(test, {"a": "a", "n": "n", "row": "grid_row"}) == expected


def test_marks_that_limesurveys_import_would_take_off_are_kept(tmp_path):
    form = small(tmp_path, ('nl: "Nog iets?"', "nl: '\"Nog < iets & meer?\"'"))
    write_limesurvey(form, tmp_path / "out.txt")
    text = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert "&quot;Nog &lt; iets &amp; meer?&quot;" in text
    _, _, asked = read_limesurvey(tmp_path / "out.txt")
    assert asked["remark"].text["nl"] == '"Nog < iets & meer?"'


def test_a_survey_of_one_role_and_language_holds_nothing_else(tmp_path):
    write_limesurvey(small(tmp_path), tmp_path / "out.txt", role="worker", language="en")
    settings, local, asked = read_limesurvey(tmp_path / "out.txt")
    assert set(asked) == {"consent", "tru1wc", "tru2wc", "remark"}
    assert asked["tru1wc"].text == {"en": "I trust this carer."}
    assert "additional_languages" not in settings
    assert {language for language, _ in local} == {"en"}


def test_the_header_is_written_first(structure):
    first = structure.read_text(encoding="utf-8").splitlines()[0]
    assert first == "\t".join(COLUMNS)


def test_places_to_fill_in_are_told(tmp_path):
    notes = write_limesurvey(TRIAD, tmp_path / "triad.txt", language="en")
    assert any("[end date] in consent" in note for note in notes)
    assert not any("[" in note for note in write_limesurvey(small(tmp_path), tmp_path / "s.txt"))
