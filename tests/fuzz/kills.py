"""A run of a study killed at random moments and taken up again: the same bytes at the end."""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from running import small_study

TRIADS = 80
KILLS_A_RUN = 5  # then the run may come to its end
STEPS = 10  # a run of some forty steps is killed less than so many steps on,
SECONDS = 4.0  # and less than so many seconds later
PLAN = """
plan:
  reliability: {scales: all, bootstrap: 0}
"""


@dataclass
class Killing:
    """What came of it.

    Attributes
    ----------
    kills, runs : int
    faults : list of str
    """

    kills: int = 0
    runs: int = 0
    faults: list[str] = field(default_factory=list)


def kill_runs(folder: Path, count: int, seed: int) -> Killing:
    """Kill runs of one study `count` times in all and compare each with a run left alone."""
    done, draw = Killing(), random.Random(seed)  # noqa: S311 - no secrets here
    whole = _whole(folder)
    while done.kills < count:
        done.runs += 1
        study = _laid_out(folder / f"run{done.runs}")
        for _ in range(min(KILLS_A_RUN, count - done.kills)):
            if not _killed(study, draw.randrange(STEPS), draw.uniform(0, SECONDS)):
                break
            done.kills += 1
        finished = _run(study)
        if finished.returncode:
            done.faults.append(f"run {done.runs} does not finish: {finished.stderr[-500:]}")
        elif changed := _changed(whole, _digests(study)):
            done.faults.append(f"run {done.runs} differs in {', '.join(changed[:5])}")
        shutil.rmtree(study.parent)
    return done


def _whole(folder: Path) -> dict[str, str]:
    study = _laid_out(folder / "whole")
    finished = _run(study)
    if finished.returncode:
        msg = f"the run does not finish when left alone: {finished.stderr[-2000:]}"
        raise RuntimeError(msg)
    return _digests(study)


def _laid_out(folder: Path) -> Path:
    """Lay out the demo study in small, with a short plan."""
    study = small_study(folder, triads=TRIADS)
    text = study.read_text(encoding="utf-8")
    text = re.sub(r"^plan:\n(?:[ #].*\n|\n)*", PLAN.lstrip(), text, flags=re.M)
    study.write_text(text, encoding="utf-8")
    return study


def _command(study: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "driehoek.cli", "run", str(study), "--cores", "2", *words]


def _run(study: Path) -> subprocess.CompletedProcess[str]:
    """Run to the end, after the lock that a killed run leaves is taken away."""
    subprocess.run(_command(study, "--unlock"), capture_output=True, check=False)
    return subprocess.run(
        _command(study), capture_output=True, text=True, encoding="utf-8", check=False
    )


def _killed(study: Path, steps: int, seconds: float) -> bool:
    """Kill a run and all its jobs some steps and seconds on; false where it ended before."""
    subprocess.run(_command(study, "--unlock"), capture_output=True, check=False)
    running = subprocess.Popen(
        _command(study),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    for line in running.stderr:
        done = re.match(r"(\d+) of (\d+) steps done", line)
        if steps == 0 or (done and int(done[1]) >= steps):
            break
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        return True
    running.communicate()
    return False


def _digests(study: Path) -> dict[str, str]:
    results = study.parent / "results"
    return {
        path.relative_to(results).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(results.rglob("*"))
        if path.is_file()
    }


def _changed(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
