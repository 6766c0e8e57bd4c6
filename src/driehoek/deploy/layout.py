"""An instrument laid out as people meet it: pages, grids and single questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from driehoek.deploy.conditions import Chosen, Test, for_roles, in_codes, joined
from driehoek.instrument.model import Block, Instrument, Option, Text
from driehoek.instrument.questions import Question, Questionnaire, fill_names

# Columns that a table of answers holds on a narrow screen and on an A4 page.
GRID_OPTIONS = 7
NAME_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer option as a reader meets it: its code, and its label per language."""

    code: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as it stands on a page.

    Attributes
    ----------
    question : Question
    text, information, unit : mapping
        Per language, names filled in; empty where there is none.
    choices : tuple of Choice
        Empty for numbers, text and codes.
    response : str
        Name of the shared response set; empty for options of its own.
    required : bool
    when : Test
        Whom the question is shown, apart from the test of its page.
    """

    question: Question
    text: Mapping[str, str]
    information: Mapping[str, str]
    unit: Mapping[str, str]
    choices: tuple[Choice, ...]
    response: str
    required: bool
    when: Test

    @property
    def id(self) -> str:
        """The question id."""
        return self.question.id


@dataclass(frozen=True, slots=True)
class Part:
    """A single question, or a grid of questions with the same options.

    Attributes
    ----------
    name : str
        Question id of a single question; for a grid a code that no question has.
    entries : tuple of Entry
    lead : mapping
        The question above the items, per language; empty where there is none.
    """

    name: str
    entries: tuple[Entry, ...]
    lead: Mapping[str, str]

    @property
    def is_grid(self) -> bool:
        """Whether the entries are rows of one table."""
        return len(self.entries) > 1

    @property
    def when(self) -> Test:
        """Whom the part is shown, apart from the test of its page."""
        return self.entries[0].when


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the questionnaire.

    Attributes
    ----------
    id : str
    title, text : mapping
        Per language, names filled in.
    parts : tuple of Part
    when : Test
        Consent given, and one of the roles of the page.
    """

    id: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    parts: tuple[Part, ...]
    when: Test

    @property
    def entries(self) -> list[Entry]:
        """Every question of the page, in order."""
        return [entry for part in self.parts for entry in part.entries]


def lay_out(form: Questionnaire, *, role: str | None = None) -> tuple[Page, ...]:
    """Lay out an instrument in pages.

    Parameters
    ----------
    form : Questionnaire
    role : str or None
        The questionnaire of one role, without the question for the role; None for all roles
        in one survey that routes them.
    """
    taken = set(form.questions)
    pages: list[Page] = []
    for block in form.instrument.blocks:
        entries = [_entry(form, qid, block, role) for qid in _questions(form, block, role)]
        if entries:
            parts = tuple(_parts(form, block, entries, role, taken))
            when = joined("and", [_after_consent(form, pages), for_roles(form, block.roles, role)])
            reader = role or block.roles[0]
            title = filled(form.instrument, block.title, reader, block.about)
            text = filled(form.instrument, block.text, reader, block.about)
            pages.append(Page(block.id, title, text, parts, when))
    return tuple(pages)


def languages_of(form: Questionnaire, language: str | None) -> list[str]:
    """Give the languages of a survey, the first one first; or the one that is asked for."""
    return [language] if language else list(form.instrument.languages)


def filled(
    instrument: Instrument, text: Text | None, reader: str, about: str | None
) -> dict[str, str]:
    """Fill in names where a text has places for them; leave other texts as they are."""
    names = instrument.names.get(reader, {})
    return {
        language: fill_names(each, names, about, language) if "{" in each else each.strip()
        for language, each in (text or {}).items()
    }


def _questions(form: Questionnaire, block: Block, role: str | None) -> Iterator[str]:
    if role is not None and role not in block.roles:
        return
    for qid in block.questions:
        question = form.questions[qid]
        is_known = role is not None and question.kind == "role"
        if not is_known and (role is None or role in question.roles):
            yield qid


def _entry(form: Questionnaire, qid: str, block: Block, role: str | None) -> Entry:
    question = form.questions[qid]
    instrument = form.instrument
    asked = instrument.background.get(qid)
    reader = role or question.roles[0]
    routes = [in_codes(form, condition, role) for condition, _ in form.conditions.get(qid, [])]
    readers = set(question.roles) & set(block.roles)
    mine: Test = True if readers == set(block.roles) else for_roles(form, readers, role)
    response = asked.response if asked else instrument.items[question.item or ""].response
    return Entry(
        question,
        {language: text.strip() for language, text in question.text.items()},
        filled(instrument, asked.information if asked else None, reader, None),
        filled(instrument, asked.unit if asked else None, reader, None),
        tuple(_choice(instrument, option, reader, question) for option in question.options),
        response or "",
        bool(asked and asked.required),
        joined("and", [mine, *routes]),
    )


def _choice(instrument: Instrument, option: Option, reader: str, question: Question) -> Choice:
    return Choice(option.code, filled(instrument, option.label, reader, question.about))


def _after_consent(form: Questionnaire, before: Sequence[Page]) -> Test:
    consent = form.instrument.consent
    asked = {entry.id for page in before for entry in page.entries}
    if consent is None or consent.question not in asked:
        return True
    return Chosen(consent.question, (consent.required,))


def _parts(
    form: Questionnaire, block: Block, entries: list[Entry], role: str | None, taken: set[str]
) -> Iterator[Part]:
    reader = role or block.roles[0]
    for in_common, run in groupby(entries, key=_in_common):
        rows = list(run)
        if in_common and len(rows) > 1:
            lead = _lead(form.instrument, rows[0], reader, block)
            yield Part(_free_name(block.id, taken), tuple(rows), lead)
        else:
            yield from (
                Part(row.id, (row,), _lead(form.instrument, row, reader, block)) for row in rows
            )


def _lead(instrument: Instrument, entry: Entry, reader: str, block: Block) -> dict[str, str]:
    shared = instrument.responses.get(entry.response)
    return filled(instrument, shared.question if shared else None, reader, block.about)


def _in_common(entry: Entry) -> tuple[object, ...]:
    """Give what the rows of a grid have in common; nothing for a question that stands alone."""
    stands_alone = not entry.response or entry.information or len(entry.choices) > GRID_OPTIONS
    return () if stands_alone else (entry.response, entry.choices, entry.required, entry.when)


def _free_name(base: str, taken: set[str]) -> str:
    """Give a code that no question and no other grid has, without regard to case."""
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base[: NAME_LENGTH - len(str(number))]}{number}"
    taken.add(name)
    return name
