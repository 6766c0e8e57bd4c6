"""One computation of ours and the same in R: timed, compared, then reported."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

R_SCRIPTS = Path(__file__).parent / "r"
Figures = Mapping[str, list[float]]
Run = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A computation that driehoek and R both do.

    Attributes
    ----------
    name : str
        As in the results; the R script has the same name.
    rows : int
        Size of the data.
    prepare : callable
        Writes the data for R into a folder, and gives what is timed. Reading these data is not
        timed, unless reading is what is measured.
    figures : callable
        Takes from the result what R must agree with.
    tolerances : mapping of str to float
        Largest difference by name of a figure: relative above 1, absolute below.
    """

    name: str
    rows: int
    prepare: Callable[[Path, int], Run]
    figures: Callable[[Any], Figures]
    tolerances: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reference:
    """What R took for it: median seconds, its figures, and its words for what it did."""

    seconds: float
    figures: Figures
    words: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our time and that of the reference; without reference the last two are None.

    Attributes
    ----------
    name : str
    ours_seconds : float
        Median of the repeats.
    reference : str
        What it is compared with, or why with nothing.
    reference_seconds, ratio : float or None
        ratio: seconds of the reference over ours.
    """

    name: str
    ours_seconds: float
    reference: str
    reference_seconds: float | None = None
    ratio: float | None = None


class DisagreementError(ValueError):
    """Our result and that of the reference differ, or the reference gave none."""


def measure(
    kernel: Kernel, folder: Path, *, repeats: int, rscript: str | None, rows: int | None = None
) -> Ratio:
    """Time a kernel, and the same in R where R is present.

    Parameters
    ----------
    kernel : Kernel
    folder : pathlib.Path
        Where the data go that R reads.
    repeats : int
    rscript : str or None
        The program; None where there is no R.
    rows : int, optional
        Another size than the kernel's own.

    Raises
    ------
    DisagreementError
        If R failed, or its figures are not ours.
    """
    run = kernel.prepare(folder, rows or kernel.rows)
    seconds, result = median_seconds(run, repeats)
    if rscript is None:
        return Ratio(kernel.name, seconds, "not compared: R is absent")
    reference = run_reference(kernel.name, folder, repeats, rscript)
    require_agreement(kernel, kernel.figures(result), reference.figures)
    words = f"{reference.words}; {rows or kernel.rows:,} rows; agrees within {_bounds(kernel)}"
    ratio = reference.seconds / seconds
    return Ratio(kernel.name, seconds, words, reference.seconds, ratio)


def median_seconds(run: Run, repeats: int) -> tuple[float, Any]:
    """Give the median wall time of the repeats, and the last result."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def run_reference(name: str, folder: Path, repeats: int, rscript: str) -> Reference:
    """Run the R script of a kernel on the data in a folder.

    Raises
    ------
    DisagreementError
        If R stops with an error, such as an absent package.
    """
    script = R_SCRIPTS / f"{name}.R"
    command = [rscript, "--vanilla", str(R_SCRIPTS / "time_script.R"), str(script), str(repeats)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        msg = f"{name}: R stopped: {done.stderr.strip()[-300:]}"
        raise DisagreementError(msg)
    found = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    return Reference(statistics.median(found["seconds"]), found["figures"], found["reference"])


def require_agreement(kernel: Kernel, ours: Figures, theirs: Figures) -> None:
    """Stop where a figure of ours is not that of the reference.

    Raises
    ------
    DisagreementError
        With every figure that differs.
    """
    faults = []
    for name, tolerance in kernel.tolerances.items():
        mine, other = np.array(ours[name], float), np.array(theirs[name], float)
        if mine.shape != other.shape:
            faults.append(f"{name}: {mine.size} of ours, {other.size} of the reference")
            continue
        difference = np.abs(mine - other) / np.maximum(1, np.abs(other))
        if not (difference <= tolerance).all():
            faults.append(f"{name}: differs by {difference.max():.2g}, allowed {tolerance:g}")
    if faults:
        msg = f"{kernel.name}: not the same result. " + "; ".join(faults)
        raise DisagreementError(msg)


def _bounds(kernel: Kernel) -> str:
    return ", ".join(f"{bound:g} ({name})" for name, bound in kernel.tolerances.items())
