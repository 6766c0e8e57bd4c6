"""What single fields cannot show about the models of a plan."""

from collections.abc import Iterator
from itertools import pairwise

from driehoek.analysis.forms import model_variables
from driehoek.analysis.names import TIME, Variable
from driehoek.analysis.score_names import ScoreName, score_name
from driehoek.faults import Fault, unknown
from driehoek.instrument.questions import Questionnaire
from driehoek.models.errors import TermError
from driehoek.models.terms import parse_blocks
from driehoek.plan.comparison import ComparisonPlan
from driehoek.plan.families import Estimate
from driehoek.plan.plan import ModelPlan
from driehoek.plan.triadic import ActorPartnerModel
from driehoek.problems import did_you_mean
from driehoek.study_file import StudyFile
from driehoek.yamlfile import Location


def model_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check names, terms and outcomes of every model."""
    known = model_variables(settings, questionnaire)
    waves = [wave.wave for wave in settings.waves]
    for name, plan in settings.plan.models.items():
        here: Location = ("plan", "models", name)
        if plan.kind == "actor_partner":
            yield from _members(here, plan, questionnaire, known)
        elif plan.kind in {"logistic", "ordinal"}:
            yield from unknown((*here, "outcome"), plan.outcome, known, "variable")
            yield from _event(here, plan, known)
        else:
            yield from _outcome((*here, "outcome"), plan.outcome, known)
        if plan.kind == "mixed" and plan.crossed is not None:
            roles = questionnaire.instrument.roles
            yield from unknown((*here, "crossed"), plan.crossed, roles, "role")
        if plan.kind == "mediation":
            for key, names in {"predictor": [plan.predictor], "mediators": plan.mediators}.items():
                for each in names:
                    yield from _outcome((*here, key), each, known)
            if plan.moderator is not None:
                yield from _outcome((*here, "moderator"), plan.moderator, known)
            for wave in plan.waves_named[1:]:
                yield from unknown(here, wave, waves, "wave")
        if plan.kind == "response_surface":
            for i, predictor in enumerate(plan.predictors):
                yield from _outcome((*here, "predictors", i), predictor, known)
        if plan.sample != "all":
            yield from unknown((*here, "wave"), plan.sample, waves, "wave")
        try:
            blocks = parse_blocks(plan.terms, known=list(known))
        except TermError as error:
            for problem in error.problems:
                found = f"{problem.expression!r}: {problem.found}"
                yield Fault((*here, "blocks"), found, "terms of known variables", problem.mend)
        else:
            if any(TIME.name in term.names for block in blocks for term in block):
                yield from _dated((*here, "blocks"), settings)


def _dated(here: Location, settings: StudyFile) -> Iterator[Fault]:
    """Check that every wave has a date, and a later one than the wave before."""
    years = list(settings.years.values())
    if not years:
        without = [each.wave for each in settings.waves if each.date is None]
        mend = f"write date: YYYY-MM at {', '.join(without)}"
        yield Fault(here, "time, and waves without a date", "the date of every wave", mend)
    elif any(second <= first for first, second in pairwise(years)):
        dates = ", ".join(f"{each.wave} {each.date}" for each in settings.waves)
        mend = "write the months in which the waves were held, in order"
        yield Fault(here, f"time, with dates {dates}", "each wave later than the one before", mend)


def _event(here: Location, plan: ModelPlan, known: dict[str, Variable]) -> Iterator[Fault]:
    """Check that the answer that counts as a yes is one of the answers."""
    if plan.kind != "logistic" or plan.outcome not in known:
        return
    levels = known[plan.outcome].levels
    if levels and plan.event is None:
        mend = f"write event: with one of {', '.join(levels)}"
        yield Fault((*here, "outcome"), "a choice without event:", "the answer that counts", mend)
    elif plan.event is not None:
        yield from unknown((*here, "event"), plan.event, levels, "answer")


def _members(
    here: Location,
    plan: ActorPartnerModel,
    questionnaire: Questionnaire,
    known: dict[str, Variable],
) -> Iterator[Fault]:
    """Check that each member has a variable of their own, and no outcome by proxy."""
    for key, named in (("outcome", plan.outcome), ("predictor", plan.predictor)):
        for role, name in named.items():
            place = (*here, key, role)
            yield from unknown(place, role, questionnaire.instrument.roles, "role")
            yield from _outcome(place, name, known)
            if name in known and known[name].role != role:
                found, mend = f"{name!r} holds answers of the {known[name].role}", f"name {role}.…"
                yield Fault(place, found, f"answers of the {role}", mend)
    for role, name in plan.outcome.items():
        score = score_name(known[name], questionnaire) if name in known else None
        if score is not None and _is_proxy(score, questionnaire):
            mend = "take an outcome that each member reports about self"
            found = f"{name!r} is what the {role} thinks of somebody else's state"
            yield Fault((*here, "outcome", role), found, "no report by proxy", mend)


def _is_proxy(score: ScoreName, questionnaire: Questionnaire) -> bool:
    facets = questionnaire.facet_questions(score.scale, score.role, score.about)
    questions = [questionnaire.questions[qid] for ids in facets.values() for qid in ids]
    items = [questionnaire.instrument.items[each.item] for each in questions if each.item]
    return score.about != score.role and any(each.type == "informant" for each in items)


def _outcome(here: Location, outcome: str, known: dict[str, Variable]) -> Iterator[Fault]:
    yield from unknown(here, outcome, known, "variable")
    if outcome in known and known[outcome].levels:
        found, mend = f"{outcome!r} is a choice", "use a score or a number as outcome"
        yield Fault(here, found, "a score or a number", mend)


def comparison_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check names of every comparison, and that what it compares can be compared."""
    known = model_variables(settings, questionnaire)
    waves = [wave.wave for wave in settings.waves]
    for name, plan in settings.plan.comparisons.items():
        here: Location = ("plan", "comparisons", name)
        if plan.wave is not None:
            yield from unknown((*here, "wave"), plan.wave, waves, "wave")
        for i, outcome in enumerate(plan.outcomes):
            if plan.by in {"roles", "waves"}:
                yield from _outcome((*here, "outcomes", i), outcome, known)
            else:
                yield from unknown((*here, "outcomes", i), outcome, known, "variable")
        yield from _compared(plan, here, known)


