"""A study of one wave with very many responses, to see how the stages grow."""

import shutil
from pathlib import Path

import numpy as np

from benchmarks.jobs import ROOT
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import read_study

# Each triad of the simulation gives some three responses in the first wave.
RESPONSES_A_TRIAD = 3.04
# Drawing more at once takes memory; beyond this the same answers come again under other codes.
MOST_TRIADS = 33_000
STUDY = """study: growth
title: {nl: groei, en: growth}
instrument: triad.yaml
seed: 20261122
waves:
  - wave: w1
    exports: [{file: raw/w1.csv, role: [seeker, carer, professional], platform: csv}]
linkage: {triad: triadcode, person: personcode, primary: {carer: most_hours}}
pseudonyms: {key: demo.key}
quality:
  duplicates: newest_complete
  completion: {at_least: 0.25, action: exclude}
  speed: {seconds_per_item: 2, action: flag}
  longstring: {at_least: 15, action: flag}
derive: {intensity: {from: hours, bands: [0, 8, 20, 169]}}
plan:
  structure: {}
  invariance:
    dialogue: {title: {nl: d, en: d}, scores: carer.dialogue, across: carer.gender}
  correlations: {bonds: {wave: w1, variables: [carer.hours, carer.burden, seeker.dialogue]}}
  models:
    burden:
      title: {nl: b, en: b}
      kind: linear
      wave: w1
      outcome: carer.burden
      blocks: [[carer.hours, carer.trust.about_seeker]]
report: {languages: [en]}
"""


def large_study(folder: Path, responses: int) -> Path:
    """Write a study of one wave with about so many responses, and give its study file."""
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "instruments" / "triad.yaml", folder / "triad.yaml")
    shutil.copyfile(ROOT / "config" / "demo.key", folder / "demo.key")
    path = folder / "study.yaml"
    text = STUDY.replace("seed:", "simulation: {triads: 20}\nseed:")
    path.write_text(text, encoding="utf-8")
    study = read_study(path)
    triads = max(20, round(responses / RESPONSES_A_TRIAD))
    rng = np.random.default_rng(study.settings.seed)
    simulated = simulate_study(study, triads=min(triads, MOST_TRIADS), rng=rng)
    write_exports(simulated, study, study.folder)
    path.write_text(STUDY, encoding="utf-8")
    _repeat(folder / "raw" / "w1.csv", round(triads / MOST_TRIADS))
    return path


def _repeat(raw: Path, times: int) -> None:
    """Let the answers come so many times, each time from triads with other codes."""
    _, *rows = raw.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    with raw.open("a", encoding="utf-8", newline="") as file:
        for block in range(1, times):
            code = f";T{block}"
            file.writelines(row.replace(";T", code) for row in rows)
