"""A small made-up study for the tests of the reports: real statistics of random answers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.analysis import describe
from driehoek.analysis.agreement import agreement
from driehoek.analysis.attrition import attrition
from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.families import families
from driehoek.analysis.models import correlation_table, models
from driehoek.analysis.participation import participation
from driehoek.analysis.reliability import reliability
from driehoek.analysis.response_quality import quality
from driehoek.analysis.retest import retest
from driehoek.analysis.unflagged import unflagged
from driehoek.analysis.without_flagged import results_without, without_flagged
from driehoek.files import write_csv, write_parquet, write_text
from driehoek.instrument.columns import score_column
from driehoek.instrument.questions import Questionnaire
from driehoek.reporting.figures.catalogue import write_figures
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import Material, gather
from driehoek.reporting.numbers_list import numbers_csv
from driehoek.reporting.page import report_page
from driehoek.reporting.rendering import write_document
from driehoek.reporting.report import report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.sections.parts import Parts, gather_parts
from driehoek.reporting.sheet import sheet_document
from driehoek.scoring.keying import keyed
from driehoek.study import Study, read_study

SEED = 20261122
FILES = (
    "flow", "participation", "attrition", "background", "items", "scores", "quality",
    "reliability_w1", "reliability_w2", "reliability_all", "agreement", "retest",
    "correlations", "comparisons", "models", "families", "without_flagged",
)  # fmt: skip
RULES = {"correlations": "fit_models", "models": "fit_models"}

INSTRUMENT = """
id: small
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {nl: "Kleine vragenlijst", en: "Small questionnaire"}
languages: [nl, en]
roles:
  seeker: {letter: s, label: {nl: "hulpvrager", en: "person receiving support"}}
  carer: {letter: c, label: {nl: "mantelzorger", en: "carer"}}
responses:
  agree5:
    options:
      - {code: "1", value: 1, label: {nl: "Klopt helemaal niet", en: "Not true at all"}}
      - {code: "2", value: 2, label: {nl: "Klopt niet echt", en: "Not really true"}}
      - {code: "3", value: 3, label: {nl: "Klopt een beetje", en: "Somewhat true"}}
      - {code: "4", value: 4, label: {nl: "Klopt", en: "True"}}
      - {code: "5", value: 5, label: {nl: "Klopt helemaal", en: "Completely true"}}
      - {code: "9", missing: dont_know, label: {nl: "Weet ik niet", en: "I don't know"}}
items:
  tru1:
    response: agree5
    text:
      nl: "Met de verantwoordelijkheidsverdeling ga ik vol vertrouwen naar de ander toe."
      en: "I turn to the other with confidence."
    ask: {tru1c: {role: carer, about: seeker}, tru1s: {role: seeker, about: carer}}
  tru2:
    response: agree5
    keyed: "-"
    text:
      nl: "Ik let op <alles> wat de ander doet & zegt."
      en: "I watch <all> the other does & says."
    ask: {tru2c: {role: carer, about: seeker}, tru2s: {role: seeker, about: carer}}
  tru3:
    response: agree5
    text: {nl: "De ander vertrouwt mij.", en: "The other trusts me."}
    ask: {tru3c: {role: carer, about: seeker}, tru3s: {role: seeker, about: carer}}
  tru4:
    response: agree5
    text: {nl: "De ander neemt mij serieus.", en: "The other takes me seriously."}
    ask: {tru4c: {role: carer, about: seeker}, tru4s: {role: seeker, about: carer}}
  bur1:
    response: agree5
    text: {nl: "De zorg kost mij veel tijd.", en: "Care takes me much time."}
    ask: {bur1c: {role: carer, about: carer}}
  bur2:
    response: agree5
    text: {nl: "De zorg maakt mij moe.", en: "Care makes me tired."}
    ask: {bur2c: {role: carer, about: carer}}
  bur3:
    response: agree5
    text: {nl: "De zorg weegt zwaar.", en: "Care weighs heavily."}
    ask: {bur3c: {role: carer, about: carer}}
