"""The kernel of mediation with bootstrapped indirect effects."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.answers import SEED
from benchmarks.kernel import Figures, Kernel, Run
from driehoek.models.mediation import MediationFit, fit_mediation

MEDIATORS = ("first", "second")


def mediation_kernels() -> Iterator[Kernel]:
    """Give the kernel: one predictor, two mediators, an outcome."""
    # Least squares and maximum likelihood give the same paths. The ends of an interval are random:
    # with 100 samples and standard errors of .02 an end has a standard error of some .005.
    yield Kernel("mediation", 900, _prepare, _figures, {"indirect": 1e-5, "interval": 0.02})


def _prepare(folder: Path, rows: int) -> Run:
    rng = np.random.default_rng(SEED)
    noise = rng.standard_normal((4, rows))
    predictor = noise[0]
    first, second = 0.4 * predictor + noise[1], 0.3 * predictor + noise[2]
    outcome = 0.3 * first + 0.2 * second + 0.1 * predictor + noise[3]
    people = pd.DataFrame(
        {"predictor": predictor, "first": first, "second": second, "outcome": outcome}
    )
    people.to_csv(folder / "mediation.csv", index=False)

    def fit() -> MediationFit:
        rng = np.random.default_rng(SEED)
        return fit_mediation(people, "outcome", "predictor", MEDIATORS, rng=rng, n_boot=1000)

    return fit


def _figures(found: MediationFit) -> Figures:
    effects = found.effects
    indirect = effects[(effects["statistic"] == "indirect") & (effects["method"] == "percentile")]
    by_mediator = indirect.set_index("term").loc[list(MEDIATORS)]
    return {
        "indirect": by_mediator["estimate"].tolist(),
        "interval": [*by_mediator["ci_low"], *by_mediator["ci_high"]],
    }
