"""A sealed plan: kept as it was, and what the study does otherwise is listed."""

import datetime
import json

import pytest
from story_example import story_study

from driehoek.cli import main
from driehoek.problems import StudyError
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.sections.closing import sealed
from driehoek.reporting.sections.parts import Parts
from driehoek.review.sealed import deviations, read_seal, seal_study
from driehoek.study import read_study

NOON = datetime.datetime(2025, 2, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def study(tmp_path):
    path = story_study(tmp_path / "study", triads=4)
    for export in (path.parent / "raw").iterdir():
        export.unlink()
    return path


def section(path, language):
    material = gather(read_study(path), read_results([]), language)
    blocks = sealed(Parts(material, {}, (), {}, {}))
    return [str(block) for block in blocks]


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_plan_that_was_kept_has_no_deviations(study):
    seal = seal_study(read_study(study), NOON)
    assert seal.date == "2025-02-01T12:00:00+00:00"
    assert seal.exports_present == ()
    change(study, "date: 2025-09", "date: 2025-10")
    assert deviations(read_seal(read_study(study)), read_study(study)) == []


def test_each_deviation_is_listed_in_the_report_in_both_languages(study):
    seal_study(read_study(study), NOON)
    change(study, "carer.hours, carer.trust.about_seeker", "carer.hours")
    change(study.parent / "story.yaml", "en: I am tired.", "en: I am very tired.")
    found = [str(each) for each in deviations(read_seal(read_study(study)), read_study(study))]
    assert found[0].startswith("setting plan.models.burden.blocks: ")
    assert found[1] == "input story.yaml: other content"
    english, dutch = section(study, "en"), section(study, "nl")
    assert "plan.models.burden.blocks" in english[-1]
    assert "the questionnaire is not the one that was sealed" in english[-1]
    assert "niet die welke verzegeld is" in dutch[-1]


def test_a_study_that_was_not_sealed_has_no_such_section(study):
    assert section(study, "en") == []


def test_a_seal_is_never_replaced(study):
    seal_study(read_study(study), NOON)
    with pytest.raises(StudyError, match="sealed already"):
        seal_study(read_study(study), NOON)


def test_a_changed_seal_is_refused(study):
    seal_study(read_study(study), NOON)
    path = read_study(study).seal
    content = json.loads(path.read_text(encoding="utf-8"))
    content["settings"]["plan"]["models"]["burden"]["wave"] = "w2"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StudyError, match="the seal was changed after it was made"):
        read_seal(read_study(study))


def test_the_command_says_what_was_there_already(study, capsys):
    (study.parent / "raw" / "w1.csv").write_text("x", encoding="utf-8")
    assert main(["seal", str(study)]) == 0
    assert "raw/w1.csv was there already" in capsys.readouterr().out
