"""The stored figures of lavaan, psych and semTools come out of R again (tests/oracle/cfa)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "cfa"
SCRIPTS = {
    "generate_within.R": ["waves.json"],
    "generate_clusters.R": ["clusters.json"],
    "generate_structure.R": ["structure.json"],
    "generate_effects.R": ["effects.json"],
    "generate_ordered.R": ["ordered.json"],
    "generate.R": ["holzinger.json", "bfi.json", "bfi_invariance.json", "binary.json"],
}
VARYING = {"seconds", "versions", "oblimin", "geomin"}  # rotations: psych and lavaan draw starts
PACKAGES = ("lavaan", "psych", "semTools", "jsonlite")

pytestmark = [pytest.mark.oracle, pytest.mark.r]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_fresh_run_of_r_gives_the_stored_figures(script, tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no Rscript on this machine")
    versions = "; ".join(f'cat(as.character(packageVersion("{each}")), "")' for each in PACKAGES)
    asked = subprocess.run([rscript, "-e", versions], capture_output=True, text=True, check=False)
    stored = json.loads((HERE / "versions.json").read_text(encoding="utf-8"))
    if asked.returncode or asked.stdout.split()[:3] != [stored[each] for each in PACKAGES[:3]]:
        pytest.skip(f"R here has {asked.stdout or 'not all packages'}, the stored results {stored}")
    folder = tmp_path / "cfa"
    shutil.copytree(HERE, folder)
    for result in SCRIPTS[script]:
        (folder / result).unlink()
    subprocess.run([rscript, script], cwd=folder, check=True, capture_output=True)
    for result in SCRIPTS[script]:
        fresh, known = (json.loads((at / result).read_text("utf-8")) for at in (folder, HERE))
        assert dict(_leaves(fresh)) == pytest.approx(dict(_leaves(known)), rel=1e-6, abs=1e-6)


def _leaves(tree, path=""):
    """List all numbers, save those that differ from run to run."""
    if isinstance(tree, dict):
        for key, branch in tree.items():
            if key not in VARYING:
                yield from _leaves(branch, f"{path}/{key}")
    elif isinstance(tree, list):
        for place, branch in enumerate(tree):
            yield from _leaves(branch, f"{path}/{place}")
    elif isinstance(tree, int | float):
        yield path, tree
