"""What Snakemake costs where there is nothing to do."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.kernel import DisagreementError, Ratio, median_seconds
from benchmarks.stage import ROOT

NOTHING = "Nothing to be done"
REFERENCE = "snakemake -n of an empty workflow: the bare start that ours includes"


def measure_noop(folder: Path, *, triads: int, repeats: int) -> Ratio:
    """Run the demo study, with so many triads, to its end; then time runs that have nothing to do.

    Raises
    ------
    DisagreementError
        If a later run still finds work.
    """
    study = demo_study(folder / "demo", triads)
    words = ("--snakefile", ROOT / "Snakefile", "--configfile", study, "--directory", study.parent)
    _snakemake(*words)
    seconds, said = median_seconds(lambda: _snakemake(*words), repeats)
    if NOTHING not in said:
        msg = "noop: a second run of the finished demo still found work"
        raise DisagreementError(msg)
    empty = folder / "Snakefile"
    empty.write_text("rule all:\n    input:\n        [],\n", encoding="utf-8")
    bare = ("--snakefile", empty, "--directory", folder, "-n")
    reference, _ = median_seconds(lambda: _snakemake(*bare), repeats)
    return Ratio("noop", seconds, REFERENCE, reference, reference / seconds)


def demo_study(folder: Path, triads: int) -> Path:
    """Lay out the demo study, with so many triads, in a folder of its own."""
    folder.mkdir(parents=True)
    for file in ("config/demo.key", "config/withdrawn.csv", "instruments/triad.yaml"):
        shutil.copyfile(ROOT / file, folder / Path(file).name)
    text = (ROOT / "config" / "study.yaml").read_text(encoding="utf-8")
    text = text.replace("../instruments/", "").replace("triads: 300", f"triads: {triads}")
    study = folder / "study.yaml"
    study.write_text(text, encoding="utf-8")
    return study


def _snakemake(*words: object) -> str:
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *map(str, words)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        msg = f"noop: Snakemake stopped: {done.stderr.strip()[-500:]}"
        raise DisagreementError(msg)
    return done.stdout + done.stderr
