"""What the workflow costs: beside one process, where there is nothing to do, and for a new wave."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.jobs import ROOT, plan
from benchmarks.kernel import DisagreementError, Ratio, median_seconds
from benchmarks.panel import WAVES, panel_study

NOTHING = "Nothing to be done"
BARE = "snakemake -n of an empty workflow: the bare start that ours includes"
ONE = "the same scripts one after the other in one process: workflow on two cores"
FULL = "the full run of three waves, on two cores: a third wave added to two finished ones"


def measure_overhead(folder: Path, *, persons: int, repeats: int) -> Ratio:
    """Time a full run on two cores, and the same jobs in one process.

    Raises
    ------
    DisagreementError
        If the two did not write the same files.
    """
    study, jobs = panel_study(folder / "panel", persons), folder / "jobs.pickle"
    plan(study, jobs)

    def workflow() -> dict[str, str]:
        _clear(study)
        snakemake(study)
        return _digests(study)

    def one_process() -> dict[str, str]:
        _clear(study)
        _python("benchmarks.jobs", "all", jobs)
        return _digests(study)

    seconds, ours = median_seconds(workflow, repeats)
    reference, theirs = median_seconds(one_process, repeats)
    if ours != theirs:
        msg = "overhead: the workflow and the one process did not write the same files"
        raise DisagreementError(msg)
    return Ratio("overhead", seconds, ONE, reference, reference / seconds)


def measure_noop(folder: Path, *, persons: int, repeats: int) -> Ratio:
    """Run the study to its end; then time runs that have nothing to do.

    Raises
    ------
    DisagreementError
        If a later run still finds work.
    """
    study = panel_study(folder / "panel", persons)
    snakemake(study)
    seconds, said = median_seconds(lambda: snakemake(study), repeats)
    if NOTHING not in said:
        msg = "noop: a second run of the finished study still found work"
        raise DisagreementError(msg)
    empty = folder / "Snakefile"
    empty.write_text("rule all:\n    input:\n        [],\n", encoding="utf-8")
    bare = ("snakemake", "--cores", "2", "--snakefile", empty, "--directory", folder, "-n")
    reference, _ = median_seconds(lambda: _python(*bare), repeats)
    return Ratio("noop", seconds, BARE, reference, reference / seconds)


def measure_add_wave(folder: Path, *, persons: int, repeats: int) -> Ratio:
    """Time the run that follows when a third wave is added, and a full run of all three.

    Raises
    ------
    DisagreementError
        If the two did not come to the same results.
    """
    study = panel_study(folder / "panel", persons)
    whole = study.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if f"wave: {WAVES[-1]}" in line and "-" in line)
    two_waves = "".join([*lines[:start], *lines[start + 2 :]])
    seconds = []
    for _ in range(repeats):
        _clear(study)
        study.write_text(two_waves, encoding="utf-8")
        snakemake(study)
        study.write_text(whole, encoding="utf-8")
        took, _ = median_seconds(lambda: snakemake(study), 1)
        seconds.append(took)
    added = _digests(study)
    _clear(study)
    reference, _ = median_seconds(lambda: (_clear(study), snakemake(study)), repeats)
    if _digests(study) != added:
        msg = "add_wave: adding the third wave and running all three gave other results"
        raise DisagreementError(msg)
    ours = sorted(seconds)[len(seconds) // 2]
    return Ratio("add_wave", ours, FULL, reference, reference / ours)


def snakemake(study: Path) -> str:
    """Run the workflow on a study, on two cores and in its folder; give what it said."""
    words = ("--snakefile", ROOT / "Snakefile", "--configfile", study)
    return _python("snakemake", "--cores", "2", *words, "--directory", study.parent)


def _python(module: str, *words: object) -> str:
    command = [sys.executable, "-m", module, *map(str, words)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        msg = f"{module} stopped: {done.stderr.strip()[-500:]}"
        raise DisagreementError(msg)
    return done.stdout + done.stderr


def _clear(study: Path) -> None:
    for name in ("results", "logs", ".snakemake"):
        shutil.rmtree(study.parent / name, ignore_errors=True)


def _digests(study: Path) -> dict[str, str]:
    results = study.parent / "results"
    return {
        path.relative_to(results).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.name != ".snakemake_timestamp"
    }
