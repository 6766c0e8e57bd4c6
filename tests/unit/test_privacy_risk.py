"""What a data-protection officer is told is counted rightly."""

import pandas as pd
import pytest
from story_example import story_study

from driehoek.analysis.rows import statistics_frame
from driehoek.review.privacy_risk import risk_report
from driehoek.study import read_study

PEOPLE = [
    ("t1", "p1", "w1", "carer", 1.0), ("t1", "p1", "w2", "carer", 1.0),
    ("t1", "p2", "w1", "seeker", 1.0), ("t2", "p3", "w1", "carer", 1.0),
    ("t3", "p4", "w1", "carer", 2.0), ("t4", "p5", "w1", "carer", 1.0),
]  # fmt: skip
ROWS = [
    {"statistic": "mean", "estimate": 3.0, "n": 12},
    {"statistic": "sd", "n": 9, "reason": "withheld: fewer than 10 persons"},
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    study = read_study(story_study(tmp_path_factory.mktemp("risk") / "study", triads=4))
    long = pd.DataFrame(PEOPLE, columns=["triad", "person", "wave", "role", "consent"])
    found = risk_report(study, long, {"scores": statistics_frame(ROWS, "scores")})
    return found.set_index(["subject", "measure"])["value"]


def test_people_who_are_alone_with_their_background_are_counted_once(report):
    assert report["carer", "persons"] == 4
    assert report["carer", "share unique on background"] == 1 / 4
    assert report["carer", "share with fewer than 10 alike"] == 1


def test_who_can_recognise_whom_within_triads_is_counted(report):
    assert report["triads", "triads"] == 4
    assert report["triads", "triads of two or more"] == 1
    assert report["triads", "persons in them"] == 2
    assert report["triads", "share of triads that are unique"] == 2 / 4


def test_what_is_published_and_withheld_is_counted(report):
    assert report["scores", "figures published"] == 1
    assert report["scores", "smallest n"] == 12
    assert report["scores", "figures withheld"] == 1


def test_a_missing_text_is_an_answer_of_its_own_and_no_fault(tmp_path):
    study = read_study(story_study(tmp_path / "study", triads=4))
    long = pd.DataFrame(PEOPLE, columns=["triad", "person", "wave", "role", "consent"])
    texts = long["consent"].map({1.0: "yes", 2.0: None}).astype("str")
    found = risk_report(study, long.assign(consent=texts), {})
    assert texts.isna().any()
    values = found.set_index(["subject", "measure"])["value"]
    assert values["carer", "share unique on background"] == 1 / 4
