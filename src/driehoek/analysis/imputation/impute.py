"""Multiple imputation of the answers that a study's models rest on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.analysis.imputation.cells import CARRIED, Cells, carry_over, cells_of
from driehoek.analysis.imputation.needed import Needed, needed
from driehoek.analysis.imputation.people import KEYS, with_lost
from driehoek.analysis.imputation.targets import Plan, plan_targets
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_samples
from driehoek.job import generator
from driehoek.models.imputation.chained import (
    Chains,
    chained_equations,
    largest_by_chance,
    potential_scale_reduction,
)
from driehoek.scoring.published import PublishedKeys
from driehoek.study import Study

Floats = NDArray[np.float64]
STEADY = "the answers filled in hardly vary, so that nothing can be said of the chains"
CELL_KEYS = ["response", "role", "question", "kind"]


@dataclass(frozen=True, slots=True)
class Imputation:
    """The answers filled in, m times.

    Attributes
    ----------
    cells : pandas.DataFrame
        A row for each answer filled in: `CELL_KEYS`, then ``1`` ... ``m``.
    lost : pandas.DataFrame
        Rows added for waves that a person missed (`driehoek.analysis.imputation.people.KEYS`).
    statistics : pandas.DataFrame
        Statistics rows: how many answers of each variable were filled in, how they compare with
        those given, and whether the chains agree.
    traces : pandas.DataFrame
        Statistics rows: mean and SD of what was filled in, by chain (``group``) and round
        (``term``), over the items of each scale and wave.
    """

    cells: pd.DataFrame
    lost: pd.DataFrame
    statistics: pd.DataFrame
    traces: pd.DataFrame


def impute(
    long: pd.DataFrame, missing: pd.DataFrame, study: Study, keys: PublishedKeys
) -> Imputation:
    """Impute what the models with ``missing: [complete, imputation]`` rest on.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    missing : pandas.DataFrame
        Kinds of missing answers, by ``response``.
    study : Study
    keys : mapping
        Published keys by id.
    """
    settings = study.settings
    need = needed(ModelData(long, long, study))
    people = with_lost(long, study.wave_names)
    before = carry_over(cells_of(long, missing, people, need, study, keys), study)
    plan = plan_targets(before, need, study)
    chosen = settings.plan.imputation
    chains = chained_equations(
        before.values,
        plan.targets,
        plan.scores,
        m=chosen.sets,
        iterations=chosen.iterations,
        rng_of=lambda name: generator(settings.seed, "impute", name),
        donors=chosen.donors,
    )
    table = pd.concat(list(_filled(before, plan, chains, chosen.sets)), ignore_index=True)
    lost = people.loc[people["is_lost"].astype(bool), KEYS].reset_index(drop=True)
    rows = statistics_frame(_rows(before, need, plan, chains), "imputation")
    traces = statistics_frame(_traces(before, need, plan, chains), "imputation_traces")
    fewest = settings.disclosure.min_cell
    published = [withhold_small_samples(each, fewest) for each in (rows, traces)]
    return Imputation(table, lost, *published)


def _filled(cells: Cells, plan: Plan, chains: Chains, m: int) -> Iterator[pd.DataFrame]:
    names = [str(number) for number in range(1, m + 1)]
    yield pd.DataFrame(columns=[*CELL_KEYS, *names]).astype(dict.fromkeys(names, float))
    for target, values in zip(plan.targets, chains.values, strict=True):
        back = cells.as_answered(target.column, values)
        yield cell_table(cells, target.column, target.missing, back.T)
    for column in range(len(cells.columns)):
        carried = np.flatnonzero(cells.kinds[column] == CARRIED)
        if len(carried):
            values = np.repeat(cells.values[column, carried][:, None], m, axis=1)
            yield cell_table(cells, column, carried, values)


@dataclass(frozen=True, slots=True)
class _ScaleAtWave:
    """The items of a scale in one wave that answers were filled in for."""

    head: Row
    targets: list[int]
    n_persons: int
    n_given: int
    n_imputed: Floats  # by target


def _scales(need: Needed, plan: Plan) -> Iterator[_ScaleAtWave]:
    for each, columns in zip(need.presentations, plan.scores, strict=True):
        head: Row = {"role": each.role, "about": each.about or "", "scale": each.scale}
        for wave in dict.fromkeys(plan.waves):
            own = [
                number
                for number, target in enumerate(plan.targets)
                if target.column in columns and plan.waves[number] == wave
            ]
            if own:
                targets = [plan.targets[number] for number in own]
                yield _ScaleAtWave(
                    {**head, "wave": wave},
                    own,
                    len({row for target in targets for row in target.missing.tolist()}),
                    sum(len(target.observed) for target in targets),
                    np.array([float(len(target.missing)) for target in targets]),
                )


def _by_scale(need: Needed, plan: Plan, mixing: list[Floats]) -> Iterator[Row]:
    """Sum up each scale: answers filled in, and the worst agreement between chains."""
    for each in _scales(need, plan):
        n = float(each.n_imputed.sum())
        figures = {
            "imputed": n,
            "imputed_share": n / (n + each.n_given),
            "rhat_mean": _worst(mixing[0][each.targets]),
            "rhat_sd": _worst(mixing[1][each.targets]),
        }
        for name, value in figures.items():
            reason = STEADY if np.isnan(value) else ""
            yield {
                **each.head, "statistic": name, "estimate": value, "n": each.n_persons,
                "n_excluded": each.n_given, "method": "all items", "reason": reason,
            }  # fmt: skip


def _traces(cells: Cells, need: Needed, plan: Plan, chains: Chains) -> Iterator[Row]:
    """Give mean and SD of the answers filled in, over a scale's items, by chain and round."""
    for each in _scales(need, plan):
        row: Row = {
            **each.head, "n": each.n_persons, "n_excluded": each.n_given, "method": "all items",
        }  # fmt: skip
        targets = [plan.targets[number] for number in each.targets]
        given = np.concatenate([cells.values[one.column, one.observed] for one in targets])
        yield {**row, "statistic": "mean_given", "estimate": float(given.mean())}
        for name, found in {"trace_mean": chains.means, "trace_sd": chains.sds}.items():
            of_scale = np.average(found[:, :, each.targets], axis=2, weights=each.n_imputed)
            for (number, chain), value in np.ndenumerate(of_scale):
                place: Row = {"group": f"chain_{chain + 1}", "term": str(number + 1)}
                yield {**row, **place, "statistic": name, "estimate": float(value)}


