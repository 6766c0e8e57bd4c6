"""A study of one role and one wave whose answers are public: 25 items, age, gender, education.

The answers are those of bfi, which comes with psych (Revelle, SAPA project): see
`tests/oracle/synthetic/compare_methods.R`. Items are named and not worded.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.synthetic.people import draw_members
from driehoek.synthetic.synthesis import RealWave, Synthesis, synthesise

SCALES = {letter: [f"{letter}{i}" for i in range(1, 6)] for letter in "aceno"}
ITEMS = [item for items in SCALES.values() for item in items]
ASKED = ["age", "education", "gender", *ITEMS]


def inventory_form(folder: Path) -> Questionnaire:
    """Give the questionnaire."""
    path = folder / "inventory.yaml"
    asked = {"roles": ["person"]}
    content = {
        "id": "inventory", "version": "1.0.0", "status": "draft", "licence": "CC0-1.0",
        "title": _text("inventory"), "languages": ["nl", "en"],
        "roles": {"person": {"letter": "p", "label": _text("person")}},
        "responses": {"six": {"options": _options(6)}},
        "items": {
            item: {"response": "six", "text": _text(item), "ask": {item: {"role": "person"}}}
            for item in ITEMS
        },
        "background": {
            "age": {"kind": "number", "min": 0, "max": 120, "text": _text("age"), **asked},
            "education": {"kind": "choice", "text": _text("e"), "options": _options(5), **asked},
            "gender": {"kind": "choice", "text": _text("g"), "options": _options(2), **asked},
            "consent": {"kind": "choice", "text": _text("c"), "options": _options(1), **asked},
            "triadcode": {"kind": "code", "text": _text("code"), **asked},
            "personcode": {"kind": "code", "text": _text("code"), **asked},
        },
        "consent": {"question": "consent", "required": "1"},
        "scales": {
            name: {"label": _text(name), "items": items,
                   "score": {"method": "mean", "of": "items", "min_answered": 0.6}}
            for name, items in SCALES.items()
        },
    }  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML too
    return read_instrument(path)


def inventory_twin(answers: pd.DataFrame, form: Questionnaire, seed: int) -> Synthesis:
    """Synthesise answers, each of a person in a triad of their own."""
    n = len(answers)
    code = [f"t{i}" for i in range(n)]
    keys = {"response": code, "triad": code, "person": code, "role": "person", "wave": "w1"}
    values = answers[ASKED].astype(float).assign(consent=1.0)[list(form.stored)]
    kinds = pd.DataFrame(np.where(values.isna(), "skipped", ""), columns=values.columns)
    responses = pd.concat([pd.DataFrame(keys).assign(complete=True), values], axis=1)
    paradata = pd.DataFrame({"response": code, "duration_seconds": np.arange(n) % 60 + 240.0})
    rng = np.random.default_rng(seed)
    real = {"w1": RealWave(responses, kinds.assign(response=code), paradata)}
    return synthesise(real, draw_members(responses, rng), form, rng)


def _text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


def _options(n: int) -> list[dict[str, object]]:
    return [{"code": str(i), "value": i, "label": _text(str(i))} for i in range(1, n + 1)]
