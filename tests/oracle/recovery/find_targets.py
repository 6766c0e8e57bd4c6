"""Find the population values of the demo's manifest estimands; writes ``targets.json``.

Run from the checkout: ``python tests/oracle/recovery/find_targets.py --cores 2`` (about five
minutes of processor time). Each part of the population has random numbers of its own, so the
number of cores does not matter.
"""

import argparse
import json
import multiprocessing
import platform
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import write_text
from driehoek.job import generator
from driehoek.simulation.estimands import estimate, fingerprint, linked_study, needed
from driehoek.study import read_study

HERE = Path(__file__).resolve().parent
STUDY = HERE.parents[2] / "config" / "study.yaml"
PARTS, TRIADS_A_PART = 25, 8000
PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "pingouin")


def part(number: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Give the persons and triads of one part, and its own estimates by id."""
    study = read_study(STUDY)
    rng = generator(study.settings.seed, "recovery", "population", str(number))
    persons, triads = needed(linked_study(study, TRIADS_A_PART, rng), study)
    own = estimate(persons, triads, study).set_index("id")["estimate"]
    persons = persons.assign(
        triad=f"{number}:" + persons["triad"], person=f"{number}:" + persons["person"]
    )
    return persons, triads.assign(triad=f"{number}:" + triads["triad"]), own


def main() -> None:
    """Simulate the population, estimate on all of it, and write the values with their errors."""
    parser = argparse.ArgumentParser(description="Find the population values.")
    parser.add_argument("--cores", type=int, default=1)
    cores = parser.parse_args().cores
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        persons, triads, own = zip(*pool.map(part, range(PARTS)), strict=True)
    study = read_study(STUDY)
    whole = estimate(
        pd.concat(persons, ignore_index=True), pd.concat(triads, ignore_index=True), study
    )
    se = pd.concat(own, axis=1).std(axis=1, ddof=1) / np.sqrt(PARTS)
    record = {
        "what": "population values; se by the spread over independent parts",
        "triads": PARTS * TRIADS_A_PART,
        "parts": PARTS,
        "seed": study.settings.seed,
        "fingerprint": fingerprint(study),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
        "targets": {
            row.id: {"estimate": row.estimate, "se": float(se[row.id]), "n": int(row.n)}
            for row in whole.itertuples()
        },
    }
    write_text(HERE / "targets.json", json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
