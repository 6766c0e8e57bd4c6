"""The jobs of a study without Snakemake between them: the same scripts, in one process or apart.

Usage, after `plan`: python -m benchmarks.jobs all JOBS (every job in this process), or
python -m benchmarks.jobs one JOBS NUMBER (a job by itself, with its time and peak memory).
"""

import gc
import json
import os
import pickle
import runpy
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Named = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Job:
    """What a job reads and writes, with the names its rule gives them.

    Attributes
    ----------
    rule : str
        Its script has the same name.
    inputs, outputs : dict
        Paths from `folder`.
    params, wildcards : dict
    log : str
    folder : str
        Where it runs.
    """

    rule: str
    inputs: Named
    outputs: Named
    params: dict[str, Any]
    wildcards: dict[str, str]
    log: str
    folder: str


def plan(study: Path, path: Path) -> None:
    """Ask Snakemake which jobs a study has, and write them in an order in which they can run."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import ConfigSettings, OutputSettings, Quietness, ResourceSettings

    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=[study]),
            snakefile=ROOT / "Snakefile",
            workdir=study.parent,
        )
        workflow.dag()
        inner = workflow._workflow
        inner._prepare_dag(forceall=True, ignore_incomplete=True, lock_warn_only=True, nolock=True)
        inner._build_dag()
        ordered = [job for level in inner.dag.toposorted() for job in sorted(level, key=str)]
        known = [_facts(job, study.parent) for job in ordered if job.rule.script]
    path.write_bytes(pickle.dumps(known))


def read_plan(path: Path) -> list[Job]:
    """Read the jobs that `plan` wrote."""
    jobs: list[Job] = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    return jobs


def run(job: Job, *, name: str = "__main__") -> None:
    """Run the script of a job in this process; under another name it only does its imports."""
    os.chdir(job.folder)
    for path in _flat(job.outputs.values()):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    given = SimpleNamespace(
        input=_Files(job.inputs),
        output=_Files(job.outputs),
        params=SimpleNamespace(**job.params),
        wildcards=SimpleNamespace(**job.wildcards),
        log=[job.log],
    )
    runpy.run_path(str(ROOT / "scripts" / f"{job.rule}.py"), {"snakemake": given}, run_name=name)


def measured(job: Job) -> dict[str, float]:
    """Run a job once, its imports done.

    Returns
    -------
    dict
        ``seconds`` of wall time, and ``peak_mb``, the most memory the process has held so far
        (10^6 bytes, Python and imports included).
    """
    run(job, name="imports")
    start = time.perf_counter()
    run(job)
    return {"seconds": time.perf_counter() - start, "peak_mb": peak_memory() / 1e6}


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


class _Files(list[str]):
    """Paths of a job: a list, with the names of the rule as attributes."""

    def __init__(self, named: Named) -> None:
        super().__init__(_flat(named.values()))
        for name, paths in named.items():
            setattr(self, name, paths)


def _flat(paths: Iterable[str | list[str]]) -> list[str]:
    return [each for path in paths for each in ([path] if isinstance(path, str) else path)]


def _facts(job: Any, folder: Path) -> Job:  # noqa: ANN401 - Snakemake has no types
    return Job(
        job.rule.name,
        _named(job.input),
        _named(job.output),
        dict(job.params.items()),
        dict(job.wildcards.items()),
        str(job.log[0]),
        str(folder),
    )


def _named(files: Any) -> Named:  # noqa: ANN401 - as above
    return {
        name: str(paths) if isinstance(paths, str) else [str(path) for path in paths]
        for name, paths in files.items()
    }


if __name__ == "__main__":
    jobs = read_plan(Path(sys.argv[2]))
    if sys.argv[1] == "one":
        print(json.dumps(measured(jobs[int(sys.argv[3])])))
    else:
        for each in jobs:
            run(each)
            gc.collect()
