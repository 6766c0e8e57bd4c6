"""A small instrument with two roles, for tests that change or break one thing in it."""

from pathlib import Path

from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument

SMALL = """\
id: small
version: 1.0.0
status: draft
licence: CC-BY-4.0
title: {nl: "Klein", en: "Small"}
languages: [nl, en]
roles:
  carer: {letter: c, label: {nl: mantelzorger, en: carer}}
  worker: {letter: w, label: {nl: werker, en: worker}}
names:
  carer: {worker: {nl: deze werker, en: this worker}}
  worker: {carer: {nl: deze naaste, en: this carer}}
responses:
  agree3:
    question: {nl: "Klopt dit?", en: "Is this true?"}
    options:
      - {code: "1", value: 1, label: {nl: "Nee", en: "No"}}
      - {code: "2", value: 2, label: {nl: "Deels", en: "Partly"}}
      - {code: "3", value: 3, label: {nl: "Ja", en: "Yes"}}
      - {code: "9", missing: dont_know, label: {nl: "Weet niet", en: "Don't know"}}
items:
  tru1:
    response: agree3
    text: {nl: "Ik vertrouw {about}.", en: "I trust {about}."}
    ask:
      tru1cw: {role: carer, about: worker}
      tru1wc: {role: worker, about: carer}
  tru2:
    response: agree3
    keyed: "-"
    text: {nl: "Ik twijfel aan {about}.", en: "I doubt {about}."}
    ask:
      tru2cw: {role: carer, about: worker}
      tru2wc: {role: worker, about: carer}
background:
  consent:
    kind: choice
    roles: [carer, worker]
    required: true
    text: {nl: "Ik doe mee.", en: "I take part."}
    options:
      - {code: "1", value: 1, label: {nl: "Ja", en: "Yes"}}
      - {code: "2", value: 2, label: {nl: "Nee", en: "No"}}
  who:
    kind: role
    roles: [carer, worker]
    text: {nl: "Wie bent u?", en: "Who are you?"}
    options:
      - {code: "1", role: carer, label: {nl: "Naaste", en: "Carer"}}
      - {code: "2", role: worker, label: {nl: "Werker", en: "Worker"}}
  living:
    kind: choice
    roles: [carer]
    text: {nl: "Woont u samen?", en: "Do you live together?"}
    options:
      - {code: "y", value: 1, label: {nl: "Ja", en: "Yes"}}
      - {code: "n", value: 0, label: {nl: "Nee", en: "No"}}
  hours:
    kind: number
    roles: [carer]
    text: {nl: "Hoeveel uur?", en: "How many hours?"}
    unit: {nl: "uur", en: "hours"}
    min: 0
    max: 168
  remark:
    kind: text
    roles: [carer, worker]
    text: {nl: "Nog iets?", en: "Anything else?"}
consent: {question: consent, required: "1"}
blocks:
  - {id: start, roles: [carer, worker], title: {nl: "Begin", en: "Start"}, questions: [consent]}
  - {id: who1, roles: [carer, worker], title: {nl: "U", en: "You"}, questions: [who]}
  - {id: home, roles: [carer], title: {nl: "Bij u", en: "Home"}, questions: [living, hours]}
  - id: cw
    roles: [carer]
    about: worker
    title: {nl: "U en {about}", en: "You and {about}"}
    questions: [tru1cw, tru2cw]
  - id: wc
    roles: [worker]
    about: carer
    title: {nl: "U en {about}", en: "You and {about}"}
    questions: [tru1wc, tru2wc]
  - {id: finish, roles: [carer, worker], title: {nl: "Slot", en: "End"}, questions: [remark]}
routing:
  - {show: [hours], when: "living == 0"}
scales:
  trust:
    label: {nl: vertrouwen, en: trust}
    items: [tru1, tru2]
"""


def small(folder: Path, *changes: tuple[str, str], name: str = "small.yaml") -> Questionnaire:
    """Read the small instrument with parts of its text exchanged."""
    text = SMALL
    for old, new in changes:
        if old not in text:
            msg = f"the small instrument does not hold {old!r}"
            raise ValueError(msg)
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_instrument(path)
