"""A third wave that is not as it should be: each oddity is named, with a threshold and a source."""

import pandas as pd
import pytest
from story_example import INSTRUMENT, REWORDED, story_study

from driehoek.cli import main
from driehoek.next_wave.proposal import propose_wave
from driehoek.problems import AnswersError

WIDER = INSTRUMENT.replace("version: 0.1.0", "version: 0.2.0").replace(
    '      - {code: "5", value: 5, label: {nl: helemaal, en: completely}}\n',
    '      - {code: "5", value: 5, label: {nl: helemaal, en: completely}}\n'
    '      - {code: "6", value: 6, label: {nl: altijd, en: always}}\n',
)
SHORTER = (
    INSTRUMENT.replace("version: 0.1.0", "version: 0.2.0")
    .replace("    text: {nl: Ik vertrouw de ander.", "    text: {nl: Ik vertrouw hem.")
    .replace("bur1, bur2, bur3, bur4", "bur1, bur2, bur3")
)
SHORTER = "\n".join(line for line in SHORTER.splitlines() if not line.startswith("  bur4:")) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = story_study(tmp_path_factory.mktemp("findings") / "mijn stúdie").parent
    for name, text in {"reworded": REWORDED, "wider": WIDER, "shorter": SHORTER}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def third(folder):
    return pd.read_csv(
        folder / "raw" / "w3.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )


def written(folder, name, table):
    path = folder / "raw" / name
    table.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def found(folder, *files, **options):
    """Propose a wave, and give what deserves a look or stops: (verdict, what, subject)."""
    proposal = propose_wave(folder / "study.yaml", files, **options)
    report = proposal.report[proposal.report["verdict"] != "ok"]
    assert (report[["threshold", "source"]] != "").all(axis=None)
    return {*zip(report["verdict"], report["what"], report["subject"], strict=True)}, proposal


@pytest.fixture(scope="module")
def plain(folder):
    """Give what stands out in the wave as it came, beside which oddities are told."""
    told, proposal = found(folder, folder / "raw" / "w3.csv")
    assert not proposal.stops
    return told


def test_a_reworded_item_is_named(folder, plain):
    told, _ = found(folder, folder / "raw" / "w3.csv", instrument=folder / "reworded.yaml")
    assert told - plain == {("look", "wording", "bur1c")}


def test_a_renamed_column_stands_in_the_report_with_what_speaks_for_it(folder, third, plain):
    path = written(folder, "renamed.csv", third.rename(columns={"bur2c": "zwaarte_twee"}))
    told, proposal = found(folder, path)
    assert told - plain == {("look", "renamed", "bur2c")}
    (row,) = proposal.report.query("what == 'renamed'").to_dict("records")
    assert row["now"].startswith("zwaarte_twee: names ")
    assert "distance to the answers known before" in row["now"]


def test_a_miskeyed_item_stops(folder, third, plain):
    other_way = dict(zip("12345", "54321", strict=True))
    turned = third["bur4c"].map(lambda code: other_way.get(code, code))
    told, proposal = found(folder, written(folder, "turned.csv", third.assign(bur4c=turned)))
    assert proposal.stops
    assert ("stop", "keying", "bur4c in burden") in told - plain


def test_an_option_that_the_version_does_not_know_is_refused(folder, third):
    path = written(folder, "six.csv", third.assign(bur1c=third["bur1c"].replace("5", "6")))
    with pytest.raises(AnswersError, match="bur1c"):
        propose_wave(folder / "study.yaml", [path])


def test_an_added_option_is_named_for_each_question_it_touches(folder, third, plain):
    path = written(folder, "six.csv", third.assign(bur1c=third["bur1c"].replace("5", "6")))
    told, proposal = found(folder, path, instrument=folder / "wider.yaml")
    touched = {subject for _, what, subject in told - plain if what == "version"}
    assert touched == {
        *("bur1c", "bur2c", "bur3c", "bur4c"),
        *("tru1c", "tru2c", "tru3c", "tru1s", "tru2s", "tru3s"),
    }
    row = proposal.report.query("what == 'version' and subject == 'bur1c'").iloc[0]
    assert (row["before"], row["now"]) == ("-", "recoded: 6; scores of burden: different")


def test_a_question_that_the_version_does_not_ask_is_named(folder, third, plain):
    path = written(folder, "three.csv", third.drop(columns="bur4c"))
    told, proposal = found(folder, path, instrument=folder / "shorter.yaml")
    assert ("look", "version", "bur4c") in told - plain
    row = proposal.report.query("what == 'version' and subject == 'bur4c'").iloc[0]
    assert row["now"] == "not asked; scores of burden: different"
    assert ("look", "wording", "tru1c") in told - plain


def test_another_platform_is_named(folder, third, plain):
    codes = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"]
    bare = third.drop(columns=[name for name in [*codes, "ipaddr"] if name in third])
    told, _ = found(folder, written(folder, "bare.csv", bare))
    assert ("look", "mode", "platforms") in told - plain


def test_another_mix_of_languages_is_named(folder, third, plain):
    mixed = third.assign(startlanguage=["nl" if i % 2 else "en" for i in range(len(third))])
    told, _ = found(folder, written(folder, "mixed.csv", mixed))
    assert {("look", "language", "carer"), ("look", "language", "seeker")} <= told - plain


def test_a_file_without_answers_is_refused(folder, third):
    with pytest.raises(AnswersError, match="without any row of answers"):
        propose_wave(folder / "study.yaml", [written(folder, "none.csv", third.iloc[:0])])


def test_a_wave_in_which_nobody_consents_stops(folder, third):
    told, proposal = found(folder, written(folder, "no.csv", third.assign(consent="2")))
    assert proposal.stops
    assert ("stop", "empty", "w3") in told


@pytest.mark.parametrize("second", ["w3.csv", "copy.csv"])
def test_the_same_file_twice_stops(folder, plain, second):
    first = folder / "raw" / "w3.csv"
    (folder / "raw" / "copy.csv").write_bytes(first.read_bytes())
    told, proposal = found(folder, first, folder / "raw" / second)
    assert proposal.stops
    assert {what for verdict, what, _ in told - plain if verdict == "stop"} == {"again"}


@pytest.mark.parametrize("touched", [False, True])
def test_the_file_of_an_earlier_wave_stops_also_when_it_was_exported_anew(folder, touched):
    earlier = folder / "raw" / "w2.csv"
    path = folder / "raw" / "again.csv"
    path.write_bytes(earlier.read_bytes())
    if touched:
        table = pd.read_csv(earlier, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        path = written(folder, "anew.csv", table.iloc[::-1])
    _, proposal = found(folder, path)
    assert proposal.stops
    rows = proposal.report.query("what == 'again'")
    assert rows["subject"].tolist() == [path.as_posix()] * (not touched) + ["w3"]
    assert "raw/w2.csv of w2" in rows["before"].tolist() or touched
    assert rows["now"].iloc[-1] == "100% of the responses are the same"


def test_what_stops_is_not_written_even_when_accepted_beforehand(folder, capsys):
    study = folder / "study.yaml"
    before = study.read_bytes()
    assert main(["add-wave", str(study), str(folder / "raw" / "w2.csv"), "--yes"]) == 1
    said = capsys.readouterr().out
    assert study.read_bytes() == before
    assert "stop  again: w3: answers of w2 -> 100% of the responses are the same" in said
    assert "Nothing was written: mend what says stop" in said
