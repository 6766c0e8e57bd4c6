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
from driehoek.review.altered import Altered, altered_files, files_beside
from driehoek.review.compare import (
    Difference,
    causes,
    changed,
    counts_by_table,
    ids_on_one_side,
    numbers_changed,
    steps_by_rule,
    structure_changed,
)
from driehoek.review.parting import parting
from driehoek.review.record import Record, read_record, record_of
from driehoek.study import Study, read_study
from driehoek.workflow_run import run_workflow

OWN = "manifest.json"  # of a twin, beside its study file
UNKNOWN = "unknown"


class RecomputeError(ProblemsError):
    """The study could not be recomputed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes
    ----------
    altered : list of Altered
        Published files that are not as sealed.
    n_files : int
        Published files beside the manifest, which were held to it.
    causes : list of Difference
        What differs in what the two runs were made from.
    numbers : pandas.DataFrame
        Numbers that differ beyond their tolerance (`driehoek.review.compare.numbers_changed`).
    n_numbers : int
        Numbers of the manifest.
    where : str
        Where the paths part, in words; empty where nothing differs.
    twin : Twin or None
        Where one side is a synthetic twin of the other: then structure, steps and code are
        compared, and no numbers.
    """

    altered: list[Altered]
    n_files: int
    causes: list[Difference]
    numbers: pd.DataFrame
    n_numbers: int
    where: str
    twin: "Twin | None" = None

    @property
    def is_same(self) -> bool:
        """Whether inputs, published files and numbers are those of the manifest."""
        decisive = {"structure", "steps", "code"} if self.twin else {"input"}
        differs = any(each.kind in decisive for each in self.causes)
        own = self.twin.own if self.twin else None
        return not (self.altered or len(self.numbers) or differs) and (own is None or own.is_same)


@dataclass(frozen=True, slots=True)
class Twin:
    """What is compared of a study and its synthetic twin.

    Attributes
    ----------
    counts, steps, ids : pandas.DataFrame
        The numbers of each table and the jobs of each rule in both runs, and the ids that only
        one of them has (`counts_by_table`, `steps_by_rule`, `ids_on_one_side`).
    own : Verdict or None
        The twin held to its own manifest, where that lies beside its study file.
    """

    counts: pd.DataFrame
    steps: pd.DataFrame
    ids: pd.DataFrame
    own: Verdict | None


def verify(study: Path, against: Path, *, cores: str = "all", keep: Path | None = None) -> Verdict:
    """Recompute a study in a folder of its own and compare every number with a manifest.

    A twin that is held to the manifest of its study is held to its own manifest too, in the
    same run.

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
    known = read_study(study)
    is_twin = old.is_synthetic != known.settings.synthetic
    beside = study.parent / OWN
    own = read_record(beside) if is_twin and known.settings.synthetic and beside.is_file() else None
    try:
        with _folder(keep) as out:
            content = recompute(study, out, cores, old.rules)
    except RecomputeError as fault:
        like = own if is_twin else old
        told = [*changed("input", like.inputs, _fingerprints(known))] if like else []
        raise RecomputeError([*fault.problems, *map(_other_input, told)]) from fault
    new = record_of(content, study)
    if not is_twin:
        return _compared(old, new)
    none, parted = numbers_changed(old, old), structure_changed(old, new)
    twin = Twin(
        counts_by_table(old, new),
        steps_by_rule(old, new),
        ids_on_one_side(old, new),
        None if own is None else _compared(own, new),
    )
    held = altered_files(old), len(files_beside(old))
    return Verdict(*held, parted, none, len(old.numbers), "", twin)


def _compared(old: Record, new: Record) -> Verdict:
    altered, numbers, found = altered_files(old), numbers_changed(old, new), causes(old, new)
    where = parting(numbers, found, altered, old)
    return Verdict(altered, len(files_beside(old)), found, numbers, len(old.numbers), where)


def _other_input(each: Difference) -> Problem:
    mend = "put back the file that the manifest was sealed with"
    return Problem(each.name, str(each), "the input of the manifest", mend, check="input")


def recompute(study: Path, out: Path, cores: str, rules: Mapping[str, str]) -> dict[str, object]:
    """Run a study up to its statistics, and give the manifest of that.

    Parameters
    ----------
    study, out : pathlib.Path
        The study file, and the folder in which ``results/`` is made.
    cores : str
    rules : mapping of str to str
        The rule that makes each statistics file, for the manifest; of a file that is not named
        here it is unknown.

    Raises
    ------
    RecomputeError
        If the run fails.
    """
    known = read_study(study)
    inputs = _fingerprints(known)
    is_whole = not (out / "results" / known.settings.study).exists()
    outcome = run_workflow(study, out, cores, target="statistics")
    if outcome.status:
        said = "; ".join(outcome.failures) or "Snakemake stopped"
        raise RecomputeError([Problem(name_of(study), said, "a run that comes through")])
    folder = out / "results" / known.settings.study / "public" / "statistics"
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    tables = [read_statistics(path) for path in files.values()]
    named = {name: rule for name, rule in rules.items() if name in files}
    made = named | {name: UNKNOWN for name in files if name not in rules}
    steps = outcome.jobs if is_whole else {}  # else some were done before, and are not counted
    return manifest(known, [], [], tables, made, steps) | {"inputs": inputs}


def _fingerprints(study: Study) -> dict[str, str]:
    """Fingerprint the inputs before anything runs; empty where one is absent."""
    return {relative_name(path, study.folder): _digest(path) for path in input_files(study)}


def _digest(path: Path) -> str:
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
