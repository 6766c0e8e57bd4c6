"""What a survey platform would drop, cut or garble without a word: refused before export.

The strictest platform decides for all, so that one instrument file serves every target.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from driehoek.deploy.conditions import questions_in
from driehoek.deploy.layout import Entry, Page, lay_out
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import InstrumentError, Problem, did_you_mean

# Columns that platforms write beside the answers, in small letters.
PLATFORM_COLUMNS = {
    "LimeSurvey": (
        "id submitdate lastpage startlanguage seed token startdate datestamp ipaddr refurl "
        "interviewtime other sid gid qid lang savedid"
    ),
    "Qualtrics": (
        "startdate enddate status progress finished recordeddate responseid ipaddress "
        "externalreference distributionchannel userlanguage"
    ),
    "REDCap": "recordid",
    "KoBo and ODK": "start end today deviceid meta instanceid key formhub",
}
RESERVED = {word: name for name, words in PLATFORM_COLUMNS.items() for word in words.split()}
OPTION_LABEL_BYTES = 120  # SPSS cuts value labels there, without a word
QUESTION_LABEL_BYTES = 256  # and variable labels there
PAGE_TITLE_LENGTH = 100
# What a platform takes for an instruction of its own where it stands in a text.
SIGNS = {
    "{": "LimeSurvey computes what stands in braces, and a name was not filled in",
    "}": "LimeSurvey computes what stands in braces, and a name was not filled in",
    "\\": "LimeSurvey's import takes a backslash for the sign that the next one is text",
    "[[": "Qualtrics reads [[ as one of its tags",
}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
OPTION_SIGNS = {**SIGNS, "|": "REDCap separates the options by it", "\n": "it ends the option"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a platform cannot take: where, what stands there, and how to mend it."""

    item: str
    found: str
    expected: str
    mend: str
    language: str = ""


def require_deployable(
    form: Questionnaire, target: str, *, role: str | None, language: str | None
) -> tuple[Page, ...]:
    """Lay out an instrument for a survey platform, or refuse it with every fault.

    Parameters
    ----------
    form : Questionnaire
    target : str
        Named in the faults.
    role, language : str or None
        One of those of the instrument; None for all.

    Raises
    ------
    InstrumentError
        With what the platform would drop, cut or garble, each with item, language and mend.
    """
    faults = list(request_faults(form, role, language)) or list(placing_faults(form, role))
    pages = lay_out(form, role=role) if not faults else ()
    if not faults:
        faults = [*order_faults(form, pages, role), *text_faults(form, pages, language)]
    refuse(form, target, faults)
    return pages


def require_one(
    form: Questionnaire, target: str, what: Literal["role", "language"], chosen: str | None
) -> str:
    """Give the role or language of a target that holds one only.

    Raises
    ------
    InstrumentError
        If the instrument has several and none was chosen.
    """
    known = list(form.instrument.roles if what == "role" else form.instrument.languages)
    if chosen is None and len(known) > 1:
        option = "--role" if what == "role" else "--lang"
        mend = f"export one at a time: {' or '.join(f'{option} {each}' for each in known)}"
        found = f"{len(known)} {what}s, and a file for {target} holds one"
        refuse(form, target, [Fault(what, found, f"one {what}", mend)])
    return chosen or known[0]


def refuse(form: Questionnaire, target: str, faults: Iterable[Fault]) -> None:
    """Raise the faults, if there are any.

    Raises
    ------
    InstrumentError
        With every fault.
    """
    instrument = form.instrument
    place = f"instrument {instrument.id} {instrument.version}"
    problems = [
        Problem(
            place,
            each.found,
            each.expected,
            each.mend,
            item=f"{each.item} [{each.language}]" if each.language else each.item,
            check=f"export to {target}",
        )
        for each in dict.fromkeys(faults)
    ]
    if problems:
        raise InstrumentError(problems)


def request_faults(form: Questionnaire, role: str | None, language: str | None) -> Iterator[Fault]:
    """Find a role or language that the instrument does not have."""
    asked = {
        "role": (role, list(form.instrument.roles)),
        "language": (language, list(form.instrument.languages)),
    }
    for what, (word, known) in asked.items():
        if word is not None and word not in known:
            mend = did_you_mean(word, known)
            yield Fault(what, f"no {what} {word!r}", f"a {what} of the instrument", mend)


def placing_faults(form: Questionnaire, role: str | None) -> Iterator[Fault]:
    """Find questions that would get lost between the pages."""
    blocks = form.instrument.blocks
    if not blocks:
        yield Fault("blocks", "no pages", "the pages with their questions", "add blocks:")
        return
    pages: dict[str, list[set[str]]] = {}
    for block in blocks:
        for qid in block.questions:
            pages.setdefault(qid, []).append(set(block.roles))
    for qid, question in form.questions.items():
        if role is None or role in question.roles:
            yield from _placed_faults(qid, set(question.roles), pages.get(qid, []))
    if role is None and len(form.instrument.roles) > 1:
        yield from _role_question_faults(form)


def _placed_faults(qid: str, roles: set[str], pages: list[set[str]]) -> Iterator[Fault]:
    if not pages:
        mend = "add it to the questions of a block, or take it out of the instrument"
        yield Fault(qid, "the question stands on no page", "one page", mend)
    elif len(pages) > 1:
        found = f"the question stands on {len(pages)} pages"
        yield Fault(qid, found, "one page", "keep it in one block")
    elif unreached := roles - pages[0]:
        found = f"asked of {', '.join(sorted(unreached))}, who do not see its page"
        mend = "add the role to the block, or take it from the question"
        yield Fault(qid, found, "a page for each role that is asked", mend)


