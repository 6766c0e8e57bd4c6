"""A small study of three waves: its questionnaire in two versions, and simulated exports."""

from pathlib import Path

from driehoek.job import generator
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import read_study

KEY = "fedcba9876543210" * 4
INSTRUMENT = """
id: story
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {nl: verhaal, en: story}
languages: [nl, en]
roles:
  seeker: {letter: s, label: {nl: hulpvrager, en: seeker}}
  carer: {letter: c, label: {nl: mantelzorger, en: carer}}
responses:
  agree:
    options:
      - {code: "1", value: 1, label: {nl: helemaal niet, en: not at all}}
      - {code: "2", value: 2, label: {nl: niet echt, en: not really}}
      - {code: "3", value: 3, label: {nl: een beetje, en: somewhat}}
      - {code: "4", value: 4, label: {nl: grotendeels, en: mostly}}
      - {code: "5", value: 5, label: {nl: helemaal, en: completely}}
items:
  bur1: {response: agree, text: {nl: Het is zwaar., en: It is heavy.}, ask: {bur1c: {role: carer}}}
  bur2: {response: agree, text: {nl: Ik ben moe., en: I am tired.}, ask: {bur2c: {role: carer}}}
  bur3: {response: agree, text: {nl: Het kost veel., en: It costs.}, ask: {bur3c: {role: carer}}}
  bur4: {response: agree, text: {nl: Het drukt., en: It weighs.}, ask: {bur4c: {role: carer}}}
  tru1:
    response: agree
    text: {nl: Ik vertrouw de ander., en: I trust the other.}
    ask: {tru1c: {role: carer, about: seeker}, tru1s: {role: seeker, about: carer}}
  tru2:
    response: agree
    text: {nl: Ik reken op de ander., en: I count on the other.}
    ask: {tru2c: {role: carer, about: seeker}, tru2s: {role: seeker, about: carer}}
  tru3:
    response: agree
    keyed: "-"
    text: {nl: Ik twijfel aan de ander., en: I doubt the other.}
    ask: {tru3c: {role: carer, about: seeker}, tru3s: {role: seeker, about: carer}}
background:
  consent:
    kind: choice
    roles: [seeker, carer]
    text: {nl: akkoord, en: consent}
    options:
      - {code: "1", value: 1, label: {nl: ja, en: "yes"}}
      - {code: "2", value: 0, label: {nl: nee, en: "no"}}
  role:
    kind: role
    roles: [seeker, carer]
    text: {nl: rol, en: role}
    options:
      - {code: "1", role: seeker, label: {nl: hulpvrager, en: seeker}}
      - {code: "2", role: carer, label: {nl: mantelzorger, en: carer}}
  hours: {kind: number, roles: [carer], min: 0, max: 168, text: {nl: uren, en: hours}}
  triadcode: {kind: code, roles: [seeker, carer], text: {nl: code, en: code}}
  personcode: {kind: code, roles: [seeker, carer], text: {nl: code, en: code}}
consent: {question: consent, required: "1"}
scales:
  burden:
    label: {nl: belasting, en: burden}
    items: [bur1, bur2, bur3, bur4]
    score: {method: mean, of: items, min_answered: 0.75}
  trust:
    label: {nl: vertrouwen, en: trust}
    items: [tru1, tru2, tru3]
    score: {method: mean, of: items, min_answered: 0.6}
"""
REWORDED = INSTRUMENT.replace("version: 0.1.0", "version: 0.2.0").replace(
    "en: It is heavy.", "en: Caring is hard work for me."
)
STUDY = """# The story of a study.
study: story
title: {nl: verhaal, en: story}
instrument: story.yaml
seed: 11
# each round as it came in
waves:
  - wave: w1
    date: 2025-03
    exports:
      - {file: raw/w1.csv, role: [seeker, carer], platform: limesurvey}  # LimeSurvey
  - wave: w2
    date: 2025-09
    exports:
      - {file: raw/w2.csv, role: [seeker, carer], platform: limesurvey}
THIRD
# codes
linkage: {triad: triadcode, person: personcode, primary: {carer: first}}
pseudonyms: {key: ../story.key}
plan:
  reliability: {scales: all, bootstrap: 0}
  models:
    growth: {kind: mixed, persons: all, outcome: carer.burden, blocks: [[wave]]}
    burden:
      kind: linear
      wave: w1
      outcome: carer.burden
      blocks: [[carer.hours, carer.trust.about_seeker]]
  retest: {burden: {score: carer.burden}}
  invariance: {burden: {scores: carer.burden, across: waves, estimator: MLR}}
report: {languages: [en]}
"""
THIRD = """  - wave: w3
    date: 2026-03
    exports:
      - {file: raw/w3.csv, role: [seeker, carer], platform: limesurvey}
"""


def story_study(folder: Path, *, triads: int = 120) -> Path:
    """Lay out the study with two waves; the export of a third lies ready in ``raw``."""
    folder.mkdir(parents=True)
    key = folder.parent / "story.key"
    key.write_text(KEY + "\n", encoding="ascii")
    key.chmod(0o600)
    (folder / "story.yaml").write_text(INSTRUMENT, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("THIRD\n", THIRD), encoding="utf-8")
    study = read_study(path)
    simulated = simulate_study(study, triads=triads, rng=generator(23, "story"))
    write_exports(simulated, study, folder)
    for name in ("truth.json", "complete.parquet"):
        (folder / "raw" / name).unlink()
    path.write_text(STUDY.replace("THIRD\n", ""), encoding="utf-8")
    return path
