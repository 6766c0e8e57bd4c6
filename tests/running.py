"""Studies run as a user would run them, from a copy of the checkout."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CARRIED = (
    *("Snakefile", "workflow", "scripts", "instruments", "profiles", "config", "src"),
    *("pyproject.toml", "requirements.lock", "hatch_build.py"),
    *("README.md", "LICENSE", "CITATION.cff"),
)


@dataclass(frozen=True)
class Checkout:
    """A copy of the checkout, whose files a test may edit."""

    root: Path

    def environment(self):
        """Give a user's environment, in which the copy's package is found first."""
        own = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
        return own | {
            "PYTHONPATH": str(self.root / "src"),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def python(self, *words, cwd, check=True):
        """Run Python with these words."""
        return subprocess.run(
            [sys.executable, *(str(word) for word in words)],
            cwd=cwd,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=check,
        )

    def driehoek(self, *words, cwd, check=True):
        """Run the console command."""
        return self.python("-m", "driehoek.cli", *words, cwd=cwd, check=check)

    def snakemake(self, study, *words):
        """Run Snakemake on a study, and give all it says."""
        done = self.python(
            *("-m", "snakemake", "--snakefile", self.root / "Snakefile", "--configfile", study),
            *("--directory", study.parent, "--cores", "2", *words),
            cwd=study.parent,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


def copied_checkout(folder):
    """Copy what the workflow needs into a folder."""
    folder.mkdir(parents=True)
    skip = shutil.ignore_patterns("raw", "__pycache__", "*.egg-info")
    for name in CARRIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=skip)
        else:
            shutil.copyfile(source, folder / name)
    return Checkout(folder)


def small_study(folder, *, triads=80):
    """Lay out the demo study, with fewer triads and one report, in a folder of its own."""
    folder.mkdir(parents=True)
    for name in ("demo.key", "withdrawn.csv"):
        shutil.copyfile(ROOT / "config" / name, folder / name)
    shutil.copyfile(ROOT / "instruments" / "triad.yaml", folder / "triad.yaml")
    text = (ROOT / "config" / "study.yaml").read_text(encoding="utf-8")
    for old, new in {
        "../instruments/triad.yaml": "triad.yaml",
        "simulation: {triads: 300}": f"simulation: {{triads: {triads}}}",
        "bootstrap: 200": "bootstrap: 50",
        "report: {languages: [nl, en]}": "report: {languages: [en]}",
    }.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path
