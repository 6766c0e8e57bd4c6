"""Run the benchmarks: `make bench`, or `python -m benchmarks` with one thread."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.curves import CURVES, draw_growth
from benchmarks.data_kernels import data_kernels
from benchmarks.growth import exponents, grow
from benchmarks.imputation_kernel import imputation_kernels
from benchmarks.jobs import ROOT
from benchmarks.kernel import DisagreementError, Ratio, measure
from benchmarks.mediation_kernel import mediation_kernels
from benchmarks.record import as_json, with_figures
from benchmarks.structure_kernels import structure_kernels
from benchmarks.whole_job import PERSONS, whole_job
from benchmarks.workflow import measure_add_wave, measure_noop, measure_overhead
from driehoek.files import write_text

ALL_KERNELS = (
    *structure_kernels(),
    *imputation_kernels(),
    *mediation_kernels(),
    *data_kernels(),
    whole_job(),
)
KERNELS = {kernel.name: kernel for kernel in ALL_KERNELS}
WORKFLOW = {"overhead": measure_overhead, "noop": measure_noop, "add_wave": measure_add_wave}
SIZES = (1_000, 10_000, 100_000)
LARGE = 1_000_000
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    """Measure what was asked for, write it, and give 1 where a result was not that of R."""
    asked = _parser().parse_args()
    if any(os.environ.get(name) != "1" for name in THREADS):
        print(f"one thread a side: use make bench, or set {', '.join(THREADS)} to 1")
        return 2
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R is absent: our times are written without ratios")
    ratios, faults = _ratios(asked.only, asked.repeats, rscript)
    growth = []
    if "growth" in asked.only:
        sizes = (*SIZES, LARGE) if asked.large else SIZES
        with tempfile.TemporaryDirectory(prefix="driehoek-") as folder:
            growth = list(grow(Path(folder), sizes, repeats=asked.repeats))
    write_text(asked.out, as_json(ratios, growth, exponents(growth)))
    if asked.page:
        page = asked.page.read_text(encoding="utf-8")
        write_text(asked.page, with_figures(page, ratios, growth, exponents(growth), asked.repeats))
        if growth:
            draw_growth(growth, asked.page.parent / CURVES)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"The benchmarks: {asked.out}")
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [*KERNELS, *WORKFLOW, "growth"]
    parser.add_argument("--repeats", type=int, default=5, help="runs behind each median")
    parser.add_argument("--large", action="store_true", help=f"growth up to {LARGE:,} responses")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "bench.json")
    parser.add_argument("--page", type=Path, help="page whose figures are to be renewed")
    return parser


def _ratios(only: list[str], repeats: int, rscript: str | None) -> tuple[list[Ratio], list[str]]:
    """Measure each comparison in a temporary folder; collect what R does not agree with."""
    ratios, faults = [], []
    for name, run in _comparisons(only, repeats, rscript):
        with tempfile.TemporaryDirectory(prefix="driehoek-") as folder:
            try:
                ratios.append(run(Path(folder)))
            except DisagreementError as fault:
                faults.append(str(fault))
            else:
                print(f"{name}: {ratios[-1].ours_seconds:.3g} s, ratio {ratios[-1].ratio}")
    return ratios, faults


def _comparisons(
    only: list[str], repeats: int, rscript: str | None
) -> Iterator[tuple[str, Callable[[Path], Ratio]]]:
    for name, kernel in KERNELS.items():
        if name in only:
            yield name, partial(measure, kernel, repeats=repeats, rscript=rscript)
    for name, comparison in WORKFLOW.items():
        if name in only:
            yield name, partial(comparison, persons=PERSONS, repeats=repeats)


if __name__ == "__main__":
    sys.exit(main())
