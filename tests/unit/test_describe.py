"""Descriptives count everybody once and publish no small cell."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis import describe
from driehoek.analysis.response_quality import quality
from driehoek.study import read_study

FORM = read_study(Path(__file__).parents[2] / "config" / "study.yaml").questionnaire


@pytest.fixture
def people():
    """Forty carers and their answers: 1 to 5 in turn, every tenth left open."""
    n = 40
    long = pd.DataFrame(
        {"response": [f"r{i}" for i in range(n)], "wave": "w1", "role": "carer"}
        | dict.fromkeys(FORM.stored, np.nan)
    )
    missing = pd.DataFrame({"response": long["response"]} | dict.fromkeys(FORM.stored, "skipped"))
    answers = np.array([float(i % 5 + 1) for i in range(n)])
    answers[::10] = np.nan
    long["giv1cs"] = answers
    missing["giv1cs"] = np.where(np.isnan(answers), "dont_know", "")
    long["trust.about_seeker"] = answers
    return long, missing


def row(table, **wanted):
    for column, value in wanted.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_counts_and_missing_kinds_of_an_item_add_up(people):
    table = describe.items(*people, FORM, min_cell=1)
    item = table[table["term"] == "giv1cs"]
    counted = item[item["statistic"].isin(["count", "missing"])]["estimate"].sum()
    assert counted == 40
    assert row(item, statistic="count", group="5")["estimate"] == 8
    assert row(item, statistic="missing", group="dont_know")["estimate"] == 4
    mean = row(item, statistic="mean")
    assert (mean["n"], mean["n_excluded"]) == (36, 4)
    assert mean["estimate"] == pytest.approx((4 * 1 + 8 * (2 + 3 + 4 + 5)) / 36)


def test_small_cells_of_an_item_are_withheld_and_say_so(people):
    table = describe.items(*people, FORM, min_cell=5)
    cells = table[(table["term"] == "giv1cs") & (table["statistic"] == "count")]
    hidden = cells[cells["estimate"].isna()]
    assert hidden["group"].tolist() == ["1", "2"]  # four chose 1; one more hides it
    assert (hidden["reason"] != "").all()


def test_a_withheld_count_cannot_be_solved_from_the_mean(people):
    table = describe.items(*people, FORM, min_cell=5)
    moments = table[(table["term"] == "giv1cs") & table["statistic"].isin(["mean", "sd"])]
    assert moments["estimate"].isna().all()
    assert moments["reason"].str.contains("give away").all()


def test_a_question_that_is_a_score_by_itself_shows_no_counts_instead(people):
    """Its mean stands among the scores."""
    long, missing = people
    long["glb3cs"], missing["glb3cs"] = long["giv1cs"], missing["giv1cs"]
    table = describe.items(long, missing, FORM, min_cell=5)
    question = table[table["term"] == "glb3cs"]
    assert question[question["statistic"] == "count"]["estimate"].isna().all()
    assert question[question["statistic"] == "mean"]["estimate"].notna().all()


def test_a_score_has_a_t_interval(people):
    scores = describe.scores(people[0], FORM, confidence=0.95, min_cell=1)
    mean = row(scores, scale="trust", about="seeker", group="", statistic="mean")
    values = people[0]["trust.about_seeker"].dropna()
    reach = 2.030107928250343 * values.std() / 6  # qt(.975, 35) of R, sqrt(36)
    assert mean["ci_high"] - mean["estimate"] == pytest.approx(reach, rel=1e-12)


def test_a_scale_that_nobody_answered_has_a_reason(people):
    long = people[0].assign(**{"trust.about_seeker": np.nan})
    scores = describe.scores(long, FORM, confidence=0.95, min_cell=1)
    mean = row(scores, scale="trust", about="seeker", group="", statistic="mean")
    assert mean["n"] == 0
    assert mean["reason"] == "nobody answered"


def test_missing_answers_are_counted_over_all_items_of_a_role(people):
    long, missing = people
    flags = pd.DataFrame({"response": ["r1", "r1", "r2"], "flag": ["too_fast"] * 3})
    measures = pd.DataFrame({"response": ["r1", "r2"], "even_odd": [0.5, 0.7], "synonyms": np.nan})
    table = quality(flags, measures, long, missing, FORM, min_cell=1)
    items = [q for q in FORM.questions.values() if q.item and "carer" in q.roles]
    lost = row(table, statistic="missing_answers", term="dont_know")
    assert (lost["estimate"], lost["n"]) == (4, 40 * len(items))
    assert row(table, statistic="flagged", term="too_fast")["estimate"] == 2
    index = row(table, statistic="index_mean", term="even_odd")
    assert (index["estimate"], index["n"], index["n_excluded"]) == (0.6, 2, 38)
    assert row(table, statistic="index_mean", term="synonyms")["reason"].startswith("no value")


def test_the_flow_counts_each_fate():
    ledger = pd.DataFrame(
        {
            "wave": "w1", "export": ["a", "b", "a", "a"], "role": "carer",
            "fate": ["kept", "kept", "excluded", "corrected"],
            "reason": ["", "", "no_consent", "typing error"], "n": [5, 6, 2, 9],
        }
    )  # fmt: skip
    table = describe.flow(ledger)
    assert row(table, group="kept")["estimate"] == 11
    assert row(table, group="excluded", term="no_consent")["estimate"] == 2
    assert len(table) == 2