background:
  hours:
    kind: number
    roles: [carer]
    text: {nl: "Hoeveel uur zorgt u per week?", en: "How many hours a week do you care?"}
    label: {nl: "Uren zorg per week", en: "Hours of care a week"}
    min: 0
    max: 168
  relation:
    kind: choice
    roles: [carer]
    text: {nl: "De ander is uw ...", en: "The other is your ..."}
    label: {nl: "Relatie", en: "Relation"}
    options:
      - {code: "1", value: 1, label: {nl: "Partner", en: "Partner"}}
      - {code: "2", value: 2, label: {nl: "Ouder of schoonouder", en: "Parent or parent-in-law"}}
      - {code: "3", value: 3, label: {nl: "Anders", en: "Other"}}
scales:
  trust:
    label: {nl: "vertrouwen", en: "trust"}
    meaning: {nl: "Hoog: ik vertrouw de ander.", en: "High: I trust the other."}
    facets:
      giving: {label: {nl: "vertrouwen geven", en: "giving trust"}, items: [tru1, tru2]}
      receiving: {label: {nl: "vertrouwen krijgen", en: "receiving trust"}, items: [tru3, tru4]}
    score: {method: mean, of: facets, min_answered: 0.75}
  burden:
    label: {nl: "belasting van de mantelzorger", en: "burden of the carer"}
    meaning: {nl: "Hoog: de zorg weegt zwaar.", en: "High: care weighs heavily."}
    items: [bur1, bur2, bur3]
"""

STUDY = """
study: small
title: {nl: "Kleine studie", en: "Small study"}
instrument: instrument.yaml
seed: 20261122
simulation: {triads: 60}
waves:
  - wave: w1
    date: 2025-03
    exports: [{file: raw/w1.csv, role: [seeker, carer]}]
  - wave: w2
    exports: [{file: raw/w2.csv, role: [seeker, carer]}]
linkage: {triad: triadcode, primary: {carer: most_hours}}
pseudonyms: {key: demo.key}
plan:
  without_flagged: {flags: [too_fast]}
  reliability: {scales: all, bootstrap: 20}
  agreement:
    views: {title: {nl: "Twee blikken", en: "Two views"}, scores: [carer.trust, seeker.trust]}
  retest:
    load: {title: {nl: "Last", en: "Load"}, score: carer.burden}
  correlations:
    main: {variables: [carer.burden, carer.trust, seeker.trust], wave: w1}
  comparisons:
    by_relation: {outcomes: [carer.burden, seeker.trust], by: carer.relation, persons: all}
    by_role: {outcomes: [carer.trust, seeker.trust], by: roles}
    by_wave: {outcomes: carer.burden, by: waves, title: {nl: "Verloop", en: "Course"}}
  models:
    burden:
      kind: linear
      title: {nl: "Wat hangt samen met belasting?", en: "What goes with burden?"}
      outcome: carer.burden
      blocks:
        - [carer.hours, carer.relation]
        - [carer.trust, seeker.trust]
        - ["carer.hours:carer.trust", "carer.trust:carer.relation"]
      wave: w1
      simple_slopes:
        - {slope: carer.hours, over: carer.trust}
        - {slope: carer.trust, over: carer.relation}
    course:
      kind: mixed
      outcome: carer.burden
      blocks: [[wave, carer.trust]]
      persons: all
    couple:
      kind: actor_partner
      title: {nl: "Geven en krijgen van vertrouwen", en: "Giving and receiving trust"}
      outcome: {seeker: seeker.trust.giving, carer: carer.trust.giving}
      predictor: {seeker: seeker.trust.receiving, carer: carer.trust.receiving}
      bootstrap: 40
    is_partner:
      kind: logistic
      outcome: carer.relation
      event: "1"
      blocks: [[carer.hours], [carer.burden]]
      wave: w1
    in_range:
      kind: fractional
      outcome: carer.burden
      blocks: [[carer.trust]]
      wave: w1
      persons: all
      errors: cluster
    counted:
      kind: count
      family: poisson
      outcome: carer.hours
      blocks: [[carer.trust]]
      wave: w1
    in_order:
      kind: ordinal
      outcome: carer.relation
      blocks: [[carer.burden, carer.hours]]
      wave: w1
    both_views:
      kind: response_surface
      outcome: carer.burden
      predictors: [carer.trust, seeker.trust]
      covariates: [carer.hours]
      wave: w1
    one_score:
      kind: response_surface
      outcome: carer.burden
      predictors: [carer.trust]
      wave: w1
      persons: all
      errors: cluster
    by_way_of:
      kind: mediation
      outcome: carer.burden
      predictor: seeker.trust
      mediators: carer.trust
      covariates: [carer.relation]
      moderator: carer.hours
      moderated: [a]
      wave: w1
      bootstrap: 1000
    by_way_of_later:
      kind: mediation
      outcome: carer.burden
      predictor: seeker.trust
      mediators: carer.trust
      wave: w1
      outcome_wave: w2
      persons: all
      bootstrap: 1000
    hopeless:
      kind: linear
      outcome: carer.burden
      blocks: [[carer.hours]]
      wave: w2
  families:
    trust_matters:
      title: {nl: "Doet vertrouwen ertoe?", en: "Does trust matter?"}
      tests:
        - {model: burden, term: carer.trust}
        - {model: course, term: carer.trust}
        - {model: couple, term: actor}
        - {comparison: by_role}
        - {correlation: main, term: carer.burden ~ seeker.trust}
        - {model: hopeless, term: carer.hours}
      adjust: [holm, bh]
  equivalence:
    hours_do_not_matter:
      of: {model: burden, term: carer.hours, statistic: beta}
      within: [-0.2, 0.2]
