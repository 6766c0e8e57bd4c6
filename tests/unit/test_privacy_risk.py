"""What a data-protection officer is told is counted rightly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.rows import statistics_frame
from driehoek.commands.review import _risk_lines
from driehoek.review.privacy_risk import risk_report
from driehoek.study import read_study

PEOPLE = [
    ("t1", "p1", "w1", "carer", 1.0), ("t1", "p1", "w2", "carer", 1.0),
    ("t1", "p2", "w1", "seeker", 1.0), ("t2", "p3", "w1", "carer", 1.0),
    ("t3", "p4", "w1", "carer", np.nan), ("t4", "p5", "w1", "carer", 1.0),
]  # fmt: skip
ROWS = [
    {"statistic": "mean", "estimate": 3.0, "n": 12},
    {"statistic": "sd", "n": 9, "reason": "withheld: fewer than 10 persons"},
    {"statistic": "sd", "term": "x", "reason": "withheld: one or two persons dominate it"},
]
FLOW = [{"statistic": "responses", "estimate": 2, "n": 2}]


def pairs(*n):
    """Lay out a result with and without flagged responses, on these numbers of persons."""
    table = statistics_frame(
        [{"statistic": "mean", "estimate": 3.0, "n": each} for each in n[:1]], "s"
    )
    one = table["id"].iloc[0]
    marks = ("everyone", "unflagged", "summary")
    return pd.concat(
        table.assign(id=f"without_flagged/{mark}/{one}", n=float(persons))
        for mark, persons in zip(marks, [*n, 3], strict=True)
    )


def people():
    long = pd.DataFrame(PEOPLE, columns=["triad", "person", "wave", "role", "gender"])
    return long.assign(hours=4.0, consent=np.arange(6.0), iri1c=np.arange(6.0))


def demo():
    return read_study(Path(__file__).parents[2] / "config" / "study.yaml")


def reported(**published):
    return risk_report(demo(), people(), published)


@pytest.fixture(scope="module")
def whole():
    return reported(scores=statistics_frame(ROWS, "scores"), flow=statistics_frame(FLOW, "flow"))


@pytest.fixture(scope="module")
def report(whole):
    return whole.set_index(["subject", "measure"])["value"]


def test_people_who_are_alone_with_their_background_are_counted_once(report):
    """A missing answer is an answer too; consent and checks of attention are no background."""
    assert report["carer", "persons"] == 4
    assert report["carer", "share unique on background"] == 1 / 4
    assert report["carer", "share with fewer than 10 alike"] == 1


def test_numbers_that_others_may_know_are_named(whole):
    (row,) = whole.query("measure == 'numbers not counted'").to_dict("records")
    assert (row["subject"], row["value"]) == ("carer", 1)
    assert row["meaning"].endswith("recognises more people: hours")


def test_who_can_recognise_whom_within_triads_is_counted(report):
    assert report["triads", "triads"] == 4
    assert report["triads", "triads of two or more"] == 1
    assert report["triads", "persons in them"] == 2
    assert report["triads", "share of triads that are unique"] == 2 / 4
    assert report["triads", "share with fewer than 10 alike"] == 1


def test_what_is_published_and_withheld_is_counted_by_rule(whole, report):
    assert report["scores", "figures shown"] == 1
    assert report["scores", "smallest n"] == 12
    assert report["published", "small counts of conduct"] == 1
    withheld = whole.query("measure == 'figures withheld'")
    assert dict(zip(withheld["meaning"], withheld["value"], strict=True)) == {
        "fewer than 10 persons": 1,
        "one or two persons dominate it": 1,
    }


@pytest.mark.parametrize(
    ("row", "too_few"),
    [
        ({"statistic": "mean", "n": 9}, 1), ({"statistic": "mean", "n": 10}, 0),
        ({"statistic": "count", "estimate": 9, "n": 90}, 1),
        ({"statistic": "count", "estimate": 0, "n": 90}, 0),
    ],
)  # fmt: skip
def test_a_figure_on_too_few_persons_would_be_seen(row, too_few):
    table = statistics_frame([{"estimate": 3.0} | row], "scores")
    found = reported(scores=table).set_index(["subject", "measure"])["value"]
    assert found["published", "figures on too few persons"] == too_few


@pytest.mark.parametrize(("fewer", "near"), [(0, 0), (1, 1), (9, 1), (10, 0)])
def test_two_results_that_differ_by_few_persons_would_be_seen(fewer, near):
    table = pairs(100, 100 - fewer)
    found = reported(without_flagged=table).set_index(["subject", "measure"])["value"]
    assert found["published", "pairs to be subtracted"] == near
    assert found["published", "figures on too few persons"] == 0


def test_shares_are_told_in_percent_and_counts_whole(whole):
    lines = [*_risk_lines(whole)]
    assert "carer: share unique on background 25.0% (" in "\n".join(lines)
    assert "carer: persons 4 (" in "\n".join(lines)
    assert lines[-2:] == [
        "  scores: figures shown 1, smallest n 12",
        "  flow: figures shown 1, smallest n 2",
    ]


def test_a_missing_text_is_an_answer_of_its_own_and_no_fault():
    long = people()
    texts = long["gender"].map({1.0: "yes"}).astype("str")
    assert texts.isna().any()
    found = risk_report(demo(), long.assign(gender=texts), {})
    values = found.set_index(["subject", "measure"])["value"]
    assert values["carer", "share unique on background"] == 1 / 4


def test_where_everybody_is_alone_nothing_is_said_of_triads():
    study = demo()
    linkage = study.settings.linkage.model_copy(update={"person": study.settings.linkage.triad})
    alone = replace(study, settings=study.settings.model_copy(update={"linkage": linkage}))
    assert "triads" not in set(risk_report(alone, people(), {})["subject"])
