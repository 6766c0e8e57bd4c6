"""What simulated people answered comes back from the export of every platform."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.instrument.reading import read_instrument
from driehoek.job import generator
from driehoek.responses import KEYS
from driehoek.simulation.cells import HIDDEN, is_gap, values
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = {
    "limesurvey": "raw/all.csv",
    "qualtrics": "raw/all.csv",
    "spss": "raw/all.sav",
    "csv": "raw/all.csv",
    "excel": "raw/all.xlsx",
    "web": "raw/all.json",
}
STUDY = """
study: simulated
title: {nl: Simulatie, en: Simulation}
instrument: instruments/triad.yaml
seed: 1
waves:
  - wave: w1
    date: 2025-03
    exports:
      - {file: FILE, role: [seeker, carer, professional], platform: PLATFORM, language: nl}
linkage: {triad: triadcode, person: personcode}
pseudonyms: {key: demo.key}
"""


def study_of(folder: Path, platform: str) -> Study:
    shutil.copytree(ROOT / "instruments", folder / "instruments")
    shutil.copy(ROOT / "config" / "demo.key", folder / "demo.key")
    text = STUDY.replace("FILE", FILES[platform]).replace("PLATFORM", platform)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return read_study(folder / "study.yaml")


def simulated_and_read(folder: Path, platform: str) -> tuple[pd.DataFrame, pd.DataFrame, Ingested]:
    study = study_of(folder, platform)
    simulated = simulate_study(study, triads=25, rng=generator(7, "ingest"))
    (folder / "raw").mkdir()
    write_exports(simulated, study, folder)
    held = simulated.rows[simulated.rows["export"] == 0].sort_values("started", kind="stable")
    if platform == "web":  # the page saves what people finish
        held = held[held["submitted"]]
    cells = simulated.cells.loc[held.index].reset_index(drop=True)
    # The study names the platform only for the writers: ingest is to recognise it itself.
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8").replace(f"platform: {platform}", "platform: auto")
    path.write_text(text, encoding="utf-8")
    found = ingest_export(read_study(path), "w1", "1-all")
    return held.reset_index(drop=True), cells, found


@pytest.fixture(scope="module")
def read_back(tmp_path_factory):
    """Give rows, cells and tables by platform: the same people on each of them."""
    return {each: simulated_and_read(tmp_path_factory.mktemp(each), each) for each in FILES}


@pytest.mark.parametrize("platform", FILES)
def test_every_simulated_answer_is_read_back(read_back, platform):
    rows, cells, found = read_back[platform]
    questions = read_instrument(ROOT / "instruments" / "triad.yaml").questions
    assert found.responses["role"].tolist() == rows["role"].tolist()
    assert found.responses["complete"].tolist() == rows["submitted"].tolist()
    kinds = found.missing.astype(str)
    stored = [qid for qid in found.missing.columns.drop("response") if qid not in KEYS]
    assert len(stored) > 300
    for qid in stored:
        column = cells[qid].to_numpy()
        invalid = (kinds[qid] == "invalid").to_numpy()
        expected = np.where(invalid, np.nan, values(questions[qid], column))
        np.testing.assert_array_equal(found.responses[qid].to_numpy(), expected, err_msg=qid)
        hidden = kinds[qid].isin(["not_shown", "planned", "unknown"]).to_numpy()
        assert not (hidden & ~is_gap(column)).any(), qid
        assert hidden[column == HIDDEN].all(), qid
    assert (kinds == "invalid").sum(axis=None) == len(found.quarantine) <= 5


def test_every_platform_tells_the_same_missing_kinds(read_back):
    kinds = {}
    for platform, (rows, _, found) in read_back.items():
        ordinary = found.missing[(rows["kind"] != "preview").to_numpy()]
        kinds[platform] = ordinary.drop(columns="response").reset_index(drop=True)
    for platform in set(FILES) - {"web"}:
        pd.testing.assert_frame_equal(kinds[platform], kinds["csv"], obj=platform)
    rows = read_back["csv"][0]
    finished = rows["submitted"][rows["kind"] != "preview"].to_numpy()
    expected = kinds["csv"][finished].reset_index(drop=True)
    pd.testing.assert_frame_equal(kinds["web"], expected)
