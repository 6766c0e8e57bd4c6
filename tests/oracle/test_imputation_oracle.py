"""Chained equations against R's mice, and proportional odds against MASS (make_imputation.R)."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.job import generator
from driehoek.models.imputation.chained import Source, Target, chained_equations
from driehoek.models.imputation.ordinal import posterior_mode
from driehoek.models.least_squares import least_squares
from driehoek.models.pooling import pool

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "imputation"
R = json.loads((HERE / "imputation.json").read_text(encoding="utf-8"))
M = 100


def completed(data, method="pmm"):
    """Impute every column from all others, and give each completed set."""
    cells = data.to_numpy(float).T
    targets = []
    for column in range(len(cells)):
        gone = np.isnan(cells[column])
        if gone.any():
            observed, missing = np.flatnonzero(~gone), np.flatnonzero(gone)
            rows = np.concatenate([observed, missing])
            others = [each for each in range(len(cells)) if each != column]
            sources = tuple(Source("cell", rows, each) for each in others)
            how = method if data.columns[column].startswith("q") else "pmm"
            targets.append(Target(data.columns[column], column, observed, missing, sources, how))
    chains = chained_equations(
        cells, targets, [], m=M, iterations=10, rng_of=lambda name: generator(1, name)
    )
    for number in range(M):
        whole = cells.copy()
        for target, values in zip(targets, chains.values, strict=True):
            whole[target.column, target.missing] = values[number]
        yield pd.DataFrame(whole.T, columns=data.columns)


def pooled(sets, outcome, predictors):
    fits = []
    for each in sets:
        x = np.column_stack([np.ones(len(each)), each[predictors]])
        fits.append(least_squares(each[outcome].to_numpy(), x, robust="classical", clusters=None))
    df = fits[0].df_residual
    return [
        pool([f.b[k] for f in fits], [math.sqrt(f.covariance[k, k]) for f in fits], df)
        for k in range(len(predictors) + 1)
    ]


def assert_same_but_for_chance(found, expected, variance_rtol):
    for ours, theirs in zip(found, expected, strict=True):
        # Two runs of 100 imputations each differ by chance alone by this standard deviation.
        chance = math.sqrt(2 * theirs["fmi"] * theirs["t"] / M)
        assert ours.estimate == pytest.approx(theirs["estimate"], abs=4 * chance)
        assert ours.se**2 == pytest.approx(theirs["t"], rel=variance_rtol)
        assert ours.fmi == pytest.approx(theirs["fmi"], abs=0.12)


# Proportional odds is another imputation model than mice's pmm: its variances may differ more.
@pytest.mark.parametrize(("method", "variance_rtol"), [("pmm", 0.15), ("ordinal", 0.25)])
def test_ordered_answers_missing_at_random_give_what_mice_gives(method, variance_rtol):
    data = pd.read_csv(HERE / "ordered.csv")
    found = pooled(completed(data, method), "y", ["q1", "q2", "x"])
    assert_same_but_for_chance(found, R["pooled"], variance_rtol)


def test_twenty_five_people_give_what_mice_gives():
    found = pooled(completed(pd.read_csv(HERE / "nhanes.csv")), "bmi", ["age", "chl"])
    for ours, theirs in zip(found, R["nhanes"], strict=True):
        # 16 observed values: matching itself, not only chance, differs between programs.
        assert ours.estimate == pytest.approx(theirs["estimate"], abs=math.sqrt(theirs["t"]) / 3)


def test_proportional_odds_agree_with_polr():
    data = pd.read_csv(HERE / "ordered.csv")
    x = data[["q5", "x"]].to_numpy()
    x = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    codes = (data["q4"] - 1).to_numpy().astype(int)
    mode, precision = posterior_mode(codes, 5, x.T[None])
    expected = [*R["polr"]["thresholds"], *R["polr"]["slopes"]]
    # The prior of precision 0.1 on slopes, against an information of about 60, moves them by 2e-3.
    assert mode[0] == pytest.approx(expected, abs=3e-3)
    se = np.sqrt(np.diag(np.linalg.inv(precision[0])))
    polr = [*R["polr"]["se"][2:], *R["polr"]["se"][:2]]
    assert se == pytest.approx(polr, rel=0.02)  # expected against observed information
