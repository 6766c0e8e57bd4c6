"""Professionals of several triads: found, and their triads kept together."""

import pandas as pd
import pytest
import reporting_example

from driehoek.analysis.crossed import across
from driehoek.analysis.models import models
from driehoek.analysis.shared import sharing
from driehoek.study import read_study


def rows(pairs):
    return pd.DataFrame(pairs, columns=["triad", "person", "role"]).assign(wave="w1")


def test_triads_that_a_chain_of_persons_ties_together_are_one_cluster():
    found = sharing(
        rows(
            [("t1", "p", "professional"), ("t2", "p", "professional"), ("t2", "q", "professional"),
             ("t3", "q", "professional"), ("t4", "r", "professional"), ("t5", "", "carer"),
             ("t6", "", "carer")]
        )
    )  # fmt: skip
    assert found.clusters == {"t1": "t1", "t2": "t1", "t3": "t1"}
    assert found.persons == {"professional": 2}
    assert sharing(rows([("t1", "a", "carer")])).notes(is_clustered=True) == []


BOTH = (
    "{kind: actor_partner, bootstrap: 0, "
    "outcome: {seeker: seeker.trust.giving, carer: carer.trust.giving}, "
    "predictor: {seeker: seeker.trust.receiving, carer: carer.trust.receiving}"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    example = reporting_example.make_example(tmp_path_factory.mktemp("shared"), n_triads=40)
    plan = """  models:
    clustered:
      kind: linear
      outcome: carer.burden
      blocks: [[seeker.trust]]
      wave: w1
      errors: cluster
    alone:
      kind: linear
      outcome: carer.burden
      blocks: [[seeker.trust]]
      wave: w1
    both_ways: BOTH
    both_ways_alone: BOTH, errors: model}
    of_professionals:
      kind: mixed
      outcome: carer.burden
      blocks: [[wave]]
      persons: all
      nesting: triads_in_persons
    crossed:
      kind: mixed
      outcome: carer.burden
      blocks: [[wave]]
      persons: all
      crossed: carer
    crossed_with_none:
      kind: mixed
      outcome: carer.burden
      blocks: [[wave]]
      persons: all
      crossed: seeker
"""
    plan = plan.replace("BOTH\n", f"{BOTH}}}\n").replace("BOTH", BOTH)
    text = example.path.read_text(encoding="utf-8")
    path = example.path.with_name("shared.yaml")
    path.write_text(text.split("  models:\n")[0] + plan + "report:" + text.split("report:")[1])
    long = pd.read_parquet(example.long)
    carers = long["role"] == "carer"
    number = long["triad"].str[1:].astype(int)
    return read_study(path), long.assign(
        person=long["person"].mask(carers, "c" + (number // 4).astype(str))
    )


@pytest.fixture(scope="module")
def table(made):
    study, long = made
    return models(long, reporting_example._triads(study, long), study)


def test_clusters_are_triads_tied_together_and_a_note_says_so(table):
    notes = table[table["statistic"] == "note"].groupby("scale")["reason"].agg(" ".join)
    assert "10 persons (carer) stand in several triads; triads that they tie" in notes["clustered"]
    assert "which count as independent here" in notes["alone"]
    b = table[(table["statistic"] == "b") & (table["scale"] == "clustered")]
    assert b["df"].max() < 10  # ten clusters of four triads


def test_members_of_triads_that_share_a_person_have_clustered_errors(table):
    notes = table[table["statistic"] == "note"].groupby("scale")["reason"].agg(" ".join)
    b = table[table["statistic"] == "b"].groupby("scale")
    assert "triads that they tie together are one cluster" in notes["both_ways"]
    assert set(b.get_group("both_ways")["method"]) == {"gls_stable_and_occasion_cr2"}
    assert b.get_group("both_ways")["df"].max() < 10  # ten clusters of four triads
    assert "count as independent here" in notes["both_ways_alone"]
    alone = b.get_group("both_ways_alone")
    assert set(alone["method"]) == {"gls_stable_and_occasion_kenward_roger"}
    assert b.get_group("both_ways")["estimate"].tolist() == alone["estimate"].tolist()


def test_triads_of_one_person_may_be_nested_in_the_person(table):
    own = set(table.loc[table["scale"] == "of_professionals", "statistic"])
    assert {"variance_focal_person", "variance_triad_in_person", "icc_focal_person"} <= own


def test_persons_of_several_triads_may_be_crossed_with_them(table):
    own = table[table["scale"] == "crossed"].set_index("statistic")["estimate"]
    assert {"variance_crossed", "icc_crossed", "icc_person_beside"} <= set(own.index)
    assert "icc_person" not in own.index
    refused = table[table["scale"] == "crossed_with_none"]
    assert refused["reason"].tolist() == [
        "each crossed person belongs to one triad and each triad to one of them, so their effects "
        "cannot be told apart; leave crossed out."
    ]


def test_the_person_across_triads_is_of_the_wave_or_of_the_nearest():
    long = pd.DataFrame(
        [("t1", "w2", "p", "professional", True), ("t1", "w3", "q", "professional", True),
         ("t1", "w3", "r", "professional", False), ("t2", "w1", "p", "professional", True),
         ("t2", "w1", "s", "professional", False), ("t3", "w1", "", "professional", True)],
        columns=["triad", "wave", "person", "role", "is_primary"],
    )  # fmt: skip
    waves = ["w1", "w2", "w3"]
    carers = pd.DataFrame(
        [(triad, wave, f"c{triad}") for triad in ("t1", "t2", "t3", "t4") for wave in waves],
        columns=["triad", "wave", "person"],
    )
    found, n_alone = across(carers, long, "professional", "carer", waves)
    names = dict(zip(carers["triad"] + carers["wave"], found, strict=True))
    assert [names["t1" + wave] for wave in waves] == ["p", "p", "q"]
    assert [names["t2" + wave] for wave in waves] == ["p", "p", "p"]
    assert names["t3w1"] == names["t3w2"] != names["t4w1"]
    assert n_alone == 2
    own, _ = across(carers, long, "carer", "carer", waves)
    assert own.tolist() == carers["person"].tolist()


def test_a_small_number_of_shared_persons_is_not_told():
    found = sharing(rows([("t1", "p", "professional"), ("t2", "p", "professional")]))
    (note,) = found.notes(is_clustered=False, fewest=10)
    assert note.startswith("fewer than 10 persons (professional)")
