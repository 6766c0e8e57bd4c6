"""Structure and invariance in the report: tables and sentences of the statistics."""

import re

import pandas as pd
import pytest
from reporting_example import INSTRUMENT, STUDY, estimate_example, example_page

from driehoek.analysis.invariance import invariance
from driehoek.analysis.structure import structure
from driehoek.files import write_csv, write_text
from driehoek.reporting import numbers
from driehoek.reporting.figures.scree import scree_drawings
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.results import Figure, Results, read_results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.study import read_study

PLAN = """plan:
  structure: {scales: all}
  invariance:
    roles: {title: {nl: "Tussen de rollen", en: "Between the roles"},
      scores: [carer.trust, seeker.trust], across: roles}
    relation: {scores: carer.burden, across: carer.relation}
    rounds: {scores: carer.burden, across: waves}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("structure")
    write_text(folder / "instrument.yaml", INSTRUMENT)
    write_text(folder / "study.yaml", STUDY.replace("plan:\n", PLAN))
    example = estimate_example(folder / "study.yaml", folder / "statistics", n_triads=150)
    study, long = read_study(example.path), pd.read_parquet(example.long)
    paths = [folder / "statistics" / f"{name}.csv" for name in ("structure", "invariance")]
    for path, table in zip(paths, (structure(long, study), invariance(long, study)), strict=True):
        write_csv(path, table)
    return study, read_results([*example.statistics, *paths])


def test_the_tables_show_the_statistics(made):
    study, results = made
    tables = {table.name: table for table in all_tables(gather(study, results, "en"))}
    fit = tables["structure"]
    chi2 = results.one("structure", "chi2", wave="w1", role="carer", about="seeker", scale="trust")
    row = next(row for row in fit.rows if row.label == "Carer about person receiving support")
    assert row.cells[1].values == (chi2.estimate,)
    assert row.cells[1].id == chi2.id
    ladder = tables["invariance_roles"]
    assert [row.label for row in ladder.rows][:2] == ["Same model", "Equal loadings (metric)"]
    assert {row.cells[0].text for row in ladder.rows} <= {"yes", "no", ""}
    assert any("carer about person receiving support: n = 1" in note for note in ladder.notes)
    assert {"loadings_trust", "loadings_burden", "structure_misfit"} <= set(tables)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_parallel_analysis_is_drawn_from_its_eigenvalues(made, language):
    study, results = made
    drawn = {each.scale: each for each in scree_drawings(gather(study, results, language))}
    assert set(drawn) == {"trust", "burden"}
    data = drawn["trust"].data
    values = data[data["statistic"] == "eigenvalue"].groupby(["role", "about"])["estimate"]
    assert values.sum().to_numpy() == pytest.approx(4)
    counted = data[data["statistic"] == "components_parallel"]["estimate"].astype(int)
    first = numbers.decimal(float(values.first().iloc[0]), language)
    assert len(counted) == 2
    assert first in drawn["trust"].alt


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_says_how_far_equality_holds(made, tmp_path, language):
    study, results = made
    write_listing(tmp_path, [])
    material = gather(study, results, language)
    page = example_page(material, tmp_path)
    assert '<h2 id="structure">' in page
    assert '<h2 id="invariance">' in page
    title = {"nl": "Tussen de rollen", "en": "Between the roles"}[language]
    assert f"<h3>{title}</h3>" in page
    highest = next(iter(results.rows("invariance", scale="roles", statistic="highest_level")))
    assert f'title="{highest.id}"' in page
    cfi = [f.estimate for f in results.rows("structure", statistic="cfi", term="") if f.is_present]
    assert numbers.bounded(min(cfi), language, 3) in page
    untested = {"nl": "is in dit verslag niet getoetst", "en": "was not tested in this report"}
    assert untested[language] not in page


def test_a_ladder_without_enough_persons_gives_its_reason_in_words(made, tmp_path):
    study, results = made
    write_listing(tmp_path, [])
    page = example_page(gather(study, results, "nl"), tmp_path)
    assert "Niet te schatten: Minder dan twee groepen hebben 75 bruikbare rijen" in page


def test_no_sentence_of_the_analyses_stays_english_in_a_dutch_report(made, tmp_path):
    study, results = made
    write_listing(tmp_path, [])
    page = example_page(gather(study, results, "nl"), tmp_path)
    section = page[page.index('<h2 id="structure">') : page.index('<h2 id="correlations">')]
    plain = re.sub(r"<[^>]+>", " ", section)
    assert not re.findall(r"\b(?:the|were|fewer|items|rows) (?:model|level|than|with)\b", plain)


def test_what_a_search_released_is_named_by_its_item(made, tmp_path):
    study, results = made
    write_listing(tmp_path, [])
    about = {"scale": "roles", "wave": "w1", "statistic": "released", "estimate": 9.0}
    kinds = {"trust =~ tru1c": "the loading of", "tru1c ~1": "the intercept of",
             "tru1c | t2": "a threshold of"}  # fmt: skip
    found = [Figure(id=f"invariance/{term}", term=term, **about) for term in kinds]
    material = gather(study, Results([*results.figures, *found]), "en")
    page = example_page(material, tmp_path)
    for words in kinds.values():
        assert f"{words} “I turn to the other with confidence.”" in page
