"""A manifest read back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driehoek.problems import Problem, ProblemsError, name_of

INSTALLERS = frozenset({"pip", "setuptools", "uv", "wheel"})  # no analysis imports them
NEEDED = ("study", "inputs", "outputs", "software", "settings", "seed", "numbers")


class ManifestError(ProblemsError):
    """A manifest is absent, damaged or no manifest."""


@dataclass(frozen=True, slots=True)
class Record:
    """A manifest.

    Attributes
    ----------
    path : pathlib.Path
    study : str
    inputs, outputs : mapping of str to str
        SHA-256 by path: of inputs from the study's folder, of outputs from where the run was.
    software, packages, platform, code : mapping of str to str
        Versions of what results depend on, of every package, the system, and SHA-256 by module.
    settings : mapping
    seed : int
    numbers : mapping of str to float
        Estimate by id.
    details : mapping of str to mapping
        Standard error, interval, p and n by id.
    rules : mapping of str to str
        Rule of the workflow by statistics file.
    steps : mapping of str to int
        How many jobs of each rule the statistics rest on; empty where nobody counted.
    is_synthetic : bool
        Whether the answers are a synthetic twin's.
    """

    path: Path
    study: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    software: Mapping[str, str]
    packages: Mapping[str, str]
    platform: Mapping[str, str]
    code: Mapping[str, str]
    settings: Mapping[str, Any]
    seed: int
    numbers: Mapping[str, float]
    details: Mapping[str, Mapping[str, float]]
    rules: Mapping[str, str]
    steps: Mapping[str, int]
    is_synthetic: bool

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions that a number may depend on, likeliest first; installers are left out."""
        known = dict(self.packages or self.software)
        first = {name: known[name] for name in self.software if name in known}
        python = {"python": self.software.get("python", "")}
        whole = {**first, **python, **known}
        return {name: found for name, found in whole.items() if name not in INSTALLERS}

    def made_by(self, name: str) -> str:
        """Give the rule that made a number, by its id."""
        file = name.split("/")[0]
        return self.rules.get(file, file)


def read_record(path: Path) -> Record:
    """Read a manifest; a folder stands for the manifest in it.

    Raises
    ------
    ManifestError
    """
    places = _manifests_in(path) if path.is_dir() else [path]
    if len(places) > 1:
        names = ", ".join(name_of(each) for each in places)
        said, mend = f"{len(places)} manifests below it ({names})", "name the one you mean"
        raise ManifestError([Problem(name_of(path), said, "one manifest", mend)])
    found = next((each for each in places if each.is_file()), None)
    if found is None:
        mend = "name manifest.json of a run, or the results folder of a study"
        raise ManifestError([Problem(name_of(path), "no manifest here", "a manifest", mend)])
    try:
        content = json.loads(found.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        said = f"no JSON that can be read ({fault})"
        raise ManifestError([Problem(name_of(found), said, "a manifest")]) from fault
    return record_of(content, found)


def record_of(content: Any, path: Path) -> Record:  # noqa: ANN401 - JSON holds anything
    """Take a manifest's content as a record.

    Raises
    ------
    ManifestError
        If parts of a manifest are absent.
    """
    absent = [key for key in NEEDED if not isinstance(content, dict) or key not in content]
    if absent:
        said = f"no {', '.join(absent)} in it"
        raise ManifestError([Problem(name_of(path), said, "a manifest of driehoek")])
    parts = ("packages", "platform", "code", "details", "rules", "steps")
    return Record(
        path,
        **{key: content[key] for key in NEEDED},
        **{key: content.get(key, {}) for key in parts},
        is_synthetic=bool(content["settings"].get("synthetic")),
    )


def _manifests_in(folder: Path) -> list[Path]:
    """Find the manifest of a results folder, or those of every study below it."""
    for place in ("manifest.json", "public/manifest.json"):
        if (folder / place).is_file():
            return [folder / place]
    found = sorted(folder.glob("results/*/public/manifest.json"))
    return found or sorted(folder.glob("*/public/manifest.json"))
