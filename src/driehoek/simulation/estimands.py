"""Manifest estimands of a simulated study: from drawn answers to statistics, in memory."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import numpy as np
import pandas as pd

from driehoek.analysis.forms import bases, model_variables
from driehoek.analysis.models import correlation_table, models
from driehoek.analysis.names import Variable, resolve
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import Linked, link_waves
from driehoek.instrument.questions import Question, Questionnaire, facets_of
from driehoek.models.terms import parse_blocks
from driehoek.plan.quality import Quality
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.scoring.keying import keyed
from driehoek.scoring.scales import score_responses
from driehoek.simulation.canonical import canonical_wave
from driehoek.simulation.measurement import draw_measures
from driehoek.simulation.study import simulate_study
from driehoek.simulation.truth import Truth
from driehoek.study import ModelPlan, Study
from driehoek.yamlfile import Closed

ROLES = ("carer", "seeker", "professional")  # the last tie triads together
SCALES = ("burden", "reciprocity")
RELIABILITY_WAVE = "w1"
KINDS = ("linear", "mixed")
KEYS = ("triad", "person", "wave", "role")
ESTIMATES = ("id", "estimate", "ci_low", "ci_high", "n")


def estimates_of(study: Study, triads: int, rng: np.random.Generator) -> pd.DataFrame:
    """Simulate one study and estimate its manifest estimands by the pipeline itself.

    Parameters
    ----------
    study : Study
        With the plan of the demo.
    triads : int
    rng : numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
        Columns `ESTIMATES`: ``id`` of the statistic, its estimate and interval (NaN where it
        could not be had) and the rows it rests on.
    """
    linked = linked_study(study, triads, rng)
    return estimate(linked.long, linked.triads, study)


def linked_study(
    study: Study,
    triads: int,
    rng: np.random.Generator,
    *,
    roles: Sequence[str] = ROLES,
    truth: Truth | None = None,
) -> Linked:
    """Simulate a study and take its answers through cleaning, scoring and linkage.

    Everybody answers everything; only these roles, the scales that the estimands need, and rules
    that leave somebody out are followed further, as what happens to them does not depend on the
    others.
    """
    simulated = simulate_study(study, triads=triads, rng=rng, truth=truth)
    settings = study.settings.model_copy(update={"quality": _unmarked(study.settings.quality)})
    followed = replace(study, questionnaire=_followed(study, roles), settings=settings)
    responses, missing, scores, ledgers = [], [], [], []
    for wave in study.wave_names:
        raw = canonical_wave(simulated, followed, wave, roles=roles)
        clean = clean_wave(raw, followed, wave)
        responses.append(clean.tables.responses)
        missing.append(clean.tables.missing)
        scores.append(score_responses(responses[-1], missing[-1], followed.questionnaire))
        ledgers.append(clean.ledger)
    return link_waves(
        followed, responses=responses, missing=missing, scores=scores, ledgers=ledgers
    )


def needed(linked: Linked, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the carers' rows and the triads' rows with the columns that the estimands need."""
    variables = plan_variables(study)
    carers = linked.long[linked.long["role"] == ROLES[0]]
    own = [each.column for each in variables if each.role == ROLES[0]]
    form = study.questionnaire
    items = [qid for scale in SCALES for _, qids in _presented(form, scale) for qid in qids]
    names = [each.name for each in variables if each.role in ROLES]
    return carers[[*KEYS, *own, *items]], linked.triads[["triad", "wave", *names]]


