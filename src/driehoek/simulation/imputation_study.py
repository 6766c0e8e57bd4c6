"""Whether intervals cover after imputation and with full information, in triads with gaps.

Run as ``python -m driehoek.simulation.imputation_study --help``.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.analysis.full_information import full_information_models
from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.impute import impute
from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.imputation.needed import needed
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.models import models
from driehoek.files import write_csv, write_text
from driehoek.job import generator
from driehoek.simulation.imputation_sample import Sample, draw_sample, small_study
from driehoek.study import Study

SIZES, MECHANISMS = (30, 100, 300), ("mcar", "mar")
POPULATION, MOST_ERRORS, CONFIDENCE = 100_000, 3.0, 0.95
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
KEYS = ["mechanism", "triads", "method", "term"]


def replication(study: Study, mechanism: str, triads: int, number: int) -> pd.DataFrame:
    """Draw one sample, lose answers, and fit the model whole and in each way with gaps.

    Returns
    -------
    pandas.DataFrame
        ``mechanism, triads, number, method`` (whole, complete, imputation or full_information),
        ``term, estimate, ci_low, ci_high``.
    """
    rng = generator(study.settings.seed, "imputation study", mechanism, str(triads), str(number))
    sample = draw_sample(study, triads, rng)
    gaps = sample.with_gaps(mechanism, rng)
    own = seeded(study, number)
    found = {
        "whole": models(sample.long, sample.triads, own),
        "complete": models(gaps.long, gaps.triads, own),
        "imputation": imputed_models(completed_sets(gaps, own), own),
        "full_information": full_information_models(gaps.long, gaps.missing, own, {}),
    }
    tables = [
        table[table["statistic"] == "b"].assign(method=method) for method, table in found.items()
    ]
    kept = pd.concat(tables)[["method", "term", "estimate", "ci_low", "ci_high"]]
    return kept.assign(mechanism=mechanism, triads=triads, number=number)


def seeded(study: Study, number: int) -> Study:
    """Give the study with another seed, so that every replication has imputations of its own."""
    settings = study.settings.model_copy(update={"seed": study.settings.seed + number})
    return Study(study.path, settings, study.questionnaire)


def completed_sets(sample: Sample, study: Study) -> CompletedSets:
    """Impute a sample."""
    found = impute(sample.long, sample.missing, study, {})
    need = needed(ModelData(sample.long, sample.triads, study))
    return CompletedSets(
        sample.long, sample.missing, found.cells, found.lost, need=need, study=study, keys={}
    )


@cache
def population_values(seed: int) -> dict[str, float]:
    """Give the coefficients in one sample of 100,000 triads without gaps."""
    study = small_study(seed)
    rng = generator(seed, "imputation study", "population")
    sample = draw_sample(study, POPULATION, rng)
    table = models(sample.long, sample.triads, study)
    b = table[table["statistic"] == "b"]
    return dict(zip(b["term"], b["estimate"], strict=True))


def summary(found: pd.DataFrame, truth: dict[str, float]) -> pd.DataFrame:
    """Sum up the replications: bias with its Monte-Carlo error, coverage, width."""
    return pd.DataFrame(list(_summaries(found, truth)))


def _summaries(found: pd.DataFrame, truth: dict[str, float]) -> Iterator[dict[str, object]]:
    for (mechanism, triads, method, term), each in found.groupby(KEYS, sort=False):
        target = truth[str(term)]
        kept = each.dropna(subset=["estimate", "ci_low"])
        bias = kept["estimate"] - target
        covers = (kept["ci_low"] <= target) & (target <= kept["ci_high"])
        error = np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / max(len(kept), 1))
        yield {
            "mechanism": mechanism, "triads": triads, "method": method, "term": term,
            "replications": len(each), "failed": len(each) - len(kept), "truth": target,
            "bias": bias.mean(), "bias_se": bias.std(ddof=1) / np.sqrt(len(kept)),
            "coverage": covers.mean(), "coverage_z": (covers.mean() - CONFIDENCE) / error,
            "width": (kept["ci_high"] - kept["ci_low"]).mean(),
        }  # fmt: skip


def run(
    *, replications: int, sizes: Sequence[int], mechanisms: Sequence[str], cores: int, seed: int
) -> pd.DataFrame:
    """Run every condition; the figures do not depend on the number of cores."""
    study = small_study(seed)
    jobs = [(m, n, i) for m in mechanisms for n in sizes for i in range(replications)]
    if cores == 1:
        found = [replication(study, *job) for job in jobs]
    else:
        with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(partial(replication, study), *zip(*jobs, strict=True)))
    return summary(pd.concat(found, ignore_index=True), population_values(seed))


def verdict(table: pd.DataFrame) -> tuple[str, bool]:
    """Say in one line what was tried and what failed."""
    imputed = table[table["method"] == "imputation"]
    far = imputed[imputed["coverage_z"] < -MOST_ERRORS]
    tried = f"imputation: {int(table['replications'].max())} replications of {len(imputed)} figures"
    failed = [
        f"{r.term} covered {r.coverage:.3f} ({r.mechanism}, {r.triads})" for r in far.itertuples()
    ]
    return f"{tried}: {'; '.join(failed) or 'no interval covers too little'}", not failed


def markdown(table: pd.DataFrame) -> str:
    """Lay the table out in Markdown."""
    lines = ["| | triads | method | term | truth | bias (error) | coverage | width |"]
    lines.append("|---|---:|---|---|---:|---:|---:|---:|")
    lines += [
        f"| {r.mechanism} | {r.triads} | {r.method} | `{r.term}` | {r.truth:.3f} | {r.bias:+.3f} "
        f"({r.bias_se:.3f}) | {r.coverage:.3f} | {r.width:.3f} |"
        for r in table.itertuples()
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study, and end with a line that says what was tried and what failed."""
    parser = argparse.ArgumentParser(
        prog="python -m driehoek.simulation.imputation_study",
        description="See whether pooled intervals cover after imputation.",
    )
    add = parser.add_argument
    add("--replications", type=int, default=400)
    add("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of triads")
    add("--cores", type=int, default=os.cpu_count() or 1)
    add("--seed", type=int, default=20261122)
    add("--table", type=Path, default=Path("results/imputation_study.csv"))
    add("--page", type=Path, help="page whose table is renewed")
    given = parser.parse_args(arguments)
    table = run(
        replications=given.replications, sizes=given.sizes, mechanisms=MECHANISMS,
        cores=given.cores, seed=given.seed,
    )  # fmt: skip
    write_csv(given.table, table)
    line, is_well = verdict(table)
    if given.page is not None:
        before, _, rest = given.page.read_text(encoding="utf-8").partition(BEGIN)
        text = f"{before}{BEGIN}\n{markdown(table)}\n\n{line}.\n{END}{rest.partition(END)[2]}"
        write_text(given.page, text)
    sys.stdout.write(f"{line}\n")
    return 0 if is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
