"""A study recomputed and held to a manifest."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from driehoek.analysis.rows import read_statistics
from driehoek.files import sha256
from driehoek.manifest import input_files, manifest, relative_name
from driehoek.problems import Problem, ProblemsError, name_of
from driehoek.review.altered import Altered, altered_files
from driehoek.review.compare import (
    Difference,
    causes,
    counts_by_table,
    numbers_changed,
    steps_by_rule,
    structure_changed,
)
from driehoek.review.parting import parting
from driehoek.review.record import read_record, record_of
from driehoek.study import read_study
from driehoek.workflow_run import run_workflow


class RecomputeError(ProblemsError):
    """The study could not be recomputed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes
    ----------
    altered : list of Altered
        Published files that are not as sealed.
    causes : list of Difference
        What differs in what the two runs were made from.
    numbers : pandas.DataFrame
        Numbers that differ beyond their tolerance (`driehoek.review.compare.numbers_changed`).
    n_numbers : int
        Numbers of the manifest.
    where : str
        Where the paths part, in words; empty where nothing differs.
    is_twin : bool
        Whether one side is a synthetic twin of the other: then structure and code are compared,
        and numbers are not.
    counts, steps : pandas.DataFrame or None
        Of a twin: the numbers of each table and the jobs of each rule in both runs
        (`counts_by_table`, `steps_by_rule`).
    """

    altered: list[Altered]
    causes: list[Difference]
    numbers: pd.DataFrame
    n_numbers: int
    where: str
    is_twin: bool = False
    counts: pd.DataFrame | None = None
    steps: pd.DataFrame | None = None

    @property
    def is_same(self) -> bool:
        """Whether inputs, published files and numbers are those of the manifest."""
        decisive = {"structure", "steps", "code"} if self.is_twin else {"input"}
        differs = any(each.kind in decisive for each in self.causes)
        return not (self.altered or len(self.numbers) or differs)


def verify(study: Path, against: Path, *, cores: str = "all", keep: Path | None = None) -> Verdict:
    """Recompute a study in a folder of its own and compare every number with a manifest.

    Parameters
    ----------
    study, against : pathlib.Path
        The study file, and a manifest or the results folder that holds one.
    cores : str
    keep : pathlib.Path, optional
        Folder for the recomputed results; by default they are thrown away.

    Raises
    ------
    ProblemsError
        If study or manifest are faulty, or the run fails.
    """
    old = read_record(against)
    with _folder(keep) as out:
        content = recompute(study, out, cores, old.rules)
    new = record_of(content, study)
    altered = altered_files(old)
    if old.is_synthetic != new.is_synthetic:
        none, parted = numbers_changed(old, old), structure_changed(old, new)
        tables = {"counts": counts_by_table(old, new), "steps": steps_by_rule(old, new)}
        return Verdict(altered, parted, none, len(old.numbers), "", is_twin=True, **tables)
    numbers, found = numbers_changed(old, new), causes(old, new)
    where = parting(numbers, found, altered, old)
    return Verdict(altered, found, numbers, len(old.numbers), where)


def recompute(study: Path, out: Path, cores: str, rules: Mapping[str, str]) -> dict[str, object]:
    """Run a study up to its statistics, and give the manifest of that.

    Parameters
    ----------
    study, out : pathlib.Path
        The study file, and the folder in which ``results/`` is made.
    cores : str
    rules : mapping of str to str
        The rule that makes each statistics file, for the manifest.

    Raises
    ------
    RecomputeError
        If the run fails.
    """
    known = read_study(study)
    inputs = {relative_name(path, study.parent): _digest(path) for path in input_files(known)}
    is_whole = not (out / "results" / known.settings.study).exists()
    outcome = run_workflow(study, out, cores, target="statistics")
    if outcome.status:
        said = "; ".join(outcome.failures) or "Snakemake stopped"
        raise RecomputeError([Problem(name_of(study), said, "a run that comes through")])
    folder = out / "results" / known.settings.study / "public" / "statistics"
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    tables = [read_statistics(path) for path in files.values()]
    made = {name: rules[name] for name in rules if name in files}
    steps = outcome.jobs if is_whole else {}  # else some were done before, and are not counted
    return manifest(known, [], [], tables, made, steps) | {"inputs": inputs}


def _digest(path: Path) -> str:
    """Fingerprint an input before anything runs; empty where it is absent."""
    return sha256(path) if path.is_file() else ""


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="driehoek-verify-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