def estimate(long: pd.DataFrame, triads: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Estimate the manifest estimands from linked tables; columns `ESTIMATES`."""
    in_wave = long[(long["wave"] == RELIABILITY_WAVE) & (long["role"] == ROLES[0])]
    tables = [
        _coefficients(models(long, triads, _with_regressions(study))),
        correlation_table(triads, study),
        _reliability(in_wave, study),
    ]
    found = pd.concat([table[list(ESTIMATES)] for table in tables], ignore_index=True)
    return found.astype({"estimate": float, "ci_low": float, "ci_high": float})


def fingerprint(study: Study) -> str:
    """Give a hash of all that the estimands follow from: truth, measurement, rules and plan.

    Wording, and analyses of which no estimand is taken, are left out.
    """
    form, settings = study.questionnaire, study.settings
    truth = Truth()
    scales = form.instrument.scales
    facts = {
        "truth": truth.as_record(),
        "items": {name: asdict(each) for name, each in draw_measures(form, truth).items()},
        "questions": [_facts(question) for question in form.questions.values()],
        "scales": {
            name: [facets_of(name, scales[name]), str(scales[name].score)] for name in scales
        },
        "routing": [_stated(rule) for rule in form.instrument.routing],
        "rules": [_excluding(settings.quality), _stated(settings.linkage)],
        "plan": {
            name: _stated(each)
            for name, each in (settings.plan.correlations | _regressions(study)).items()
        },
    }
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stated(settings: Closed) -> dict[str, object]:
    """Give what is stated, without titles: a setting added later with a default changes nothing.

    What is done about missing answers is left out too: estimands rest on complete ones. And so is
    where standard errors come from: they change no estimate.
    """
    left_out = {"title", "missing", "errors"}
    return settings.model_dump(mode="json", exclude_defaults=True, exclude=left_out)


def _excluding(rules: Quality) -> dict[str, object]:
    """Give the rules by which a response is left out: a flag alone moves no estimand."""
    stated = _stated(rules)
    flags = [
        name
        for name, rule in stated.items()
        if getattr(getattr(rules, name), "action", "") == "flag"
    ]
    return {name: rule for name, rule in stated.items() if name not in flags}


def _unmarked(rules: Quality) -> Quality:
    """Leave out the rules that only flag, of those that may be left out."""
    optional = [name for name, field in Quality.model_fields.items() if field.default is None]
    flags = [name for name in optional if getattr(getattr(rules, name), "action", "") == "flag"]
    return rules.model_copy(update=dict.fromkeys(flags))


def _facts(question: Question) -> list[object]:
    options = [[each.code, each.value, each.missing] for each in question.options]
    who = [question.kind, question.roles, question.about, question.item]
    return [question.id, *who, options, question.minimum, question.maximum, question.is_reversed]


def _followed(study: Study, roles: Sequence[str]) -> Questionnaire:
    """Give the questionnaire without the questions and scales that no estimand needs."""
    instrument = study.questionnaire.instrument
    named = {each.column.partition(".")[0] for each in plan_variables(study)} | set(SCALES)
    items = {
        name: item.model_copy(
            update={"ask": {qid: ask for qid, ask in item.ask.items() if ask.role in roles}}
        )
        for name, item in instrument.items.items()
    }
    asked = instrument.background
    parts = {
        "items": items,
        "background": {q: each for q, each in asked.items() if {*each.roles} & {*roles}},
        "scales": {name: each for name, each in instrument.scales.items() if name in named},
    }
    return Questionnaire(instrument.model_copy(update=parts))


def plan_variables(study: Study) -> list[Variable]:
    """Give the variables that the plan names or that their forms rest on, each once."""
    known = model_variables(study.settings, study.questionnaire)
    plan = study.settings.plan
    names = [name for each in plan.correlations.values() for name in each.variables]
    for model in plan.models.values():
        terms = [term for block in parse_blocks(model.terms, known=list(known)) for term in block]
        names += [*model.outcomes, *(name for term in terms for name in term.names)]
    found = [resolve(name, known) for name in names]
    based = [base for each in found for base in (bases(each, known) if each.form else [each])]
    return list(dict.fromkeys(based))


def _presented(form: Questionnaire, scale: str) -> Iterator[tuple[str, list[str]]]:
    """Give whom the carers rate on a scale, and by which questions."""
    for role, about in form.presentations(scale):
        if role == ROLES[0]:
            facets = form.facet_questions(scale, role, about)
            yield about or "", [qid for ids in facets.values() for qid in ids]


def _with_regressions(study: Study) -> Study:
    """Leave out the models of which no estimand is taken."""
    plan = study.settings.plan.model_copy(update={"models": _regressions(study)})
    return replace(study, settings=study.settings.model_copy(update={"plan": plan}))


def _coefficients(table: pd.DataFrame) -> pd.DataFrame:
    """Give the coefficients of the last block of each linear model and of the mixed ones."""
    rows = table[table["statistic"] == "b"]
    return rows[rows["group"] == rows.groupby("scale")["group"].transform("max")]


def _regressions(study: Study) -> dict[str, ModelPlan]:
    models = study.settings.plan.models
    return {name: each for name, each in models.items() if each.kind in KINDS}


def _reliability(persons: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Estimate alpha and omega of each scale as the carers of one wave answer it."""
    form, rows = study.questionnaire, list[Row]()
    for scale in SCALES:
        for about, questions in _presented(form, scale):
            asked = [form.questions[question] for question in questions]
            items = pd.DataFrame(keyed(persons, asked), columns=questions)
            head: Row = {"wave": RELIABILITY_WAVE, "role": ROLES[0], "about": about, "scale": scale}
            rows += [{**head, **each} for each in _coefficients_of_scale(items)]
    return statistics_frame(rows, "reliability")


def _coefficients_of_scale(items: pd.DataFrame) -> Iterator[Row]:
    try:
        alpha = cronbach_alpha(items)
        interval = {"ci_low": alpha.ci_low, "ci_high": alpha.ci_high}
        yield {
            "statistic": "alpha",
            "estimate": alpha.estimate,
            "n": alpha.n_respondents,
        } | interval
    except TooFewDataError as fault:
        yield {"statistic": "alpha", "reason": str(fault)}
    try:
        omega = omega_total(items, rng=np.random.default_rng(0), n_boot=0)
        yield {"statistic": "omega_total", "estimate": omega.estimate, "n": omega.n_respondents}
    except TooFewDataError as fault:
        yield {"statistic": "omega_total", "reason": str(fault)}
