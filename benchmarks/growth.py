"""How time and memory of the stages grow with the number of responses."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.jobs import ROOT, plan, read_plan
from benchmarks.panel import panel_study


@dataclass(frozen=True, slots=True)
class Growth:
    """One stage at one size: raw responses, seconds of wall time, peak memory in 10^6 bytes."""

    stage: str
    rows: int
    seconds: float
    peak_mb: float


def grow(folder: Path, sizes: Sequence[int], *, repeats: int) -> Iterator[Growth]:
    """Measure every stage at every size, each time in a fresh process.

    A stage is a rule of the workflow. Time and memory are medians of the repeats; a rule with
    several jobs gives their sum, and the most memory.
    """
    for size in sizes:
        study = panel_study(folder / str(size), size, waves=["w1"], n_scales=8)
        jobs = folder / f"{size}.pickle"
        plan(study, jobs)
        found: dict[str, list[tuple[float, float]]] = {}
        for number, job in enumerate(read_plan(jobs)):
            runs = [_one(jobs, number) for _ in range(repeats)]
            seconds, peak = np.median([(run["seconds"], run["peak_mb"]) for run in runs], axis=0)
            found.setdefault(job.rule, []).append((float(seconds), float(peak)))
        raw = next(study.parent.glob("results/*/private/waves/w1/*/responses.parquet"))
        rows = pq.read_metadata(raw).num_rows
        for rule, each in found.items():
            seconds_of, peaks = zip(*each, strict=True)
            yield Growth(rule, rows, sum(seconds_of), max(peaks))


def exponents(growth: Sequence[Growth]) -> dict[str, float]:
    """Fit log(seconds) = a + b log(rows) by least squares; give b of each stage.

    Stages measured at fewer than two sizes are left out.
    """
    found = {}
    for stage in dict.fromkeys(each.stage for each in growth):
        points = [(each.rows, each.seconds) for each in growth if each.stage == stage]
        if len({rows for rows, _ in points}) > 1:
            rows, seconds = np.log(np.array(points, float)).T
            found[stage] = float(np.polyfit(rows, seconds, 1)[0])
    return found


def _one(jobs: Path, number: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.jobs", "one", str(jobs), str(number)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        msg = f"a stage stopped: {done.stderr.strip()[-500:]}"
        raise RuntimeError(msg)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
