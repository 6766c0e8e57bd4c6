"""A made-up study of one role in one wave, where triads and waves have nothing to say."""

import re
from pathlib import Path

from reporting_example import INSTRUMENT, Example, estimate_example

from driehoek.files import write_text

STUDY = """
study: alone
title: {nl: "Eén rol", en: "One role"}
instrument: instrument.yaml
seed: 20261122
waves:
  - wave: w1
    exports: [{file: raw/w1.csv, role: carer}]
linkage: {triad: personcode, person: personcode}
pseudonyms: {key: demo.key}
plan:
  without_flagged: {flags: [too_fast]}
  reliability: {scales: all, bootstrap: 20}
  correlations:
    main: {variables: [carer.burden, carer.trust, carer.hours], wave: w1}
  comparisons:
    by_relation:
      title: {nl: "Naar relatie", en: "By relation"}
      outcomes: [carer.burden, carer.trust]
      by: carer.relation
  models:
    bend:
      kind: linear
      title: {nl: "Weegt een uur anders?", en: "Does an hour weigh differently?"}
      outcome: carer.burden
      blocks: [[carer.trust, carer.relation], [carer.hours]]
      hinges: {carer.hours: 20}
      wave: w1
      missing: [complete, full_information]
    is_partner:
      kind: logistic
      outcome: carer.relation
      event: "1"
      blocks: [[carer.burden]]
      wave: w1
    by_way_of:
      kind: mediation
      outcome: carer.burden
      predictor: carer.hours
      mediators: carer.trust
      wave: w1
      bootstrap: 1000
    both_facets:
      kind: response_surface
      outcome: carer.burden
      predictors: [carer.trust.giving, carer.trust.receiving]
      wave: w1
report: {languages: [nl, en]}
"""


def make_one_role(folder: Path) -> Example:
    """Write the study with its statistics."""
    kept = [line for line in INSTRUMENT.splitlines() if not line.startswith("  seeker:")]
    of_carers = re.sub(r", \w+: {role: seeker, about: carer}", "", "\n".join(kept))
    alone = re.sub(r", about: \w+}", "}", of_carers)
    write_text(folder / "instrument.yaml", alone)
    write_text(folder / "study.yaml", STUDY)
    return estimate_example(folder / "study.yaml", folder / "public/statistics", n_triads=120)
