"""The manifest: what went in, what came out, with which software, and every number."""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions, version
from pathlib import Path

import pandas as pd

from driehoek.files import sha256
from driehoek.provenance import every_source
from driehoek.study import Study
from driehoek.workflow_run import workflow_folder

SOFTWARE = (
    "driehoek", "numpy", "pandas", "pingouin", "pyreadstat", "scipy", "seaborn", "snakemake",
    "statsmodels",
)  # fmt: skip
DETAILS = ("se", "df", "ci_low", "ci_high", "p", "n", "n_excluded")
SEEDS = "of each step: SHA-256 of its name, with the study's seed (driehoek.job.generator)"


def manifest(
    study: Study,
    inputs: Iterable[Path],
    outputs: Iterable[Path],
    statistics: Iterable[pd.DataFrame],
    rules: Mapping[str, str] | None = None,
    steps: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """Gather what a reviewer needs to check a run.

    Parameters
    ----------
    study : Study
    inputs : iterable of pathlib.Path
        Raw files, instrument, study file; named relative to the study's folder. The key of the
        pseudonyms enters by its fingerprint alone, like every file.
    outputs : iterable of pathlib.Path
        Files, or folders whose files count, all below the ``public`` folder.
    statistics : iterable of pandas.DataFrame
        Every statistics table; each estimate enters ``numbers`` under its id.
    rules : mapping of str to str, optional
        The rule of the workflow that makes each statistics file, by the name of the file, which
        is the first part of an id.
    steps : mapping of str to int, optional
        How many jobs of each rule the statistics rest on.
    """
    tables = list(statistics)
    return {
        "study": study.settings.study,
        "is_simulated": study.settings.simulation is not None,
        "inputs": {relative_name(path, study.folder): sha256(path) for path in sorted(inputs)},
        "outputs": {path.as_posix(): sha256(path) for path in _files(outputs)},
        "software": software(),
        "packages": packages(),
        "platform": machine(),
        "code": code(),
        "settings": _settings(study),
        "seed": study.settings.seed,
        "seeds": SEEDS,
        "numbers": numbers(tables),
        "details": details(tables),
        "rules": dict(rules or {}),
        "steps": dict(sorted((steps or {}).items())),
    }


def _settings(study: Study) -> dict[str, object]:
    """Give the settings; of the key its name alone, for its folder tells whose machine it is."""
    known = study.settings.model_dump(mode="json", by_alias=True)
    return known | {"pseudonyms": {"key": Path(study.settings.pseudonyms.key).name}}


def input_files(study: Study) -> list[Path]:
    """List what a study is made from: exports, study file, instruments, key, named files."""
    settings, waves = study.settings, study.wave_names
    exports = [each.file for wave in waves for each in study.exports(wave).values()]
    named = [settings.pseudonyms.key, settings.corrections, settings.withdrawn]
    paths = [study.path, *(path for wave in waves for path in study.instruments(wave))]
    paths += [study.locate(name) for name in [*exports, *named] if name]
    paths += [study.seal] if study.seal.is_file() else []
    return sorted(set(paths))


def software() -> dict[str, str]:
    """Give the versions that results depend on."""
    return {"python": platform.python_version()} | {name: version(name) for name in SOFTWARE}


def packages() -> dict[str, str]:
    """Give the version of every package of the environment."""
    found = {re.sub(r"[-_.]+", "-", each.name).lower(): each.version for each in distributions()}
    return dict(sorted(found.items()))


def machine() -> dict[str, str]:
    """Give what of a machine can move a last digit; nothing that tells whose it is."""
    return {"system": platform.system(), "machine": platform.machine()}


def code() -> dict[str, str]:
    """Give the SHA-256 of each module of the package, of the workflow's rules and its scripts."""
    sources = every_source("driehoek", workflow_folder())
    return {name: sha256(path) for name, path in sources.items()}


def details(statistics: Iterable[pd.DataFrame]) -> dict[str, dict[str, float]]:
    """Give standard error, interval, p and numbers of persons by id; absent ones do not enter."""
    return {
        str(row["id"]): known
        for table in statistics
        for row in table[["id", *DETAILS]].to_dict("records")
        if (known := {key: float(row[key]) for key in DETAILS if pd.notna(row[key])})
    }


def numbers(statistics: Iterable[pd.DataFrame]) -> dict[str, float]:
    """Give each estimate by its id; figures that are withheld or absent do not enter."""
    return {
        str(name): float(estimate)
        for table in statistics
        for name, estimate in zip(table["id"], table["estimate"], strict=True)
        if pd.notna(estimate)
    }


def _files(paths: Iterable[Path]) -> list[Path]:
    found = [p for path in paths for p in (path.rglob("*") if path.is_dir() else [path])]
    return sorted(p for p in found if p.is_file() and not p.name.startswith("."))


def relative_name(path: Path, folder: Path) -> str:
    """Name an input without the machine's folders: from the study's folder where it can."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.name
