"""A small study for tests of cleaning, scoring and linkage: its files and canonical tables."""

import numpy as np
import pandas as pd

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import link_waves
from driehoek.cleaning.wave import WaveTables
from driehoek.instrument.reading import read_instrument
from driehoek.responses import KIND_CATEGORIES
from driehoek.scoring.scales import score_responses
from driehoek.study import read_study

KEY = "0123456789abcdef" * 4

INSTRUMENT = """
id: small
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {nl: klein, en: small}
languages: [nl, en]
roles:
  seeker: {letter: s, label: {nl: hulpvrager, en: seeker}}
  carer: {letter: c, label: {nl: mantelzorger, en: carer}}
  professional: {letter: p, label: {nl: sociaal werker, en: social worker}}
responses:
  agree:
    options:
      - {code: "1", value: 1, label: {nl: helemaal niet, en: not at all}}
      - {code: "2", value: 2, label: {nl: niet echt, en: not really}}
      - {code: "3", value: 3, label: {nl: een beetje, en: somewhat}}
      - {code: "4", value: 4, label: {nl: grotendeels, en: mostly}}
      - {code: "5", value: 5, label: {nl: helemaal, en: completely}}
      - {code: "9", missing: dont_know, label: {nl: weet niet, en: don't know}}
  often:
    options:
      - {code: "1", value: -3, label: {nl: nooit, en: never}}
      - {code: "2", value: 0, label: {nl: soms, en: sometimes}}
      - {code: "3", value: 3, label: {nl: vaak, en: often}}
  yesno:
    options:
      - {code: "1", value: 1, label: {nl: ja, en: "yes"}}
      - {code: "2", value: 0, label: {nl: nee, en: "no"}}
items:
  a1: {response: agree, text: {nl: een, en: one}, ask: {a1c: {role: carer}, a1s: {role: seeker}}}
  a2: {response: agree, keyed: "-", text: {nl: twee, en: two},
    ask: {a2c: {role: carer}, a2s: {role: seeker}}}
  a3: {response: agree, text: {nl: drie, en: three}, ask: {a3c: {role: carer}}}
  a4: {response: agree, text: {nl: vier, en: four}, ask: {a4c: {role: carer}}}
  b1: {response: agree, text: {nl: vijf, en: five}, ask: {b1c: {role: carer}}}
  b2: {response: agree, text: {nl: zes, en: six}, ask: {b2c: {role: carer}}}
  t1: {response: often, text: {nl: zeven, en: seven},
    ask: {t1cs: {role: carer, about: seeker}, t1cp: {role: carer, about: professional}}}
  t2: {response: often, text: {nl: acht, en: eight},
    ask: {t2cs: {role: carer, about: seeker}, t2cp: {role: carer, about: professional}}}
background:
  consent: {kind: choice, roles: [seeker, carer], response: yesno, text: {nl: akkoord, en: consent}}
  hours: {kind: number, roles: [carer], min: 0, max: 168, text: {nl: uren, en: hours}}
  age: {kind: number, roles: [seeker, carer, professional], min: 0, max: 120,
    text: {nl: leeftijd, en: age}}
  rooms: {kind: number, roles: [carer], min: 0, max: 9, text: {nl: kamers, en: rooms}}
  triadcode: {kind: code, roles: [seeker, carer, professional], text: {nl: code, en: code}}
  personcode: {kind: code, roles: [seeker, carer, professional], text: {nl: code, en: code}}
consent: {question: consent, required: "1"}
routing:
  - {show: [rooms], when: hours > 100}
scales:
  warmth:
    label: {nl: warmte, en: warmth}
    facets:
      near: {label: {nl: nabij, en: near}, items: [a1, a2, a3, a4]}
      far: {label: {nl: ver, en: far}, items: [b1, b2]}
    score: {method: mean, of: facets, min_answered: 0.75}
    examples:
      - {role: carer, answers: {a1: 5, a2: 1, a3: 5, a4: null, b1: 1, b2: 3}, score: 3.5}
  tally:
    label: {nl: telling, en: tally}
    items: [t1, t2]
    score: {method: sum, of: items, min_answered: 0.5}
"""

STUDY = """
study: small
title: {nl: klein, en: small}
instrument: small.yaml
seed: 1
waves:
  - {wave: w1, exports: [{file: raw/w1.csv, role: [seeker, carer, professional]}]}
  - {wave: w2, exports: [{file: raw/w2.csv, role: [seeker, carer, professional]}]}
linkage: {triad: triadcode, person: personcode, primary: {carer: most_hours}}
pseudonyms: {key: study.key}
derive: {agegroup: {from: age, bands: [0, 45, 65, 120]}}
"""


def small_questionnaire(folder, text=INSTRUMENT):
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return read_instrument(path)


def small_study(folder, extra=""):
    """Write the study with its instrument and key; `extra` is added to the study file."""
    small_questionnaire(folder)
    (folder / "study.key").write_text(KEY + "\n", encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(STUDY + extra, encoding="utf-8")
    return read_study(path)


def wave_tables(questionnaire, people, wave="w1"):
    """Build the canonical tables of a wave from a mapping for each response.

    A mapping holds keys, paradata, answers, and kinds of missing answers as text. Questions left
    out are skipped, or not shown where they are not for that role.
    """
    rows = [_row(questionnaire, person, wave, i) for i, person in enumerate(people, 1)]
    responses, missing, paradata = (pd.DataFrame([row[i] for row in rows]) for i in range(3))
    kinds = pd.CategoricalDtype(pd.Index(KIND_CATEGORIES, dtype="str"))
    questions = dict.fromkeys(questionnaire.stored, kinds)
    return WaveTables(responses, missing.astype(questions), paradata)


def cleaned(study, *waves):
    """Clean the waves of a study, each a list of mappings as for `wave_tables`."""
    return [
        clean_wave(wave_tables(study.questionnaire, people, f"w{i}"), study, f"w{i}")
        for i, people in enumerate(waves, 1)
    ]


def linked(study, *waves):
    """Clean, score and link the waves of a study."""
    clean = cleaned(study, *waves)
    tables = [wave.tables for wave in clean]
    return link_waves(
        study,
        responses=[each.responses for each in tables],
        missing=[each.missing for each in tables],
        scores=[
            score_responses(each.responses, each.missing, study.questionnaire) for each in tables
        ],
        ledgers=[wave.ledger for wave in clean],
    )


def _row(questionnaire, person, wave, number):
    person = {"role": "carer", "consent": 1.0} | person
    keys = {
        "response": f"{wave}-1-{number:05d}",
        "raw_row": number,
        "wave": wave,
        "export": "1-file",
        "role": person["role"],
        "triad": person.get("triad", "t1"),
        "person": person.get("person", f"p{number}"),
        "complete": person.get("complete", True),
    }
    answers, kinds = {}, {}
    for qid in questionnaire.stored:
        shown = person["role"] in questionnaire.questions[qid].roles
        given = person.get(qid, "skipped") if shown else "not_shown"
        is_kind = isinstance(given, str)
        answers[qid] = np.nan if is_kind else float(given)
        kinds[qid] = given if is_kind else ""
    paradata = {
        "response": keys["response"],
        "started": person.get("started", ""),
        "submitted": person.get("submitted", ""),
        "duration_seconds": person.get("duration_seconds", np.nan),
        "item_seconds": person.get("item_seconds", np.nan),
        "language": "nl",
        "n_shown": 0,
        "n_answered": 0,
        "is_test": person.get("is_test", False),
        "invitation": person.get("invitation", ""),
        "check_read": person.get("check_read", ""),
    }
    return keys | answers, {"response": keys["response"]} | kinds, paradata
