"""A small study with gaps, linked: carers with a two-facet scale and hours over two waves."""

import numpy as np
import pandas as pd

from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.impute import impute
from driehoek.analysis.imputation.needed import needed
from driehoek.analysis.model_data import ModelData
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import link_waves
from driehoek.scoring.scales import score_responses
from tests.small_study import small_study, wave_tables

ITEMS = ("a1c", "a2c", "a3c", "a4c", "b1c", "b2c")
PLAN = """
plan:
  imputation: {sets: 5, iterations: 4, dont_know: DONT_KNOW, lost: LOST, deltas: DELTAS}
  models:
    warm:
      kind: linear
      wave: w1
      outcome: carer.warmth
      blocks: [[carer.hours, seeker.age]]
      missing: [complete, imputation]
    course:
      kind: mixed
      persons: all
      outcome: carer.warmth
      blocks: [[wave, carer.hours]]
      missing: [complete, imputation]
disclosure: {min_cell: MIN_CELL}
"""


def study_with_gaps(folder, dont_know="keep", lost="impute", deltas="{}", min_cell="1", more=""):
    text = PLAN.replace("DONT_KNOW", dont_know).replace("LOST", lost).replace("DELTAS", deltas)
    text = text.replace("MIN_CELL", min_cell)
    return small_study(folder, text + more)


def people_with_gaps(n, seed=3):
    """Draw carers and seekers of both waves; every fifth carer stops after the first."""
    rng = np.random.default_rng(seed)
    waves = {"w1": [], "w2": []}
    for i in range(n):
        warm, hours = rng.normal(), float(rng.integers(2, 60))
        for wave, people in waves.items():
            if wave == "w2" and i % 5 == 0:
                continue
            values = np.clip(np.round(3 + warm + rng.normal(0, 0.7, 6)), 1, 5)
            values[1] = 6 - values[1]  # a2 is keyed "-"
            answers = dict(zip(ITEMS, values, strict=True))
            if i % 4 == 1:
                answers.pop("a1c")
            if i % 7 == 2:
                answers["b1c"] = "dont_know"
            carer = {
                "role": "carer",
                "person": f"c{i}",
                "triad": f"t{i}",
                "hours": hours,
                "age": 50,
            }
            people.append(carer | answers)
            age = float(rng.integers(60, 95))
            people.append({"role": "seeker", "person": f"s{i}", "triad": f"t{i}", "age": age})
    return waves


def linked_tables(study, waves):
    responses, missing, scores, ledgers = [], [], [], []
    for wave, people in waves.items():
        tables = wave_tables(study.questionnaire, people, wave)
        clean = clean_wave(tables, study, wave)
        responses.append(clean.tables.responses)
        missing.append(clean.tables.missing)
        scores.append(score_responses(responses[-1], missing[-1], study.questionnaire))
        ledgers.append(clean.ledger)
    return link_waves(study, responses=responses, missing=missing, scores=scores, ledgers=ledgers)


def imputed(study, waves):
    """Impute, and give the linked tables, what was filled in, and the completed sets."""
    linked = linked_tables(study, waves)
    found = impute(linked.long, linked.missing, study, {})
    need = needed(ModelData(linked.long, linked.triads, study))
    sets = CompletedSets(
        linked.long, linked.missing, found.cells, found.lost, need=need, study=study, keys={}
    )
    return linked, found, sets


def kinds_of(linked, question):
    return pd.Series(
        linked.missing[question].astype(str).to_numpy(), index=linked.missing["response"]
    )
