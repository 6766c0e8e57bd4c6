"""What a careful reader would remark on a questionnaire before it is fielded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from driehoek.deploy.layout import GRID_OPTIONS, Page, lay_out
from driehoek.deploy.wording import open_places
from driehoek.instrument.questions import Questionnaire, items_of

LABEL_CHARACTERS = 45  # more does not fit above a column of a grid on a phone or on paper
SENTENCE_WORDS = 25
SAME_WORDS = 3  # shorter texts, such as names and numbers, may be the same in two languages
KEYED_ITEMS = 4  # fewer items cannot be balanced
# Brysbaert (2019), doi:10.1016/j.jml.2019.104047: silent reading of adults, in words a minute.
WORDS_A_MINUTE = 238
NEGATIONS = {
    "nl": r"niet|geen|nooit|niets|niks|niemand|nergens|noch|zonder|onmogelijk|zelden",
    "en": r"not|no|never|nothing|nobody|none|nowhere|neither|nor|without|cannot|\w+n['’]t|rarely",
}
_WORD = re.compile(r"[\w'’-]+")
_SENTENCE = re.compile(r"[.!?:]+\s+|\n")


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark.

    Attributes
    ----------
    check : str
        untranslated, unused, long, negatives, keys or places.
    where, found, mend : str
    """

    check: str
    where: str
    found: str
    mend: str


@dataclass(frozen=True, slots=True)
class Length:
    """How much one role has to read in one language.

    Attributes
    ----------
    role, language : str
    questions, words : int
        Every question counts, routed ones too; options of a grid are read once.
    """

    role: str
    language: str
    questions: int
    words: int

    @property
    def minutes(self) -> float:
        """Minutes of reading alone."""
        return self.words / WORDS_A_MINUTE


CHECKS = ("untranslated", "unused", "long", "negatives", "keys", "places")


def remarks(form: Questionnaire) -> tuple[Remark, ...]:
    """Go through the checklist; an empty result means nothing was found."""
    texts = dict(_texts(form))
    return (
        *_untranslated(form, texts),
        *_unused(form),
        *_long(form, texts),
        *_negatives(form),
        *_keys(form),
        *_places(form),
    )


def reading_length(form: Questionnaire, role: str, language: str) -> Length:
    """Count what a role reads in a language."""
    pages = lay_out(form, role=role)
    read = [text for page in pages for text in _read(page, language)]
    words = sum(len(_WORD.findall(text)) for text in read)
    return Length(role, language, sum(len(page.entries) for page in pages), words)


def _read(page: Page, language: str) -> Iterator[str]:
    yield page.title[language]
    yield page.text.get(language, "")
    for part in page.parts:
        yield part.lead.get(language, "")
        yield from (choice.label[language] for choice in part.entries[0].choices)
        for entry in part.entries:
            yield entry.information.get(language, "")
            yield entry.text.get(language, "")


def _texts(form: Questionnaire) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every text that people read, by where it stands."""
    instrument = form.instrument
    yield "title", instrument.title
    for block in instrument.blocks:
        yield f"page {block.id}, title", block.title
        yield f"page {block.id}, text", block.text or {}
    for name, response in instrument.responses.items():
        yield f"responses {name}, question", response.question or {}
        for option in response.options:
            yield f"responses {name}, option {option.code}", option.label
    for qid, asked in instrument.background.items():
        yield f"{qid}, information", asked.information or {}
        for option in asked.options or []:
            yield f"{qid}, option {option.code}", option.label
    for qid, question in form.questions.items():
        yield qid, question.text


def _untranslated(form: Questionnaire, texts: Mapping[str, Mapping[str, str]]) -> Iterator[Remark]:
    languages = form.instrument.languages
    for where, text in texts.items():
        absent = [each for each in languages if text and not text.get(each, "").strip()]
        if absent:
            yield Remark("untranslated", where, f"no text in {', '.join(absent)}", "translate it")
        for one, other in combinations(languages, 2):
            said = text.get(one, "").strip()
            if said == text.get(other, "").strip() and len(_WORD.findall(said)) >= SAME_WORDS:
                found = f"the same words in {one} and {other}: {said!r}"
                yield Remark("untranslated", where, found, "translate one of them")


def _unused(form: Questionnaire) -> Iterator[Remark]:
    instrument = form.instrument
    used = {item.response for item in instrument.items.values()}
    used |= {asked.response for asked in instrument.background.values() if asked.response}
    for name in instrument.responses:
        if name not in used:
            yield Remark("unused", f"responses {name}", "no question uses it", "take it out")


def _long(form: Questionnaire, texts: Mapping[str, Mapping[str, str]]) -> Iterator[Remark]:
    for name, response in form.instrument.responses.items():
        is_grid = len(response.options) <= GRID_OPTIONS
        for option in response.options:
            for language, label in option.label.items():
                if is_grid and len(label) > LABEL_CHARACTERS:
                    where = f"responses {name}, option {option.code} [{language}]"
                    found = f"{len(label)} characters: {label!r}"
                    yield Remark("long", where, found, f"at most {LABEL_CHARACTERS}")
    for where, text in texts.items():
        for language, said in text.items():
            for sentence in _SENTENCE.split(said):
                count = len(_WORD.findall(sentence))
                if count > SENTENCE_WORDS:
                    found = f"a sentence of {count} words: {sentence.strip()!r}"
                    yield Remark("long", f"{where} [{language}]", found, "split the sentence")


def _negatives(form: Questionnaire) -> Iterator[Remark]:
    for qid, question in form.questions.items():
        for language, text in question.text.items():
            known = NEGATIONS.get(language)
            found = re.findall(rf"\b(?:{known})\b", text, re.IGNORECASE) if known else []
            if len(found) > 1:
                said = f"{' and '.join(found)} in {text.strip()!r}"
                mend = "say it the other way round, without negations"
                yield Remark("negatives", f"{qid} [{language}]", said, mend)


def _keys(form: Questionnaire) -> Iterator[Remark]:
    items = form.instrument.items
    for name, scale in form.instrument.scales.items():
        keyed = [items[item].keyed for item in items_of(scale)]
        if scale.key is None and len(keyed) >= KEYED_ITEMS and len(set(keyed)) == 1:
            found = f"all {len(keyed)} items are keyed {keyed[0]}"
            mend = "word some the other way round, or people who agree with anything score high"
            yield Remark("keys", f"scale {name}", found, mend)


def _places(form: Questionnaire) -> Iterator[Remark]:
    for language in form.instrument.languages:
        for said in open_places(lay_out(form), [language]):
            yield Remark("places", f"[{language}]", said, "fill them in")
