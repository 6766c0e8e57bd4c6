"""Study files are read whole, or refused with every fault at its line."""

from pathlib import Path

import pytest

from driehoek.problems import InstrumentError, ProblemsError, StudyError
from driehoek.study import export_name, read_study

ROOT = Path(__file__).parents[2]
DEMO = (ROOT / "config" / "study.yaml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    def written(old="", new="", text=DEMO):
        instrument = (ROOT / "instruments" / "triad.yaml").as_posix()
        changed = text.replace("../instruments/triad.yaml", instrument)
        if old:
            assert old in changed
            changed = changed.replace(old, new)
        path = tmp_path / "study.yaml"
        path.write_text(changed, encoding="utf-8")
        return path

    return written


def lines_of(path, text):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [i for i, line in enumerate(lines, 1) if text in line]


def test_the_demo_study_is_right(write):
    study = read_study(write())
    assert study.wave_names == ["w1", "w2", "w3"]
    assert list(study.exports("w1")) == ["1-w1-limesurvey-carers", "2-w1-limesurvey-others"]


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("role: carer}", "role: carrer}", "carrer", "'carer'"),
        ("outcome: carer.burden", "outcome: carer.burdn", "burdn", "'carer.burden'"),
        ("[carer.hours, carer.r", "[carer.hour, carer.r", "carer.hour,", "carer.hours"),
        ("- carer.hours\n", "- carer.relation\n", "- carer.relation", "choice"),
        ("most_hours", "most_hour", "most_hour", "most_hours"),
        ("wave: w2", "wave: w1", "Qualtrics", "twice"),
        ("raw/w3_spss.sav", "raw/j.smit@example.org.sav", "j.smit", "file name with e-mail"),
        ("raw/w3_spss.sav", "raw/06-12345678/w3.sav", "06-12", "file name with phone number"),
        ("withdrawn: withdrawn.csv", "withdrawn: jan@example.org.csv", "jan@", "file name"),
        ("languages: [nl, en]", "languages: [nl, de]", "languages", "'de'"),
        ("scales: all", "scales: [burdn]", "burdn", "'burden'"),
        ("errors: cluster\n", "errors: clustr\n", "clustr", "did you mean 'cluster'"),
        ("kind: linear", "kind: linaer", "linaer", "did you mean 'linear'"),
        ("kind: linear", "knd: linear", "burden:", "the key 'kind' is missing"),
        ("kind: mixed", "kind: mixed\n      wave: w1", "wave: w1", "unknown key 'wave'"),
        ("confidence: 0.95", "confidence: 95", "confidence: 95", "less than 1"),
        ("min_cell: 10", "min_cel: 10", "min_cel", "'min_cell'"),
    ],
)  # fmt: skip
def test_a_wrong_name_or_value_is_refused_with_line_and_remedy(write, old, new, at, said):
    path = write(old, new)
    with pytest.raises(StudyError) as caught:
        read_study(path)
    assert any(said in str(problem) for problem in caught.value.problems)
    near = {line + step for line in lines_of(path, at) for step in range(-3, 4)}
    assert near & {problem.line for problem in caught.value.problems}, caught.value


def test_faults_in_different_parts_come_all_at_once(write):
    path = write("most_hours", "most_hour")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("scales: all", "scales: [burdn]"), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(path)
    assert len(caught.value.problems) == 2


def test_a_study_without_its_instrument_says_so(write):
    with pytest.raises(InstrumentError, match="there is no such file"):
        read_study(write("triad.yaml", "triat.yaml"))


@pytest.mark.parametrize(
    "term", ["__import__('os').system('ls')", "C(carer.hours)", "carer.hours + 1", "carer.hours^9"]
)
def test_a_term_is_read_and_never_evaluated(write, term):
    with pytest.raises(ProblemsError):
        read_study(write("[carer.hours, carer.relation]", f'["{term}"]'))


def test_export_folders_hold_plain_letters_only():
    assert export_name("raw/Méting 1 (carers).csv", 1) == "1-m-ting-1-carers"
    assert export_name("../../etc/passwd", 2) == "2-passwd"
    assert export_name("raw/日本.csv", 3) == "3"
