"""The whole job, from raw files to report, beside an R script that does the same work."""

import shutil
from pathlib import Path

import pandas as pd

from benchmarks.kernel import Figures, Kernel, Run
from benchmarks.panel import WAVES, panel_study
from benchmarks.workflow import snakemake

PERSONS = 900
SCALES = [f"s{number}" for number in range(1, 7)]
# Sums of the same numbers, then what both programs' searches leave open (1e-4).
AGREEMENT = {
    "means": 1e-9,
    "alpha": 1e-9,
    "omega": 1e-4,
    "loadings": 1e-3,
    "ladder_chi2": 1e-3,
    "linear": 1e-6,
    # One answer in a hundred is imputed, by other predictors than those of the R script.
    "imputed": 0.01,
    "mixed": 1e-4,
}


def whole_job() -> Kernel:
    """Give the kernel; a run is a run of the workflow on two cores, in an empty folder."""
    return Kernel("whole_job", PERSONS, _prepare, _figures, AGREEMENT)


def _prepare(folder: Path, persons: int) -> Run:
    study = panel_study(folder, persons, missing=["complete", "imputation"])

    def run() -> Path:
        for name in ("results", "logs", ".snakemake"):
            shutil.rmtree(folder / name, ignore_errors=True)
        snakemake(study)
        return folder / "results" / "panel" / "public" / "statistics"

    return run


def _figures(found: Path) -> Figures:
    scores = pd.read_csv(found / "scores.csv")
    means = scores[scores["statistic"] == "mean"].set_index(["wave", "scale"])["estimate"]
    samples = [*WAVES, "all"]
    reliability = pd.concat(pd.read_csv(found / f"reliability_{name}.csv") for name in samples)
    loadings = pd.read_csv(found / "structure.csv").query("statistic == 'loading'")
    ladders = pd.read_csv(found / "invariance.csv").query("statistic == 'chi2'")
    models = pd.read_csv(found / "models.csv").query("statistic == 'b'")
    imputed = pd.read_csv(found / "models_imputed.csv").query("statistic == 'b'")
    linear = models[(models["scale"] == "linear") & (models["group"] == "block_2")]
    return {
        "means": [means[wave, scale] for scale in SCALES for wave in WAVES],
        "alpha": _coefficients(reliability, "alpha"),
        "omega": _coefficients(reliability, "omega_total"),
        "loadings": loadings.sort_values(["scale", "term"])["estimate"].tolist(),
        "ladder_chi2": ladders["estimate"].tolist(),
        "linear": _both(linear),
        "imputed": _both(imputed[imputed["group"] == "block_2"]),
        "mixed": _both(models[models["scale"] == "mixed"]),
    }


def _coefficients(reliability: pd.DataFrame, statistic: str) -> list[float]:
    chosen = reliability[reliability["statistic"] == statistic]
    return chosen["estimate"].tolist()


def _both(models: pd.DataFrame) -> list[float]:
    return [*models["estimate"], *models["se"]]
