"""Two versions of an instrument compared: what changed, and whether scores stay comparable.

A score is the same measure in both versions where the same items, with the same words,
options, values and keys, enter it by the same rule. What differs otherwise is told with one
of three verdicts: the scores are the same, they are not, or nobody can tell without a test
of invariance (Meredith, 1993, doi:10.1007/BF02294825).
"""

import difflib
from collections.abc import Iterator, Mapping

from driehoek.instrument.difference import Difference, Verdict, if_scored
from driehoek.instrument.model import Instrument, Scale
from driehoek.instrument.question_comparison import compare_question
from driehoek.instrument.questions import Question, Questionnaire, facets_of, items_of

_ORDER: tuple[Verdict, ...] = ("same", "untested", "different")


def compare(old: Questionnaire, new: Questionnaire) -> list[Difference]:
    """Compare two versions of an instrument.

    Parameters
    ----------
    old, new : Questionnaire

    Returns
    -------
    list of Difference
        Questions in the order of the new version, those that are gone after them, then
        scales. Empty where the versions ask and score the same.
    """
    renamed = renamed_questions(old, new)
    found: list[Difference] = []
    for qid, question in new.questions.items():
        before = old.questions.get(renamed.get(qid, qid))
        if before is None:
            found.append(_added(qid, new))
        else:
            scale = scale_of(new, qid)
            found += compare_question(before, question, scale)
            found += _routing(before.id, qid, old, new, scale)
    kept = {renamed.get(qid, qid) for qid in new.questions}
    found += [_dropped(qid, old) for qid in old.questions if qid not in kept]
    return [*found, *_moved(old, new, renamed), *_leads(old, new), *_scales(old, new)]


def verdicts(differences: list[Difference]) -> dict[str, Verdict]:
    """Give the worst verdict by scale; scales that nothing touches are left out."""
    found: dict[str, Verdict] = {}
    for each in differences:
        if each.scale:
            worst = max(_ORDER.index(each.scores), _ORDER.index(found.get(each.scale, "same")))
            found[each.scale] = _ORDER[worst]
    return found


def scale_of(form: Questionnaire, qid: str) -> str:
    """Give the scale that a question counts in; empty for none."""
    item = form.questions[qid].item
    scales = form.instrument.scales.items()
    return next((name for name, scale in scales if item in items_of(scale)), "")


def renamed_questions(old: Questionnaire, new: Questionnaire) -> dict[str, str]:
    """Match questions that changed nothing but their id: old id by new id."""
    gone = [q for qid, q in old.questions.items() if qid not in new.questions]
    come = [q for qid, q in new.questions.items() if qid not in old.questions]
    found: dict[str, str] = {}
    for question in come:
        same = [q for q in gone if _identity(q) == _identity(question)]
        rivals = [q for q in come if _identity(q) == _identity(question)]
        if len(same) == len(rivals) == 1:
            found[question.id] = same[0].id
    return found


def _identity(question: Question) -> tuple[object, ...]:
    wording = tuple(sorted(question.text.items()))
    codes = tuple((option.code, option.value) for option in question.options)
    return question.kind, question.roles, question.about, wording, codes, question.is_reversed


def _added(qid: str, new: Questionnaire) -> Difference:
    scale = scale_of(new, qid)
    reason = (
        "the older wave lacks it: compare scores over the items that both versions have"
        if scale
        else "no score depends on it"
    )
    return Difference("added", qid, "", "", "", scale, if_scored(scale, "different"), reason)


def _dropped(qid: str, old: Questionnaire) -> Difference:
    scale = scale_of(old, qid)
    reason = (
        "the newer wave lacks it: compare scores over the items that both versions have"
        if scale
        else "no score depends on it"
    )
    return Difference("dropped", qid, "", "", "", scale, if_scored(scale, "different"), reason)


