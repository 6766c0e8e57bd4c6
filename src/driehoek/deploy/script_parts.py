"""What scripts for SPSS and R have in common: whose questions, options, gates and routes."""

from collections.abc import Sequence
from dataclasses import dataclass

from driehoek.deploy.checks import refuse, request_faults
from driehoek.deploy.codebook_facts import Choice, Codebook, Variable
from driehoek.deploy.layout import languages_of
from driehoek.deploy.score_plan import Keys, Step, score_plan, unscored
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import Condition, names_in


@dataclass(frozen=True, slots=True)
class Gate:
    """When a question is shown, for the questions where scores depend on it.

    Attributes
    ----------
    question : str
    roles : tuple of str
        Who is asked it at all.
    conditions : tuple of Condition
        All must hold; none for a question that others only depend on.
    """

    question: str
    roles: tuple[str, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """All that a script tells.

    Attributes
    ----------
    form : Questionnaire
    role : str or None
        The role of every row; None where the question for the role tells it.
    language : str
    variables : tuple of Variable
        In the order of the columns.
    gates : tuple of Gate
    steps : tuple of Step
    left : tuple of str
        What is left to do by hand.
    """

    form: Questionnaire
    role: str | None
    language: str
    variables: tuple[Variable, ...]
    gates: tuple[Gate, ...]
    steps: tuple[Step, ...]
    left: tuple[str, ...]

    @property
    def routed(self) -> frozenset[str]:
        """Questions that not everyone of their role is shown."""
        return frozenset(gate.question for gate in self.gates if gate.conditions)

    def groups(self) -> list[tuple[tuple[Choice, ...], list[Variable]]]:
        """Give the choice questions by their options, the role question left out."""
        found: dict[str, tuple[tuple[Choice, ...], list[Variable]]] = {}
        for variable in self.variables:
            if variable.question.kind == "choice":
                key = repr(variable.choices)
                found.setdefault(key, (variable.choices, []))[1].append(variable)
        return list(found.values())

    def numbers(self) -> list[Variable]:
        """Give the number questions."""
        return [each for each in self.variables if each.question.kind == "number"]

    def codes_of_roles(self) -> dict[str, str]:
        """Give the role by code of the question that asks for it."""
        qid = self.form.role_question
        options = self.form.questions[qid].options if qid else ()
        return {option.code: option.role for option in options if option.role}


def script_of(
    form: Questionnaire, target: str, role: str | None, language: str | None, keys: Keys | None
) -> Script:
    """Gather what a script tells.

    Raises
    ------
    InstrumentError
        If the role or language is not of the instrument.
    """
    refuse(form, target, request_faults(form, role, language))
    variables = Codebook(form, role).variables
    known = keys or {}
    roles = list(form.instrument.roles)
    only = role or (roles[0] if len(roles) == 1 else None)
    return Script(
        form,
        only,
        languages_of(form, language)[0],
        variables,
        _gates(form, variables),
        score_plan(form, role, known),
        unscored(form, known),
    )


def _gates(form: Questionnaire, variables: Sequence[Variable]) -> tuple[Gate, ...]:
    asked = {variable.question.id for variable in variables}
    conditions = {
        qid: tuple(condition for condition, _ in rules)
        for qid, rules in form.conditions.items()
        if qid in asked
    }
    names = {name for rules in conditions.values() for each in rules for name in names_in(each)}
    return tuple(
        Gate(qid, question.roles, conditions.get(qid, ()))
        for qid, question in form.questions.items()
        if qid in asked and (qid in conditions or qid in names)
    )
