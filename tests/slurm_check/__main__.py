"""The demo study on a real SLURM: same bytes, a killed job retried, a cancelled run resumed.

Run as `make test-slurm`.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from running import Checkout, copied_checkout, small_study
from slurm_check.daemons import NoSlurmError, jobs, slurm

KILLED, CANCELLED = "fit_structure", "estimate_reliability"
PATIENCE = 3600.0


class LostError(RuntimeError):
    """A run did not come to where the test meant to disturb it."""


def main() -> int:
    """Try everything, and end with one line that says what was tried and what failed."""
    folder = Path(tempfile.mkdtemp(prefix="driehoek-slurm-"))
    tried: dict[str, bool] = {}
    try:
        with slurm(folder / "slurm"):
            for name, is_well in _trials(folder):
                print(f"{'passed' if is_well else 'FAILED'}  {name}", flush=True)
                tried[name] = is_well
    except (NoSlurmError, LostError) as fault:
        tried[str(fault)] = False
    failed = [name for name, is_well in tried.items() if not is_well]
    if failed:
        print(f"the logs are kept in {folder}")
    else:
        shutil.rmtree(folder)
    print(f"slurm: tried {', '.join(tried)}; failed: {', '.join(failed) or 'nothing'}")
    return 1 if failed else 0


def _trials(folder: Path) -> Iterator[tuple[str, bool]]:
    checkout = copied_checkout(folder / "checkout")
    local = _study(folder / "local")
    with _running(checkout, local, "--cores", "2") as run:
        run.wait(PATIENCE)
    wanted = _digests(local)
    yield from _retried(checkout, _study(folder / "retried"), wanted)
    yield from _resumed(checkout, _study(folder / "resumed"), wanted)


def _retried(checkout: Checkout, study: Path, wanted: dict[str, str]) -> Iterator[tuple[str, bool]]:
    with _running(checkout, study, "--profile", "slurm") as run:
        number = _await_job(run, KILLED)
        log = study.parent / "logs" / "demo" / f"{KILLED}.log"  # its script has begun
        _comes_true(log.is_file)
        subprocess.run(["scancel", "--signal=KILL", "--full", str(number)], check=True)
        is_done = run.wait(PATIENCE) == 0
    yield "a killed job is retried", is_done and "Trying to restart job" in _said(study)
    yield "same bytes as the local run", bool(wanted) and _digests(study) == wanted


def _resumed(checkout: Checkout, study: Path, wanted: dict[str, str]) -> Iterator[tuple[str, bool]]:
    with _running(checkout, study, "--profile", "slurm") as run:
        _await_job(run, CANCELLED)
        os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does
        run.wait(PATIENCE)
    yield "a cancelled run leaves no job behind", _comes_true(lambda: not jobs("running,pending"))
    made = _finished(study)
    with _running(checkout, study, "--profile", "slurm") as run:
        is_done = run.wait(PATIENCE) == 0
    later = _finished(study)
    is_kept = bool(made) and all(later[path] == written for path, written in made.items())
    yield "a cancelled run resumes where it was", is_done and is_kept
    yield "same bytes after resuming", bool(wanted) and _digests(study) == wanted


def _study(folder: Path) -> Path:
    return small_study(folder / "mijn stúdie")


@contextmanager
def _running(checkout: Checkout, study: Path, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a run in a process group of its own, which does not outlive the test."""
    command = [sys.executable, "-m", "driehoek.cli", "run", str(study), *words]
    with (study.parent / "said.txt").open("ab") as said:
        run = subprocess.Popen(
            command, cwd=study.parent, env=checkout.environment(), start_new_session=True,
            stdout=said, stderr=said,
        )  # fmt: skip
        try:
            yield run
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGTERM)


def _await_job(run: "subprocess.Popen[bytes]", rule: str) -> int:
    """Wait until a job of a rule runs, and give its number."""
    until = time.monotonic() + PATIENCE
    while run.poll() is None and time.monotonic() < until:
        for number, comment in jobs("running").items():
            if rule in comment:
                return number
        time.sleep(0.2)
    msg = f"no job of {rule} was seen at work"
    raise LostError(msg)


def _comes_true(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.5)
    return condition()


def _digests(study: Path) -> dict[str, str]:
    public = study.parent / "results"
    return {
        path.relative_to(public).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(public.rglob("*"))
        if path.is_file()
    }


def _finished(study: Path) -> dict[Path, int]:
    """Give when each table of a wave was written."""
    folder = study.parent / "results" / "demo" / "private" / "waves"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}


def _said(study: Path) -> str:
    logs = (study.parent / ".snakemake" / "log").glob("*.log")
    return "".join(path.read_text(encoding="utf-8") for path in logs)


if __name__ == "__main__":
    sys.exit(main())
