"""Running the workflow from the command line, with progress and readable failures."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

STEP = re.compile(r"^(\d+) of (\d+) steps \(\d+%\) done")
RULE = re.compile(r"^(?:local)?rule (\w+):")
LOG = re.compile(r"^\s+log: (\S.*?)(?: \(check log file\(s\) for error details\))?$")
LOCKED = "LockException"
TARGETS = {"all", "statistics"}
STOPPED = "Stopped on request. The same command goes on where it was."


@dataclass
class Outcome:
    """What a run of the workflow came to.

    Attributes
    ----------
    status : int
        0 if everything was made, else 1.
    failures : list of str
        What went wrong, one entry for each failed job or for Snakemake itself.
    steps : int
        Jobs that were run.
    jobs : collections.Counter of str
        Jobs by rule; the target of the run, which makes nothing itself, is none.
    """

    status: int = 0
    failures: list[str] = field(default_factory=list)
    steps: int = 0
    jobs: Counter[str] = field(default_factory=Counter)


def workflow_folder() -> Path:
    """Give the folder with the Snakefile: the installed package's, else the checkout's."""
    package = Path(str(files("driehoek")))
    carried = package / "_workflow"
    return carried if carried.is_dir() else package.parents[1]


def command(
    study: Path,
    out: Path,
    cores: str,
    *,
    profile: str | None = None,
    unlock: bool = False,
    target: str | None = None,
) -> list[str]:
    """Give the Snakemake command for a study; a profile says itself where jobs run."""
    root = workflow_folder()
    words = [sys.executable, "-m", "snakemake", "--snakefile", str(root / "Snakefile")]
    words += ["--configfile", str(study.resolve()), "--directory", str(out)]
    if profile is None:
        words += ["--cores", cores]
    else:
        carried = root / "profiles" / profile
        chosen = carried if carried.is_dir() else Path(profile).resolve()
        words += ["--workflow-profile", str(chosen)]
    words += [target] if target else []
    return [*words, "--unlock"] if unlock else words


def run_workflow(
    study: Path,
    out: Path,
    cores: str,
    *,
    profile: str | None = None,
    unlock: bool = False,
    target: str | None = None,
) -> Outcome:
    """Run the workflow for a study and follow it.

    Parameters
    ----------
    study : pathlib.Path
        The study file.
    out : pathlib.Path
        Folder in which ``results/`` and ``logs/`` are made.
    cores : str
        A number, or ``all``; not used with a profile.
    profile : str, optional
        Name of a profile of driehoek, such as ``slurm``, or the folder of another one.
    unlock : bool
        Only clear the lock that a killed run has left.
    target : str, optional
        The rule to run for; by default everything is made.

    Returns
    -------
    Outcome
        After an interruption (Ctrl-C, which Snakemake gets too) only once Snakemake has cancelled
        its jobs and given its lock back.
    """
    out.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command(study, out, cores, profile=profile, unlock=unlock, target=target),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = process.stderr or ()
    try:
        outcome = _follow(iter(lines), out)
    except KeyboardInterrupt:
        process.communicate()
        return Outcome(status=1, failures=[STOPPED])
    outcome.status = 1 if process.wait() else 0
    return outcome


def _follow(lines: Iterator[str], out: Path) -> Outcome:
    outcome = Outcome()
    said: list[str] = []
    failed = False
    with tqdm(unit="step", disable=not sys.stderr.isatty(), leave=False) as bar:
        for line in lines:
            said.append(line)
            if step := STEP.match(line):
                done, total = int(step[1]), int(step[2])
                _show(bar, done, total)
                outcome.steps = done
            elif rule := RULE.match(line):
                bar.set_description(rule[1].replace("_", " "))
                outcome.jobs.update({rule[1]} - TARGETS)
            failed = line.startswith("Error in rule") or (failed and line.startswith(" "))
            if failed and (log := LOG.match(line.rstrip())):
                outcome.failures.append(_log_text(out / log[1]))
    if not outcome.failures and any(word in "".join(said) for word in ("Error", LOCKED)):
        outcome.failures.append(_snakemake_fault(said))
    return outcome


def _show(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    if bar.disable:
        sys.stderr.write(f"{done} of {total} steps done\n")
        return
    bar.total = total
    bar.update(done - bar.n)


def _log_text(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
    return text.removeprefix("ERROR root: ") or f"a job failed; its log is {path}"


def _snakemake_fault(said: list[str]) -> str:
    text = "".join(said)
    if LOCKED in text:
        return (
            "Another run is busy in this folder, or an earlier one was killed. If none is busy: "
            "driehoek run STUDY.yaml --unlock, and then run again."
        )
    start = next((i for i, line in enumerate(said) if "Error" in line), 0)
    return "".join(said[start:]).strip()
