"""Factor models against lavaan 0.6-14 (tests/oracle/cfa/generate.R)."""

import pandas as pd
import pytest
from oracle.cfa_reference import (
    BFI,
    HOLZINGER,
    answers,
    assert_fit_agrees,
    assert_parameters_agree,
    stored,
)

from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel

pytestmark = pytest.mark.oracle

CORRELATED = FactorModel(HOLZINGER)
EVERY = [item for items in HOLZINGER.values() for item in items]
VARIANTS = {
    "ml": (CORRELATED, {}),
    "means": (CORRELATED, {"means": True}),
    "variance_scaling": (FactorModel(HOLZINGER, scaling="variance"), {}),
    "residual_covariance": (FactorModel(HOLZINGER, residual_covariances=[("x7", "x8")]), {}),
    "equal_loadings": (FactorModel(HOLZINGER, equal=[("visual =~ x2", "visual =~ x3")]), {}),
    "second_order": (FactorModel({**HOLZINGER, "general": list(HOLZINGER)}), {}),
    "bifactor": (
        FactorModel(
            {"general": EVERY, "textual": HOLZINGER["textual"], "speed": HOLZINGER["speed"]},
            scaling="variance",
            orthogonal=True,
        ),
        {},
    ),
    "mlr": (CORRELATED, {"estimator": "MLR"}),
}


@pytest.fixture(scope="module")
def holzinger():
    return stored("holzinger.json")


@pytest.mark.parametrize("name", VARIANTS)
def test_complete_answers_agree(holzinger, name):
    model, options = VARIANTS[name]
    fit = fit_cfa(answers("holzinger.csv"), model, **options)
    assert_fit_agrees(fit.fit, holzinger[name]["fit"])
    assert_parameters_agree(fit, holzinger[name])


def test_published_figures_of_holzinger_and_swineford_are_met():
    """Rosseel (2012), doi:10.18637/jss.v048.i02, section 3."""
    fit = fit_cfa(answers("holzinger.csv"), CORRELATED).fit
    found = fit.standard
    assert (round(found.chisq, 3), found.df) == (85.306, 24)
    assert [round(x, 3) for x in (found.cfi, found.tli, found.rmsea)] == [0.931, 0.896, 0.092]
    assert [round(x, 3) for x in (found.rmsea_low, found.rmsea_high)] == [0.071, 0.114]
    assert round(fit.srmr, 3) == 0.065
    assert [round(x, 3) for x in (fit.aic, fit.bic)] == [7517.490, 7595.339]


@pytest.mark.parametrize(("name", "estimator"), [("fiml", "FIML"), ("fiml_mlr", "FIML+MLR")])
def test_incomplete_answers_agree(holzinger, name, estimator):
    fit = fit_cfa(answers("holzinger_missing.csv"), CORRELATED, estimator=estimator)
    assert_fit_agrees(fit.fit, holzinger[name]["fit"])
    assert_parameters_agree(fit, holzinger[name])


@pytest.mark.parametrize("name", ["mlr", "fiml_mlr", "groups"])
def test_answers_nested_in_clusters_agree(name):
    data = answers("holzinger_missing.csv" if name == "fiml_mlr" else "holzinger.csv")
    schools = pd.Series(pd.Categorical(data["school"], ["Pasteur", "Grant-White"]))
    fit = fit_cfa(
        data.assign(**answers("holzinger_clusters.csv")),
        CORRELATED,
        estimator="FIML+MLR" if name == "fiml_mlr" else "MLR",
        means=True,
        clusters="cluster",
        groups=schools if name == "groups" else None,
        equal=("loadings",) if name == "groups" else (),
    )
    record = stored("clusters.json")[name]
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)


def test_groups_with_equal_loadings_and_intercepts_agree(holzinger):
    data = answers("holzinger.csv")
    schools = pd.Series(pd.Categorical(data["school"], ["Pasteur", "Grant-White"]))
    fit = fit_cfa(data, CORRELATED, groups=schools, equal=("loadings", "intercepts"))
    assert_fit_agrees(fit.fit, holzinger["school_scalar"]["fit"])
    assert_parameters_agree(fit, holzinger["school_scalar"])


def test_residual_correlations_agree(holzinger):
    fit = fit_cfa(answers("holzinger.csv"), CORRELATED)
    found = fit.residual_correlations()[""].to_numpy()
    assert found == pytest.approx(pd.DataFrame(holzinger["ml_residuals"]).to_numpy(), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "estimator"),
    [("wlsmv", "WLSMV"), ("ulsmv", "ULSMV"), ("fiml_mlr", "FIML+MLR")],
)
def test_twenty_five_ordinal_items_agree(name, estimator):
    data = answers("bfi.csv")
    record = stored("bfi.json")[name]
    fit = fit_cfa(
        data if name == "fiml_mlr" else data.dropna(), FactorModel(BFI), estimator=estimator
    )
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)


def test_ordered_answers_with_gaps_agree_pair_by_pair():
    data = answers("bfi.csv").head(500)[[*BFI["E"], *BFI["N"]]].astype(float)
    data.iloc[0::7, 1] = float("nan")
    data.iloc[2::5, [5, 8]] = float("nan")
    model = FactorModel({"E": BFI["E"], "N": BFI["N"]})
    fit = fit_cfa(data, model, estimator="WLSMV", pairwise=True)
    record = stored("ordered.json")["pairwise"]
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)


def test_two_groups_of_ordinal_items_agree_in_the_delta_parameterisation():
    model = FactorModel({"E": BFI["E"], "N": BFI["N"]})
    fit = fit_cfa(
        answers("bfi.csv").dropna(),
        model,
        groups="gender",
        estimator="WLSMV",
        equal=("thresholds", "loadings", "intercepts"),
    )
    record = stored("bfi_invariance.json")["delta_group"]
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)


def test_two_category_items_agree():
    model = FactorModel({"f": [f"b{k}" for k in range(1, 7)]})
    fit = fit_cfa(answers("binary.csv"), model, estimator="WLSMV")
    record = stored("binary.json")["binary"]
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)


@pytest.fixture(scope="module")
def cope(shared):
    path = shared / "data" / "eurofamcare" / "efc.csv"
    if not path.is_file():
        pytest.skip("the EUROFAMCARE file is absent")
    raw = pd.read_csv(path)
    columns = {f"c{81 + k}cop{k}": f"cop{k}" for k in range(1, 10)}
    return raw.rename(columns={**columns, "c161sex": "sex"})


@pytest.mark.parametrize(
    ("name", "estimator"), [("ml", "ML"), ("fiml_mlr", "FIML+MLR"), ("wlsmv", "WLSMV")]
)
def test_carers_negative_impact_agrees(cope, name, estimator):
    items = [f"cop{k}" for k in range(2, 8)]
    data = cope if name == "fiml_mlr" else cope[[*items, "sex"]].dropna()
    fit = fit_cfa(data, FactorModel({"burden": items}), estimator=estimator)
    record = stored("cope.json")[name]
    assert_fit_agrees(fit.fit, record["fit"])
    assert_parameters_agree(fit, record)
