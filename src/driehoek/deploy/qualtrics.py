"""Qualtrics' Advanced Format TXT: one role and one language a file. Unverified.

The tags are those that public generators write; no Qualtrics has read our files. Every item
is a question of its own and no row of a matrix: the format can name questions, which become
the headings of the export, but it cannot name rows. It carries no display logic: the routing
is written down as steps to take by hand.
"""

from collections.abc import Iterator
from pathlib import Path

from driehoek.deploy.checks import refuse, require_deployable, require_one
from driehoek.deploy.conditions import Joined, Measured, Test
from driehoek.deploy.layout import Entry, Page, Part
from driehoek.deploy.text_faults import Fault
from driehoek.deploy.wording import as_html, open_places
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire

QUESTION_TYPES = {
    "choice": "MC:SingleAnswer:Vertical",
    "role": "MC:SingleAnswer:Vertical",
    "number": "TE:SingleLine",
    "text": "TE:Essay",
    "code": "TE:SingleLine",
}
IN_GRID = "MC:SingleAnswer:Horizontal"


def write_qualtrics(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write a survey in the Advanced Format, and beside it what is left to do by hand.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : Path
        A file .txt; the steps go to a file with the same name and ``.steps.txt``.
    role, language : str, optional
        Needed where the instrument has several: the format can neither route nor translate.

    Returns
    -------
    tuple of str
        What is left to do by hand: required answers, ranges, routing.

    Raises
    ------
    InstrumentError
        If Qualtrics would drop, cut or garble anything.
    """
    lang = require_one(questionnaire, "qualtrics", "language", language)
    reader = require_one(questionnaire, "qualtrics", "role", role)
    pages = require_deployable(questionnaire, "qualtrics", role=reader, language=lang)
    refuse(questionnaire, "qualtrics", _code_faults(pages))
    lines = ["[[AdvancedFormat]]", ""]
    for page in pages:
        lines += [f"[[Block:{page.id}]]", "", *_page(page, lang)]
    write_text(path, "\n".join(lines))
    steps = (*_steps(pages, lang), *open_places(pages, [lang]))
    write_text(path.with_suffix(".steps.txt"), "\n".join(f"- {step}" for step in steps) + "\n")
    return steps


def in_words(test: Test) -> str:
    """Write a test as a step in Qualtrics' display logic."""
    if isinstance(test, bool):
        return "always" if test else "never"
    if isinstance(test, Joined):
        return f" {test.kind} ".join(f"({in_words(part)})" for part in test.parts)
    if isinstance(test, Measured):
        return f"{test.question} is answered and {test.operator} {test.value:g}"
    return f"{test.question} is {' or '.join(test.codes)}"


def _code_faults(pages: tuple[Page, ...]) -> Iterator[Fault]:
    for entry in (entry for page in pages for entry in page.entries):
        for code in (choice.code for choice in entry.choices):
            if not code.isdecimal():
                found = f"code {code!r}: Qualtrics' recode values are numbers"
                yield Fault(entry.id, found, "a number", "give the option a code of digits")


def _page(page: Page, lang: str) -> Iterator[str]:
    heading = [page.title[lang], page.text.get(lang, "")]
    yield from _description(f"{page.id}_page", heading)
    for part in page.parts:
        if part.lead.get(lang):
            yield from _description(f"{part.name}_lead", [part.lead[lang]])
        for entry in part.entries:
            yield from _question(entry, part, lang)


def _description(tag: str, texts: list[str]) -> Iterator[str]:
    yield from ("[[Question:DB]]", f"[[ID:{tag}]]")
    yield "<br /><br />".join(as_html(text) for text in texts if text)
    yield ""


def _question(entry: Entry, part: Part, lang: str) -> Iterator[str]:
    yield f"[[Question:{IN_GRID if part.is_grid else QUESTION_TYPES[entry.question.kind]}]]"
    yield f"[[ID:{entry.id}]]"
    texts = [entry.information.get(lang, ""), entry.text[lang], entry.unit.get(lang, "")]
    yield "<br /><br />".join(as_html(text) for text in texts if text)
    yield ""
    if entry.choices:
        yield "[[AdvancedChoices]]"
        for choice in entry.choices:
            yield from (f"[[Choice:{choice.code}]]", as_html(choice.label[lang]))
        yield ""


def _steps(pages: tuple[Page, ...], lang: str) -> Iterator[str]:
    yield "No Qualtrics has read this file yet: import it into a survey of its own and compare."
    yield f"Set the survey language to {lang}; further languages go in as translations."
    for page in pages:
        if page.when is not True:
            yield f"Block {page.id}: display logic, show if {in_words(page.when)}."
        for entry in page.entries:
            yield from _entry_steps(entry)
    yield "Export later as CSV with numeric values (recode values)."


def _entry_steps(entry: Entry) -> Iterator[str]:
    if entry.required:
        yield f"{entry.id}: force a response."
    if entry.question.kind == "number":
        low, high = entry.question.minimum, entry.question.maximum
        yield f"{entry.id}: validation, a number from {low:g} to {high:g}."
    if entry.when is not True:
        yield f"{entry.id}: display logic, show if {in_words(entry.when)}."
