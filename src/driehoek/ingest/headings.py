"""Headings that are the words of a question, as forms and full-text exports write them."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from driehoek.instrument.model import Text
from driehoek.instrument.questions import Question, Questionnaire, fill_names

_ROW = re.compile(r"\[(.+)\]\s*$", re.S)
_BLANKS = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Wordings:
    """Question ids by their words.

    Attributes
    ----------
    alone : mapping
        By the wording of the question.
    led : mapping
        By the words above a table of statements, then the statement in brackets.
    """

    alone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    led: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NO_WORDINGS = Wordings()


def plain(text: str) -> str:
    """Give words without regard to capitals, blanks and HTML entities."""
    return _BLANKS.sub(" ", html.unescape(text)).strip().casefold()


def wordings(form: Questionnaire, roles: Iterable[str]) -> Wordings:
    """Give the questions that have a wording, in any language, for people of these roles."""
    wanted = {*roles}
    alone, led = dict[str, list[str]](), dict[str, list[str]]()
    for qid, question in form.questions.items():
        if not wanted & {*question.roles}:
            continue
        for text in {plain(each) for each in question.text.values()} - {""}:
            alone.setdefault(text, []).append(qid)
        for text in _with_lead(form, question):
            led.setdefault(text, []).append(qid)
    return Wordings(_fixed(alone), _fixed(led))


def matching(heading: str, worded: Wordings) -> tuple[tuple[str, ...], str]:
    """Give the questions whose wording a heading, or the row in its brackets, is; and how."""
    whole = plain(heading)
    if questions := worded.led.get(whole):
        return questions, "wording with its lead"
    row = _ROW.search(heading)
    found = worded.alone.get(whole) or (worded.alone.get(plain(row.group(1))) if row else None)
    return found or (), "wording"


def _with_lead(form: Questionnaire, question: Question) -> set[str]:
    lead = _lead(form, question)
    names = form.instrument.names.get(question.roles[0], {})
    return {
        plain(f"{fill_names(said, names, question.about, language)} [{question.text[language]}]")
        for language, said in lead.items()
        if said and question.text.get(language)
    }


def _lead(form: Questionnaire, question: Question) -> Text:
    """Give the words above the options that a question shares with others."""
    instrument = form.instrument
    item = instrument.items.get(question.item or "")
    background = instrument.background.get(question.id)
    name = item.response if item else background.response if background else None
    shared = instrument.responses.get(name or "")
    return (shared.question if shared else None) or {}


def _fixed(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {text: tuple(questions) for text, questions in found.items()}
