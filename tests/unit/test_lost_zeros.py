"""Codes that lost the zeros at their front stop the run; codes that differ otherwise do not."""

import pandas as pd
import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.checks import check_study
from driehoek.cleaning.lost_zeros import lost_zeros, refuse_lost_zeros
from driehoek.ingest.export import ingest_export
from driehoek.ingest.linking import without_zeros
from driehoek.problems import AnswersError


def codes(**files):
    table = pd.DataFrame(
        [("triad", code, name) for name, given in files.items() for code in given],
        columns=["kind", "code", "file"],
    )
    return table.assign(bare=without_zeros(table["code"]))


def test_codes_without_their_zeros_are_counted_for_each_two_files():
    found = lost_zeros(
        codes(a=["001", "002", "013", "140"], b=["1", "2", "13", "140"], c=["001", "002", "013"]),
        "study.yaml",
    )
    assert [problem.found for problem in found] == [
        "3 triad codes differ between a and b by zeros at the front alone",
        "3 triad codes differ between b and c by zeros at the front alone",
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a": ["001", "002", "013"], "b": ["1", "2"]},
        {"a": ["001", "002", "013"], "b": ["010", "020", "130"]},
        {"a": ["001", "1", "002", "2", "003", "3"], "b": ["1", "2", "3"]},
        {"a": ["T001", "T002", "T003"], "b": ["T1", "T2", "T3"]},
        {"a": ["000", "00", "0"], "b": ["", "", ""]},
    ],
)
def test_few_codes_or_codes_that_differ_otherwise_are_no_reason_to_stop(files):
    assert lost_zeros(codes(**files), "study.yaml") == []


def two_waves(folder, first, second):
    """Write a study whose two waves hold carers of these triads."""
    study = make_study(folder, csv_text(carers(*[{"triadcode": code} for code in first])))
    later = csv_text(carers(*[{"triadcode": code} for code in second]))
    (folder / "raw" / "later.csv").write_text(later, encoding="utf-8")
    return study


LOST = [f"{n:03d}" for n in range(1, 8)], [str(n) for n in range(1, 8)]


def test_waves_whose_codes_lost_their_zeros_are_not_linked(tmp_path):
    study = two_waves(tmp_path, *LOST)
    waves = [
        ingest_export(study, wave, next(iter(study.exports(wave)))) for wave in study.wave_names
    ]
    with pytest.raises(AnswersError, match="7 triad codes differ between w1/") as caught:
        refuse_lost_zeros(
            [each.responses for each in waves], [each.paradata for each in waves], "study.yaml"
        )
    assert len(caught.value.problems) == 1


def test_the_check_before_a_run_says_the_same(tmp_path):
    study = two_waves(tmp_path, *LOST)
    found = check_study(study.path)
    failed = found[found["result"] == "failed"]
    assert failed["check"].tolist() == ["codes between files"]
    assert "7 triad codes differ" in failed["detail"].item()


def test_a_code_without_zeros_at_its_front_has_one_pseudonym(tmp_path):
    study = make_study(tmp_path, csv_text(carers({"triadcode": "12"}, {"triadcode": "012"})))
    found = ingest_export(study, "w1", first_export(study))
    assert found.paradata["triad_bare"].tolist() == [found.responses["triad"].iloc[0]] * 2
    assert found.responses["triad"].nunique() == 2
