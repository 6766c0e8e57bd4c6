"""SurveyJS, fetched once by npm from a lock file with fingerprints, and kept for later."""

import hashlib
import logging
import os
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

from driehoek.problems import Problem, ProblemsError

FOLDER = "templates/web"
LOCKED = ("package.json", "package-lock.json")
NEEDS = "Node.js 18 or later with npm, and a network connection the first time"
log = logging.getLogger(__name__)


def surveyjs_folder(cache: Path | None = None) -> Path:
    """Give the folder with the npm packages of the web survey; fetch them if they are not there.

    Parameters
    ----------
    cache : pathlib.Path, optional
        Where fetched packages are kept; otherwise the user's cache.

    Raises
    ------
    ProblemsError
        If npm is not there, or could not fetch what the lock file names.
    """
    locked = {name: (files("driehoek.deploy") / FOLDER / name).read_bytes() for name in LOCKED}
    mark = hashlib.sha256(b"".join(locked.values())).hexdigest()[:16]
    kept = (cache or user_cache()) / f"surveyjs-{mark}"
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _fetch(locked, kept)
    return kept / "node_modules"


def user_cache() -> Path:
    """Give the folder for what can be fetched again."""
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        if folder := os.environ.get(name):
            return Path(folder) / "driehoek"
    return Path.home() / ".cache" / "driehoek"


def _fetch(locked: dict[str, bytes], kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        _refuse("npm is not installed", "install Node.js (it brings npm), and export again")
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        draft = Path(folder) / "draft"
        draft.mkdir()
        for name, content in locked.items():
            (draft / name).write_bytes(content)
        command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=draft, capture_output=True, text=True, check=False)  # noqa: S603 - our own lock file, no scripts
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            last = next((line for line in reversed(said) if line.strip()), "no reason given")
            _refuse(f"npm could not fetch SurveyJS: {last[:200]}", "check the connection")
        try:
            draft.replace(kept)
        except OSError:
            if not kept.is_dir():  # else another export fetched the same at the same time
                raise
    log.info("fetched SurveyJS into %s", kept)


def _refuse(found: str, mend: str) -> None:
    raise ProblemsError([Problem("--to web", found, NEEDS, mend, check="npm")])
