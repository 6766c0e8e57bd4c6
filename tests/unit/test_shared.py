"""Professionals of several triads: found, and their triads kept together."""

import pandas as pd
import pytest
import reporting_example

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
    of_professionals:
      kind: mixed
      outcome: carer.burden
      blocks: [[wave]]
      persons: all
      nesting: triads_in_persons
"""
    text = example.path.read_text(encoding="utf-8")
    path = example.path.with_name("shared.yaml")
    path.write_text(text.split("  models:\n")[0] + plan + "report:" + text.split("report:")[1])
    long = pd.read_parquet(example.long)
    carers = long["role"] == "carer"
    number = long["triad"].str[1:].astype(int)
    return read_study(path), long.assign(
        person=long["person"].mask(carers, "c" + (number // 4).astype(str))
    )


def test_clusters_are_triads_tied_together_and_a_note_says_so(made):
    study, long = made
    table = models(long, reporting_example._triads(study, long), study)
    notes = table[table["statistic"] == "note"].groupby("scale")["reason"].agg(" ".join)
    assert "10 persons (carer) stand in several triads; triads that they tie" in notes["clustered"]
    assert "which count as independent here" in notes["alone"]
    b = table[(table["statistic"] == "b") & (table["scale"] == "clustered")]
    assert b["df"].max() < 10  # ten clusters of four triads


def test_triads_of_one_person_may_be_nested_in_the_person(made):
    study, long = made
    table = models(long, reporting_example._triads(study, long), study)
    own = set(table.loc[table["scale"] == "of_professionals", "statistic"])
    assert {"variance_focal_person", "variance_triad_in_person", "icc_focal_person"} <= own


def test_a_small_number_of_shared_persons_is_not_told():
    found = sharing(rows([("t1", "p", "professional"), ("t2", "p", "professional")]))
    (note,) = found.notes(is_clustered=False, fewest=10)
    assert note.startswith("fewer than 10 persons (professional)")
