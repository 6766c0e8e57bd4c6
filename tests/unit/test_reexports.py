"""Several exports of one wave: each person counts once, and the ledger says which row."""

import pandas as pd
import pytest
from dialects import kobo, lime, lime_csv
from ingest_example import carers, csv_text, make_study

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import ingest_export
from driehoek.study import read_study

EARLY, LATE = "2025-03-01 10:05:00", "2025-03-20 09:00:00"
OPEN = {"submitted": "", "tru2c": "", "grade": ""}


def answer(triad, **changes):
    return {"triadcode": triad} | changes


def table(*people):
    return carers(*people)


def cleaned(folder, *files):
    """Clean a wave that these files make up; give its ledger and the answers that count."""
    study = make_study(folder, files[0], name="first.csv")
    exports = ["- {file: raw/first.csv, role: carer}"]
    for place, content in enumerate(files[1:], 2):
        (folder / "raw" / f"export{place}.csv").write_bytes(content)
        exports.append(f"- {{file: raw/export{place}.csv, role: carer}}")
    text = study.path.read_text(encoding="utf-8")
    one = '- {file: "raw/first.csv", role: carer}'
    assert one in text
    study.path.write_text(text.replace(one, "\n      ".join(exports)), encoding="utf-8")
    study = read_study(study.path)
    read = [ingest_export(study, "w1", export) for export in study.exports("w1")]
    tables = [WaveTables(each.responses, each.missing, each.paradata) for each in read]
    clean = clean_wave(stacked(tables, "w1"), study, "w1")
    fates = clean.ledger[clean.ledger["fate"].isin(["kept", "excluded"])].set_index("response")
    assert len(fates) == sum(len(each.responses) for each in read)
    return fates, clean.tables.responses.set_index("response")


def limesurvey(*people):
    return lime_csv(lime(table(*people)))


def test_who_finished_since_the_last_export_counts_as_finished(tmp_path):
    first = limesurvey(answer("T1", **OPEN), answer("T2", submitted=EARLY))
    again = limesurvey(answer("T1", submitted=LATE, tru1c="2"), answer("T2", submitted=EARLY))
    fates, kept = cleaned(tmp_path, first, again)
    assert fates["reason"]["w1-1-00001"] == "duplicate_response"
    assert fates["detail"]["w1-1-00001"] == "counts instead: w1-2-00001"
    assert kept["tru1c"]["w1-2-00001"] == 2
    assert sorted(kept.index) == ["w1-2-00001", "w1-2-00002"]


def test_an_older_export_named_last_does_not_win(tmp_path):
    again = limesurvey(answer("T1", submitted=LATE, tru1c="2"))
    fates, kept = cleaned(tmp_path, again, limesurvey(answer("T1", **OPEN)))
    assert kept.index.tolist() == ["w1-1-00001"]
    assert fates["detail"]["w1-2-00001"] == "counts instead: w1-1-00001"


def test_exports_in_parts_add_up(tmp_path):
    one = limesurvey(answer("T1"), answer("T2"))
    other = limesurvey(answer("T2"), answer("T3"))
    fates, kept = cleaned(tmp_path, one, other)
    assert len(kept) == kept["triad"].nunique() == 3
    assert fates["fate"].value_counts().to_dict() == {"kept": 3, "excluded": 1}


def test_who_answers_on_two_platforms_counts_once_by_the_newest(tmp_path):
    here = limesurvey(answer("T1", submitted=EARLY, tru1c="1"))
    there = csv_text(kobo(table(answer("t-1", submitted=LATE, tru1c="5"))), ";").encode()
    fates, kept = cleaned(tmp_path, here, there)
    assert kept["tru1c"].to_dict() == {"w1-2-00001": 5}
    assert fates["detail"]["w1-1-00001"] == "counts instead: w1-2-00001"


def test_one_file_named_twice_under_two_names_counts_once(tmp_path):
    file = limesurvey(*(answer(f"T{i}") for i in range(5)))
    fates, kept = cleaned(tmp_path, file, file)
    assert len(kept) == 5
    assert (fates["reason"] == "duplicate_response").sum() == 5


@pytest.mark.parametrize("last", [EARLY, LATE])
def test_a_finished_response_goes_before_a_newer_one_broken_off(tmp_path, last):
    done = limesurvey(answer("T1", started="2025-02-01 10:00:00", submitted="2025-02-01 10:09:00"))
    left = pd.DataFrame(table(answer("T1", **OPEN, started=last)))
    fates, kept = cleaned(tmp_path, done, lime_csv(lime(left)))
    assert kept.index.tolist() == ["w1-1-00001"]
    assert fates["reason"]["w1-2-00001"] == "duplicate_response"
