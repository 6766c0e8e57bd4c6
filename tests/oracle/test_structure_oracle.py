"""Dimensionality, rotation, scores and validity against R (cfa/generate_structure.R)."""

import numpy as np
import pandas as pd
import pytest
from oracle.cfa_reference import BFI, HOLZINGER, answers, stored

from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.score_tests import modification_indices
from driehoek.psychometrics.cfa.scores import factor_scores
from driehoek.psychometrics.cfa.validity import factor_quality, htmt
from driehoek.psychometrics.dimensionality import (
    minimum_average_partial,
    sampling_adequacy,
    sphericity_test,
)
from driehoek.psychometrics.exploratory import explore_factors
from driehoek.psychometrics.polyserial import mixed_correlations
from driehoek.psychometrics.rotation import rotate

pytestmark = pytest.mark.oracle

CLOSED_FORM = 1e-9
SEARCHED = 1e-4  # both programs stop their search near there


@pytest.fixture(scope="module")
def reference():
    return stored("structure.json")


@pytest.fixture(scope="module")
def bfi():
    return answers("bfi.csv").dropna().drop(columns="gender").astype(float)


def test_sampling_adequacy_and_sphericity_agree_with_psych(reference, bfi):
    adequacy = sampling_adequacy(bfi.corr())
    assert adequacy.overall == pytest.approx(reference["kmo"], abs=CLOSED_FORM)
    assert adequacy.by_item.to_numpy() == pytest.approx(reference["kmo_items"], abs=CLOSED_FORM)
    test = sphericity_test(bfi.corr(), len(bfi))
    assert test.chisq == pytest.approx(reference["bartlett"]["chisq"], rel=CLOSED_FORM)
    assert test.df == reference["bartlett"]["df"]


def test_minimum_average_partial_agrees_with_psych(reference, bfi):
    found = minimum_average_partial(bfi.corr()).set_index("n_components")
    expected = reference["map"]
    assert found.loc[1:8, "average_squared_partial"].to_numpy() == pytest.approx(
        expected, abs=CLOSED_FORM
    )
    assert found["is_minimum"].idxmax() == 5


@pytest.mark.parametrize("extraction", ["minres", "ml"])
def test_extraction_agrees_with_psych(reference, bfi, extraction):
    found = explore_factors(bfi.corr(), 5, n=len(bfi), extraction=extraction, rotation="none")
    expected = reference[extraction]
    assert found.communalities.to_numpy() == pytest.approx(expected["communality"], abs=SEARCHED)
    assert np.abs(found.loadings.to_numpy()) == pytest.approx(
        np.abs(expected["loadings"]), abs=SEARCHED
    )
    assert found.df == expected["df"]
    if extraction == "ml":
        assert found.chisq == pytest.approx(expected["chisq"], rel=1e-6)


@pytest.mark.parametrize("method", ["varimax", "promax", "oblimin", "geomin"])
def test_rotation_agrees_with_r(reference, method):
    found = rotate(
        np.array(reference["minres"]["loadings"]),
        method,
        rng=np.random.default_rng(1),
        n_starts=5,
    )
    expected = reference[method]
    loadings = np.array(expected["loadings"] if isinstance(expected, dict) else expected)
    order = np.argsort(-(loadings**2).sum(axis=0))
    sign = np.where(loadings.sum(axis=0) < 0, -1, 1)[order]
    tolerance = 1e-3 if method == "geomin" else 2e-4  # lavaan stops where geomin is flat
    assert found.loadings == pytest.approx(loadings[:, order] * sign, abs=tolerance)
    if isinstance(expected, dict):
        phi = np.array(expected["phi"])[np.ix_(order, order)] * np.outer(sign, sign)
        assert found.correlations == pytest.approx(phi, abs=tolerance)


def test_factor_scores_agree_with_lavaan(reference):
    model = FactorModel(HOLZINGER)
    complete, holes = answers("holzinger.csv"), answers("holzinger_missing.csv")
    fit = fit_cfa(complete, model)
    for method, name in (("regression", "regression"), ("bartlett", "bartlett_scores")):
        found = factor_scores(fit, complete, method=method).to_numpy()[:20]
        assert found == pytest.approx(np.array(reference[name]), abs=SEARCHED)
    found = factor_scores(fit_cfa(holes, model, estimator="FIML"), holes).to_numpy()[:20]
    assert found == pytest.approx(np.array(reference["incomplete"]), abs=SEARCHED)


def emotion():
    names = [*BFI["E"], *BFI["N"]]
    return answers("bfi.csv").dropna().head(500)[names], FactorModel({e: BFI[e] for e in "EN"})


def test_factor_scores_of_ordered_items_agree_with_lavaan():
    data, model = emotion()
    found = factor_scores(fit_cfa(data, model, estimator="WLSMV"), data).to_numpy()[:40]
    assert found == pytest.approx(np.array(stored("ordered.json")["scores"]), abs=1e-3)


@pytest.mark.parametrize("estimator", ["WLSMV", "MLR"])
def test_modification_indices_of_other_estimators_agree_with_lavaan(estimator):
    data, model = emotion()
    found = modification_indices(fit_cfa(data, model, estimator=estimator))
    found = found.set_index(["lhs", "op", "rhs"])
    expected = pd.DataFrame(stored("ordered.json")[f"{estimator.lower()}_indices"])
    assert len(found) == len(expected)
    # lavaan multiplies scores of least squares by (n - 1) / n.
    share = (len(data) - 1) / len(data) if estimator == "WLSMV" else 1.0
    for row in expected.to_dict("records"):
        ours = found.loc[(row["lhs"], row["op"], row["rhs"])]
        assert share**2 * ours["statistic"] == pytest.approx(row["mi"], rel=1e-3, abs=1e-3), row
        assert share * ours["expected_change"] == pytest.approx(row["epc"], rel=1e-3, abs=1e-4), row


def test_reliability_variance_extracted_and_htmt_agree_with_semtools(reference):
    data = answers("holzinger.csv")
    found = factor_quality(fit_cfa(data, FactorModel(HOLZINGER))).set_index("factor")
    for factor in HOLZINGER:
        assert found.loc[factor, "ave"] == pytest.approx(reference["ave"][factor], abs=1e-5)
        assert found.loc[factor, "reliability"] == pytest.approx(
            reference["reliability"][factor], abs=1e-5
        )
    items = [item for members in HOLZINGER.values() for item in members]
    ratios = htmt(data[items].corr(), HOLZINGER).to_numpy()
    assert ratios == pytest.approx(np.array(reference["htmt"]), abs=CLOSED_FORM)


def test_polyserial_correlations_agree_with_lavaan(reference):
    found = mixed_correlations(answers("mixed.csv"), ordered=["grade", "half"])
    assert found.correlations.to_numpy() == pytest.approx(
        np.array(reference["polyserial"]), abs=1e-6
    )
