"""Conditions in the words of the questionnaire, for people."""

from driehoek.deploy.conditions import Chosen, Joined, Measured, Test
from driehoek.deploy.rendering import words
from driehoek.instrument.questions import Questionnaire


def spoken(form: Questionnaire, test: Test, language: str) -> str:
    """Say a condition by the labels and ids of its questions; empty where it always holds."""
    if isinstance(test, bool):
        return ""
    say = words(language)
    if isinstance(test, Joined):
        parts = [spoken(form, part, language) for part in test.parts]
        return f" {say[test.kind]} ".join(
            f"({text})" if isinstance(part, Joined) else text
            for text, part in zip(parts, test.parts, strict=True)
        )
    question = form.questions[test.question]
    name = f"{question.label[language]} ({question.id})"
    if isinstance(test, Measured):
        return f"{name} {test.operator.replace('==', '=')} {test.value:g}"
    return f"{name}: {_options(form, test, language)}"


def _options(form: Questionnaire, test: Chosen, language: str) -> str:
    labels = {o.code: o.label[language] for o in form.questions[test.question].options}
    return f" {words(language)['or']} ".join(labels[code] for code in test.codes)