def _limit(plan: Plan, chains: Chains, mixing: list[Floats]) -> Iterator[Row]:
    """Say how large the largest R-hat of chains that agree may be by chance."""
    iterations, m, _ = chains.means.shape
    quantities = int(sum((~np.isnan(each)).sum() for each in mixing))
    if quantities:
        yield {
            "statistic": "rhat_limit", "estimate": largest_by_chance(iterations, m, quantities),
            "n": sum(len(target.missing) for target in plan.targets), "method": "all items",
        }  # fmt: skip


def _worst(found: Floats) -> float:
    return float(np.nanmax(found)) if not np.isnan(found).all() else float("nan")


def cell_table(cells: Cells, column: int, rows: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """Lay out what cells of one column are filled with, a column for each of m data sets.

    Parameters
    ----------
    cells : Cells
    column : int
    rows : numpy.ndarray of int, shape (rows,)
    values : numpy.ndarray, shape (rows, m)
        As they are answered.
    """
    role, qid = cells.columns[column]
    table = pd.DataFrame(values, columns=[str(n) for n in range(1, values.shape[1] + 1)])
    responses = cells.people["response"].to_numpy()[rows]
    for place, (name, content) in enumerate(
        zip(CELL_KEYS, (responses, role, qid, cells.kinds[column, rows]), strict=True)
    ):
        table.insert(place, name, content)
    return table


def _rows(cells: Cells, need: Needed, plan: Plan, chains: Chains) -> Iterator[Row]:
    """Describe what was filled in, by variable and wave."""
    scales = {(p.role, qid): p for p in need.presentations for qid in p.questions}

    def head(column: int, wave: str) -> Row:
        role, qid = cells.columns[column]
        of = scales.get((role, qid))
        scale, about = (of.scale, of.about or "") if of else ("", "")
        return {"wave": wave, "role": role, "about": about, "scale": scale, "term": qid}

    mixing = [potential_scale_reduction(each) for each in (chains.means, chains.sds)]
    for number, target in enumerate(plan.targets):
        given = cells.values[target.column, target.observed]
        n, method = len(target.missing), target.method
        row = {**head(target.column, plan.waves[number]), "n": n, "method": method}
        row |= {"n_excluded": len(given)}
        figures = {
            "imputed": (float(n), ""),
            "imputed_share": (n / (n + len(given)), ""),
            "predictors": (float(len(target.sources)), ""),
            "mean_given": (given.mean(), ""),
            "mean_imputed": (chains.means[-1, :, number].mean(), ""),
            "sd_given": (given.std(), ""),
            "sd_imputed": (chains.sds[-1, :, number].mean(), ""),
            "rhat_mean": (mixing[0][number], STEADY),
            "rhat_sd": (mixing[1][number], STEADY),
        }
        for name, (value, reason) in figures.items():
            said = reason if np.isnan(value) else ""
            yield {**row, "statistic": name, "estimate": value, "reason": said}
    yield from _by_scale(need, plan, mixing)
    yield from _limit(plan, chains, mixing)
    for each in plan.unfilled:
        row = {**head(each.column, each.wave), "n": each.n_missing, "method": "none"}
        yield {**row, "statistic": "imputed", "reason": each.reason}
