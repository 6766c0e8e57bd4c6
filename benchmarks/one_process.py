"""The jobs of a study in one process: the same scripts, without Snakemake between them.

Usage: python -m benchmarks.one_process plan STUDY JOBS (asks Snakemake which jobs there are, in
order), then python -m benchmarks.one_process run FOLDER JOBS, where FOLDER is the study's.
"""

import gc
import os
import pickle
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.stage import ROOT


class Files(list[str]):
    """Paths of a job: a list, with the names of the rule as attributes."""

    def __init__(self, named: dict[str, str | list[str]]) -> None:
        for name, paths in named.items():
            setattr(self, name, paths)
            self.extend([paths] if isinstance(paths, str) else paths)


def plan(study: Path, jobs: Path) -> None:
    """Write what each job of the study reads and writes, in an order in which they can run."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import (
        ConfigSettings,
        OutputSettings,
        Quietness,
        ResourceSettings,
    )

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
        ordered = [job for level in inner.dag.toposorted() for job in level]
        known = [_facts(job) for job in ordered if job.rule.script]
    jobs.write_bytes(pickle.dumps(known))


def run(folder: Path, jobs: Path) -> None:
    """Run every script in this process, in the study's folder."""
    os.chdir(folder)
    for job in pickle.loads(jobs.read_bytes()):  # noqa: S301 - written by `plan`
        for path in job["output"].values():
            for each in [path] if isinstance(path, str) else path:
                Path(each).parent.mkdir(parents=True, exist_ok=True)
        given = SimpleNamespace(
            input=Files(job["input"]),
            output=Files(job["output"]),
            params=SimpleNamespace(**job["params"]),
            wildcards=SimpleNamespace(**job["wildcards"]),
            log=[job["log"]],
        )
        script = ROOT / "scripts" / f"{job['rule']}.py"
        runpy.run_path(str(script), {"snakemake": given}, run_name="__main__")
        gc.collect()


def _facts(job: Any) -> dict[str, Any]:  # noqa: ANN401 - Snakemake has no types
    return {
        "rule": job.rule.name,
        "input": _named(job.input),
        "output": _named(job.output),
        "params": dict(job.params.items()),
        "wildcards": dict(job.wildcards.items()),
        "log": str(job.log[0]),
    }


def _named(files: Any) -> dict[str, str | list[str]]:  # noqa: ANN401 - as above
    return {
        name: str(paths) if isinstance(paths, str) else [str(path) for path in paths]
        for name, paths in files.items()
    }


if __name__ == "__main__":
    if sys.argv[1] == "plan":
        plan(Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
    else:
        run(Path(sys.argv[2]), Path(sys.argv[3]).resolve())
