"""Polychoric correlations against lavaan and psych (tests/oracle/cfa/generate.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.ordinal_tables import ordinal_tables
from driehoek.psychometrics.polychoric import polychoric
from driehoek.psychometrics.polychoric_covariance import ordinal_moments

STORED = Path(__file__).parent / "cfa"
LAVAAN_TOLERANCE = 1e-6  # lavaan stops its own search about there
PSYCH_TOLERANCE = 1e-4  # psych optimises to 4 digits
GAMMA_TOLERANCE = 1e-5  # relative; follows from the correlations' own

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def stored():
    return json.loads((STORED / "bfi.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(STORED / "bfi.csv").drop(columns="gender").astype(float)


def test_pairwise_correlations_agree_with_lavaan_and_psych(stored, answers):
    found = polychoric(answers).correlations.to_numpy()
    assert np.abs(found - stored["lavaan_pairwise"]).max() < LAVAAN_TOLERANCE
    assert np.abs(found - stored["psych_pairwise"]).max() < PSYCH_TOLERANCE


def test_listwise_correlations_agree_with_lavaan(stored, answers):
    complete = pd.read_csv(STORED / "bfi.csv").dropna()[answers.columns]
    found = polychoric(complete, use="complete").correlations.to_numpy()
    assert np.abs(found - stored["lavaan_listwise"]).max() < LAVAAN_TOLERANCE


def test_thresholds_agree_with_psych(stored, answers):
    found = polychoric(answers).thresholds["estimate"].to_numpy().reshape(25, 5)
    expected = np.array(stored["psych_thresholds"])
    assert np.abs(found - expected).max() < 1e-8


def test_asymptotic_covariance_agrees_with_lavaan(stored, answers):
    complete = pd.read_csv(STORED / "bfi.csv").dropna()[answers.columns].astype(float)
    gamma = ordinal_moments(ordinal_tables(complete)).gamma
    assert np.diag(gamma) == pytest.approx(stored["gamma_diagonal"], rel=GAMMA_TOLERANCE)
    assert gamma[199] == pytest.approx(stored["gamma_row"], abs=GAMMA_TOLERANCE)


def test_tetrachoric_correlations_agree_with_lavaan_also_with_an_empty_cell():
    stored = json.loads((STORED / "binary.json").read_text(encoding="utf-8"))
    binary = pd.read_csv(STORED / "binary.csv").drop(columns="group").astype(float)
    found = polychoric(binary).correlations.to_numpy()
    assert np.abs(found - stored["correlations"]).max() < LAVAAN_TOLERANCE
    sparse = pd.DataFrame(
        {"a": np.repeat([0.0, 1.0], [40, 20]), "b": np.repeat([0.0, 1.0], [48, 12])}
    )
    assert polychoric(sparse).correlations.iloc[0, 1] == pytest.approx(stored["sparse"], abs=1e-5)
