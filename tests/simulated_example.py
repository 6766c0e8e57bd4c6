"""Simulated people on each platform, and what ingest reads back from its export."""

import shutil
from pathlib import Path

import pandas as pd

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.job import generator
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "limesurvey": "raw/all.csv",
    "qualtrics": "raw/all.csv",
    "spss": "raw/all.sav",
    "csv": "raw/all.csv",
    "excel": "raw/all.xlsx",
    "stata": "raw/all.dta",
    "web": "raw/all.json",
    "redcap": "raw/all.csv",
    "kobo": "raw/all.csv",
    "odk": "raw/all.csv",
}
FORMS = {"msforms": "raw/carers.xlsx", "googleforms": "raw/carers.csv"}
FINISHED = ("web", "kobo", "odk", *FORMS)  # these hold what people finished
ROLES = "[seeker, carer, professional]"
STUDY = """
study: simulated
title: {nl: Simulatie, en: Simulation}
instrument: instruments/triad.yaml
seed: 1
waves:
  - wave: w1
    date: 2025-03
    exports:
      - {file: FILE, role: ROLES, platform: PLATFORM, language: nl}
linkage: {triad: triadcode, person: personcode}
pseudonyms: {key: demo.key}
"""


def study_of(folder: Path, platform: str, role: str = ROLES) -> Study:
    shutil.copytree(ROOT / "instruments", folder / "instruments")
    shutil.copy(ROOT / "config" / "demo.key", folder / "demo.key")
    text = STUDY.replace("FILE", (FILES | FORMS)[platform]).replace("PLATFORM", platform)
    text = text.replace("ROLES", role)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return read_study(folder / "study.yaml")


def simulated_and_read(
    folder: Path, platform: str, role: str = ROLES
) -> tuple[pd.DataFrame, pd.DataFrame, Ingested]:
    study = study_of(folder, platform, role)
    simulated = simulate_study(study, triads=25, rng=generator(7, "ingest"))
    (folder / "raw").mkdir()
    write_exports(simulated, study, folder)
    held = simulated.rows[simulated.rows["export"] == 0].sort_values("started", kind="stable")
    if platform in FINISHED:
        held = held[held["submitted"]]
    cells = simulated.cells.loc[held.index].reset_index(drop=True)
    # The study names the platform only for the writers: ingest is to recognise it itself.
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8").replace(f"platform: {platform}", "platform: auto")
    path.write_text(text, encoding="utf-8")
    found = ingest_export(read_study(path), "w1", next(iter(study.exports("w1"))))
    return held.reset_index(drop=True), cells, found
