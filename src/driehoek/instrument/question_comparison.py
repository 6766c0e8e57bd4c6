"""One question in two versions of an instrument."""

from collections.abc import Iterator

from driehoek.instrument.difference import Difference, Verdict, if_scored
from driehoek.instrument.model import Option
from driehoek.instrument.questions import Question


def compare_question(before: Question, after: Question, scale: str) -> Iterator[Difference]:
    """Find what changed in a question.

    Parameters
    ----------
    before, after : Question
    scale : str
        The scale it counts in; empty for none.
    """
    if before.id != after.id:
        reason = "name the old column under columns: in the study"
        yield Difference("renamed", after.id, "", before.id, after.id, scale, "same", reason)
    yield from _wording(before, after, scale)
    yield from _options(before, after, scale)
    yield from _range(before, after, scale)
    if before.is_reversed != after.is_reversed:
        keys = {True: "-", False: "+"}
        turned = keys[before.is_reversed], keys[after.is_reversed]
        reason = "one of the versions turns it the wrong way round, unless the wording turned too"
        yield Difference(
            "rekeyed", after.id, "", *turned, scale, if_scored(scale, "different"), reason
        )


def _wording(before: Question, after: Question, scale: str) -> Iterator[Difference]:
    for language in sorted(before.text.keys() | after.text.keys()):
        old, new = before.text.get(language, ""), after.text.get(language, "")
        if old == new:
            continue
        if _bare(old) == _bare(new):
            verdict: Verdict = "same"
            reason = "only capitals, blanks or punctuation changed"
        elif not old or not new:
            verdict = if_scored(scale, "untested")
            reason = f"asked in {language} in one version only: test invariance across languages"
        else:
            verdict = if_scored(scale, "untested")
            reason = f"other words for those who answer in {language}: test invariance over waves"
        yield Difference("reworded", after.id, language, old, new, scale, verdict, reason)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _options(before: Question, after: Question, scale: str) -> Iterator[Difference]:
    if before.kind != after.kind:
        kinds = before.kind, after.kind
        verdict = if_scored(scale, "different")
        yield Difference("recoded", after.id, "", *kinds, scale, verdict, "answers of another kind")
        return
    if revalued := _revalued(before, after):
        told = ", ".join(old for old, _ in revalued), ", ".join(new for _, new in revalued)
        reason = "the same words stand for another value: score both waves by one version"
        verdict = if_scored(scale, "different")
        yield Difference("recoded", after.id, "", *told, scale, verdict, reason)
        return
    old = {_meaning(option): option.code for option in before.options}
    new = {_meaning(option): option.code for option in after.options}
    yield from _choosable(after, [*old], [*new], scale)
    both = [meaning for meaning in old if meaning in new and old[meaning] != new[meaning]]
    if both:
        codes = ", ".join(old[each] for each in both), ", ".join(new[each] for each in both)
        reason = "codes changed, values did not: read each wave by its own version"
        yield Difference("recoded", after.id, "", *codes, scale, "same", reason)
    for language in sorted({lang for option in after.options for lang in option.label}):
        yield from _labels(before, after, language, scale)


def _revalued(before: Question, after: Question) -> list[tuple[str, str]]:
    """Give the old and new meaning of options whose words stayed the same."""
    old = {tuple(sorted(option.label.items())): _meaning(option) for option in before.options}
    new = {tuple(sorted(option.label.items())): _meaning(option) for option in after.options}
    return [(old[label], new[label]) for label in old if label in new and old[label] != new[label]]


def _meaning(option: Option) -> str:
    if option.value is not None:
        return f"{option.value:g}"
    return option.missing or option.role or ""


def _choosable(after: Question, old: list[str], new: list[str], scale: str) -> Iterator[Difference]:
    gone, come = [each for each in old if each not in new], [e for e in new if e not in old]
    if not gone and not come:
        return
    told = ", ".join(gone), ", ".join(come)
    if {*gone, *come} <= {"dont_know"}:
        verdict = if_scored(scale, "untested")
        reason = "a way out was added or taken away, so other people answer: test invariance"
    else:
        verdict = if_scored(scale, "different")
        reason = "other values can be chosen: recode to a common range, or do not compare"
    yield Difference("recoded", after.id, "", *told, scale, verdict, reason)


def _labels(before: Question, after: Question, language: str, scale: str) -> Iterator[Difference]:
    old = {_meaning(o): o.label.get(language, "") for o in before.options}
    for option in after.options:
        was, now = old.get(_meaning(option), ""), option.label.get(language, "")
        if was and now and _bare(was) != _bare(now):
            reason = f"another label for those who answer in {language}: test invariance"
            verdict = if_scored(scale, "untested")
            yield Difference("reworded", after.id, language, was, now, scale, verdict, reason)


def _range(before: Question, after: Question, scale: str) -> Iterator[Difference]:
    old, new = (before.minimum, before.maximum), (after.minimum, after.maximum)
    if before.kind == after.kind == "number" and old != new:
        told = f"{old[0]:g} to {old[1]:g}", f"{new[0]:g} to {new[1]:g}"
        reason = "numbers that one version takes are invalid in the other"
        yield Difference("recoded", after.id, "", *told, scale, "same", reason)