report: {languages: [nl, en]}
"""


@dataclass(frozen=True)
class Example:
    """Where the study lies: its file, its statistics and its person-level table."""

    path: Path
    statistics: list[Path]
    long: Path


def make_example(folder: Path, *, n_triads: int = 60) -> Example:
    """Write the small study with its statistics."""
    write_text(folder / "instrument.yaml", INSTRUMENT)
    write_text(folder / "study.yaml", STUDY)
    return estimate_example(folder / "study.yaml", folder / "public/statistics", n_triads=n_triads)


def estimate_example(path: Path, folder: Path, *, n_triads: int) -> Example:
    """Draw answers for any study and write its statistics."""
    study, rng = read_study(path), np.random.default_rng(SEED)
    long = _persons(study, n_triads, rng)
    missing = _leave_out(long, study.questionnaire, rng)
    _score(long, study.questionnaire)
    tables = _statistics(study, long, missing, rng)
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)
    write_parquet(folder.parent / "long.parquet", long)
    paths = [folder / f"{name}.csv" for name in tables]
    return Example(path, paths, folder.parent / "long.parquet")


def _statistics(
    study: Study, long: pd.DataFrame, missing: pd.DataFrame, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    questionnaire, cell = study.questionnaire, study.settings.disclosure.min_cell
    triads = _triads(study, long)
    samples = {w: long[long["wave"] == w] for w in study.wave_names} | {"all": long}
    flags = _flags(long, rng)
    found = {
        "flow": describe.flow(_ledger(long)),
        "participation": participation(long, study),
        "attrition": attrition(long, study),
        "background": describe.background(long, questionnaire, cell),
        "items": describe.items(long, missing, questionnaire, cell),
        "scores": describe.scores(long, questionnaire, confidence=0.95, min_cell=cell),
        "quality": quality(flags, _measures(long, rng), long, missing, questionnaire, cell),
        **{f"reliability_{name}": reliability(rows, study, name) for name, rows in samples.items()},
        "agreement": agreement(long, study),
        "retest": retest(long, study),
        "correlations": correlation_table(triads, study),
        "comparisons": comparisons(long, triads, study),
        "models": models(long, triads, study),
    }
    found |= {"families": families(found, study)}
    rest = unflagged(long, flags, study)
    without = results_without(rest, study)
    return found | {"without_flagged": without_flagged(found, without, rest, min_cell=cell)}


def _persons(study: Study, n_triads: int, rng: np.random.Generator) -> pd.DataFrame:
    blocks = []
    for role in study.questionnaire.instrument.roles:
        tendency = rng.normal(size=n_triads)
        for k, wave in enumerate(study.wave_names):
            stays = rng.uniform(size=n_triads) < 1 - 0.2 * k
            answers = {
                q.id: _answers(q, tendency + 0.1 * k, rng)
                if role in q.roles
                else np.full(n_triads, np.nan)
                for q in study.questionnaire.questions.values()
                if q.is_stored
            }
            names = [f"t{i:03d}" for i in range(n_triads)]
            keys = {"triad": names, "person": [f"{t}{role}" for t in names]}
            block = pd.DataFrame({**keys, "wave": wave, "role": role, "is_primary": True} | answers)
            second = block.assign(person=block["person"] + "2", is_primary=False).iloc[::3]
            blocks += [block[stays], second[stays[::3]]] if role == "carer" else [block[stays]]
    long = pd.concat(blocks, ignore_index=True)
    long.insert(0, "response", [f"r{i:05d}" for i in range(len(long))])
    return long


def _answers(question, tendency, rng):
    low, high = question.minimum, question.maximum
    if question.kind == "number":
        return np.round(rng.uniform(low, min(high, 60), len(tendency)))
    if question.item is None:
        return rng.choice(list(question.values.values()), len(tendency))
    sign = -1 if question.is_reversed else 1
    raw = (low + high) / 2 + (high - low) / 5 * (sign * tendency + rng.normal(size=len(tendency)))
    return np.clip(np.round(raw), low, high)


def _leave_out(
    long: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator
) -> pd.DataFrame:
    missing = long[["response"]].copy()
    for qid in questionnaire.stored:
        asked = long["role"].isin(questionnaire.questions[qid].roles)
        skipped = asked & (rng.uniform(size=len(long)) < 0.03)
        long.loc[skipped, qid] = np.nan
        missing[qid] = np.where(~asked, "not_shown", np.where(skipped, "skipped", ""))
    return missing


def _score(long: pd.DataFrame, questionnaire: Questionnaire) -> None:
    for name in questionnaire.instrument.scales:
        for role, about in questionnaire.presentations(name):
            rows = long["role"] == role
            facets = questionnaire.facet_questions(name, role, about)
            means = {
                facet: pd.DataFrame(
                    keyed(long[rows], [questionnaire.questions[q] for q in ids])
                ).mean(axis=1)
                for facet, ids in facets.items()
            }
            means[""] = pd.DataFrame(means).mean(axis=1)
            for facet, values in means.items():
                if facet != name:
                    long.loc[rows, score_column(name, facet, about)] = values.to_numpy()


def _triads(study: Study, long: pd.DataFrame) -> pd.DataFrame:
    keys = ["triad", "wave"]
    long = long[long["is_primary"]]
    columns = [c for c in long if c not in {*keys, "response", "person", "role", "is_primary"}]
    wide = long[keys].drop_duplicates()
    for role in study.questionnaire.instrument.roles:
        own = long.loc[long["role"] == role, [*keys, *columns]]
        named = own.rename(columns={c: f"{role}.{c}" for c in columns})
        wide = wide.merge(named, on=keys, how="left")
    return wide


def _ledger(long: pd.DataFrame) -> pd.DataFrame:
    kept = long.value_counts(["wave", "role"]).rename("n").reset_index()
    kept = kept.assign(fate="kept", reason="")
    lost = kept.assign(fate="excluded", reason="no_consent", n=3)
    twice = kept.assign(fate="excluded", reason="duplicate_response", n=2)
    return pd.concat([kept, lost, twice], ignore_index=True)


def _flags(long: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    fast = long["response"][rng.uniform(size=len(long)) < 0.2]
    return pd.DataFrame({"response": fast, "flag": "too_fast"})


def _measures(long: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    pace = rng.uniform(1, 9, len(long))
    return pd.DataFrame(
        {"response": long["response"], "seconds_per_item": pace, "even_odd": np.nan}
    )


def make_report(folder: Path) -> dict[str, Path]:
    """Write the small study with figures and reports; give the web page by language."""
    example = make_example(folder)
    study, results = read_study(example.path), read_results(example.statistics)
    persons, public = pd.read_parquet(example.long), folder / "public"
    paths = {}
    for language in study.settings.report.languages:
        material, figures = gather(study, results, language), public / "figures" / language
        write_listing(figures, write_figures(figures, material, persons))
        paths[language] = public / f"report.{language}.html"
        parts = example_parts(material, figures)
        document = report_document(parts)
        write_document(document, material, example.statistics, figures, paths[language])
        write_text(public / f"numbers.{language}.csv", numbers_csv(document))
        sheet = public / f"sheet.{language}.html"
        write_document(sheet_document(parts), material, [], figures, sheet)
    return paths


def example_parts(material: Material, figures: Path) -> Parts:
    """Put the small study's tables and figures together."""
    return gather_parts(material, figures, {"driehoek": "0.1.0"}, RULES)


def example_page(material: Material, figures: Path) -> str:
    """Give the web page of the small study."""
    return report_page(report_document(example_parts(material, figures)), material.labels, b"")
