"""Power and precision of the models of a planned study, by simulating it many times."""

import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from tqdm import tqdm

from driehoek.analysis.models import models
from driehoek.job import generator
from driehoek.models.design import INTERCEPT
from driehoek.plan.power import PowerPlan
from driehoek.problems import Problem, StudyError, name_of
from driehoek.simulation.estimands import linked_study, plan_variables
from driehoek.simulation.truth import Sampling, Structure, Truth
from driehoek.study import Study

Job = TypeVar("Job")
KEYS = ["scale", "group", "term"]
COLUMNS = (
    *("model", "block", "term", "triads", "studies", "failed", "rows", "power", "power_se"),
    *("width", "width_se", "mean", "sd"),
)


def power(study: Study, sizes: Sequence[int], *, studies: int, cores: int = 1) -> pd.DataFrame:
    """Simulate a study many times at several sizes and fit its models.

    Each simulated study goes the whole way: people, answers with their gaps, breaking off, drop-out
    between waves, incomplete triads, cleaning, scoring, linkage and the models of the plan.

    Parameters
    ----------
    study : Study
        Its seed decides; ``power`` in the study file holds drop-out, incomplete triads, effects.
    sizes : sequence of int
        Numbers of triads.
    studies : int
        Simulated studies of each size, two or more.
    cores : int
        Processes at work; the result does not depend on it.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, one row a coefficient and size. ``power`` is the share of the studies
        whose interval leaves out zero (for a coefficient that is zero in truth: the rate of false
        alarms), a study in which it could not be estimated counting as one that found nothing;
        ``width`` the mean width of the interval; each with its Monte-Carlo standard error.
        ``mean`` and ``sd`` are those of the estimates, ``rows`` the mean number of rows used and
        ``failed`` the number of studies without an estimate.

    Raises
    ------
    StudyError
        If the plan has no model.
    """
    if not study.settings.plan.models:
        mend = "add a model to plan.models"
        raise StudyError(
            [Problem(name_of(study.path), "the plan has no models", "a model", mend, check="power")]
        )
    planned = _planned(study)
    jobs = [(triads, number) for triads in sizes for number in range(studies)]
    if cores == 1:
        found = [_simulated(planned, *job) for job in _followed(jobs)]
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(cores, mp_context=context) as pool:
            done = pool.map(partial(_simulated, planned), *zip(*jobs, strict=True))
            found = list(_followed(done, len(jobs)))
    estimates = pd.concat(found, ignore_index=True)
    rows = [
        row
        for triads in sizes
        for name in study.settings.plan.models
        for row in _summaries(
            estimates[(estimates["triads"] == triads) & (estimates["scale"] == name)],
            {"model": name, "triads": triads, "studies": studies},
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _followed(jobs: Iterable[Job], total: int | None = None) -> Iterable[Job]:
    """Show how far the simulation is, to somebody who looks on."""
    followed: Iterable[Job] = tqdm(
        jobs, total=total, unit="study", disable=not sys.stderr.isatty(), leave=False
    )
    return followed


def truth_of(plan: PowerPlan) -> Truth:
    """Give the truth behind the simulated studies: the demo's, with what the plan changes."""
    sampling = replace(Sampling(), dropout=plan.dropout, incomplete=plan.incomplete)
    effects: dict[str, float] = {str(name): value for name, value in plan.effects.items()}
    return replace(Truth(), sampling=sampling, structure=_structure(effects))


def _structure(effects: dict[str, float]) -> Structure:
    return replace(Structure(), **effects)  # type: ignore[arg-type]


def _planned(study: Study) -> Study:
    """Give the study with nothing withheld and nothing resampled: nobody is behind the figures."""
    settings = study.settings
    fitted = {name: each.without_resampling() for name, each in settings.plan.models.items()}
    changed = settings.model_copy(
        update={
            "plan": settings.plan.model_copy(update={"models": fitted}),
            "disclosure": settings.disclosure.model_copy(update={"min_cell": 1}),
        }
    )
    return replace(study, settings=changed)


def _simulated(study: Study, triads: int, number: int) -> pd.DataFrame:
    rng = generator(study.settings.seed, "power", str(triads), str(number))
    roles = tuple(dict.fromkeys(each.role for each in plan_variables(study) if each.role))
    truth = truth_of(study.settings.power)
    linked = linked_study(study, triads, rng, roles=roles, truth=truth)
    table = models(linked.long, linked.triads, study)
    own = table[(table["statistic"] == "b") & ~table["term"].isin([INTERCEPT, ""])]
    kept = own[[*KEYS, "estimate", "ci_low", "ci_high", "n"]]
    return kept.assign(triads=triads, number=number)


def _summaries(found: pd.DataFrame, about: dict[str, Any]) -> Iterator[dict[str, object]]:
    """Sum up one model at one size; one that was never estimated is a row without term."""
    studies = about["studies"]
    if not len(found):
        yield {**about, "block": "", "term": "", "failed": studies, "power": 0.0, "power_se": 0.0}
    for (block, term), each in found.groupby(["group", "term"], sort=False):
        kept = each.dropna(subset=["estimate", "ci_low", "ci_high"])
        hits = int(((kept["ci_low"] > 0) | (kept["ci_high"] < 0)).sum())
        share = hits / studies
        width = (kept["ci_high"] - kept["ci_low"]).to_numpy()
        n = len(kept)
        yield {
            **about, "block": block, "term": term,
            "failed": studies - n, "rows": kept["n"].mean(),
            "power": share, "power_se": np.sqrt(share * (1 - share) / studies),
            "width": width.mean() if n else np.nan,
            "width_se": width.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan,
            "mean": kept["estimate"].mean(), "sd": kept["estimate"].std(ddof=1),
        }  # fmt: skip