def _role_question_faults(form: Questionnaire) -> Iterator[Fault]:
    roles = form.instrument.roles
    if form.role_question is None:
        found = "several roles, and no question of kind role"
        mend = "add one to background:, or export one role at a time (--role)"
        yield Fault("background", found, "a question that asks for the role", mend)
        return
    question = form.questions[form.role_question]
    for role in set(roles) - {option.role for option in question.options}:
        mend = f"add an option with role: {role}"
        yield Fault(question.id, f"no option for {role}", "an option for each role", mend)
    for role in set(roles) - set(question.roles):
        mend = f"add {role} to its roles"
        yield Fault(question.id, f"not asked of {role}", "asked of every role", mend)


def order_faults(form: Questionnaire, pages: tuple[Page, ...], role: str | None) -> Iterator[Fault]:
    """Find questions that depend on an answer given later, or never given."""
    seen: set[str] = set()
    every = {entry.id for page in pages for entry in page.entries}
    for page in pages:
        here = questions_in(page.when)
        for entry in page.entries:
            needed = here | questions_in(entry.when)
            for earlier in sorted(needed - seen):
                yield _late(entry.id, earlier, is_asked=earlier in every)
            yield from _never_faults(entry, role)
            seen.add(entry.id)
    consent = form.instrument.consent
    if consent and pages and consent.question not in {e.id for e in pages[0].entries}:
        mend = f"put {consent.question} on the first page"
        yield Fault(consent.question, "consent asked after the start", "asked first", mend)


def _late(qid: str, earlier: str, *, is_asked: bool) -> Fault:
    found = f"shown by the answer to {earlier!r}, which " + (
        "is asked later" if is_asked else "is not asked here"
    )
    return Fault(qid, found, "an answer given before", f"move {earlier} up, or mend the routing")


def _never_faults(entry: Entry, role: str | None) -> Iterator[Fault]:
    if entry.when is False:
        found = f"shown to nobody{f' who is {role}' if role else ''}"
        mend = "mend the condition: it names no option or role that can occur"
        yield Fault(entry.id, found, "a condition that can hold", mend)


def text_faults(
    form: Questionnaire, pages: tuple[Page, ...], language: str | None
) -> Iterator[Fault]:
    """Find texts that a platform would cut, garble or take for an instruction."""
    for lang in [language] if language else form.instrument.languages:
        yield from _signs("title", lang, form.instrument.title[lang], SIGNS)
        for page in pages:
            yield from _page_faults(page, lang)
            for entry in page.entries:
                yield from _entry_faults(entry, lang)
    for page in pages:
        for entry in page.entries:
            if entry.id in RESERVED:
                found = f"{RESERVED[entry.id]} writes a column {entry.id!r} of its own"
                yield Fault(entry.id, found, "another id", "rename the question")


def _page_faults(page: Page, lang: str) -> Iterator[Fault]:
    name = f"page {page.id}"
    for text in [page.title, page.text, *(part.lead for part in page.parts)]:
        yield from _signs(name, lang, text.get(lang, ""), SIGNS)
    if len(page.title[lang]) > PAGE_TITLE_LENGTH:
        found = f"a title of {len(page.title[lang])} characters, which LimeSurvey may cut"
        yield Fault(name, found, f"at most {PAGE_TITLE_LENGTH}", "shorten the title", lang)


def _entry_faults(entry: Entry, lang: str) -> Iterator[Fault]:
    if not entry.text.get(lang, "").strip():
        found = f"no wording in {lang!r}"
        mend = "add text:, or leave the question out; published wordings need their owner's leave"
        yield Fault(entry.id, found, "the words that people read", mend, lang)
    for text in (entry.text, entry.information, entry.unit):
        yield from _signs(entry.id, lang, text.get(lang, ""), SIGNS)
    size = len(entry.question.label.get(lang, "").encode())
    if size > QUESTION_LABEL_BYTES:
        found = f"a label of {size} bytes, which SPSS cuts"
        mend = "give the item a short label:"
        yield Fault(entry.id, found, f"at most {QUESTION_LABEL_BYTES} bytes", mend, lang)
    yield from _option_faults(entry, lang)


def _option_faults(entry: Entry, lang: str) -> Iterator[Fault]:
    labels = Counter(choice.label[lang].casefold().strip() for choice in entry.choices)
    for choice in entry.choices:
        label, name = choice.label[lang], f"{entry.id}, option {choice.code}"
        yield from _signs(name, lang, label, OPTION_SIGNS)
        if (size := len(label.encode())) > OPTION_LABEL_BYTES:
            found = f"a label of {size} bytes, which SPSS cuts"
            expected = f"at most {OPTION_LABEL_BYTES} bytes"
            yield Fault(name, found, expected, "shorten the label", lang)
        if labels[label.casefold().strip()] > 1:
            found = f"label {label!r} stands for two options"
            mend = "word them apart: an export with texts could not be read back"
            yield Fault(name, found, "a label of its own for each option", mend, lang)


def _signs(item: str, lang: str, text: str, signs: dict[str, str]) -> Iterator[Fault]:
    hidden = dict.fromkeys(_CONTROL.findall(text), "it cannot be seen, and Excel refuses it")
    for sign, why in (signs | hidden).items():
        if sign in text:
            shown = repr(sign) if sign < " " or sign in hidden else sign
            expected = "plain words"
            yield Fault(item, f"{shown} in {text[:40]!r}: {why}", expected, "reword it", lang)
