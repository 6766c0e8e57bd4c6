"""Real answers of 894 carers through the whole pipeline, against figures from R."""

import json
from pathlib import Path

import pandas as pd
import pytest
from eurofamcare_run import run_eurofamcare

pytestmark = [pytest.mark.workflow, pytest.mark.oracle]

ORACLES = Path(__file__).parents[1] / "oracle"
PUBLISHED_DIGITS = 5e-7  # alpha is given to six decimals
SUM_OF_PRODUCTS = 1e-9  # both sum the same rows in float64
LAVAAN_STOPS = 5e-6  # lavaan's optimiser stops there
LAVAAN_FIT = 1e-3  # as of the oracle tests of the factor models


def oracle(name):
    return json.loads((ORACLES / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def complete_rows():
    return oracle("eurofamcare/reliability.json")


@pytest.fixture(scope="module")
def statistics(checkout, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("eurofamcare")
    public = run_eurofamcare(checkout, shared, folder, "study.yaml", "instrument.yaml")
    for language in ("en", "nl"):
        for kind in ("report", "sheet"):
            for form in ("html", "docx", "pdf"):
                assert (public / f"{kind}.{language}.{form}").stat().st_size > 5_000
    assert "Rosseel" in (public / "references.bib").read_text(encoding="utf-8")
    tables = (public / "statistics").glob("*.csv")
    return pd.concat([pd.read_csv(path) for path in tables], ignore_index=True)


def found(statistics, **wanted):
    rows = statistics
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def test_alpha_of_the_six_items_is_that_of_psych(statistics):
    alpha = found(statistics, statistic="alpha", wave="w1")
    assert alpha["estimate"] == pytest.approx(0.784944, abs=PUBLISHED_DIGITS)
    assert alpha["n"] == 894


def test_items_hang_together_as_in_psych(statistics, complete_rows):
    for item, rest in complete_rows["item_rest"].items():
        ours = found(statistics, statistic="item_rest", term=item)
        assert ours["estimate"] == pytest.approx(rest, rel=SUM_OF_PRODUCTS)
    for item, dropped in complete_rows["if_dropped"].items():
        ours = found(statistics, statistic="alpha_if_dropped", term=item)
        assert ours["estimate"] == pytest.approx(dropped, rel=SUM_OF_PRODUCTS)


def test_omega_is_that_of_lavaan(statistics, complete_rows):
    omega = found(statistics, statistic="omega_total", wave="w1")
    assert omega["estimate"] == pytest.approx(complete_rows["omega"], abs=LAVAAN_STOPS)
    assert omega["n"] == complete_rows["n"]
    assert omega["ci_low"] < omega["estimate"] < omega["ci_high"]


def test_further_coefficients_are_those_of_psych_and_semtools(statistics, complete_rows):
    for name in ("standardised_alpha", "lambda2", "lambda6"):
        ours = found(statistics, statistic=name, wave="w1")
        assert ours["estimate"] == pytest.approx(complete_rows[name], rel=SUM_OF_PRODUCTS)
    for name in ("ordinal_alpha", "omega_categorical", "omega_categorical_observed"):
        ours = found(statistics, statistic=name, wave="w1")
        assert ours["estimate"] == pytest.approx(complete_rows[name], rel=1e-4)
        assert ours["n"] == 894
    sem = found(statistics, statistic="sem", wave="w1")
    omega = complete_rows["omega"]
    assert sem["estimate"] == pytest.approx(3.273607 * (1 - omega) ** 0.5, abs=1e-4)
    assert 0.3 < found(statistics, statistic="scalability_h", wave="w1")["estimate"] < 0.6


def test_the_sum_of_six_has_the_published_mean_and_sd(statistics):
    rows = statistics[(statistics["scale"] == "negative") & (statistics["wave"] == "w1")]
    mean = found(rows, statistic="mean")
    assert mean["estimate"] == pytest.approx(10.01342, abs=5e-6)
    assert found(rows, statistic="sd")["estimate"] == pytest.approx(3.273607, abs=5e-7)
    assert mean["n"] == 894


def test_the_regression_is_that_of_r_with_hc3(statistics):
    expected = oracle("models/models.json")["efc"]["six_items"]
    names = {"c12hour": "carer.c12hour", "e42dep": "carer.e42dep", "c160age": "carer.c160age"}
    rows = statistics[statistics["scale"] == "negative_impact"]
    for each in expected["hc3"]:
        sex = "sex" in each["term"]
        term = "carer.c161sex[2]" if sex else names.get(each["term"], "intercept")
        b = found(rows, statistic="b", term=term)
        if term != "intercept":  # R codes sex 1 and 2, we compare women with men
            assert b["estimate"] == pytest.approx(each["b"], rel=SUM_OF_PRODUCTS)
            assert b["se"] == pytest.approx(each["se"], rel=SUM_OF_PRODUCTS)
            assert b["p"] == pytest.approx(each["p"], rel=1e-6)
            assert b["ci_low"] == pytest.approx(each["low"], rel=1e-7)
        assert b["n"] == expected["n"]
    r2 = found(rows, statistic="r2")
    assert r2["estimate"] == pytest.approx(expected["r2"], rel=SUM_OF_PRODUCTS)


@pytest.fixture(scope="module")
def lavaan():
    return oracle("eurofamcare/structure.json")


def test_the_factor_model_of_ordered_answers_is_that_of_lavaan(statistics, lavaan):
    rows = statistics[statistics["id"].str.startswith("structure/")]
    fit = lavaan["wlsmv"]
    decides = rows["term"].isna()
    chi2 = found(rows[decides], statistic="chi2")
    assert chi2["estimate"] == pytest.approx(fit["chisq.scaled"], rel=LAVAAN_FIT)
    assert (chi2["df"], chi2["n"]) == (9, lavaan["n"])
    assert found(rows, statistic="chi2", term="standard")["estimate"] == pytest.approx(
        fit["chisq"], rel=LAVAAN_FIT
    )
    for name in ("cfi", "tli", "rmsea"):
        ours = found(rows[decides], statistic=name)
        assert ours["estimate"] == pytest.approx(fit[f"{name}.scaled"], abs=LAVAAN_FIT)
    assert ours["ci_high"] == pytest.approx(fit["rmsea.ci.upper.scaled"], abs=LAVAAN_FIT)
    assert found(rows, statistic="srmr")["estimate"] == pytest.approx(fit["srmr"], abs=LAVAAN_FIT)
    for item, loading in lavaan["loadings"].items():
        ours = found(rows, statistic="loading", term=item)
        assert ours["estimate"] == pytest.approx(loading, abs=1e-4)
        assert ours["se"] == pytest.approx(lavaan["loadings_se"][item], rel=LAVAAN_FIT)


def test_invariance_by_the_carers_sex_is_that_of_lavaan(statistics, lavaan):
    rows = statistics[statistics["scale"] == "negative_by_sex"]
    for level, fit in lavaan["ladder"].items():
        here = rows[rows["group"] == level]
        chi2 = found(here, statistic="chi2")
        assert chi2["estimate"] == pytest.approx(fit["chisq.scaled"], rel=LAVAAN_FIT)
        assert (chi2["df"], chi2["n"]) == (fit["df"], 893)
        cfi = found(here, statistic="cfi")
        assert cfi["estimate"] == pytest.approx(fit["cfi.robust"], abs=LAVAAN_FIT)
        srmr = found(here, statistic="srmr")
        assert srmr["estimate"] == pytest.approx(fit["srmr"], abs=LAVAAN_FIT)
    for level, chisq in zip(*(lavaan["differences"][k] for k in ("levels", "chisq")), strict=True):
        ours = found(rows, statistic="chi2_difference", group=level)
        assert ours["estimate"] == pytest.approx(chisq, rel=LAVAAN_FIT)
    published = {"configural": 0.958, "metric": 0.952, "scalar": 0.940}
    for level, cfi in published.items():
        ours = found(rows, statistic="cfi", group=level)
        assert ours["estimate"] == pytest.approx(cfi, abs=6e-4)
