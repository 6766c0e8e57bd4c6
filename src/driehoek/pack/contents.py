"""The files of a pack, put in their places."""

import shutil
from importlib.resources import files as package_files
from pathlib import Path

from driehoek.files import write_text
from driehoek.workflow_run import workflow_folder

CARRIED = (
    *("Snakefile", "workflow", "scripts", "instruments", "profiles"),
    *("pyproject.toml", "requirements.lock", "hatch_build.py"),
    *("README.md", "LICENSE", "CITATION.cff"),
    *(f"config/{name}" for name in ("study.yaml", "new_study.yaml", "demo.key", "withdrawn.csv")),
)
LEFT = shutil.ignore_patterns("__pycache__", "*.pyc", "_workflow", "raw")
MAKEFILE = """# make results   run the synthetic twin: the same analysis on answers nobody gave
# make verify    recompute it, compare every number with twin/manifest.json, and hold published/ to
#                its own manifest
# The first time the environment is made from code/requirements.lock (some minutes). Where
# driehoek is installed already: make results DRIEHOEK=driehoek

DRIEHOEK ?= .venv/bin/driehoek
PYTHON ?= python3
ifeq ($(origin DRIEHOEK),file)
READY := .venv/.installed
endif

export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export MPLBACKEND := Agg

.PHONY: results verify

results: $(READY)
\t$(DRIEHOEK) run twin/study.yaml --out .

verify: $(READY)
\t$(DRIEHOEK) verify twin/study.yaml --against published/manifest.json

.venv/.installed: code/requirements.lock
\t@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \\
\t    { echo "Python 3.11 or later is needed: make results PYTHON=python3.12"; exit 1; }
\t@$(PYTHON) -m venv --clear .venv
\t@echo "Installing the locked environment into .venv (the first time takes some minutes)."
\t@.venv/bin/python -m pip install --quiet --require-hashes -r code/requirements.lock
\t@.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation ./code
\t@touch $@
"""
README = """# {title}

A pack made by driehoek {version} for whoever wants to check this study without its answers.

- `published/`: what was published: report, tables, figures, statistics, codebook, and
  `manifest.json` with the fingerprint of every input and output and every number.
- `twin/`: a **synthetic twin** of the study. Nobody gave these answers (see
  `twin/SYNTHETIC.txt`). It has the same questionnaire, plan, waves, roles and codes.
- `code/`: the software that made both, with the versions of every package it needs.
- `ro-crate-metadata.json`: all of this described for archives (RO-Crate, Workflow Run Crate).

You need make and Python 3.11 or later; the first time, packages are fetched from a package index.
Without make: the commands stand in `Makefile`.

- `make results` runs the whole analysis on the twin (some minutes) and leaves its report in
  `results/`.
- `make verify` runs it once more, up to the statistics, and says whether
  1. every number is that of `twin/manifest.json`;
  2. each file in `published/`, and each number in it, is that of `published/manifest.json`;
  3. twin and study went through the same code, the same steps and the same tables.

  Whatever differs is named, and the status is then 1 (make says "Error").

Neither needs the real answers, and none of them are here. That the numbers in `published/` follow
from the real answers their holder shows: `driehoek verify study.yaml --against
published/manifest.json`.
"""


def lay_out(folder: Path, public: Path, title: str, version: str) -> None:
    """Put what was published, the code and how to run it into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Of the pack.
    public : pathlib.Path
        The public results of the study; nothing else of it is taken.
    title, version : str
        Of the study, and of driehoek.
    """
    shutil.copytree(public, folder / "published", ignore=shutil.ignore_patterns(".*"))
    code, root = folder / "code", workflow_folder()
    package = Path(str(package_files("driehoek")))
    shutil.copytree(package, code / "src" / "driehoek", ignore=LEFT)
    for name in CARRIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, code / name, ignore=LEFT)
        elif source.is_file():
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, code / name)
    write_text(folder / "Makefile", MAKEFILE)
    write_text(folder / "README.md", README.format(title=title, version=version))
    if (code / "LICENSE").is_file():
        shutil.copyfile(code / "LICENSE", folder / "LICENSE")
