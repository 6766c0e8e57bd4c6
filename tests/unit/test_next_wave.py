"""A new wave is recognised, matched, compared with earlier ones, and written where it belongs."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from simulated_example import ROOT
from story_example import story_study

from driehoek.cli import main
from driehoek.job import generator
from driehoek.next_wave.drift import drift
from driehoek.next_wave.proposal import propose_wave, wave_answers
from driehoek.next_wave.study_edit import NewExport, NewWave, wave_lines, with_wave
from driehoek.next_wave.wordings import reworded
from driehoek.problems import AnswersError, StudyError
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import read_study

STUDY = """# My study.
study: two
title: {nl: Twee, en: Two}
instrument: triad.yaml
seed: 1
waves:   # the rounds
  - wave: w1
    date: 2025-03
    exports:
      # carers alone
      - {file: raw/w1.csv, role: carer, platform: limesurvey}   # from LimeSurvey
WAVES
# who is who
linkage: {triad: triadcode, person: personcode}
pseudonyms: {key: demo.key}
"""
SECOND = """  - wave: w2
    date: 2025-09
    exports: [{file: raw/w2.csv, role: carer, platform: limesurvey}]
"""
WAVE = NewWave("w2", "2025-09", None, (NewExport("raw/w 2.csv", ("carer",), {"g 2": "giv2cs"}),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Simulate two waves of carers, and lay out a study that has the first one."""
    folder = tmp_path_factory.mktemp("next") / "mijn stúdie"
    folder.mkdir()
    for name in ("config/demo.key", "instruments/triad.yaml"):
        (folder / name.split("/")[1]).write_bytes((ROOT / name).read_bytes())
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("WAVES\n", SECOND), encoding="utf-8")
    study = read_study(path)
    simulated = simulate_study(study, triads=120, rng=generator(3, "next wave"))
    write_exports(simulated, study, folder)
    path.write_text(STUDY.replace("WAVES\n", "\n"), encoding="utf-8")
    answers = pd.read_csv(
        folder / "raw" / "w2.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    other_way = dict(zip("12345", "54321", strict=True))
    turned = answers["trg1cs"].map(lambda text: other_way.get(text, text))
    answers.assign(trg1cs=turned).to_csv(folder / "raw" / "turned.csv", index=False)
    answers.rename(columns={"giv2cs": "carergives2"}).to_csv(
        folder / "raw" / "renamed.csv", index=False
    )
    return folder


@pytest.fixture(scope="module")
def renamed(folder):
    return propose_wave(folder / "study.yaml", [folder / "raw" / "renamed.csv"])


def test_the_file_tells_whose_answers_it_holds_and_when(renamed):
    assert renamed.files[0].roles == ("carer",)
    assert (renamed.wave.name, renamed.wave.date) == ("w2", "2025-09")


def test_a_renamed_column_is_proposed_with_its_reason(renamed):
    (found,) = renamed.files[0].renamings
    assert (found.column, found.question) == ("carergives2", "giv2cs")
    assert found.fitting > 0.95
    assert "distance to the answers known before" in found.reason


def test_every_comparison_has_a_threshold_and_a_source(renamed):
    assert {"responses", "missing", "answers", "duration", "reliability", "keying", "mode"} <= {
        *renamed.report["what"]
    }
    assert (renamed.report[["threshold", "source"]] != "").all(axis=None)
    assert not renamed.stops


def test_a_misskeyed_item_stops_the_wave(folder):
    found = propose_wave(folder / "study.yaml", [folder / "raw" / "turned.csv"])
    stopped = found.report[found.report["verdict"] == "stop"]
    assert found.stops
    assert [each.split(" ")[0] for each in stopped["subject"]] == ["trg1cs"]


def test_nothing_is_written_unless_it_is_accepted(folder, capsys):
    study = folder / "study.yaml"
    before = study.read_bytes()
    words = ["add-wave", str(study), str(folder / "raw" / "renamed.csv"), "--json"]
    assert main(words) == 1
    assert study.read_bytes() == before
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert main([*words, "--yes"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] is True
    after = study.read_text(encoding="utf-8")
    study.write_bytes(before)
    start, rest = before.decode().split("# from LimeSurvey\n")
    assert after.startswith(start)
    assert after.endswith(rest)
    assert "carergives2: giv2cs" in after


def test_a_question_without_any_column_is_a_fault(folder):
    path = folder / "raw" / "renamed.csv"
    short = pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns="carergives2")
    short.to_csv(folder / "raw" / "short.csv", index=False)
    with pytest.raises(AnswersError, match="no column for 'giv2cs'"):
        propose_wave(folder / "study.yaml", [folder / "raw" / "short.csv"])


def test_a_wave_stands_after_the_last_one_and_nothing_else_moves():
    text = STUDY.replace("WAVES\n", "\n").replace("\n", "\r\n")
    changed = with_wave(text, wave_lines(WAVE), "study.yaml")
    start = text.index("# from LimeSurvey\r\n") + len("# from LimeSurvey\r\n")
    assert changed.startswith(text[:start])
    assert changed.endswith(text[start:])
    added = changed[start : len(changed) - len(text[start:])]
    assert added.startswith("  - wave: w2\r\n    date: 2025-09\r\n")
    assert '        "g 2": giv2cs' in added
    assert "\n\n" not in added.replace("\r", "")


def test_waves_on_one_line_are_left_to_the_author():
    with pytest.raises(StudyError, match="add this by hand"):
        with_wave("waves: [{wave: w1}]\n", wave_lines(WAVE), "study.yaml")


def test_other_words_for_a_question_are_seen_and_a_grids_stem_is_not(folder):
    form = read_study(folder / "study.yaml").questionnaire
    own = form.questions["giv1cs"].text["nl"]
    words = {"a": "Heel andere woorden.", "b": f"Klopt dit? {own.upper()}", "c": ""}
    headings = {"giv2cs": "a", "giv1cs": "b", "rec1cs": "c"}
    found = reworded(words, headings, form)
    assert found["question"].tolist() == ["giv2cs"]


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """Three waves with the same answers, save that burden rises a little in each of two."""
    study = read_study(story_study(tmp_path_factory.mktemp("slow") / "study"))
    first = wave_answers(study, "w1")
    heavy = first.responses["bur1c"]

    def later(name, share):
        rising = (np.arange(len(heavy)) % 100 < share) & heavy.notna()
        return replace(
            first,
            name=name,
            responses=first.responses.assign(bur1c=heavy.mask(rising, (heavy + 2).clip(upper=5))),
            unknown=frozenset(["spare"]) if name == "w2" else frozenset(["spare", "fresh"]),
        )

    words = pd.DataFrame(columns=["question", "instrument", "file", "likeness"])
    return drift([first, later("w2", 20)], later("w3", 40), study.questionnaire, {}, words)


def test_a_slow_drift_is_seen_against_the_first_wave_and_not_against_the_last(slow):
    moved = slow[(slow["what"] == "answers") & (slow["subject"] == "bur1c")]
    assert moved.set_index("against")["verdict"].to_dict() == {"w1": "look", "w2": "ok"}
    others = slow[(slow["what"] == "answers") & (slow["subject"] != "bur1c")]
    assert (others.groupby("subject")["against"].agg(list).map(tuple) == ("w1", "w2")).all()
    assert (others["verdict"] == "ok").all()


def test_a_column_is_new_where_no_earlier_wave_had_it(slow):
    columns = slow[slow["what"] == "columns"]
    assert columns[["subject", "against"]].to_numpy().tolist() == [["fresh", "w1, w2"]]
