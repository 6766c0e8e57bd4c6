"""Faults in the texts of an instrument: languages, and names that are filled in."""

import re
from collections import Counter
from collections.abc import Iterator

from driehoek.faults import Fault
from driehoek.instrument.model import Instrument, Text
from driehoek.problems import did_you_mean
from driehoek.yamlfile import Location

TOKEN = re.compile(r"\{([^{}]*)\}")


def texts(instrument: Instrument) -> Iterator[Fault]:
    """Find texts that lack a language, or names that cannot be filled in."""
    for location, text, names in _all_texts(instrument):
        for language in instrument.languages:
            if not text.get(language, "").strip():
                yield Fault(
                    location,
                    f"no text in language {language!r}",
                    "text in each language of the instrument",
                    f"add {language}:",
                )
        for language in set(text) - set(instrument.languages):
            yield Fault(
                (*location, language),
                f"language {language!r} is not declared",
                ", ".join(instrument.languages),
                did_you_mean(language, instrument.languages),
            )
        tokens = {lang: Counter(TOKEN.findall(each)) for lang, each in text.items()}
        if len({tuple(sorted(set(each))) for each in tokens.values()}) > 1:
            yield Fault(
                location,
                f"names filled in differ by language: {_shown(tokens)}",
                "the same {tokens} in each language",
                "make them the same",
            )
        for token in set().union(*tokens.values()) - names:
            yield Fault(
                location,
                f"unknown token {{{token}}}",
                "a name that can be filled in here",
                did_you_mean(token, names) if names else "write the words out",
            )


def _shown(tokens: dict[str, Counter[str]]) -> str:
    return ", ".join(f"{lang}: {' '.join(sorted(each)) or 'none'}" for lang, each in tokens.items())


Place = tuple[Location, Text | None, set[str]]


def _all_texts(instrument: Instrument) -> Iterator[tuple[Location, Text, set[str]]]:
    """Give every text with its place and the names that can be filled in there."""
    for places in (_front, _response_texts, _background_texts, _item_texts, _page_and_scale_texts):
        for location, text, names in places(instrument):
            if text is not None:
                yield location, text, names


def _front(instrument: Instrument) -> Iterator[Place]:
    yield ("title",), instrument.title, set()
    for name, role in instrument.roles.items():
        yield ("roles", name, "label"), role.label, set()
    for reader, names in instrument.names.items():
        for about, text in names.items():
            yield ("names", reader, about), text, set()


def _response_texts(instrument: Instrument) -> Iterator[Place]:
    every = set(instrument.roles)
    for name, each in instrument.responses.items():
        yield ("responses", name, "question"), each.question, every
        for i, option in enumerate(each.options):
            yield ("responses", name, "options", i, "label"), option.label, every | {"about"}


def _background_texts(instrument: Instrument) -> Iterator[Place]:
    for qid, question in instrument.background.items():
        for key in ("text", "label", "information", "unit"):
            yield ("background", qid, key), getattr(question, key), set()
        for i, option in enumerate(question.options or []):
            yield ("background", qid, "options", i, "label"), option.label, set()


def _item_texts(instrument: Instrument) -> Iterator[Place]:
    for name, item in instrument.items.items():
        yield ("items", name, "label"), item.label, set()
        for qid, ask in item.ask.items():
            names = set(instrument.names.get(ask.role, {}))
            names |= {"about"} if ask.about in names else set()
            own = ask.text is not None
            location: Location = (
                ("items", name, "ask", qid, "text") if own else ("items", name, "text")
            )
            yield location, ask.text if own else item.text, names


def _page_and_scale_texts(instrument: Instrument) -> Iterator[Place]:
    for i, block in enumerate(instrument.blocks):
        names = set.intersection(*(set(instrument.names.get(r, {})) for r in block.roles))
        names |= {"about"} if block.about in names else set()
        yield ("blocks", i, "title"), block.title, names
        yield ("blocks", i, "text"), block.text, names
    for name, scale in instrument.scales.items():
        yield ("scales", name, "label"), scale.label, set()
        yield ("scales", name, "meaning"), scale.meaning, set()
        for facet, part in (scale.facets or {}).items():
            yield ("scales", name, "facets", facet, "label"), part.label, set()
