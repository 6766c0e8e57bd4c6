"""A panel study for the whole job: sixty items in three waves; nobody answered these questions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.answers import SEED, sixty_item_instrument
from benchmarks.jobs import ROOT

WAVES = ("w1", "w2", "w3")
SCALES = [f"s{number}" for number in range(1, 7)]
ITEMS = [f"i{item:02d}" for item in range(1, 61)]
CUTS = np.array([-1.3, -0.4, 0.4, 1.2])
MISSING_SHARE = 0.01
BACKGROUND = """background:
  triadcode: {kind: code, roles: [carer], text: {nl: triade, en: triad}}
  personcode: {kind: code, roles: [carer], text: {nl: persoon, en: person}}
  age: {kind: number, roles: [carer], min: 18, max: 99, text: {nl: leeftijd, en: age}}
  gender:
    kind: choice
    roles: [carer]
    text: {nl: geslacht, en: gender}
    options:
      - {code: "1", value: 1, label: {nl: vrouw, en: woman}}
      - {code: "2", value: 2, label: {nl: man, en: man}}
"""
STUDY = """study: panel
title: {nl: panel, en: panel}
instrument: panel.yaml
seed: 20261122
waves:
EXPORTSlinkage: {triad: triadcode, person: personcode}
pseudonyms: {key: demo.key}
quality:
  duplicates: newest_complete
  completion: {at_least: 0.25, action: exclude}
plan:
  reliability: {bootstrap: 200}
  structure: {estimator: MLR, wave: w1}
  invariance:
LADDERS  models:
    linear:
      title: {nl: regressie, en: regression}
      kind: linear
      wave: w1
      outcome: carer.s1
      blocks: [[carer.age, carer.gender], [carer.s2, carer.s3]]
      errors: HC3
    mixed:
      title: {nl: over de metingen, en: over the waves}
      kind: mixed
      persons: all
      outcome: carer.s1
      blocks: [[wave, carer.s2]]
report: {languages: [en]}
"""


def panel(persons: int) -> Iterator[pd.DataFrame]:
    """Draw the raw answers of each wave, as text codes; the same people answer in every wave.

    Loadings .5 to .8, six factors correlated .4, stable over waves at .7; every third item is
    keyed the other way; 1 % of the answers is missing completely at random.
    """
    rng = np.random.default_rng(SEED)
    loadings = np.tile(np.linspace(0.5, 0.8, 5), 12)
    reversed_items = np.arange(60) % 3 == 2
    stable = rng.multivariate_normal(np.zeros(6), 0.6 * np.eye(6) + 0.4, size=persons)
    gender = rng.choice(["1", "2"], persons, p=[0.6, 0.4])
    age = rng.integers(25, 90, persons)
    codes = [f"P{number:06d}" for number in range(persons)]
    for wave in range(len(WAVES)):
        change = rng.multivariate_normal(np.zeros(6), 0.6 * np.eye(6) + 0.4, size=persons)
        traits = np.sqrt(0.7) * stable + np.sqrt(0.3) * change + 0.1 * wave
        noise = rng.standard_normal((persons, 60)) * np.sqrt(1 - loadings**2)
        latent = np.repeat(traits, 10, axis=1) * loadings + noise
        values = 1 + np.searchsorted(CUTS, latent)
        values[:, reversed_items] = 6 - values[:, reversed_items]
        answers = values.astype(object)
        answers[rng.random(answers.shape) < MISSING_SHARE] = ""
        who = {"triadcode": codes, "personcode": codes, "age": age, "gender": gender}
        yield pd.concat([pd.DataFrame(who), pd.DataFrame(answers, columns=ITEMS)], axis=1)


def panel_study(folder: Path, persons: int) -> Path:
    """Write the study with its raw files, and give the study file."""
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "config" / "demo.key", folder / "demo.key")
    instrument = sixty_item_instrument() + BACKGROUND
    (folder / "panel.yaml").write_text(instrument, encoding="utf-8")
    for wave, answers in zip(WAVES, panel(persons), strict=True):
        answers.to_csv(folder / "raw" / f"{wave}.csv", index=False)
    exports = "".join(
        f"  - wave: {wave}\n    exports: [{{file: raw/{wave}.csv, role: carer, platform: csv}}]\n"
        for wave in WAVES
    )
    ladders = "".join(
        f"    {scale}: {{title: {{nl: {scale}, en: {scale}}}, scores: carer.{scale}, "
        "across: carer.gender, estimator: MLR}\n"
        for scale in SCALES
    )
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("EXPORTS", exports).replace("LADDERS", ladders), encoding="utf-8")
    return path
