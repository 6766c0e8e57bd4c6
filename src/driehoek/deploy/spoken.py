"""Conditions in the words of the questionnaire, for people."""

from driehoek.deploy.conditions import Chosen, Joined, Measured, Test
from driehoek.deploy.rendering import words
from driehoek.instrument.questions import Questionnaire


def spoken(form: Questionnaire, test: Test, language: str, *, with_ids: bool = True) -> str:
    """Say a condition in words; empty where it holds for everyone.

    Parameters
    ----------
    form : Questionnaire
    test : Test
    language : str
    with_ids : bool
        Whether question ids stand beside the labels, as in a codebook.
    """
    if isinstance(test, bool):
        return ""
    say = words(language)
    if isinstance(test, Joined):
        parts = [spoken(form, part, language, with_ids=with_ids) for part in test.parts]
        return f" {say[test.kind]} ".join(
            f"({text})" if isinstance(part, Joined) else text
            for text, part in zip(parts, test.parts, strict=True)
        )
    question = form.questions[test.question]
    name = question.label[language]
    name = f"{name} ({question.id})" if with_ids else name
    if isinstance(test, Measured):
        return f"{name} {test.operator.replace('==', '=')} {test.value:g}"
    return f"{name}: {_options(form, test, language)}"


def _options(form: Questionnaire, test: Chosen, language: str) -> str:
    labels = {o.code: o.label[language] for o in form.questions[test.question].options}
    return f" {words(language)['or']} ".join(labels[code] for code in test.codes)