def _routing(
    old_id: str, new_id: str, old: Questionnaire, new: Questionnaire, scale: str
) -> Iterator[Difference]:
    was, now = _when(old.instrument, old_id), _when(new.instrument, new_id)
    if was != now:
        reason = "other people are asked it: compare those who are asked in both versions"
        verdict = if_scored(scale, "untested")
        yield Difference("rerouted", new_id, "", was, now, scale, verdict, reason)


def _when(instrument: Instrument, qid: str) -> str:
    rules = (" ".join(rule.when.split()) for rule in instrument.routing if qid in rule.show)
    return " and ".join(sorted(rules))


def _moved(
    old: Questionnaire, new: Questionnaire, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    """Find questions on another page, or in another order among those that stayed there."""
    was, now = _pages(old), _pages(new)
    origin = {qid: page for page, questions in was.items() for qid in questions}
    for page, questions in now.items():
        before = {qid: renamed.get(qid, qid) for qid in questions}
        unmoved = _in_order(was.get(page, []), list(before.values()))
        for qid, earlier in before.items():
            if earlier in origin and earlier not in unmoved:
                scale = scale_of(new, qid)
                reason = "asked at another place: effects of order cannot be ruled out"
                told = origin[earlier], page
                yield Difference("moved", qid, "", *told, scale, "same", reason)


def _in_order(old: list[str], new: list[str]) -> set[str]:
    """Give the questions that kept their order: the fewest that moved explain the rest."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return {qid for match in matcher.get_matching_blocks() for qid in old[match.a :][: match.size]}


def _pages(form: Questionnaire) -> dict[str, list[str]]:
    return {
        block.id: [qid for qid in block.questions if qid in form.questions]
        for block in form.instrument.blocks
    }


def _leads(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    """Find other questions above the items of a response set."""
    for name, after in new.instrument.responses.items():
        before = old.instrument.responses.get(name)
        if before is None:
            continue
        was, now = before.question or {}, after.question or {}
        items = {item for item, each in new.instrument.items.items() if each.response == name}
        touched = [s for s, e in new.instrument.scales.items() if items & set(items_of(e))]
        for language in sorted(was.keys() | now.keys()):
            told = was.get(language, ""), now.get(language, "")
            for scale in touched if told[0] != told[1] else []:
                reason = f"another question above the items in {language}: test invariance"
                yield Difference("reworded", name, language, *told, scale, "untested", reason)


def _scales(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    was, now = old.instrument.scales, new.instrument.scales
    for name in now:
        if name in was:
            yield from _scale(name, old.instrument, new.instrument)
        else:
            reason = "the older version does not score it"
            yield Difference("added", name, "", "", "", name, "different", reason)
    for name in was:
        if name not in now:
            reason = "the newer version does not score it"
            yield Difference("dropped", name, "", "", "", name, "different", reason)


def _scale(name: str, old: Instrument, new: Instrument) -> Iterator[Difference]:
    rules = _rule(old.scales[name]), _rule(new.scales[name])
    if rules[0] != rules[1]:
        reason = "another rule makes the score: score both waves by one version"
        yield Difference("rescored", name, "", *rules, name, "different", reason)
    was, now = _facet_of(name, old.scales[name]), _facet_of(name, new.scales[name])
    for item in sorted(was.keys() | now.keys()):
        stayed = item in old.items and item in new.items
        if stayed and was.get(item) != now.get(item):
            told = was.get(item, ""), now.get(item, "")
            reason = f"{item} counts elsewhere now: score both waves by one version"
            yield Difference("moved", name, "", *told, name, "different", reason)


def _facet_of(name: str, scale: Scale) -> dict[str, str]:
    return {item: facet for facet, items in facets_of(name, scale).items() for item in items}


def _rule(scale: Scale) -> str:
    rule = f"{scale.score.method} of {scale.score.of}, {scale.score.min_answered:g} answered"
    return f"{rule}, key {scale.key}" if scale.key else rule
