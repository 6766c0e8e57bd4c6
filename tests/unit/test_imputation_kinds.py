"""Imputation is carried through every kind of model."""

import pytest
from scipy.special import stdtr

from driehoek.analysis.families import families, pooled_families
from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.models import KINDS, models
from driehoek.files import write_csv
from driehoek.job import generator
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.tables.imputation import model_tables
from driehoek.simulation.imputation_sample import Study, draw_sample, small_study
from driehoek.simulation.imputation_study import completed_sets
from driehoek.study_file import StudyFile

BURDEN = {"outcome": "carer.burden", "blocks": [["carer.trust"]]}
ONE_WAVE = {"wave": "w2", **BURDEN}
PLANS = {
    "linear": ONE_WAVE,
    "mixed": {"persons": "all", **BURDEN},
    "fractional": ONE_WAVE,
    "actor_partner": {
        "wave": "w2",
        "outcome": {"carer": "carer.burden", "seeker": "seeker.burden"},
        "predictor": {"carer": "carer.trust", "seeker": "seeker.trust"},
    },
    "mediation": {
        "wave": "w2",
        "outcome": "carer.burden",
        "predictor": "seeker.trust",
        "mediators": ["carer.trust"],
        "bootstrap": 1000,
    },
    "response_surface": {
        "wave": "w2",
        "outcome": "carer.burden",
        "predictors": ["carer.trust", "seeker.trust"],
    },
}
FAMILIES = {
    "trust": {
        "tests": [
            {"model": "linear", "term": "carer.trust"},
            {"model": "mixed", "term": "carer.trust"},
        ],
        "adjust": ["holm", "bh"],
    },
    "elsewhere": {"tests": [{"model": "linear"}, {"model": "complete_only"}]},
}
EQUIVALENCE = {
    "hardly": {"of": {"model": "linear", "term": "carer.trust"}, "within": [-0.9, 0.9]},
    "unfilled": {"of": {"model": "complete_only", "term": "carer.trust"}, "within": [-0.9, 0.9]},
}
ABOUT = {"mediation": "indirect", "response_surface": "a1"}


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    study = small_study(1)
    given = study.settings.model_dump(mode="json", by_alias=True)
    both = {"missing": ["complete", "imputation"]}
    given["plan"]["models"] = {k: {"kind": k, **plan, **both} for k, plan in PLANS.items()}
    given["plan"]["models"]["complete_only"] = {"kind": "linear", **ONE_WAVE}
    given["plan"]["families"] = FAMILIES
    given["plan"]["equivalence"] = EQUIVALENCE
    given["plan"]["imputation"] = {"sets": 3, "iterations": 4}
    study = Study(study.path, StudyFile.model_validate(given), study.questionnaire)
    rng = generator(1, "kinds")
    gaps = draw_sample(study, 60, rng).with_gaps("mar", rng)
    tables = {
        "models": models(gaps.long, gaps.triads, study),
        "models_imputed": imputed_models(completed_sets(gaps, study), study),
    }
    tables["families"] = families(tables, study)
    tables["families_imputed"] = pooled_families(tables["models_imputed"], study)
    folder = tmp_path_factory.mktemp("kinds")
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)
    return study, tables["models_imputed"], read_results(folder / f"{n}.csv" for n in tables)


def test_every_kind_of_model_is_tried_here():
    same_code_as_fractional = {"logistic", "ordinal", "count"}
    assert set(KINDS) - same_code_as_fractional == set(PLANS)


@pytest.mark.parametrize("kind", PLANS)
def test_estimates_of_every_kind_are_pooled(pooled, kind):
    _, table, _ = pooled
    rows = table[(table["scale"] == kind) & (table["statistic"] == ABOUT.get(kind, "b"))]
    assert len(rows)
    assert (rows["se"] > 0).all()
    assert rows["method"].str.endswith("3 imputations").all()


def test_what_a_block_adds_is_tested_by_its_covariance(pooled):
    _, table, _ = pooled
    own = table[(table["scale"] == "linear")].set_index(["statistic", "term"])
    test, b = own.loc["wald_change", ""], own.loc["b", "carer.trust"]
    # One coefficient: D1 is the square of the pooled t.
    assert test["estimate"] == pytest.approx((b["estimate"] / b["se"]) ** 2)


def test_odds_ratios_are_pooled_as_logarithms(pooled):
    _, table, _ = pooled
    own = table[(table["scale"] == "fractional") & (table["term"] == "carer.trust")]
    by_name = own.set_index("statistic")
    assert by_name.loc["odds_ratio", "estimate"] == pytest.approx(
        2.718281828459045 ** by_name.loc["b", "estimate"]
    )
    assert by_name.loc["odds_ratio", "ci_low"] < by_name.loc["odds_ratio", "estimate"]


def test_a_slope_that_is_tested_against_one_keeps_no_p_against_zero(pooled):
    _, table, _ = pooled
    slope = table[(table["statistic"] == "p11") & (table["reason"] == "")]
    assert slope["p"].isna().all()


def test_families_of_pooled_tests_are_adjusted_too(pooled):
    study, table, results = pooled
    b = table[(table["statistic"] == "b") & (table["term"] == "carer.trust")]
    raw = sorted(b.loc[b["scale"].isin(["linear", "mixed"]), "p"])
    holm = [f.estimate for f in results.rows("families_imputed", statistic="p_holm")]
    assert sorted(holm) == pytest.approx([min(1, 2 * raw[0]), max(min(1, 2 * raw[0]), raw[1])])
    assert {f.scale for f in results.rows("families_imputed")} == {"trust", "hardly"}
    named = {each.name: each for each in all_tables(gather(study, results, "nl"))}
    assert {"family_trust", "family_trust_imputed", "family_elsewhere"} <= set(named)
    assert "family_elsewhere_imputed" not in named
    rows = named["family_trust_imputed"].rows
    assert [row.label for row in rows] == [row.label for row in named["family_trust"].rows]


def test_equivalence_is_tested_on_the_pooled_estimate_with_its_degrees_of_freedom(pooled):
    study, table, results = pooled
    rows = table[(table["scale"] == "linear") & (table["term"] == "carer.trust")]
    b = rows.set_index("statistic").loc["b"]
    (tost,) = results.rows("families_imputed", statistic="tost")
    assert (tost.scale, tost.group) == ("hardly", b["id"])
    assert (tost.estimate, tost.se, tost.df) == pytest.approx((b["estimate"], b["se"], b["df"]))
    assert tost.p == pytest.approx(stdtr(b["df"], (abs(b["estimate"]) - 0.9) / b["se"]))
    named = {each.name: each for each in all_tables(gather(study, results, "en"))}
    assert [len(named[f"equivalence{end}"].rows) for end in ("", "_imputed")] == [2, 1]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_effects_stand_beside_one_another_in_the_report(pooled, language):
    study, _, results = pooled
    (table,) = model_tables(gather(study, results, language), "mediation")
    labels = [row.label for row in table.rows]
    word = "Indirect" if language == "en" else "Indirect, via"
    row = next(row for row in table.rows if row.label.startswith(word))
    assert len(labels) > 5
    assert all(cell.written(language) not in {"", "–"} for cell in row.cells[:2])
    (surface,) = model_tables(gather(study, results, language), "response_surface")
    assert sum(row.label.startswith("a") for row in surface.rows) >= 5
