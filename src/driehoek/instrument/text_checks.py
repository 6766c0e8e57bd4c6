"""Faults in the texts of an instrument: languages, and names that are filled in."""

import re
from collections import Counter
from collections.abc import Iterator

from driehoek.instrument.faults import Fault
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
                did_you_mean(token, names),
            )


def _shown(tokens: dict[str, Counter[str]]) -> str:
    return ", ".join(f"{lang}: {' '.join(sorted(each)) or 'none'}" for lang, each in tokens.items())


def _all_texts(instrument: Instrument) -> Iterator[tuple[Location, Text, set[str]]]:
    yield ("title",), instrument.title, set()
    for name, role in instrument.roles.items():
        yield ("roles", name, "label"), role.label, set()
    for name, each in instrument.responses.items():
        if each.question:
            yield ("responses", name, "question"), each.question, set(instrument.roles)
        for i, option in enumerate(each.options):
            yield (
                ("responses", name, "options", i, "label"),
                option.label,
                set(instrument.roles) | {"about"},
            )
    for qid, question in instrument.background.items():
        yield ("background", qid, "text"), question.text, set()
        for i, option in enumerate(question.options or []):
            yield ("background", qid, "options", i, "label"), option.label, set()
    for name, item in instrument.items.items():
        for qid, ask in item.ask.items():
            text, location = (
                (ask.text, ("items", name, "ask", qid, "text"))
                if ask.text
                else (item.text, ("items", name, "text"))
            )
            if text:
                names = set(instrument.names.get(ask.role, {}))
                yield location, text, names | ({"about"} if ask.about in names else set())
    for i, block in enumerate(instrument.blocks):
        names = set.intersection(*(set(instrument.names.get(r, {})) for r in block.roles))
        yield ("blocks", i, "title"), block.title, names | {"about"}
    for name, scale in instrument.scales.items():
        yield ("scales", name, "label"), scale.label, set()
        for facet, part in (scale.facets or {}).items():
            yield ("scales", name, "facets", facet, "label"), part.label, set()
