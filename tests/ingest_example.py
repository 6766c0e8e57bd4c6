"""A small study for the tests of ingest: its instrument, study file and raw files."""

import csv
import io
import json
from pathlib import Path

import pandas as pd

from driehoek.study import Study, read_study

KEY = "00112233445566778899aabbccddeeff" * 2

INSTRUMENT = """
id: small
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {nl: Klein, en: Small}
languages: [nl, en]
roles:
  seeker: {letter: s, label: {nl: hulpvrager, en: person receiving support}}
  carer: {letter: c, label: {nl: mantelzorger, en: carer}}
names:
  carer: {seeker: {nl: uw naaste, en: your relative}}
responses:
  agree5:
    options:
      - {code: "1", value: 1, label: {nl: klopt helemaal niet, en: not true at all}}
      - {code: "2", value: 2, label: {nl: klopt niet echt, en: not really true}}
      - {code: "3", value: 3, label: {nl: klopt een beetje, en: somewhat true}}
      - {code: "4", value: 4, label: {nl: klopt, en: "true"}}
      - {code: "5", value: 5, label: {nl: klopt helemaal, en: completely true}}
      - {code: "9", missing: dont_know, label: {nl: weet ik niet, en: "I don't know"}}
items:
  tru1:
    response: agree5
    text: {nl: "Ik vertrouw {about}.", en: "I trust {about}."}
    ask: {tru1c: {role: carer, about: seeker}}
  tru2:
    response: agree5
    keyed: "-"
    text: {nl: "Ik twijfel aan {about}.", en: "I doubt {about}."}
    ask: {tru2c: {role: carer, about: seeker}}
  bur1:
    response: agree5
    text: {nl: Het is zwaar., en: It is heavy.}
    ask: {bur1s: {role: seeker}}
background:
  informed:
    kind: choice
    roles: [seeker, carer]
    text: {nl: "Doet u mee?", en: "Do you take part?"}
    options:
      - {code: "1", value: 1, label: {nl: ja, en: "yes"}}
      - {code: "2", value: 0, label: {nl: nee, en: "no"}}
  triadcode: {kind: code, roles: [seeker, carer], text: {nl: Code, en: Code}}
  wavecode: {kind: code, roles: [seeker, carer], text: {nl: Ronde, en: Round}}
  respondent:
    kind: role
    roles: [seeker, carer]
    text: {nl: "Wie bent u?", en: "Who are you?"}
    options:
      - {code: "1", role: seeker, label: {nl: hulpvrager, en: person receiving support}}
      - {code: "2", role: carer, label: {nl: mantelzorger, en: carer}}
  living:
    kind: choice
    roles: [carer]
    text: {nl: "Woont u samen?", en: "Do you live together?"}
    options:
      - {code: "1", value: 1, label: {nl: ja, en: "yes"}}
      - {code: "2", value: 2, label: {nl: nee, en: "no"}}
  hours: {kind: number, roles: [carer], min: 0, max: 168, text: {nl: Uren, en: Hours}}
  travel: {kind: number, roles: [carer], min: 0, max: 24, text: {nl: Reistijd, en: Travel}}
  grade:
    kind: choice
    roles: [seeker, carer]
    text: {nl: Cijfer, en: Grade}
    options:
      - {code: "1", value: 0, label: {nl: "0", en: "0"}}
      - {code: "2", value: 1, label: {nl: "1", en: "1"}}
      - {code: "3", value: 2, label: {nl: "2", en: "2"}}
      - {code: "4", value: 3, label: {nl: "3", en: "3"}}
  attend:
    kind: choice
    roles: [carer]
    text: {nl: Kies klopt., en: Choose true.}
    response: agree5
  remark: {kind: text, roles: [seeker, carer], text: {nl: Opmerking, en: Remark}}
consent: {question: informed, required: "1"}
checks: {reading: {question: attend, expected: "4"}}
blocks:
  - id: start
    roles: [seeker, carer]
    title: {nl: Begin, en: Start}
    questions: [informed, triadcode, wavecode, respondent]
  - id: carers
    roles: [carer]
    title: {nl: Zorg, en: Care}
    questions: [living, hours, travel, tru1c, attend, tru2c]
  - {id: seekers, roles: [seeker], title: {nl: Last, en: Load}, questions: [bur1s]}
  - {id: close, roles: [seeker, carer], title: {nl: Eind, en: End}, questions: [grade, remark]}
routing:
  - {show: [travel], when: living == 2}
  - {show: [tru2c], when: hours >= 1, planned: true}
scales:
  trust: {label: {nl: Vertrouwen, en: Trust}, items: [tru1, tru2]}
  load: {label: {nl: Last, en: Load}, items: [bur1]}
"""

STUDY = """
study: small
title: {nl: Klein, en: Small}
instrument: instrument.yaml
seed: 1
waves:
  - wave: w1
    exports:
      - {file: "raw/FILE", role: ROLE EXTRA}
  - wave: w2
    exports:
      - {file: raw/later.csv, role: carer}
linkage: {triad: triadcode}
pseudonyms: {key: small.key}
"""

CARER = {
    "submitted": "2025-03-01 10:05:00",
    "started": "2025-03-01 10:00:00",
    "informed": "1",
    "triadcode": "T001",
    "living": "2",
    "hours": "12",
    "travel": "0.5",
    "tru1c": "4",
    "attend": "4",
    "tru2c": "2",
    "grade": "3",
}


def carers(*changes: dict[str, str]) -> pd.DataFrame:
    """Give a raw table of carers, each as CARER with changes and a triad code of its own."""
    rows = [CARER | {"triadcode": f"T{i:03d}"} | change for i, change in enumerate(changes, 1)]
    return pd.DataFrame(rows, dtype="str").fillna("")


def csv_text(table: pd.DataFrame, delimiter: str = ",") -> str:
    """Write a raw table as CSV with every cell as it stands."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows([list(table.columns), *table.to_numpy().tolist()])
    return stream.getvalue()


def qualtrics_text(table: pd.DataFrame, delimiter: str = ",") -> str:
    """Write a raw table with Qualtrics' three rows of headings."""
    texts = pd.DataFrame([[f"Text of\n{name}" for name in table.columns]], columns=table.columns)
    ids = [json.dumps({"ImportId": name}) for name in table.columns]
    imports = pd.DataFrame([ids], columns=table.columns)
    return csv_text(pd.concat([texts, imports, table]), delimiter)


def make_study(
    folder: Path,
    content: str | bytes,
    *,
    name: str = "carers.csv",
    role: str = "carer",
    extra: str = "",
) -> Study:
    """Write a study with one raw file and read it; its first export is of wave w1."""
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "raw" / name).write_bytes(raw)
    (folder / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
    (folder / "small.key").write_text(KEY + "\n", encoding="utf-8")
    text = STUDY.replace("FILE", name).replace("ROLE", role).replace(" EXTRA", extra)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return read_study(folder / "study.yaml")


def first_export(study: Study) -> str:
    """Give the name of the study's first export."""
    return next(iter(study.exports("w1")))
