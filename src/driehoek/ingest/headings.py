"""Headings that are the words of a question, as forms of Microsoft and Google write them."""

import re
from collections.abc import Iterable, Mapping

from driehoek.instrument.questions import Questionnaire

_ROW = re.compile(r"\[(.+)\]\s*$", re.S)
_BLANKS = re.compile(r"[\s\u00a0]+")


def plain(text: str) -> str:
    """Give words without regard to capitals and blanks."""
    return _BLANKS.sub(" ", text).strip().casefold()


def wordings(form: Questionnaire, roles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give the questions that have a wording, in any language, for people of these roles."""
    wanted, found = {*roles}, dict[str, list[str]]()
    for qid, question in form.questions.items():
        if wanted & {*question.roles}:
            for text in {plain(each) for each in question.text.values()} - {""}:
                found.setdefault(text, []).append(qid)
    return {text: tuple(questions) for text, questions in found.items()}


def matching(heading: str, worded: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give the questions whose wording a heading, or the row in its brackets, is."""
    whole = worded.get(plain(heading))
    if whole:
        return whole
    row = _ROW.search(heading)
    return worded.get(plain(row.group(1)), ()) if row else ()