def _compared(plan: ComparisonPlan, here: Location, known: dict[str, Variable]) -> Iterator[Fault]:
    place = (*here, "by")
    if plan.by == "roles":
        roles = {known[each].role for each in plan.outcomes if each in known}
        if len(plan.outcomes) < 2 or len(roles) < len(plan.outcomes):
            found, mend = ", ".join(plan.outcomes), "name one score as two or three roles have it"
            yield Fault((*here, "outcomes"), found, "outcomes of two roles or more", mend)
    elif plan.by == "waves":
        if plan.wave is not None:
            mend = "leave wave: out, or compare groups"
            yield Fault(place, f"wave: {plan.wave}", "all waves", mend)
    elif plan.by not in known or not known[plan.by].levels:
        choices = [name for name, each in known.items() if each.levels]
        mend = did_you_mean(plan.by, ["roles", "waves", *choices])
        yield Fault(place, f"cannot compare by {plan.by!r}", "roles, waves or a choice", mend)


def family_faults(settings: StudyFile, _: Questionnaire) -> Iterator[Fault]:
    """Check that what families and equivalences name is in the plan."""
    plan = settings.plan
    known = {
        "models": list(plan.models),
        "comparisons": list(plan.comparisons),
        "correlations": list(plan.correlations),
    }
    named: list[tuple[Location, Estimate]] = [
        (("plan", "families", name, "tests", i), each)
        for name, family in plan.families.items()
        for i, each in enumerate(family.tests)
    ]
    named += [(("plan", "equivalence", name, "of"), e.of) for name, e in plan.equivalence.items()]
    for here, each in named:
        key = each.file.removesuffix("s")
        yield from unknown((*here, key), each.name, known[each.file], key)
