"""The version of an instrument that a wave was asked, and the one its study analyses."""

from collections.abc import Mapping
from dataclasses import dataclass

from driehoek.instrument.comparison import compare, renamed_questions, verdicts
from driehoek.instrument.difference import Difference, Verdict
from driehoek.instrument.question_comparison import compare_question
from driehoek.instrument.questions import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Bridge:
    """How answers to one version are used in another.

    Attributes
    ----------
    asked, analysed : Questionnaire
        The version of the wave and that of the study.
    differences : tuple of Difference
    sources : mapping of str to str
        Question of the wave's version by question of the study's, for those whose answers mean
        the same: the others were not asked, or have other values or another key.
    """

    asked: Questionnaire
    analysed: Questionnaire
    differences: tuple[Difference, ...]
    sources: Mapping[str, str]

    @property
    def scales(self) -> dict[str, Verdict]:
        """Whether scores can be compared, by scale; scales that nothing touches are left out."""
        return verdicts(list(self.differences))


def bridge(asked: Questionnaire, analysed: Questionnaire) -> Bridge:
    """Compare the version that a wave was asked with the one that is analysed."""
    renamed = renamed_questions(asked, analysed)
    sources = {}
    for qid, question in analysed.questions.items():
        before = asked.questions.get(renamed.get(qid, qid))
        if before is not None and _means_the_same(before, question):
            sources[qid] = before.id
    return Bridge(asked, analysed, tuple(compare(asked, analysed)), sources)


def _means_the_same(before: Question, after: Question) -> bool:
    """Judge a question as strictly as one that a score depends on."""
    found = compare_question(before, after, scale=after.id)
    return all(difference.scores != "different" for difference in found)
