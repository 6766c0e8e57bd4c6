"""A new study: a commented study file, empty raw folders and a pseudonym key."""

import re
import secrets
import shutil
from pathlib import Path

from driehoek.files import write_text
from driehoek.problems import Problem, StudyError, name_of
from driehoek.workflow_run import workflow_folder

KEY_BYTES = 32


def new_study(folder: Path, key: Path | None = None) -> list[Path]:
    """Lay out a new study in an empty or absent folder.

    Parameters
    ----------
    folder : pathlib.Path
        Its name becomes the study's name.
    key : pathlib.Path, optional
        Where the pseudonym key goes; by default below the user's own folder, away from the data.

    Returns
    -------
    list of pathlib.Path
        What was made, the key last.

    Raises
    ------
    StudyError
        If the folder holds something already, or the key exists: a key is never overwritten,
        since with it the link between the waves would be lost.
    """
    name = study_name(folder)
    key = key or Path.home() / ".driehoek" / f"{name}.key"
    _refuse_overwriting(folder, key)
    root = workflow_folder()
    instrument = folder / "instruments" / "triad.yaml"
    instrument.parent.mkdir(parents=True)
    shutil.copyfile(root / "instruments" / "triad.yaml", instrument)
    (folder / "raw").mkdir()
    template = (root / "config" / "new_study.yaml").read_text(encoding="utf-8")
    study = folder / "study.yaml"
    shown = key.resolve().as_posix()
    filled = template.replace("{{name}}", name).replace("{{seed}}", str(secrets.randbelow(10**8)))
    write_text(study, filled.replace("{{key}}", shown))
    write_key(key)
    return [study, instrument, folder / "raw", key]


def study_name(folder: Path) -> str:
    """Turn the name of a folder into the name of a study: lower case, digits, underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_")[:30]
    return plain if plain[:1].isalpha() else f"study_{plain}"[:30].rstrip("_")


def write_key(path: Path) -> None:
    """Write a fresh key that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")


def _refuse_overwriting(folder: Path, key: Path) -> None:
    problems = []
    if folder.is_dir() and any(folder.iterdir()):
        mend = "choose another folder"
        problems.append(Problem(name_of(folder), "the folder is not empty", "a new one", mend))
    if key.exists():
        mend = "choose another with --key, or name this one in the study file by hand"
        problems.append(Problem(name_of(key), "this key exists already", "a new key", mend))
    if problems:
        raise StudyError(problems)
