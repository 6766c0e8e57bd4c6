"""Names of variables in a study's plan, and the columns they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass

from driehoek.instrument.columns import score_column
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import did_you_mean
from driehoek.study_file import StudyFile


@dataclass(frozen=True, slots=True)
class Variable:
    """A column that analyses may use.

    Attributes
    ----------
    name : str
        Full name, such as ``carer.trust.about_seeker`` or ``carer.hours``.
    role : str
        Whose answers it holds; empty for the wave and its time, which are nobody's.
    column : str
        Its name in the long table: the full name without the role.
    levels : tuple of str
        Option codes in order for a choice; empty for a number or a score.
    form : str
        What is taken of it (`driehoek.analysis.forms`), such as its change; empty for itself.
    """

    name: str
    role: str
    column: str
    levels: tuple[str, ...] = ()
    form: str = ""


WAVE = Variable("wave", "", "wave")
# Years from the date of the first wave to that of the row's.
TIME = Variable("time", "", "time")


class UnknownVariableError(ValueError):
    """A plan names a variable that the instrument does not give."""


def variables(
    questionnaire: Questionnaire, derived: Mapping[str, tuple[str, ...]]
) -> dict[str, Variable]:
    """Give every variable that a plan may name, by full name and by its short forms.

    A score may be named without ``.about_<role>`` where its role rates one person only.

    Parameters
    ----------
    questionnaire : Questionnaire
    derived : mapping
        Levels of each derived variable of the study, by its name.
    """
    found: dict[str, Variable] = {}
    for role in questionnaire.instrument.roles:
        found |= _background(questionnaire, role)
        for name, levels in derived.items():
            found[f"{role}.{name}"] = Variable(f"{role}.{name}", role, name, levels)
    for scale in questionnaire.instrument.scales:
        found |= _scores(questionnaire, scale)
    return found


def known_variables(settings: StudyFile, questionnaire: Questionnaire) -> dict[str, Variable]:
    """Give every variable that the plan of a study may name, ``wave`` and ``time`` among them."""
    levels = {name: each.levels for name, each in settings.derive.items()}
    return {**variables(questionnaire, levels), "wave": WAVE, "time": TIME}


def resolve(name: str, known: dict[str, Variable]) -> Variable:
    """Look a name up.

    Raises
    ------
    UnknownVariableError
        With the nearest known names.
    """
    if name not in known:
        msg = f"unknown variable {name!r}: {did_you_mean(name, known)}"
        raise UnknownVariableError(msg)
    return known[name]


def _background(questionnaire: Questionnaire, role: str) -> dict[str, Variable]:
    return {
        f"{role}.{qid}": Variable(f"{role}.{qid}", role, qid, tuple(question.values))
        for qid, question in questionnaire.questions.items()
        if question.item is None and question.is_stored and role in question.roles
    }


def _scores(questionnaire: Questionnaire, scale: str) -> dict[str, Variable]:
    pairs = questionnaire.presentations(scale)
    facets = ["", *(questionnaire.instrument.scales[scale].facets or {})]
    found: dict[str, Variable] = {}
    for role, about in pairs:
        asked = questionnaire.facet_questions(scale, role, about)
        alone = sum(each == role for each, _ in pairs) == 1
        for facet in facets:
            if facet and facet not in asked:
                continue
            column = score_column(scale, facet, about)
            variable = Variable(f"{role}.{column}", role, column)
            found[variable.name] = variable
            if alone:
                found[f"{role}.{score_column(scale, facet, None)}"] = variable
    return found
