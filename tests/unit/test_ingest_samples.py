"""Exports that LimeSurvey itself wrote give the answers that its respondents gave."""

import numpy as np
import pytest

from driehoek.ingest.export import ingest_export
from driehoek.study import read_study

OPTIONS = "".join(
    f"""
      - {{code: {code}, {meaning}, label: {{nl: "{nl}", en: "{en}"}}}}"""
    for code, meaning, nl, en in [
        ("A1", "value: 1", "Helemaal mee oneens", "Strongly disagree"),
        ("A2", "value: 2", "Oneens", "Disagree"),
        ("A3", "value: 3", "Neutraal", "Neutral"),
        ("A4", "value: 4", "Eens", "Agree"),
        ("A5", "value: 5", "Helemaal mee eens", "Strongly agree"),
        ("A99", "missing: dont_know", "Weet ik niet", "Don't know"),
    ]
)
INSTRUMENT = f"""
id: sample
version: 0.1.0
status: draft
licence: CC0-1.0
title: {{nl: Voorbeeld, en: Sample}}
languages: [nl, en]
roles:
  teacher: {{letter: t, label: {{nl: docent, en: teacher}}}}
responses:
  agree5:
    question: {{nl: "In hoeverre bent u het eens met de volgende stellingen?", en: Agree?}}
    options:{OPTIONS}
items:
  coll1:
    response: agree5
    text: {{nl: Wij werken goed samen., en: We work well.}}
    ask: {{collsq001: {{role: teacher}}}}
  coll2:
    response: agree5
    text: {{nl: Ik voel me gehoord; ook bij kritiek., en: I feel heard.}}
    ask: {{collsq002: {{role: teacher}}}}
  coll3:
    response: agree5
    text: {{nl: Ik zie op tegen overleg (omgekeerd)., en: I dread talks.}}
    ask: {{collsq003: {{role: teacher}}}}
background:
  age:
    kind: number
    roles: [teacher]
    min: 0
    max: 120
    text: {{nl: Wat is uw leeftijd?, en: Age}}
  sat: {{kind: number, roles: [teacher], min: 0, max: 10, text: {{nl: Rapportcijfer, en: Grade}}}}
  prev:
    kind: choice
    roles: [teacher]
    text: {{nl: Heeft u eerder deelgenomen?, en: Before}}
    options:
      - {{code: "Y", value: 1, label: {{nl: Ja, en: "Yes"}}}}
      - {{code: "N", value: 0, label: {{nl: Nee, en: "No"}}}}
"""
STUDY = """
study: sample
title: {nl: Voorbeeld, en: Sample}
instrument: instrument.yaml
seed: 1
waves:
  - wave: w1
    exports:
      - {file: "FILE", role: teacher}
linkage: {triad: id}
pseudonyms: {key: sample.key}
"""

# As the respondents answered, in the order of the export (samples/README.md, rc_code_short.json).
AGE = [41, 33, 50, 38]
COLL1 = [5, np.nan, np.nan, np.nan]
COLL1_KINDS = ["", "skipped", "dont_know", "broke_off"]


@pytest.mark.parametrize(
    "name",
    [
        "rc_code_short_default.csv",
        "gui_code_short_semicolon.csv",
        "gui_codetext_short.csv",
        "gui_code_short.xlsx",
        "gui_spss.sav",
        "gui_default.csv",
        "gui_default.xlsx",
        "rc_full_long_comma_nl.csv",
        "rc_code_short.json",
        "vv_export.csv",
    ],
)
def test_real_limesurvey_exports_of_one_survey_agree(tmp_path, shared, name):
    source = shared / "samples" / "limesurvey" / name
    (tmp_path / name).write_bytes(source.read_bytes())
    (tmp_path / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
    (tmp_path / "sample.key").write_text("ab" * 32, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY.replace("FILE", name), encoding="utf-8")
    study = read_study(tmp_path / "study.yaml")
    found = ingest_export(study, "w1", next(iter(study.exports("w1"))))
    responses = found.responses
    assert responses["age"][:4].tolist() == AGE
    np.testing.assert_equal(responses["collsq001"][:4].to_numpy(), COLL1)
    assert found.missing["collsq001"][:4].tolist() == COLL1_KINDS
    assert responses["complete"][:4].tolist() == [True, True, False, False]
    assert responses["sat"][0] == 7.5
    assert responses["prev"][:2].tolist() == [1, 0]
    assert found.paradata["language"][:2].tolist() == ["nl", "en"]
    assert found.paradata["started"][0] == "2026-11-22T19:33:19"
    use = found.columns.set_index("column")["use"]
    is_address = use.index.str.casefold().str.startswith(("ipaddr", "ip-adres"))
    assert is_address.sum() == 1
    assert (use[is_address] == "identifier dropped").all()
