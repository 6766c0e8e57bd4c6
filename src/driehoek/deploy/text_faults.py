"""Texts and ids that a survey platform would cut, garble or take for an instruction."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from driehoek.deploy.layout import Entry, Page, filled
from driehoek.instrument.model import Block, Text
from driehoek.instrument.questions import Questionnaire

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


def reader_faults(form: Questionnaire, role: str | None) -> Iterator[Fault]:
    """Find texts on a page of several roles that name people otherwise for each of them."""
    for block in form.instrument.blocks if role is None else ():
        for item, text in _shared_texts(form, block):
            for language in form.instrument.languages:
                told = {
                    filled(form.instrument, text, reader, block.about)[language]
                    for reader in block.roles
                }
                if len(told) > 1:
                    found = f"the roles read it differently: {' / '.join(sorted(told))}"
                    mend = "give each role a page of its own, or export one at a time (--role)"
                    yield Fault(item, found, "one wording for all who see the page", mend, language)


def _shared_texts(form: Questionnaire, block: Block) -> Iterator[tuple[str, Text]]:
    yield f"page {block.id}", block.title
    if block.text:
        yield f"page {block.id}", block.text
    for qid in block.questions:
        background = form.instrument.background.get(qid)
        shared = form.instrument.responses.get((background and background.response) or "")
        if shared is not None:
            yield from ((qid, text) for text in [shared.question] if text)
            yield from ((qid, option.label) for option in shared.options)
