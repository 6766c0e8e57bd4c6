"""How time and memory of the stages grow with the number of responses."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.stage import ROOT, STAGES


@dataclass(frozen=True, slots=True)
class Growth:
    """One stage at one size: raw responses, seconds of wall time, peak memory in 10^6 bytes."""

    stage: str
    rows: int
    seconds: float
    peak_mb: float


def grow(folder: Path, sizes: Sequence[int], *, repeats: int) -> Iterator[Growth]:
    """Measure every stage at every size, each time in a fresh process.

    Time and memory are medians of the repeats.
    """
    for size in sizes:
        study = folder / str(size)
        _python("simulate", study, size)
        for stage in STAGES:
            runs = [json.loads(_python(stage, study)) for _ in range(repeats)]
            seconds = float(np.median([run["seconds"] for run in runs]))
            peak = float(np.median([run["peak_mb"] for run in runs]))
            yield Growth(stage, runs[0]["rows"], seconds, peak)


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


def _python(stage: str, *words: object) -> str:
    command = [sys.executable, "-m", "benchmarks.stage", stage, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return done.stdout
