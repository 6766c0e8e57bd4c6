"""Who is shown what, in terms of answer codes: what every survey platform can express.

An instrument's routing compares analysis values; platforms store codes. A comparison with
a choice question becomes the set of codes for which it holds, so that a question that is
unanswered, or answered with "don't know", never opens a route: as in
:func:`driehoek.instrument.routing.evaluate`, where such a comparison stays open.
"""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.instrument.routing import Comparison, Condition, Operator, Value

_HOLDS: dict[Operator, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question answered with one of these option codes."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number question answered with a number for which the comparison holds."""

    question: str
    operator: Operator
    value: float


@dataclass(frozen=True, slots=True)
class Joined:
    """Tests that must all hold (and), or of which one must hold (or)."""

    kind: Literal["and", "or"]
    parts: tuple["Test", ...]


Test = Chosen | Measured | Joined | bool


def in_codes(form: Questionnaire, condition: Condition, role: str | None) -> Test:
    """Express a routing condition in answer codes.

    Parameters
    ----------
    form : Questionnaire
    condition : Condition
    role : str or None
        The reader's role where it is known beforehand: then it is looked up, not asked.

    Returns
    -------
    Test
        True or False where the answers do not matter.
    """
    if not isinstance(condition, Comparison):
        parts = [in_codes(form, part, role) for part in condition.parts]
        return joined(condition.kind, parts)
    question = form.questions.get(condition.name)
    if question is None or question.kind == "role":
        return _role_test(form, condition, role)
    if role is not None and role not in question.roles:
        return False
    if question.kind == "number":
        return _number_test(condition)
    return _choice_test(question, condition)


def joined(kind: Literal["and", "or"], parts: Iterable[Test]) -> Test:
    """Join tests; those that are true or false for everyone fall away."""
    decisive = kind == "or"
    kept: dict[Test, None] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is decisive:
                return decisive
        elif isinstance(part, Joined) and part.kind == kind:
            kept |= dict.fromkeys(part.parts)
        else:
            kept[part] = None
    if not kept:
        return not decisive
    return next(iter(kept)) if len(kept) == 1 else Joined(kind, tuple(kept))


def for_roles(form: Questionnaire, roles: Iterable[str], role: str | None) -> Test:
    """Test whether the reader has one of these roles."""
    wanted = set(roles)
    if role is not None:
        return role in wanted
    if wanted >= set(form.instrument.roles):
        return True
    if form.role_question is None:
        return False
    options = form.questions[form.role_question].options
    codes = tuple(option.code for option in options if option.role in wanted)
    return Chosen(form.role_question, codes) if codes else False


def questions_in(test: Test) -> set[str]:
    """Give the questions whose answers a test looks up."""
    if isinstance(test, bool):
        return set()
    if isinstance(test, Joined):
        return set().union(*(questions_in(part) for part in test.parts))
    return {test.question}


def _role_test(form: Questionnaire, condition: Comparison, role: str | None) -> Test:
    named = {str(value) for value in condition.operands}
    every = set(form.instrument.roles)
    return for_roles(form, every - named if condition.operator == "!=" else named, role)


def _number_test(condition: Comparison) -> Test:
    if condition.operator == "in":
        tests = [Measured(condition.name, "==", float(each)) for each in condition.operands]
        return joined("or", tests)
    return Measured(condition.name, condition.operator, float(condition.operands[0]))


def _choice_test(question: Question, condition: Comparison) -> Test:
    holding = {value for value in question.values.values() if _holds(condition, value)}
    codes = tuple(code for code, value in question.values.items() if value in holding)
    return Chosen(question.id, codes) if codes else False


def _holds(condition: Comparison, value: float) -> bool:
    if condition.operator == "in":
        return value in condition.operands
    return _HOLDS[condition.operator](value, _number(condition.operands[0]))


def _number(value: Value) -> float:
    return float(value)
