"""Panel studies of scales of ten items, small or very large; nobody answered these questions."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.answers import SEED, ten_item_scales
from benchmarks.jobs import ROOT

WAVES = ("w1", "w2", "w3")
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
      missing: MISSING
MIXEDreport: {languages: [en]}
"""
MIXED = """    mixed:
      title: {nl: over de metingen, en: over the waves}
      kind: mixed
      persons: all
      outcome: carer.s1
      blocks: [[wave, carer.s2]]
"""


def panel_study(
    folder: Path,
    persons: int,
    *,
    waves: Sequence[str] = WAVES,
    n_scales: int = 6,
    missing: Sequence[str] = ("complete",),
) -> Path:
    """Write a study with its raw files, and give the study file.

    The same people answer in every wave. Loadings .5 to .8, factors correlated .4 and stable over
    waves at .7; every third item is keyed the other way; 1 % of the answers is missing completely
    at random.
    """
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "config" / "demo.key", folder / "demo.key")
    scales = [f"s{number}" for number in range(1, n_scales + 1)]
    (folder / "panel.yaml").write_text(ten_item_scales(n_scales) + BACKGROUND, encoding="utf-8")
    _write_answers(folder / "raw", persons, waves, n_scales)
    exports = "".join(
        f"  - wave: {wave}\n    exports: [{{file: raw/{wave}.csv, role: carer, platform: csv}}]\n"
        for wave in waves
    )
    ladders = "".join(
        f"    {scale}: {{title: {{nl: {scale}, en: {scale}}}, scores: carer.{scale}, "
        "across: carer.gender, estimator: MLR}\n"
        for scale in scales
    )
    parts = {"EXPORTS": exports, "LADDERS": ladders, "MIXED": MIXED if len(waves) > 1 else ""}
    parts["MISSING"] = f"[{', '.join(missing)}]"
    text = STUDY
    for name, part in parts.items():
        text = text.replace(name, part)
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _write_answers(folder: Path, persons: int, waves: Sequence[str], n_scales: int) -> None:
    rng = np.random.default_rng(SEED)
    loadings = np.tile(np.linspace(0.5, 0.8, 5), 2)
    spread = np.linalg.cholesky(0.6 * np.eye(n_scales) + 0.4)
    stable = rng.standard_normal((persons, n_scales)) @ spread.T
    codes = pa.array([f"P{number:07d}" for number in range(persons)])
    background = {
        "triadcode": codes,
        "personcode": codes,
        "age": pa.array(rng.integers(25, 90, persons)),
        "gender": pa.array(rng.choice([1, 2], persons, p=[0.6, 0.4])),
    }
    for number, wave in enumerate(waves):
        change = rng.standard_normal((persons, n_scales)) @ spread.T
        traits = np.sqrt(0.7) * stable + np.sqrt(0.3) * change + 0.1 * number
        answers = {}
        for item in range(10 * n_scales):
            loading = loadings[item % 10]
            noise = rng.standard_normal(persons) * np.sqrt(1 - loading**2)
            values = 1 + np.searchsorted(CUTS, traits[:, item // 10] * loading + noise)
            values = 6 - values if item % 3 == 2 else values
            answers[f"i{item + 1:02d}"] = pa.array(
                values.astype(np.int8), mask=rng.random(persons) < MISSING_SHARE
            )
        pa.csv.write_csv(pa.table(background | answers), folder / f"{wave}.csv")
