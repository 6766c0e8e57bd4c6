"""Kernels of correlations, factor models and reliability."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.answers import SCALES, SEED, inventory, single_scale
from benchmarks.kernel import Figures, Kernel, Run
from driehoek.psychometrics.cfa.fit import Estimator, fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance import InvarianceLadder, invariance_ladder
from driehoek.psychometrics.omega import Omega, omega_total
from driehoek.psychometrics.polychoric import Polychoric, polychoric

MODEL = FactorModel(SCALES)
# Both programs stop their search near 1e-4 (tests/oracle/cfa_reference.py).
AGREEMENT = {"loadings": 1e-3, "se": 1e-3, "chisq": 1e-3, "indices": 1e-3}
Fitted = tuple[CfaFit, pd.DataFrame]


def structure_kernels() -> Iterator[Kernel]:
    """Give the kernels of this module."""
    # psych searches each correlation with `optimize`, whose tolerance is 1.2e-4.
    yield Kernel("polychoric", 2800, _polychoric, _correlations, {"correlations": 5e-4})
    yield Kernel("cfa_ml", 2800, _ml, _fit_figures, AGREEMENT)
    yield Kernel("cfa_wlsmv", 2800, _wlsmv, _fit_figures, AGREEMENT)
    yield Kernel("cfa_fiml", 2800, _fiml, _fit_figures, AGREEMENT)
    yield Kernel("invariance_ladder", 2800, _ladder, _ladder_figures, {"chisq": 1e-3, "cfi": 1e-3})
    # The ends of the interval are random: with 100 samples and this omega's standard error of
    # .0064 an end has a standard error of .0017.
    yield Kernel("bootstrap_omega", 900, _omega, _omega_figures, {"omega": 1e-4, "interval": 0.006})


def _write(answers: pd.DataFrame, folder: Path) -> pd.DataFrame:
    answers.to_csv(folder / "answers.csv", index=False)
    return answers


def _polychoric(folder: Path, rows: int) -> Run:
    answers = _write(inventory(rows), folder)
    return lambda: polychoric(answers)


def _correlations(found: Polychoric) -> Figures:
    return {"correlations": found.correlations.to_numpy().ravel().tolist()}


def _ml(folder: Path, rows: int) -> Run:
    return _fitter(_write(inventory(rows), folder), "ML")


def _wlsmv(folder: Path, rows: int) -> Run:
    return _fitter(_write(inventory(rows), folder), "WLSMV")


def _fiml(folder: Path, rows: int) -> Run:
    return _fitter(_write(inventory(rows, missing_share=0.006), folder), "FIML")


def _fitter(answers: pd.DataFrame, estimator: Estimator) -> Run:
    def fit() -> Fitted:
        fitted = fit_cfa(answers, MODEL, estimator=estimator)
        return fitted, fitted.parameters()

    return fit


def _fit_figures(found: Fitted) -> Figures:
    fit, parameters = found
    loadings = parameters[parameters["is_free"] & (parameters["op"] == "=~")]
    plain, scaled = fit.fit.standard, fit.fit.scaled
    tests = [plain.chisq] + ([scaled.chisq] if scaled else [])
    return {
        "loadings": loadings["estimate"].tolist(),
        "se": loadings["se"].tolist(),
        "chisq": tests,
        "indices": [plain.cfi, plain.rmsea, fit.fit.srmr],
    }


def _ladder(folder: Path, rows: int) -> Run:
    answers = inventory(rows)
    answers["group"] = np.where(np.arange(rows) % 2, "one", "two")
    _write(answers, folder)
    return lambda: invariance_ladder(answers, MODEL, groups="group", estimator="MLR")


def _ladder_figures(found: InvarianceLadder) -> Figures:
    return {"chisq": found.table["chisq"].tolist(), "cfi": found.table["cfi"].tolist()}


def _omega(folder: Path, rows: int) -> Run:
    answers = _write(single_scale(rows), folder)
    return lambda: omega_total(answers, rng=np.random.default_rng(SEED), n_boot=1000)


def _omega_figures(found: Omega) -> dict[str, Any]:
    return {"omega": [found.estimate], "interval": [found.ci_low, found.ci_high]}
