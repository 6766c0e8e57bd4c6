"""The factor models of a study: which model, which persons, and a reason where there is none."""

import numpy as np
import pandas as pd
import pytest
from reporting_example import INSTRUMENT, STUDY

from driehoek.analysis.score_names import factors_of
from driehoek.analysis.structure import structure
from driehoek.analysis.structure_models import planned_model
from driehoek.files import inert
from driehoek.plan.measurement import StructurePlan
from driehoek.psychometrics.cfa.errors import NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.study import read_study

TRUST = ["tru1c", "tru2c", "tru3c", "tru4c"]
LOADING = 0.8


@pytest.fixture
def study(tmp_path):
    def made(plan):
        (tmp_path / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
        text = STUDY.replace("plan:\n", f"plan:\n  {plan}\n") if plan else STUDY
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        return read_study(tmp_path / "study.yaml")

    return made


def carers(n, *, seed=5, n_per_triad=1):
    """Draw carers whose four trust answers share two correlated factors; item 2 is reversed."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=n)
    factors = [0.8 * shared + 0.6 * rng.normal(size=n) for _ in range(2)]
    noise = np.sqrt(1 - LOADING**2)
    answers = {
        name: np.clip(np.round(3 + LOADING * factors[k // 2] + noise * rng.normal(size=n)), 1, 5)
        for k, name in enumerate(TRUST)
    }
    answers["tru2c"] = 6 - answers["tru2c"]
    triad = [f"t{i // n_per_triad}" for i in range(n)]
    keys = {"triad": triad, "person": [f"p{i}" for i in range(n)], "wave": "w1", "role": "carer"}
    is_primary = [i % n_per_triad == 0 for i in range(n)]
    asked = ("tru1s", "tru2s", "tru3s", "tru4s", "bur1c", "bur2c", "bur3c")
    return pd.DataFrame(
        {**keys, "is_primary": is_primary, **answers} | dict.fromkeys(asked, np.nan)
    )


def found(table, statistic, **about):
    rows = table[(table["statistic"] == statistic) & (table["role"] == "carer")]
    for column, value in about.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def test_facets_are_correlated_factors_where_each_has_two_items():
    assert factors_of({"a": ["x1", "x2"], "b": ["y1", "y2"]}, "s") == {
        "a": ["x1", "x2"],
        "b": ["y1", "y2"],
    }
    assert factors_of({"a": ["x1", "x2", "x3"], "b": ["y1"]}, "s") == {
        "s": ["x1", "x2", "x3", "y1"]
    }


def test_a_study_without_the_section_has_no_rows(study):
    assert structure(carers(150), study("")).empty


def test_the_model_is_that_of_the_library_with_reversed_items_turned_round(study):
    persons = carers(300)
    table = structure(persons, study("structure: {scales: [trust]}"))
    items = persons[TRUST].assign(tru2c=6 - persons["tru2c"])
    model = FactorModel({"giving": TRUST[:2], "receiving": TRUST[2:]})
    fit = fit_cfa(items, model, estimator="WLSMV", pairwise=True)
    chi2 = found(table, "chi2", term="")
    assert chi2["estimate"] == fit.fit.scaled.chisq
    assert chi2["n"] == 300
    assert "2 correlated factors, WLSMV" in chi2["method"]
    loading = found(table, "loading", term="tru2c")
    assert loading["group"] == "giving"
    assert loading["estimate"] == pytest.approx(LOADING, abs=0.12)
    assert loading["ci_low"] < loading["estimate"] < loading["ci_high"]
    correlation = found(table, "factor_correlation")
    assert correlation["estimate"] == pytest.approx(0.64, abs=0.2)


def test_what_was_searched_for_is_marked_exploratory(study):
    table = structure(carers(300), study("structure: {scales: [trust]}"))
    searched = table[table["statistic"].isin(["modification_index", "residual_correlation"])]
    assert len(searched) > 1
    assert searched["reason"].str.startswith("exploratory").all()


def test_a_path_left_out_begins_with_a_name_so_that_no_spreadsheet_takes_it_for_a_formula(study):
    table = structure(carers(400), study("structure: {scales: [trust]}"))
    terms = table.loc[table["statistic"] == "modification_index", "term"]
    assert terms.str.fullmatch(r"\w+ (=~|~~) \w+").all()
    assert all(inert(words) == words for words in table["term"])


def test_carers_of_one_triad_are_clustered_or_represented_by_one(study):
    persons = carers(400, n_per_triad=2)
    ordered = structure(persons, study("structure: {scales: [trust]}"))
    assert found(ordered, "srmr")["n"] == 200
    assert "one person a triad" in found(ordered, "srmr")["method"]
    measured = structure(persons, study("structure: {scales: [trust], estimator: MLR}"))
    assert found(measured, "srmr")["n"] == 400
    assert "clustered by triad" in found(measured, "srmr")["method"]


def test_incomplete_rows_count_unless_the_plan_says_otherwise(study):
    persons = carers(300)
    persons.loc[:49, "tru1c"] = np.nan
    for estimator in ("WLSMV", "MLR"):
        plan = f"structure: {{scales: [trust], estimator: {estimator}, missing: %s}}"
        assert found(structure(persons, study(plan % "all")), "srmr")["n"] == 300
        complete = found(structure(persons, study(plan % "complete")), "srmr")
        assert (complete["n"], complete["n_excluded"]) == (250, 50)


def test_too_few_persons_and_constant_items_end_in_a_reason(study):
    plan = study("structure: {scales: [trust]}")
    few = found(structure(carers(60), plan), "chi2")
    assert np.isnan(few["estimate"])
    assert "60 usable rows" in few["reason"]
    constant = found(structure(carers(150).assign(tru3c=4.0), plan), "chi2")
    assert np.isnan(constant["estimate"])
    assert "tru3c" in constant["reason"]


def test_three_items_fit_by_construction_and_say_so(study):
    rng = np.random.default_rng(3)
    persons = carers(200)
    level = rng.normal(size=200)
    for name in ("bur1c", "bur2c", "bur3c"):
        persons[name] = np.clip(np.round(3 + level + rng.normal(size=200)), 1, 5)
    table = structure(persons, study("structure: {scales: [burden]}"))
    chi2 = found(table, "chi2")
    assert chi2["df"] == 0
    assert "fits any answers" in chi2["reason"]
    assert table[table["statistic"] == "cfi"].empty
    assert len(table[table["statistic"] == "loading"]) == 3


def facet_items(n=400, *, seed=12):
    """Draw nine items in three facets behind one general factor; three items share a method."""
    rng = np.random.default_rng(seed)
    general, method = rng.normal(size=(n, 1)), rng.normal(size=n)
    facets = 0.8 * general + 0.6 * rng.normal(size=(n, 3))
    latent = 0.8 * np.repeat(facets, 3, axis=1) + 0.6 * rng.normal(size=(n, 9))
    latent[:, [2, 5, 8]] += 0.7 * method[:, None]
    return pd.DataFrame(latent, columns=[f"i{k}" for k in range(9)])


NAMED = {name: [f"i{3 * j + k}" for k in range(3)] for j, name in enumerate("abc")}


@pytest.mark.parametrize("model", ["facets", "one_factor", "second_order", "bifactor"])
@pytest.mark.parametrize("method_factor", [False, True])
def test_every_planned_model_is_fitted_and_a_method_factor_improves_it(model, method_factor):
    plan = StructurePlan(model=model, method_factor=method_factor)
    layout = planned_model(NAMED, ["i2", "i5", "i8"], plan)
    assert ("reversed" in layout.factors) == method_factor
    fit = fit_cfa(facet_items(), layout, estimator="MLR")
    better = fit.fit.standard.cfi
    if method_factor:
        plain = planned_model(NAMED, [], StructurePlan(model=model))
        assert better > fit_cfa(facet_items(), plain, estimator="MLR").fit.standard.cfi
    assert ("general" in layout.factors) == (model != "facets")


@pytest.mark.parametrize(
    ("plan", "reversed_items", "words"),
    [
        (StructurePlan(model="second_order"), [], "2 factors: a general factor"),
        (StructurePlan(method_factor=True), ["i0"], "1 reversed of 6 items"),
    ],
)
def test_a_model_that_a_scale_cannot_identify_is_refused_in_words(plan, reversed_items, words):
    two = {name: NAMED[name] for name in "ab"}
    with pytest.raises(NotEstimableError, match=words):
        planned_model(two, reversed_items, plan)


def test_the_rows_say_how_many_components_and_how_distinct_the_factors_are(study):
    long = carers(400)
    table = structure(long, study("structure: {scales: [trust], estimator: MLR}"))
    assert found(table, "kmo")["estimate"] > 0.5
    assert found(table, "bartlett")["p"] < 0.001
    components = found(table, "components_parallel")["estimate"]
    assert components >= 1
    eigenvalues = table.loc[table["statistic"] == "eigenvalue", "estimate"].to_numpy()
    limits = table.loc[table["statistic"] == "eigenvalue_random", "estimate"].to_numpy()
    assert eigenvalues.sum() == pytest.approx(len(eigenvalues))
    assert (eigenvalues > limits)[: int(components) + 1].tolist() == [True] * int(components) + [
        False
    ]
    assert 0 < found(table, "ave", group="giving")["estimate"] < 1
    ratio = found(table, "htmt", group="giving", term="receiving")["estimate"]
    assert 0.5 < ratio < 1.2
    one = structure(long, study("structure: {scales: [trust], model: one_factor}"))
    assert set(one.loc[one["statistic"] == "loading", "group"]) == {"general"}


@pytest.mark.parametrize(
    ("settings", "method"),
    [
        ("estimator: WLSMV", "Polychoric, complete rows, 100 samples"),
        ("estimator: MLR", "Pearson, complete rows, 500 samples"),
        ("estimator: WLSMV, parallel: pearson", "Pearson, complete rows, 500 samples"),
    ],
)
def test_parallel_analysis_follows_the_kind_of_answers_unless_told_otherwise(
    study, settings, method
):
    table = structure(carers(300), study(f"structure: {{scales: [trust], {settings}}}"))
    assert found(table, "components_parallel")["method"].startswith(method)
