"""What single fields cannot show about the agreement and retest parts of a plan."""

from collections.abc import Iterator

from driehoek.analysis.names import Variable, known_variables
from driehoek.analysis.score_names import ScoreName, facets_of_score, score_name
from driehoek.faults import Fault, unknown
from driehoek.instrument.questions import Questionnaire
from driehoek.study_file import StudyFile
from driehoek.yamlfile import Location


def agreement_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check that each set of scores is one scale as several roles answer it."""
    known = known_variables(settings, questionnaire)
    waves = [each.wave for each in settings.waves]
    for name, plan in settings.plan.agreement.items():
        here: Location = ("plan", "agreement", name)
        if plan.wave is not None:
            yield from unknown((*here, "wave"), plan.wave, waves, "wave")
        faults = [
            fault
            for i, score in enumerate(plan.scores)
            for fault in _not_a_score((*here, "scores", i), score, known, questionnaire)
        ]
        yield from faults
        if faults:
            continue
        found_scores = (score_name(known[each], questionnaire) for each in plan.scores)
        scores = [each for each in found_scores if each is not None]
        if plan.meta:
            yield from _not_meta((*here, "scores"), plan.scores, scores, questionnaire)
            continue
        is_one_scale = len({(each.scale, each.facet) for each in scores}) == 1
        if not is_one_scale or len({each.role for each in scores}) < len(scores):
            found, mend = ", ".join(plan.scores), "name one scale as two or more roles answer it"
            yield Fault((*here, "scores"), found, "one scale, each role once", mend)


def retest_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check that each score is one, and that named waves are two or more; others may yet come."""
    known = known_variables(settings, questionnaire)
    waves = [each.wave for each in settings.waves]
    for name, plan in settings.plan.retest.items():
        here: Location = ("plan", "retest", name)
        yield from _not_a_score((*here, "score"), plan.score, known, questionnaire)
        for i, wave in enumerate(plan.waves):
            yield from unknown((*here, "waves", i), wave, waves, "wave")
        if plan.waves and len(set(plan.waves)) < max(2, len(plan.waves)):
            found, mend = ", ".join(plan.waves), "name two waves or more, each once"
            yield Fault((*here, "waves"), found, "two different waves or more", mend)


def _not_meta(
    here: Location, names: list[str], scores: list[ScoreName], questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Check that one member's guess is laid beside what the other says, on the same answers."""
    abouts, roles = [each.about for each in scores], [each.role for each in scores]
    if len(scores) != 2 or roles[0] == roles[1] or abouts != roles[::-1]:
        mend = "name what A thinks that B thinks of A, then what B says about A"
        yield Fault(here, ", ".join(names), "two members, each about the other", mend)
    elif len({_answers(each, questionnaire) for each in scores}) > 1:
        mend = "take two scales with the same answers"
        yield Fault(here, ", ".join(names), "two scores with the same answers", mend)


def _answers(score: ScoreName, questionnaire: Questionnaire) -> frozenset[float]:
    """Give the values of all answers to the items of a score."""
    asked = [qid for ids in facets_of_score(questionnaire, score).values() for qid in ids]
    return frozenset(v for qid in asked for v in questionnaire.questions[qid].values.values())


def _not_a_score(
    here: Location, name: str, known: dict[str, Variable], questionnaire: Questionnaire
) -> Iterator[Fault]:
    yield from unknown(here, name, known, "variable")
    if name in known and score_name(known[name], questionnaire) is None:
        mend = "name a scale, such as carer.burden"
        yield Fault(here, f"{name!r} is no score", "a score", mend)
