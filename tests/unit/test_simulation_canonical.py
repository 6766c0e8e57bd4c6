"""Simulated answers reach the canonical tables the same way with files and without."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import ingest_export
from driehoek.job import generator
from driehoek.simulation.canonical import canonical_wave
from driehoek.simulation.study import Simulated, simulate_study, write_exports
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parents[2]
TRIADS = 80


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give the demo, its raw files in a folder of their own."""
    demo = read_study(ROOT / "config" / "study.yaml")
    folder = tmp_path_factory.mktemp("demo é")
    (folder / "demo.key").write_bytes((ROOT / "config" / "demo.key").read_bytes())
    return replace(demo, path=folder / "study.yaml")


@pytest.fixture(scope="module")
def simulated(study: Study) -> Simulated:
    simulated = simulate_study(study, triads=TRIADS, rng=generator(5, "canonical"))
    write_exports(simulated, study, study.folder)
    return simulated


def from_files(study: Study, wave: str) -> WaveTables:
    ingested = [ingest_export(study, wave, export) for export in study.exports(wave)]
    tables = [WaveTables(each.responses, each.missing, each.paradata) for each in ingested]
    return stacked(tables, wave)


@pytest.mark.parametrize("wave", ["w1", "w2", "w3"])
def test_the_tables_of_every_platform_are_those_of_the_simulated_answers(
    study: Study, simulated: Simulated, wave: str
):
    read, direct = from_files(study, wave), canonical_wave(simulated, study, wave)
    for part in ("responses", "missing", "paradata"):
        pd.testing.assert_frame_equal(getattr(direct, part), getattr(read, part), check_exact=True)


def test_leaving_a_role_out_changes_nothing_else(study: Study, simulated: Simulated):
    every = canonical_wave(simulated, study, "w1").responses
    carers = canonical_wave(simulated, study, "w1", roles=["carer"]).responses
    expected = every[every["role"] == "carer"].reset_index(drop=True)
    pd.testing.assert_frame_equal(carers, expected, check_exact=True)
