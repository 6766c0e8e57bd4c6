"""The manifest: what went in, what came out, with which software, and every number."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from driehoek.files import sha256
from driehoek.study import Study

SOFTWARE = (
    "driehoek", "numpy", "pandas", "pingouin", "pyreadstat", "scipy", "seaborn", "snakemake",
    "statsmodels",
)  # fmt: skip


def manifest(
    study: Study,
    inputs: Iterable[Path],
    outputs: Iterable[Path],
    statistics: Iterable[pd.DataFrame],
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
    """
    return {
        "study": study.settings.study,
        "is_simulated": study.settings.simulation is not None,
        "inputs": {_relative(path, study.folder): sha256(path) for path in sorted(inputs)},
        "outputs": {path.as_posix(): sha256(path) for path in _files(outputs)},
        "software": software(),
        "settings": study.settings.model_dump(mode="json", by_alias=True),
        "seed": study.settings.seed,
        "numbers": numbers(statistics),
    }


def software() -> dict[str, str]:
    """Give the versions that results depend on."""
    return {"python": platform.python_version()} | {name: version(name) for name in SOFTWARE}


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


def _relative(path: Path, folder: Path) -> str:
    """Name an input without the machine's folders: from the study's folder where it can."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.name
