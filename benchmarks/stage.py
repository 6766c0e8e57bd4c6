"""One stage of the workflow on one study, in a process of its own: time and peak memory.

Usage: python -m benchmarks.stage STAGE FOLDER, where FOLDER holds a study made by
`simulate FOLDER RESPONSES`. What the workflow's script does is measured: read, compute, write.
"""

import importlib.util
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow.parquet as pq

from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import read_study

ROOT = Path(__file__).resolve().parent.parent
WAVE, EXPORT = "w1", "1-w1"
# Each triad of the simulation gives some three responses in the first wave.
RESPONSES_A_TRIAD = 3.04
STUDY = """study: growth
title: {nl: groei, en: growth}
instrument: triad.yaml
seed: 20261122
simulation: {triads: 100}
waves:
  - wave: w1
    exports: [{file: raw/w1.csv, role: [seeker, carer, professional], platform: csv}]
linkage: {triad: triadcode, person: personcode, primary: {carer: most_hours}}
pseudonyms: {key: demo.key}
quality:
  duplicates: newest_complete
  completion: {at_least: 0.25, action: exclude}
  speed: {seconds_per_item: 2, action: flag}
  longstring: {at_least: 15, action: flag}
derive: {intensity: {from: hours, bands: [0, 8, 20, 169]}}
"""


def simulate(folder: Path, responses: int) -> None:
    """Write a study of one wave with about so many responses, and its export."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "instruments" / "triad.yaml", folder / "triad.yaml")
    shutil.copyfile(ROOT / "config" / "demo.key", folder / "demo.key")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    study = read_study(folder / "study.yaml")
    triads = max(20, round(responses / RESPONSES_A_TRIAD))
    rng = np.random.default_rng(study.settings.seed)
    write_exports(simulate_study(study, triads=triads, rng=rng), study, study.folder)


def ingest(folder: Path) -> Callable[[], None]:
    """Prepare the ingest of the export."""
    script = _script("ingest_export")
    outputs = dict(zip(("responses", "missing", "paradata"), _tables(folder, "raw"), strict=True))
    columns = folder / "columns.csv"
    return lambda: script.main(folder / "study.yaml", WAVE, EXPORT, **outputs, columns=columns)


def clean(folder: Path) -> Callable[[], None]:
    """Prepare the cleaning of the wave."""
    script, study = _script("clean_wave"), folder / "study.yaml"
    tables, flags, ledger = _tables(folder, "clean"), folder / "flags", folder / "ledger"
    return lambda: script.main(study, WAVE, [_tables(folder, "raw")], tables, flags, ledger)


def score(folder: Path) -> Callable[[], None]:
    """Prepare the scoring of the wave."""
    script, study = _script("score_wave"), folder / "study.yaml"
    responses, missing, _ = _tables(folder, "clean")
    scores, guard = folder / "scores.parquet", folder / "guard.csv"
    return lambda: script.main(study, WAVE, responses, missing, scores, guard)


STAGES = {"ingest": ingest, "clean": clean, "score": score}


def measured(stage: str, folder: Path) -> dict[str, str | int | float]:
    """Run a stage once, its imports done.

    Returns
    -------
    dict
        ``stage``, ``rows`` (raw responses), ``seconds`` of wall time, and ``peak_mb``, the most
        memory the process has held so far (10^6 bytes, Python and imports included).
    """
    run = STAGES[stage](folder)
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    rows = pq.read_metadata(_tables(folder, "raw")[0]).num_rows
    return {"stage": stage, "rows": rows, "seconds": seconds, "peak_mb": peak_memory() / 1e6}


def peak_memory() -> int:
    """Give the most memory, in bytes, that this process has held.

    On Linux from the kernel's record of this program: `getrusage` there starts from the memory
    of the process that started it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text(encoding="utf-8").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource  # absent on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts in bytes


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    if spec is None or spec.loader is None:
        msg = f"scripts/{name}.py cannot be loaded"
        raise ImportError(msg)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def _tables(folder: Path, step: str) -> tuple[Path, Path, Path]:
    names = ("responses", "missing", "paradata")
    return tuple(folder / step / f"{name}.parquet" for name in names)  # type: ignore[return-value]


if __name__ == "__main__":
    if sys.argv[1] == "simulate":
        simulate(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
